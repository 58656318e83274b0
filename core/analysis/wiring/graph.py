"""The wiring as a graph: processes and shared objects as nodes, who uses what as edges.

    wires, ProcessTable, ObjectTable --choose--> who is shown --fold--> nodes --> Graph
                                     Showing ---'     WiringGroups ---'

The two ends of a pipe are one node. Pool workers, and siblings that are wired alike, are one node
until somebody opens it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from ...store.process_row import ProcessRow
from ...store.store import Store
from ...vocabulary.events import HELPERS, Role
from ...vocabulary.kinds import OUT, PIPE, WORKER_ROLES
from ..flows.details import pipe_peers
from .groups import GroupKey, WiringGroups
from .wires import UseKey, Wire

PROCESS, OBJECT, GROUP = "process", "object", "group"
CHILD = "child"  # the kind of an edge from parent to child; others: a Direction

NodeKey = tuple[str, int, str]
"""(kind, number of the process, object or parent, pattern of a group's names)."""
EdgeKey = tuple[NodeKey, NodeKey, str]
"""(a process or group, an object; or parent and child; then the kind of the edge)."""

_APART = HELPERS | {Role.SUPERVISOR}
FEW_ENDED = 12  # so many are shown without being asked for


class Showing(msgspec.Struct, frozen=True):
    """What the user wants to see. `ended`: processes that have ended; None: while they are few, or
    nothing lives. `parents`: who started whom. `opened`: the groups that are unfolded."""

    ended: bool | None = None
    parents: bool = False
    opened: frozenset[GroupKey] = frozenset()


class Node(msgspec.Struct, frozen=True, gc=False):
    """One process, a group of them, or an object. `members`: session numbers of the processes, or
    of the objects (both ends of a pipe). `group`: the open group that a process belongs to."""

    key: NodeKey
    members: tuple[int, ...]
    group: GroupKey | None = None

    @property
    def kind(self) -> str:
        """PROCESS, OBJECT or GROUP."""
        return self.key[0]


class Edge(msgspec.Struct, frozen=True, gc=False):
    """All wires between two nodes in one direction; none for a CHILD.

    `rate`, `total`: their sums (rate None: nobody can tell). `waiting`: 0 to 1, the mean over the
    processes. `holds`, `waits`: whether any process holds the object, or waits for it.
    """

    key: EdgeKey
    wires: tuple[Wire, ...] = ()
    total: int = 0
    rate: float | None = None
    waiting: float = 0.0
    holds: bool = False
    waits: bool = False

    @property
    def tail(self) -> NodeKey:
        """Where the arrow begins."""
        return self.key[1] if self.key[2] == OUT else self.key[0]

    @property
    def head(self) -> NodeKey:
        """Where the arrow points."""
        return self.key[0] if self.key[2] == OUT else self.key[1]


class Graph(msgspec.Struct, frozen=True):
    """What is shown. `hidden_ended`: how many processes are left out because they have ended.
    `creators`: who made each object, as far as that is shown; only a hint where to place it."""

    nodes: dict[NodeKey, Node]
    edges: dict[EdgeKey, Edge]
    hidden_ended: int = 0
    creators: tuple[tuple[NodeKey, NodeKey], ...] = ()

    def neighbours(self) -> dict[NodeKey, list[NodeKey]]:
        """The nodes at the other ends of the edges of each node."""
        found: dict[NodeKey, list[NodeKey]] = {key: [] for key in self.nodes}
        for one, other, _kind in self.edges:
            found[one].append(other)
            found[other].append(one)
        return found


class _Plan(msgspec.Struct):
    """Which nodes and edges there are: what stays the same while only figures change. `holders`:
    who holds something, or is to be seen anyway, since the dead among them are shown."""

    made_for: tuple[object, ...]
    keys: frozenset[UseKey]
    holders: frozenset[int]
    nodes: dict[NodeKey, Node]
    parts: dict[EdgeKey, list[UseKey]]
    children: dict[EdgeKey, Edge]
    idle: dict[UseKey, Wire]
    hidden_ended: int
    creators: tuple[tuple[NodeKey, NodeKey], ...]


class WiringGraph:
    """Makes graphs of one session; remembers which processes were folded into one node, so that
    they do not come apart again at the next change."""

    def __init__(self, store: Store) -> None:
        self._groups = WiringGroups()
        self._plan: _Plan | None = None
        self._twins: dict[int, tuple[int, int]] = {}  # an end of a pipe: both ends
        self._paired = (0, 0)  # objects, and connections, when the ends were last paired
        self._people: list[tuple[object, ...]] = []  # what the plan depends on of each process
        self.show(store)

    def processes_changed(self) -> None:
        """Processes have started, ended, or have other names or roles; or may have."""
        self._stale = True

    def show(self, store: Store) -> None:
        """Another moment is shown, or another part of the session."""
        self._store = store
        self._objects = store.objects
        self._processes = store.processes
        self._stale = True
        self._plan = None
        self._paired = (0, 0)

    def build(
        self,
        wires: Mapping[UseKey, Wire],
        showing: Showing,
        kept: frozenset[int] = frozenset(),
    ) -> Graph:
        """The graph of these wires, at the time of the store. `kept`: processes that are shown even
        if they have ended."""
        if self._stale:
            self._stale = False
            people: list[tuple[object, ...]] = [
                (row.number, row.name, row.title, row.role, row.watched, row.ended_ns)
                for row in self._processes
            ]
            if people != self._people:
                self._people = people
                self._plan = None
        made_for = (showing, len(self._objects), kept)
        holders = kept | {wire.process for wire in wires.values() if wire.holds}
        plan = self._plan
        if (
            plan is None
            or plan.made_for != made_for
            or plan.holders != holders
            or plan.keys != wires.keys()
        ):
            plan = self._plan = self._planned(wires, showing, holders, kept)
            plan.made_for = made_for
        idle = plan.idle
        edges: dict[EdgeKey, Edge] = {}
        for key, parts in plan.parts.items():
            if len(parts) == 1:
                one = wires.get(parts[0]) or idle[parts[0]]
                edges[key] = Edge(
                    key, (one,), one.total, one.rate, one.waiting, one.holds, one.waits
                )
            else:
                edges[key] = _merged(key, [wires.get(part) or idle[part] for part in parts])
        edges.update(plan.children)
        return Graph(plan.nodes, edges, plan.hidden_ended, plan.creators)

    def _planned(
        self,
        wires: Mapping[UseKey, Wire],
        showing: Showing,
        holders: frozenset[int],
        kept: frozenset[int],
    ) -> _Plan:
        users = {key[0] for key in wires}
        shows = self._store.sight.shows
        known = {
            row.number: row
            for row in self._processes
            if (
                row.number in users
                or (row.role in WORKER_ROLES and row.parent in users)
                or row.is_unseen  # nobody knows what it uses
            )
            and row.role not in _APART
            and shows(row)
        }
        shown, hidden = self._without_ended(known, holders, showing)
        used = [wire for wire in wires.values() if wire.process in shown]
        idle = self._groups.idle_workers(self._store, shown, used)
        used += idle
        related = self._with_parents(shown) if showing.parents else shown
        # The dead who are part of what is wrong stand apart from their group, unless they are many.
        apart = {number for number in kept & related.keys() if not self._processes[number].is_live}
        alike = [each for each in related if each not in apart or len(apart) > FEW_ENDED]
        folded = self._groups.fold(self._processes, alike, used)
        nodes: dict[NodeKey, Node] = {}
        node_of: dict[int, NodeKey] = {}
        for group, members in folded.items():
            if group not in showing.opened:
                key: NodeKey = (GROUP, *group)
                nodes[key] = Node(key, tuple(members))
                node_of.update(dict.fromkeys(members, key))
        group_of = {member: group for group, members in folded.items() for member in members}
        for number in related:
            if number not in node_of:
                key = (PROCESS, number, "")
                nodes[key] = Node(key, (number,), group_of.get(number))
                node_of[number] = key
        return _Plan(
            made_for=(),
            keys=frozenset(wires),
            holders=holders,
            nodes=nodes,
            parts=self._parts(used, node_of, nodes),
            children=self._parentage(node_of) if showing.parents else {},
            idle={(wire.process, wire.object, wire.direction): wire for wire in idle},
            hidden_ended=hidden,
            creators=tuple(
                (node_of[row.creator], key)
                for key in nodes
                if key[0] == OBJECT and (row := self._objects[key[1]]).creator in node_of
            ),
        )

    def _without_ended(
        self,
        known: Mapping[int, ProcessRow],
        holders: frozenset[int],
        showing: Showing,
    ) -> tuple[dict[int, None], int]:
        """Who is shown; and how many are not. A dead process that still holds a lock stays: it is
        what others wait for."""
        ended = {number for number, row in known.items() if row.ended_ns is not None}
        wanted = showing.ended
        if wanted is None:
            wanted = len(ended) <= FEW_ENDED or len(ended) == len(known)
        if not wanted:
            ended -= holders
            return {number: None for number in known if number not in ended}, len(ended)
        return dict.fromkeys(known), 0

    def _with_parents(self, shown: Iterable[int]) -> dict[int, None]:
        """All of these and their ancestors, without the supervisor."""
        found: dict[int, None] = {}
        for number in shown:
            place: int | None = number
            while place is not None and place not in found:
                if self._processes[place].role is Role.SUPERVISOR:
                    break
                found[place] = None
                place = self._processes.parent(place)
        return dict.fromkeys(sorted(found))

    def _parts(
        self, wires: Iterable[Wire], node_of: Mapping[int, NodeKey], nodes: dict[NodeKey, Node]
    ) -> dict[EdgeKey, list[UseKey]]:
        """Which wires each edge is made of; the nodes of the objects are added to `nodes`."""
        self._pair_ends()
        found: dict[EdgeKey, list[UseKey]] = {}
        for wire in wires:
            members = self._twins.get(wire.object) or (wire.object,)
            key: NodeKey = (OBJECT, members[0], "")
            if key not in nodes:
                nodes[key] = Node(key, members)
            edge = (node_of[wire.process], key, wire.direction)
            found.setdefault(edge, []).append((wire.process, wire.object, wire.direction))
        return found

    def _parentage(self, node_of: Mapping[int, NodeKey]) -> dict[EdgeKey, Edge]:
        found: dict[EdgeKey, Edge] = {}
        for number, node in node_of.items():
            parent = self._processes.parent(number)
            above = None if parent is None else node_of.get(parent)
            if above is not None and above != node:
                key: EdgeKey = (above, node, CHILD)
                found[key] = Edge(key)
        return found

    def _pair_ends(self) -> None:
        """Find out which two ends belong to one pipe; those that nobody can tell stay alone."""
        connected = {row.number: row.peer for row in self._objects if row.peer is not None}
        if (len(self._objects), len(connected)) == self._paired:
            return
        self._paired = len(self._objects), len(connected)
        peers = connected | pipe_peers(
            (row.number, row.creator, row.site, row.created_ns)
            for row in self._objects
            if row.type == PIPE
        )
        self._twins = {one: (min(one, other), max(one, other)) for one, other in peers.items()}


def _merged(key: EdgeKey, wires: list[Wire]) -> Edge:
    rates = [wire.rate for wire in wires if wire.rate is not None]
    return Edge(
        key,
        tuple(wires),
        sum(wire.total for wire in wires),
        sum(rates) if rates else None,
        sum(wire.waiting for wire in wires) / len(wires),
        any(wire.holds for wire in wires),
        any(wire.waits for wire in wires),
    )
