"""What every panel of a session is: something that looks at a store while it is visible.

    store --StoreChange--> note() --soon, or with the next beat--> look()   (visible only)
    shell --show_store(a moment, another scope)------------------> look()

A hidden panel notes and does nothing. A panel never writes to the store.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from spawnscope.core.session.session_error import SessionError
from spawnscope.core.store.change import StoreChange
from spawnscope.core.store.store import Store

from .selection import Selection


class Panel(QWidget):
    """Emits what the user asks the rest of the window for: process_activated(int) for a process in
    the tree, object_activated(int) for a shared object, messages_requested(int) for what a process
    wrote, finding_activated(int) for what is wrong, moment_chosen(Unix time in ns, or None) for
    another moment of everything, alone_requested(int) for a task that failed and is to be run
    alone; and problem_occurred(str) when the session cannot be read.

    A subclass has `look`, and may have `note`, `show_store`, `close_session`, `state` and
    `take_state`. `BEAT`: ms between two looks at what moves by itself, 0: none; `SOON`: ms from
    news to a look."""

    BEAT: ClassVar[int] = 0
    SOON: ClassVar[int] = 60

    process_activated = Signal(int)
    object_activated = Signal(int)
    messages_requested = Signal(int)
    finding_activated = Signal(int)
    alone_requested = Signal(int)
    moment_chosen = Signal(object)
    problem_occurred = Signal(str)

    def __init__(
        self, store: Store, selection: Selection, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.store = store
        self.selection = selection
        self.damaged = False  # the file could not be read: no look until another store is shown
        self._beat = QTimer(self)
        self._beat.setTimerType(Qt.TimerType.CoarseTimer)
        self._beat.timeout.connect(self.look_now)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.look_now)
        self._leave = store.session.subscribe(self._on_change)

    # -- for subclasses -----------------------------------------------------------------------

    def note(self, change: StoreChange) -> None:
        """Something differs in the store; cheap while hidden."""
        self.wake()

    def look(self) -> None:
        """Read what there is, and show what differs. Called while visible only; may raise
        SessionError."""

    def show_store(self, store: Store) -> None:
        """Show this from now on: another moment, another scope, another file."""
        self.store = store
        self.damaged = False
        self.run_timers()
        self.wake()

    def close_session(self) -> None:
        """The session's file is about to be closed: stop what reads it."""

    def state(self) -> dict[str, Any]:
        """What is to be remembered, as JSON has it."""
        return {}

    def take_state(self, state: dict[str, Any]) -> bool:
        """The opposite of `state`; False, or LookupError, TypeError or ValueError, when it is none
        of ours."""
        return True

    # -- the life of a panel ------------------------------------------------------------------

    @property
    def is_beating(self) -> bool:
        """Whether a look comes by itself."""
        return self._beat.isActive()

    def wake(self, after: int | None = None) -> None:
        """Something is different: look soon, if anybody sees it and no beat comes; or in so many
        ms, whatever comes."""
        if not self.isVisible() or self._soon.isActive():
            return
        if after is not None or not self._beat.isActive():
            self._soon.start(self.SOON if after is None else after)

    def look_now(self) -> None:
        """Look, if anybody sees it."""
        if self.isVisible() and not self.damaged:
            try:
                self.look()
            except SessionError as error:
                self.fail(error)

    def fail(self, error: SessionError) -> None:
        """The file cannot be read."""
        self.damaged = True
        self.problem_occurred.emit(str(error))

    def run_timers(self) -> None:
        """Beat while what is seen moves."""
        visible = self.isVisible()
        if not (visible and self.BEAT and self.store.moves):
            self._beat.stop()
        elif not self._beat.isActive():
            self._beat.start(self.BEAT)
        if not visible:
            self._soon.stop()

    def leave(self) -> None:
        """Hear nothing of the store any more."""
        self._leave()

    def saveState(self) -> QByteArray:
        """What is to be remembered, for `restoreState`."""
        return QByteArray(json.dumps(self.state()).encode())

    def restoreState(self, state: QByteArray) -> bool:
        """Take back what `saveState` gave; False for anything else."""
        try:
            return self.take_state(json.loads(bytes(state.data())))
        except (ValueError, TypeError, AttributeError, LookupError):
            return False

    def _on_change(self, change: StoreChange) -> None:
        self.note(change)
        if change.opened or change.ended or change.scoped:
            self.show_store(self.store)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.run_timers()
        self.look_now()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.run_timers()
