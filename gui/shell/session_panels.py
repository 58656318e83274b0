"""The panels of the lower half: each is made when it is first looked at, then told all that the
others were told.

    SessionView --open, set_live, objects_changed ...--> SessionPanels --> panels that were made

What a panel missed before it was made, it gets when it is made: the file, whether the session
lives, its remembered state and the moment that is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from PySide6.QtCore import QByteArray

    from spawnscope.core.store.objects import ObjectChange


class SessionPanel(Protocol):
    """What every panel of the lower half, but for Messages, can be told."""

    def open(self, path: str) -> None:
        """Read from this session file from now on."""

    def close_session(self) -> None:
        """Let go of the session's file, and of whatever still works for it."""

    def set_live(self, live: bool) -> None:
        """Whether the session lives."""

    def objects_changed(self, changes: Iterable[ObjectChange]) -> None:
        """The table of objects has changed so."""

    def processes_changed(self) -> None:
        """Processes have started or ended, or have other names."""

    def show_moment(self, time_ns: int | None) -> None:
        """Show a past session as it was then; None: at its end."""

    def saveState(self) -> QByteArray:
        """What is to be remembered."""

    def restoreState(self, state: QByteArray) -> Any:
        """The opposite of `saveState`."""


class SessionPanels:
    """The panels that exist, by name. `make` of each returns a new panel, connected."""

    def __init__(self) -> None:
        self.made: dict[str, SessionPanel] = {}
        self._states: dict[str, QByteArray] = {}
        self._path = ""
        self._live = True
        self._moment: int | None = None

    def make(self, name: str, make: Callable[[], Any]) -> Any:
        """Make a panel and tell it what it has missed."""
        panel = make()
        self.made[name] = panel
        panel.set_live(self._live)
        if self._path:
            panel.open(self._path)
        if name in self._states:
            panel.restoreState(self._states[name])
        if self._moment is not None:
            panel.show_moment(self._moment)
        return panel

    def open(self, path: str) -> None:
        """The session's file is known."""
        self._path = path
        for panel in self.made.values():
            panel.open(path)

    def close(self) -> None:
        """Nothing will be shown any more."""
        self._path = ""
        for panel in self.made.values():
            panel.close_session()

    def set_live(self, live: bool) -> None:
        """Whether the session lives."""
        self._live = live
        for panel in self.made.values():
            panel.set_live(live)

    def objects_changed(self, changes: list[ObjectChange]) -> None:
        """The table of objects has changed so."""
        for panel in self.made.values():
            panel.objects_changed(changes)

    def processes_changed(self) -> None:
        """Processes have started or ended, or have other names."""
        for panel in self.made.values():
            panel.processes_changed()

    def show_moment(self, time_ns: int | None) -> None:
        """Show a past session as it was then; None: at its end."""
        self._moment = time_ns
        for panel in self.made.values():
            panel.show_moment(time_ns)

    def save_states(self) -> dict[str, QByteArray]:
        """What is to be remembered of each, made or not."""
        return self._states | {name: panel.saveState() for name, panel in self.made.items()}

    def restore_states(self, states: dict[str, QByteArray]) -> None:
        """The opposite of `save_states`."""
        self._states.update(states)
        for name, panel in self.made.items():
            if name in states:
                panel.restoreState(states[name])
