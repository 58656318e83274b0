"""The program tests/targets/stuck_people.py, live, with the tables that its events fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawnscope.core.analysis.waits.chain import SETTLED_NS
from spawnscope.core.analysis.waits.situation import Situation
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.store.objects import ObjectTable
from spawnscope.core.store.processes import ProcessTable

if TYPE_CHECKING:
    from live import Live

WAITERS = (
    "alice", "bob", "teller", "consumer", "pusher", "caller", "callee", "idler",
    "stuck_people.py",
)  # fmt: skip


class StuckPeople:
    """Starts the program and waits until all its processes are where they stay."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.objects = ObjectTable()
        self.processes = ProcessTable(self.objects)
        self.main = live.script("stuck_people")
        self._taken = 0
        live.until(self._settled, what="all of them wait")
        self.reader = SessionReader(live.path)
        live.until(self._counted, what="their counters are in the file")

    def close(self) -> None:
        """Let go of the session's file."""
        self.reader.close()

    def number(self, name: str) -> int:
        """The process of this name."""
        return next(row.number for row in self.processes if row.name == name)

    def situation(self) -> Situation:
        """All that is known now."""
        return Situation(self.processes, self.objects, self.reader.objects.users_of, self._now())

    def take_in(self) -> None:
        """Apply the events that came."""
        for event in self.live.events[self._taken :]:
            change = self.objects.apply(event)
            if change is not None:
                self.processes.rename(change.object)
            self.processes.apply(event)
        self._taken = len(self.live.events)

    def _settled(self) -> bool:
        self.take_in()
        rows = {row.name: row for row in self.processes}
        if not set(WAITERS) <= rows.keys():
            return False
        ended = all(not rows[name].is_live for name in ("clerk", "producer-1", "producer-2"))
        now = self._now()
        return ended and all(self._waits(rows[name].number, now) for name in WAITERS)

    def _waits(self, number: int, now_ns: int) -> bool:
        deeds = Situation(self.processes, self.objects, lambda _: (), now_ns).waits(number)
        return any(
            deed.thread == "MainThread" and deed.elapsed_ns(now_ns) > SETTLED_NS for deed in deeds
        )

    def _counted(self) -> bool:
        self.take_in()
        jobs = next(row.number for row in self.objects if row.name == "jobs")
        return (
            sum(c.count for _, c in self.reader.objects.users_of(jobs) if c.operation == "get") == 6
        )

    @staticmethod
    def _now() -> int:
        import time

        return time.time_ns()
