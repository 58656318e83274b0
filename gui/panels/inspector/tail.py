"""The last messages of one process, looked for in slices so that the window goes on answering.

InspectorTail.watch(process) --SlicedWork: backwards through the file--> grown(messages)
              .look_again(file)  --only what is newer than the last one----^
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ...kit.sliced_work import SlicedWork

if TYPE_CHECKING:
    from spawnscope.core.session.reader import SessionReader
    from spawnscope.core.vocabulary.message import Message

MOST = 50


class InspectorTail(QObject):
    """Emits begun(): what was shown is of another process; grown(list of Message): newer ones, in
    order; problem_occurred(str)."""

    begun = Signal()
    grown = Signal(object)
    problem_occurred = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: int | None = None
        self._until_ns: int | None = None
        self._seen_id = 0  # up to here all was looked at
        self._goal_id = 0  # up to here it will be, when the search is over
        self._search: Iterator[list[Message] | None] | None = None
        self._work = SlicedWork(self._step, self)

    def watch(self, process: int | None, until_ns: int | None) -> None:
        """Show those of this process (None: of nobody), up to a time if there is one."""
        if (process, until_ns) == (self._process, self._until_ns):
            return
        self.stop()
        self._process, self._until_ns = process, until_ns
        self._seen_id = self._goal_id = 0
        self.begun.emit()

    def look_again(self, reader: SessionReader | None) -> None:
        """There may be more in the file by now. Raises SessionError."""
        if reader is None or self._process is None or self._search is not None:
            return
        from spawnscope.core.session.message_query import last_messages

        last = reader.messages.last_id()
        if last == self._seen_id:
            return
        self._goal_id = last
        self._search = last_messages(
            reader.messages, self._process, MOST, self._seen_id, last, self._until_ns
        )
        self._work.start()

    def stop(self) -> None:
        """Look no further."""
        self._search = None
        self._work.stop()

    @property
    def running(self) -> bool:
        """Whether it still looks."""
        return self._search is not None

    def _step(self, budget_seconds: float) -> bool:
        from spawnscope.core.session.session_error import SessionError

        end = time.perf_counter() + budget_seconds
        search = self._search
        try:
            while search is not None and time.perf_counter() < end:
                found = next(search)
                if found is not None:
                    self._search = None
                    self._seen_id = self._goal_id
                    if found:
                        self.grown.emit(found)
                    return False
        except SessionError as error:
            self._search = None
            self.problem_occurred.emit(str(error))
            return False
        return search is not None
