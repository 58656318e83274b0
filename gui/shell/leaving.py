"""How the window is left: what runs is ended first, visibly; whoever is in a hurry says so again.

open --close, something runs--> asking --"Stay"--> open
 | nothing runs, or a signal       | "End them and leave", a signal, or nothing runs any more
 '---------------------------------+--> ending --again--> killing --again--> over, at once
                                           '-----all has ended-----'--> over
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from spawnscope.core.analysis.running import running
from spawnscope.core.translation import tr, trn

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from spawnscope.core.store.processes import ProcessTable

    from .banner import Banner
    from .leave_question import LeaveQuestion
    from .live_session import LiveSession

_Stage = Enum("_Stage", "OPEN ASKING ENDING KILLING OVER")


class Leaving(QObject):
    """Emits `begun()` when nothing new is to be started any more, and `over()` when the window may
    go; without a session it may at once."""

    begun = Signal()
    over = Signal()

    def __init__(self, window: QWidget, banner: Banner) -> None:
        super().__init__(window)
        self._window = window
        self._banner = banner
        self._stage = _Stage.OPEN
        self._session: LiveSession | None = None
        self._table: ProcessTable | None = None
        self._question: LeaveQuestion | None = None

    @property
    def is_over(self) -> bool:
        """Whether the window may go."""
        return self._stage is _Stage.OVER

    def attach(self, session: LiveSession, table: ProcessTable) -> None:
        """Leave this session from now on."""
        self._session, self._table = session, table
        session.ended.connect(self._on_ended)
        session.events_received.connect(self._on_events)
        session.dying.connect(self._on_dying)

    def wish(self) -> None:
        """The user wants to leave: ask once, if something runs."""
        if self._stage is _Stage.ASKING and self._question is not None:
            self._question.activateWindow()
        elif self._stage is _Stage.OPEN and self._runs():
            self._ask()
        else:
            self.order()

    def order(self) -> None:
        """Leave; without asking, and each time in more of a hurry."""
        session = self._session
        if session is None or session.gone or self._stage is _Stage.KILLING:
            if session is not None:
                session.abandon()
            self._on_ended()
        elif self._stage is _Stage.ENDING:
            self._go_to(_Stage.KILLING)
            session.leave_now()
        elif self._stage is not _Stage.OVER:
            self._go_to(_Stage.ENDING)
            self.begun.emit()
            session.leave()

    def _runs(self) -> dict[str, int]:
        if self._session is None or self._session.over or self._table is None:
            return {}
        return running(self._table)

    def _ask(self) -> None:
        from .leave_question import LeaveQuestion

        self._stage = _Stage.ASKING
        self._question = LeaveQuestion(self._window)
        self._question.show_running(self._runs())
        self._question.finished.connect(self._on_answered)
        self._question.open()

    def _go_to(self, stage: _Stage) -> None:
        self._stage = stage
        question, self._question = self._question, None
        if question is not None:
            question.finished.disconnect(self._on_answered)
            question.close()
            question.deleteLater()
        self._show_progress()

    def _show_progress(self) -> None:
        count = sum(self._runs().values())
        if count and self._stage is _Stage.ENDING:
            self._banner.show_waiting(
                trn(
                    "Ending {count} process before leaving …",
                    "Ending {count} processes before leaving …",
                    count,
                ),
                tr("Close again to end them at once."),
            )
        elif count and self._stage is _Stage.KILLING:
            self._banner.show_waiting(
                trn(
                    "Ending {count} process at once …", "Ending {count} processes at once …", count
                ),
                tr("Close again to leave without waiting for it."),
            )

    def _on_answered(self, answer: int) -> None:
        self._go_to(_Stage.OPEN)
        if answer:
            self.order()

    def _on_events(self) -> None:
        if self._question is None:
            self._show_progress()
        elif found := self._runs():
            self._question.show_running(found)
        else:
            self.order()  # there is nothing left to ask about

    def _on_dying(self) -> None:
        if self._stage is _Stage.ASKING:
            self._go_to(_Stage.OPEN)  # that it has died is news: the window stays to tell it

    def _on_ended(self) -> None:
        if self._stage is not _Stage.OVER:
            self._go_to(_Stage.OVER)
            self.over.emit()
