"""A session as it was at a moment in its past."""

from __future__ import annotations

from ..session.open_waits import OpenWait
from ..session.reader import SessionReader
from ..store.doing import Deed, deeds
from ..store.object_row import ObjectRow
from ..store.objects import ObjectTable
from ..store.processes import ProcessTable
from ..vocabulary.events import OperationCount
from ..vocabulary.kinds import WORKING, kind_of
from ..vocabulary.operation import Operation
from .waits.situation import Situation


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
        reader: SessionReader,
        moment_ns: int,
    ) -> None:
        """Raises SessionError."""
        super().__init__(processes, objects, self._users_then, moment_ns)
        self._states = {state.object: state for state in reader.history.states_at(moment_ns)}
        self._counters: dict[int, list[tuple[int, OperationCount]]] = {}
        self.counters = reader.history.counters_at(moment_ns)
        for number, process, count in self.counters:
            self._counters.setdefault(number, []).append((process, count))
        self._went_on = reader.waits.at(moment_ns)
        pools = [row.number for row in objects if kind_of(row.type).is_pool]
        self._tasks = reader.waits.tasks_at(moment_ns, pools)

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
