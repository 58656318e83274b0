"""The program tests/targets/stuck_people.py, live, with the store that its events fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spawnscope.core.analysis.waits.chain import SETTLED_NS
from spawnscope.core.analysis.waits.situation import Situation
from spawnscope.core.store.session_store import SessionStore

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
        self.store = SessionStore()
        self.objects, self.processes = self.store.objects, self.store.processes
        self.main = live.script("stuck_people")
        self._taken = 0
        live.until(self._settled, what="all of them wait")
        self.store.open(str(live.path))
        try:
            live.until(self._counted, what="their counters are in the file")
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the session's file."""
        self.store.close()

    def number(self, name: str) -> int:
        """The process of this name."""
        return next(row.number for row in self.processes if row.name == name)

    def situation(self) -> Situation:
        """All that is known now."""
        return Situation(self.store)

    def take_in(self) -> None:
        """Apply the events that came."""
        self.store.apply(self.live.events[self._taken :])
        self._taken = len(self.live.events)

    def _settled(self) -> bool:
        self.take_in()
        rows = {row.name: row for row in self.processes}
        if not set(WAITERS) <= rows.keys():
            return False
        ended = all(not rows[name].is_live for name in ("clerk", "producer-1", "producer-2"))
        now = self.store.now_ns()
        return ended and all(self._waits(rows[name].number, now) for name in WAITERS)

    def _waits(self, number: int, now_ns: int) -> bool:
        deeds = Situation(self.store).waits(number)
        return any(
            deed.thread == "MainThread" and deed.elapsed_ns(now_ns) > SETTLED_NS for deed in deeds
        )

    def _counted(self) -> bool:
        self.take_in()
        jobs = [row.number for row in self.objects if row.name == "jobs"]  # names come later
        users = [user for number in jobs for user in self.store.users_of(number)]
        return sum(count.count for _, count in users if count.operation == "get") == 6
