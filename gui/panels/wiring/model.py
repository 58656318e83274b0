"""The wiring of a session as it stands, or as it stood at a moment of the past.

session file --WiringSource--> looks, 0.5 s apart --.
ObjectTable, ProcessTable --------------------------+--> wires --> Graph
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from spawnscope.core.analysis.wiring.graph import Graph, Showing, WiringGraph
from spawnscope.core.analysis.wiring.wires import UseSnapshot, use_snapshot, wires
from spawnscope.core.store.object_row import ObjectRow
from spawnscope.core.store.objects import ObjectTable
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.events import ObjectState

from .source import WiringSource

_WINDOW = 2_000_000_000  # ns over which operations are counted
_LEAST = 900_000_000  # ns: the supervisor writes counters once a second


class WiringModel:
    """Reads from `source` and the tables; `update` makes a new `graph`. Not a Qt model: what it
    gives is a picture as a whole, and the scene finds out what differs."""

    def __init__(
        self,
        objects: ObjectTable,
        processes: ProcessTable,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self.source = WiringSource()
        self.showing = Showing()
        self.graph = Graph({}, {})
        self.live = True
        self.moment_ns: int | None = None
        self.rows: dict[int, ObjectRow] = {}  # the objects at the time that is shown
        self.now_ns = 0
        self._objects = objects
        self.processes = processes
        self._clock = clock
        self._builder = WiringGraph(objects, processes)
        self._looks: deque[UseSnapshot] = deque()
        self._last: tuple[UseSnapshot, UseSnapshot | None] | None = None

    def update(self) -> None:
        """Read, and make the graph. Raises SessionError."""
        self.rows = {row.number: row for row in self._objects}
        types = {number: row.type for number, row in self.rows.items()}
        if self.moment_ns is not None:
            self.now_ns = self.moment_ns
            now = use_snapshot(self.source.counters(self.now_ns), types, self.now_ns)
            then = self.now_ns - _WINDOW
            before: UseSnapshot | None = use_snapshot(self.source.counters(then), types, then)
            states = {state.object: state for state in self.source.states(self.now_ns)}
            for number, row in self.rows.items():
                state = states.get(number) or ObjectState(number, 0, (), None, (), ())
                self.rows[number] = row.with_state(state)
        elif self.live:
            self.now_ns = self._clock()
            now = use_snapshot(self.source.counters(), types, self.now_ns)
            before = self._earlier(now)
        else:
            self.now_ns = max((row.ended_ns or row.started_ns for row in self.processes), default=0)
            now, before = use_snapshot(self.source.counters(), types, self.now_ns), None
        self._last = now, before
        self._build(types)

    def rebuild(self) -> None:
        """Make the graph of what was read last: something else is to be shown of it."""
        if self._last is not None:
            self._build({number: row.type for number, row in self.rows.items()})

    def lives(self, row: ProcessRow) -> bool:
        """Whether a process lives at the time that is shown."""
        return row.ended_ns is None or (
            self.moment_ns is not None and row.ended_ns > self.moment_ns
        )

    def waited_ns(self, row: ObjectRow) -> int:
        """How long all threads together have waited for an object by the time that is shown."""
        if self.live and self.moment_ns is None:
            return sum(self._objects.history(row.number).waits_at(self.now_ns))
        return row.waited_ns

    def processes_changed(self) -> None:
        """Processes have started, ended, or have other names or roles."""
        self._builder.processes_changed()

    def _earlier(self, now: UseSnapshot) -> UseSnapshot | None:
        """The look that `now` is compared with, about two seconds older."""
        looks = self._looks
        if looks and now.time_ns - looks[-1].time_ns > _WINDOW:
            looks.clear()  # nobody looked for a while
        looks.append(now)
        while len(looks) > 1 and looks[1].time_ns <= now.time_ns - _WINDOW:
            looks.popleft()
        return looks[0] if now.time_ns - looks[0].time_ns >= _LEAST else None

    def _build(self, types: dict[int, str]) -> None:
        assert self._last is not None
        now, before = self._last
        doing = {}
        lifetimes = {}
        for row in self.processes:
            if row.doing and row.ended_ns is None and self.moment_ns is None:
                doing[row.number] = row.doing
            if before is None:
                lifetimes[row.number] = row.elapsed_ns(self.now_ns)
        found = wires(now, before, self.rows.values(), types, doing, lifetimes)
        self.graph = self._builder.build(found, self.showing, self.moment_ns)
