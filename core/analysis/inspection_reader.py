"""What the inspector reads from a session's file: users of an object, since when it is held, the
last messages of a process, and what things were like at a moment.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from ..session.history_reader import CounterRow
from ..session.message_query import MessageFilter, find
from ..session.open_waits import OpenWait
from ..session.reader import SessionReader
from ..store.doing import Deed, deeds
from ..store.object_row import ObjectRow
from ..store.objects import ObjectTable
from ..store.processes import ProcessTable
from ..vocabulary.events import OperationCount
from ..vocabulary.kinds import WORKING, kind_of
from ..vocabulary.message import Message
from ..vocabulary.operation import Operation
from .waits.situation import Situation

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


def _is_new(task: Operation, known: tuple[Deed, ...]) -> bool:
    """Whether it is not the one that its process was in to its end."""
    return not any(deed.operation == "task" and deed.thread == task.thread for deed in known)


class PastSituation(Situation):
    """A session as it was at a moment in its past: what an object was like is read from its
    history, what a thread waited in from the operations that ended afterwards."""

    def __init__(
        self,
        processes: ProcessTable,
        objects: ObjectTable,
        reader: InspectionReader,
        moment_ns: int,
    ) -> None:
        """Raises SessionError."""
        super().__init__(processes, objects, self._users_then, moment_ns)
        self._states = {state.object: state for state in reader.objects_at(moment_ns)}
        self._counters: dict[int, list[tuple[int, OperationCount]]] = {}
        self.counters = reader.counters_at(moment_ns)
        for number, process, count in self.counters:
            self._counters.setdefault(number, []).append((process, count))
        self._went_on = reader.waits_at(moment_ns)
        pools = [row.number for row in objects if kind_of(row.type).is_pool]
        self._tasks = reader.tasks_at(moment_ns, pools)

    def object(self, number: int) -> ObjectRow | None:
        row = self.objects.get(number)
        if row is None or row.created_ns > self.now_ns:
            return None
        state = self._states.get(number)
        if state is not None:
            return row.with_state(state)
        return ObjectRow(
            row.number, row.type, row.name, row.site, row.creator, row.created_ns, row.capacity
        )

    def lives(self, process: int) -> bool:
        row = self.processes.get(process)
        if row is None or row.started_ns > self.now_ns:
            return False
        return row.ended_ns is None or row.ended_ns > self.now_ns

    def holders(self, number: int) -> list[tuple[int, str]]:
        row = self.object(number)
        return [] if row is None else list(row.holders)

    def held_by(self, process: int) -> list[tuple[ObjectRow, str]]:
        found = []
        for each in self.objects:
            row = self.object(each.number)
            threads = [] if row is None else [who[1] for who in row.holders if who[0] == process]
            if row is not None and threads:
                found.append((row, threads[0]))
        return found

    def deeds(self, process: int) -> tuple[Deed, ...]:
        known = super().deeds(process)
        busy = {deed.thread for deed in known if deed.operation not in WORKING}
        went_on = [
            *(each for each in self._tasks.get(process, ()) if _is_new(each, known)),
            *self._went_on.get(process, ()),
        ]
        past = [
            Deed(each.thread, each.operation, each.object or None, each.start_ns, each.site,
                 each.text, "")
            for each in went_on
            if each.thread not in busy
        ]  # fmt: skip
        return known + deeds(past, self.objects)

    def open_waits(self, process: int) -> list[OpenWait]:
        return []

    def _users_then(self, number: int) -> list[tuple[int, OperationCount]]:
        return self._counters.get(number, [])
