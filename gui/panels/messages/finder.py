"""Find: the next message with a text, and how many there are.

    look() --find()--> found(id)         first, so that the first hit shows at once
    search --MessageQuery--> count       then, while the user reads

What is found passes the log's filter too. Works in slices, on the reader of the window's thread.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ...kit.sliced_work import SlicedWork
from .source import MessageSource

if TYPE_CHECKING:
    from spawnscope.core.session.message_query import MessageFilter, MessageQuery


class MessageFinder(QObject):
    """Looks for one text at a time.

    Emits `found(id, wrapped)` (`wrapped`: beyond the end, from the beginning again), `missed()`
    when there is no hit at all, `progressed()` when the count moved on, and `failed(sentence)`.
    """

    found = Signal(int, bool)
    missed = Signal()
    progressed = Signal()
    failed = Signal(str)

    def __init__(self, source: MessageSource, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._search: MessageFilter | None = None
        self._query: MessageQuery | None = None
        self._hits: Iterator[int | None] | None = None
        self._after_wrap: Iterator[int | None] | None = None
        self._wrapped = False
        self.work = SlicedWork(self._step, self)
        self.work.progressed.connect(self.progressed)

    def search(self, text: str, *, regex: bool, case: bool) -> None:
        """Look for this text from now on; "" for nothing. Raises ValueError with a sentence."""
        self.stop()
        self._search = self._query = None
        reader, shown = self._source.reader, self._source.filter
        if not text or reader is None:
            return
        from spawnscope.core.session.message_query import MessageFilter, MessageQuery

        search = MessageFilter(
            None if shown is None else shown.processes,
            None if shown is None else shown.streams,
            text,
            regex,
            case,
            frozenset() if shown is None else shown.without,
        )
        query = MessageQuery(reader.messages, search)
        self._search = search
        if shown is None or not shown.text:
            self._query = query
            self.work.start()

    @property
    def search_filter(self) -> MessageFilter | None:
        """What is looked for, with the processes and streams of the log's filter."""
        return self._search

    @property
    def looking(self) -> bool:
        """Whether the next hit is being looked for."""
        return self._hits is not None

    @property
    def count(self) -> int | None:
        """How many hits are known so far; None where they are not counted."""
        return None if self._query is None else self._query.count

    @property
    def progress(self) -> float:
        """How much of the session was counted, 0 to 1."""
        return 1.0 if self._query is None else self._query.progress

    def number_of(self, message_id: int) -> int | None:
        """The number of a hit among all, from 1; None where it isn't known (yet)."""
        if self._query is None:
            return None
        position = self._query.position_of(message_id)
        return position + 1 if position < self._query.count else None

    def look(self, start_id: int, backwards: bool = False) -> None:
        """Look for the first hit from `start_id` on, itself included."""
        reader, search = self._source.reader, self._search
        if reader is None or search is None:
            return
        from spawnscope.core.session.message_query import find

        self._hits = find(reader.messages, search, start_id, backwards)
        other_end = reader.messages.last_id() if backwards else 1
        self._after_wrap = find(reader.messages, search, other_end, backwards)
        self._wrapped = False
        self.work.start()

    def catch_up(self) -> None:
        """Count what came since."""
        if self._query is not None:
            self.work.start()

    def stop(self) -> None:
        """Neither look nor count any further."""
        self._hits = self._after_wrap = None
        self.work.stop()

    def _step(self, budget_seconds: float) -> bool:
        from spawnscope.core.session.session_error import SessionError

        try:
            if self._hits is None:
                return self._query is not None and self._query.advance(budget_seconds)
            self._look_further(self._hits, time.perf_counter() + budget_seconds)
        except SessionError as error:
            self.stop()
            self.failed.emit(str(error))
            return False
        return self._hits is not None or self._query is not None

    def _look_further(self, hits: Iterator[int | None], deadline: float) -> None:
        for hit in hits:
            if hit is not None and self._passes(hit):
                self._hits = None
                self.found.emit(hit, self._wrapped)
                return
            if time.perf_counter() >= deadline:
                return
        self._hits, self._after_wrap = self._after_wrap, None
        if self._wrapped or self._hits is None:
            self._hits = None
            self.missed.emit()
        self._wrapped = True

    def _passes(self, message_id: int) -> bool:
        shown, reader = self._source.filter, self._source.reader
        if shown is None or not shown.text or reader is None:
            return True
        messages = reader.messages.page(message_id, 1)
        return bool(messages) and self._source.passes(messages[0])
