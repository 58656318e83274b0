"""The wiring of a session as it stands, or as it stood at a moment of the past.

store --counters--> looks, 0.5 s apart --.
  '-----objects, processes---------------+--> wires --> Graph
"""

from __future__ import annotations

from collections import deque

from spawnscope.core.analysis.findings.concerned import Concerned
from spawnscope.core.analysis.wiring.graph import OBJECT, Edge, Graph, Node, Showing, WiringGraph
from spawnscope.core.analysis.wiring.wires import UseSnapshot, use_snapshot, wires
from spawnscope.core.store.object_row import ObjectRow
from spawnscope.core.store.store import Store
from spawnscope.core.vocabulary.findings import Finding

_WINDOW = 2_000_000_000  # ns over which operations are counted
_LEAST = 900_000_000  # ns: the supervisor writes counters once a second


class WiringModel:
    """Reads from `store`; `update` makes a new `graph`. Not a Qt model: what it gives is a picture
    as a whole, and the scene finds out what differs."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.showing = Showing()
        self.graph = Graph({}, {})
        self.now_ns = 0
        self._builder = WiringGraph(store)
        self.concerned = Concerned(store.findings)
        self._looks: deque[UseSnapshot] = deque()
        self._last: tuple[UseSnapshot, UseSnapshot | None] | None = None

    def show(self, store: Store) -> None:
        """Another moment is shown, or another part of the session."""
        self.store = store
        self._builder.show(store)
        self.faults_changed()

    def update(self) -> None:
        """Read, and make the graph. Raises SessionError."""
        store = self.store
        types = {row.number: row.type for row in store.objects}
        self.now_ns = store.now_ns()
        now = use_snapshot(store.counters(), types, self.now_ns)
        if store.moves:
            before = self._earlier(now)
        else:
            then = store.counters_before(_WINDOW)
            before = None if then is None else use_snapshot(then, types, self.now_ns - _WINDOW)
        self._last = now, before
        self._build(types)

    def rebuild(self) -> None:
        """Make the graph of what was read last: something else is to be shown of it."""
        if self._last is not None:
            self._build({row.number: row.type for row in self.store.objects})

    def waited_ns(self, row: ObjectRow) -> int:
        """How long all threads together have waited for an object by the time that is shown."""
        if self.store.moves:
            return sum(self.store.objects.history(row.number).waits_at(self.now_ns))
        return row.waited_ns

    def processes_changed(self) -> None:
        """Processes have started, ended, or have other names or roles."""
        self._builder.processes_changed()

    def faults_changed(self) -> None:
        """Something else is wrong."""
        self.concerned = Concerned(self.store.findings)

    def fault_of(self, node: Node) -> Finding | None:
        """The worst error or warning that a node is part of."""
        found = self.concerned.objects if node.kind == OBJECT else self.concerned.processes
        faults = [found[each] for each in node.members if each in found]
        return min(faults, key=lambda one: one.severity.rank, default=None)

    def is_faulty(self, edge: Edge) -> bool:
        """Whether an error or a warning is about this very use: who holds, or waits for, what."""
        joins = self.concerned.joins
        return any(
            (wire.holds or wire.waits) and joins(wire.process, wire.object) for wire in edge.wires
        )

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
        for row in self.store.processes:
            # The counters of a moment have the waits that went on then.
            if row.doing and row.ended_ns is None and self.store.moment_ns is None:
                doing[row.number] = row.doing
            if before is None:
                lifetimes[row.number] = row.elapsed_ns(self.now_ns)
        found = wires(now, before, self.store.objects, types, doing, lifetimes)
        self.graph = self._builder.build(found, self.showing, frozenset(self.concerned.processes))
