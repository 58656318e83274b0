"""What the inspector reads from a session's file: users of an object, since when it is held, the
last messages of a process, and what things were like at a moment.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from ..session.history_reader import CounterRow
from ..session.message_query import MessageFilter, find
from ..session.reader import SessionReader
from ..vocabulary.events import OperationCount
from ..vocabulary.message import Message

_RECENT = 40  # operations among which an acquire is looked for


class InspectionReader(SessionReader):
    """A SessionReader that knows these questions. All raise SessionError."""

    def users_of(self, number: int) -> list[tuple[int, OperationCount]]:
        """The totals of each process and operation on an object, as pairs (process, totals)."""
        rows = self.rows(
            CounterRow,
            "SELECT object, process, operation, count, waits, waited_ns, bytes, timeouts, errors "
            "FROM counters WHERE object = ?",
            (number,),
            since=2,
        )
        return [(process, count) for _, process, count in self._decoded_counters(rows)]

    def held_since(self, number: int, process: int, until_ns: int) -> int | None:
        """When a process took an object that it holds at `until_ns`, Unix time in ns; None when
        that was only counted, or is too long ago to be found quickly."""
        since = None
        rows = self.operations(number, limit=_RECENT, newest=True, processes=(process,))
        for _, each in reversed(rows):
            if each.end_ns > until_ns:
                continue
            if each.operation == "release":
                break
            if each.operation == "acquire" and each.outcome == "ok":
                since = each.end_ns
        return since

    def last_messages(
        self, process: int, count: int, after_id: int, last_id: int, until_ns: int | None
    ) -> Iterator[list[Message] | None]:
        """The last `count` messages of a process from behind `after_id` up to `last_id`, written
        until a time if there is one. Yields None every few milliseconds, so that the caller can
        pause, and the list at the end."""
        wanted = MessageFilter(processes=frozenset((process,)))
        found: deque[Message] = deque(maxlen=count)
        if after_id:  # what is new is little: forwards, so that nothing older is looked at
            ids: deque[int] = deque(maxlen=count)
            for number in find(self, wanted, after_id + 1):
                if number is None:
                    yield None
                elif number <= last_id:
                    ids.append(number)
                else:
                    break
            for number in ids:
                found += self.messages(number, 1)
        else:
            for number in find(self, wanted, last_id, backwards=True):
                if number is None:
                    yield None
                    continue
                for message in self.messages(number, 1):
                    if until_ns is None or message.time_ns <= until_ns:
                        found.appendleft(message)
                if len(found) == count:
                    break
        yield list(found)
