"""Who puts into, gets from and holds what, as a picture of columns and as rows of a table.

    SessionStore --WiringGraph--> boxes and lines --columns by who feeds whom--> Wiring

Places are in pixels; each box stands in one column, and what feeds it stands further left, as far
as there is no circle.
"""

from __future__ import annotations

from typing import NamedTuple

from ..analysis.findings.concerned import Concerned
from ..analysis.wiring.graph import GROUP, OBJECT, Edge, Graph, Node, NodeKey, Showing, WiringGraph
from ..analysis.wiring.layers import layered
from ..analysis.wiring.wires import use_snapshot, wires
from ..plain_text import plain
from ..sentences.roles import counted_workers
from ..store.store import Store
from ..translation import tr

WIDTH, HEIGHT = 190, 46
_COLUMN, _ROW, _MARGIN = 290, 66, 12
_MOST_DRAWN = 60  # boxes; a picture of more says nothing


class WiringBox(NamedTuple):
    """A process, a group of alike ones, or an object; `x`, `y`: its upper left corner."""

    name: str
    about: str
    is_object: bool
    is_faulty: bool
    x: int
    y: int


class WiringLine(NamedTuple):
    """A use: from where to where (places in `boxes`), in words, and how often. `kind`: see
    Direction; `is_faulty`: a finding is about this very use."""

    tail: int
    head: int
    kind: str
    process: str
    object: str
    does: str
    is_faulty: bool


class Wiring(NamedTuple):
    """See the module. Too large to be drawn: `width` is 0."""

    boxes: tuple[WiringBox, ...]
    lines: tuple[WiringLine, ...]
    width: int
    height: int


def wiring_of(store: Store) -> Wiring:
    """The wiring of a session that is over. Raises SessionError."""
    types = {row.number: row.type for row in store.objects}
    now_ns = store.now_ns()
    concerned = Concerned(store.findings)
    lifetimes = {row.number: row.elapsed_ns(now_ns) for row in store.processes}
    # What somebody was in when it ended, it waits in for ever.
    doing = {row.number: row.doing for row in store.processes if row.doing}
    snapshot = use_snapshot(store.counters(), types, now_ns)
    found = wires(snapshot, None, store.objects, types, doing, lifetimes)
    shown = frozenset(concerned.processes)
    graph = WiringGraph(store).build(found, Showing(), shown)
    used = {key for edge in graph.edges for key in edge[:2]}
    keys = [key for key in graph.nodes if key in used]
    drawn = len(keys) <= _MOST_DRAWN
    places = _places(keys, graph) if drawn else dict.fromkeys(keys, (0, 0))
    boxes = {key: _box(store, graph.nodes[key], concerned, places[key]) for key in keys}
    number = {key: place for place, key in enumerate(keys)}
    lines = [
        WiringLine(
            number[edge.tail],
            number[edge.head],
            key[2],
            boxes[key[0]].name,
            boxes[key[1]].name,
            _does(edge),
            any((w.holds or w.waits) and concerned.joins(w.process, w.object) for w in edge.wires),
        )
        for key, edge in graph.edges.items()
    ]
    width = max((x for x, _ in places.values()), default=0) + WIDTH + _MARGIN
    height = max((y for _, y in places.values()), default=0) + HEIGHT + _MARGIN
    return Wiring(
        tuple(boxes.values()), tuple(lines), width * (drawn and bool(keys)), height * bool(keys)
    )


def _box(store: Store, node: Node, concerned: Concerned, place: tuple[int, int]) -> WiringBox:
    faulty = concerned.objects if node.kind == OBJECT else concerned.processes
    is_faulty = any(number in faulty for number in node.members)
    if node.kind == OBJECT:
        rows = [store.objects[number] for number in node.members if number in store.objects]
        name = " ⇄ ".join(row.label for row in rows)
        about = rows[0].type
        if rows[0].depth:
            about = tr("{kind}, {count} left", kind=about, count=f"{rows[0].depth:,}")
        if rows[0].holders:
            about = tr("{kind}, held", kind=about)
    else:
        row = store.processes[node.members[0]]
        name = row.label
        about = tr("PID {pid}", pid=row.pid)
        if node.kind == GROUP:
            count = len(node.members)
            name = counted_workers(row.role, count) or f"{count} × {node.key[2]}"
            about = ""
        elif row.has_failed:
            end = row.signal or tr("exit code {code}", code=row.exit_code)
            about = f"{about}, {end}"
    return WiringBox(plain(name), plain(about), node.kind == OBJECT, is_faulty, *place)


def _does(edge: Edge) -> str:
    """What its processes do there, in words: "put 1,204", "acquire 3, holds"."""
    totals: dict[str, int] = {}
    for wire in edge.wires:
        for count in wire.counts:
            totals[count.operation] = totals.get(count.operation, 0) + count.count
    words = [f"{plain(operation)} {count:,}" for operation, count in totals.items() if count]
    if edge.holds:
        words.append(tr("holds"))
    if edge.waits:
        words.append(tr("waits"))
    return ", ".join(words)


def _places(keys: list[NodeKey], graph: Graph) -> dict[NodeKey, tuple[int, int]]:
    """The upper left corner of each box."""
    found = layered(keys, ((edge.tail, edge.head) for edge in graph.edges.values()))
    top = min((row for _, row in found.values()), default=0.0)
    return {
        key: (_MARGIN + column * _COLUMN, _MARGIN + round((row - top) * _ROW))
        for key, (column, row) in found.items()
    }
