"""Looks for what is wrong while a session lives in the window.

SessionStore --changes--> Looking --its time has come--> Finder --> SessionStore, session
                                                            '--> ReadAll --> AllRead
"""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QTimer, Signal

from spawnscope.core.analysis.findings.finder import Finder
from spawnscope.core.analysis.findings.looking import Looking
from spawnscope.core.log_file import log
from spawnscope.core.session.session_error import SessionError
from spawnscope.core.store.change import StoreChange
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import AllRead, Event
from spawnscope.core.vocabulary.findings import Finding

from .live_session import LiveSession


class FindingWatch(QObject):
    """See the module. Emits `problem_occurred(sentence)` when the session cannot be read; nothing
    is looked for any more then."""

    problem_occurred = Signal(str)

    def __init__(self, store: SessionStore, session: LiveSession, parent: QObject) -> None:
        super().__init__(parent)
        self._store = store
        self._session = session
        self._looking = Looking(Finder(store, self._tell, session.read_all, self._on_fault))
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._look)
        self._leave = store.subscribe(self._note)
        session.events_received.connect(self._on_events)

    def close(self) -> None:
        """Look no more."""
        self._timer.stop()
        self._leave()
        self._session.events_received.disconnect(self._on_events)

    def _tell(self, finding: Finding, english: Finding) -> None:
        self._store.apply([finding])
        self._session.note(english)

    def _on_fault(self, sentence: str, trace: str) -> None:
        log(sentence, trace)
        self.problem_occurred.emit(sentence)

    def _note(self, change: StoreChange) -> None:
        self._looking.note(change)
        self._wait()

    def _on_events(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, AllRead):
                self._guarded(event)

    def _look(self) -> None:
        self._guarded(None)

    def _guarded(self, looked: AllRead | None) -> None:
        try:
            if looked is None:
                self._looking.look()
            else:
                self._looking.looked(looked.time_ns)
        except SessionError as error:
            self.close()
            self.problem_occurred.emit(str(error))
            return
        self._wait()

    def _wait(self) -> None:
        due = self._looking.due_in
        if due is None:
            return
        ahead_ms, left_ms = math.ceil(due * 1000), self._timer.remainingTime()
        if not 0 <= left_ms <= ahead_ms:  # none is set, or a change has made it due sooner
            self._timer.start(ahead_ms)
