"""The messages that pass the filter, read page by page from the session's file.

    session file --SessionReader--> MessageSource --page(first, count)--> the visible rows
                        '--MessageQuery--'  (only while a filter is set)

Positions count the messages that pass the filter, from 0. The lines still being written have no
position; `open_lines` gives those that pass. Used by the thread of the window only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re

    from spawnscope.core.session.message_query import MessageFilter, MessageQuery
    from spawnscope.core.session.reader import SessionReader
    from spawnscope.core.session.text_search import TextSearch
    from spawnscope.core.vocabulary.message import Message


class MessageSource:
    """Pages of one session under one filter."""

    def __init__(self) -> None:
        self._reader: SessionReader | None = None
        self._filter: MessageFilter | None = None
        self._query: MessageQuery | None = None
        self._search: TextSearch | None = None
        self._pattern: re.Pattern[str] | None = None
        self._last_id = 0
        self._begun = False  # the query was asked to look

    def read_from(self, reader: SessionReader | None) -> None:
        """Read from this file from now on, which its owner closes; None: there is nothing to show.
        Raises SessionError, and then shows nothing."""
        self._reader = self._query = None
        self._last_id = 0
        if reader is not None:
            self._reader = reader
            self.set_filter(self._filter)
            self.catch_up()

    def close(self) -> None:
        """Read no more."""
        self.read_from(None)

    @property
    def reader(self) -> SessionReader | None:
        return self._reader

    @property
    def filter(self) -> MessageFilter | None:
        """The filter in force; None lets everything pass."""
        return self._filter

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """What the filter looks for in the text, for marking it; None without such a filter."""
        return self._pattern

    def set_filter(self, message_filter: MessageFilter | None) -> None:
        """Show what passes this filter. Raises ValueError with a sentence for a bad regex, and
        then keeps the filter before."""
        from .pattern import pattern_of, search_of

        search = search_of(message_filter)
        query = None
        if message_filter is not None and self._reader is not None:
            from spawnscope.core.session.message_query import MessageQuery

            query = MessageQuery(self._reader.messages, message_filter)
        self._filter, self._search, self._query = message_filter, search, query
        self._pattern = pattern_of(message_filter)
        self._begun = False

    def widen(self, message_filter: MessageFilter, last_id: int) -> None:
        """Let others pass too, who wrote nothing up to message `last_id`. Raises SessionError."""
        self._filter = message_filter
        if self._query is not None:
            self._query.widen(message_filter, last_id)

    def catch_up(self) -> None:
        """Learn how far the file reaches by now."""
        if self._reader is not None:
            self._last_id = self._reader.messages.last_id()

    def advance(self, budget_seconds: float) -> bool:
        """Look for further messages that pass the filter; True while there is more to look at."""
        self._begun = True
        return self._query is not None and self._query.advance(budget_seconds)

    @property
    def last_id(self) -> int:
        """The id of the last message of the session, whether it passes or not; 0 for none."""
        return self._last_id

    @property
    def count(self) -> int:
        """How many messages are known to pass."""
        return self._last_id if self._query is None else self._query.count

    @property
    def progress(self) -> float:
        """How much of the session was looked at, 0 to 1."""
        if self._query is None:
            return 1.0
        return self._query.progress if self._begun else 0.0

    def page(self, first: int, count: int) -> list[Message]:
        """Up to `count` messages from position `first`."""
        count = min(count, self.count - first)
        if self._reader is None or count <= 0:
            return []
        if self._query is not None:
            return self._query.page(first, count)
        return self._reader.messages.page(first + 1, count)

    def position_of(self, message_id: int) -> int:
        """The position of the first message that passes and whose id is not below this one."""
        if self._query is not None:
            return self._query.position_of(message_id)
        return max(0, min(message_id - 1, self._last_id))

    def open_lines(self) -> list[Message]:
        """The lines still being written that pass the filter."""
        if self._reader is None:
            return []
        return [line for line in self._reader.messages.open_lines() if self.passes(line)]

    def passes(self, message: Message) -> bool:
        """Whether this message passes the filter."""
        chosen = self._filter
        if chosen is None:
            return True
        if chosen.processes is not None and message.process not in chosen.processes:
            return False
        if message.process in chosen.without:
            return False
        if chosen.streams is not None and message.stream not in chosen.streams:
            return False
        from spawnscope.core.session.visible_text import visible

        return self._search is None or bool(self._search.lines(visible(message.raw)))
