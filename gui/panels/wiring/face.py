"""What is drawn of a node and of an edge, as plain values: the items repaint when these differ."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection
from typing import NamedTuple

from spawnscope.core.analysis.wiring.graph import CHILD, GROUP, OBJECT, Edge, Node
from spawnscope.core.sentences.roles import counted_workers
from spawnscope.core.sentences.status import status_name
from spawnscope.core.store.doing import foremost
from spawnscope.core.store.object_row import ObjectRow
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.translation import tr, trn
from spawnscope.core.vocabulary.events import Role
from spawnscope.core.vocabulary.kinds import GUARD, WORKING

from ...kit.finding_look import finding_look
from ...kit.row_text import NOT_WATCHED, depth_text, end_text
from ...kit.text.figures import IDLE, rate_text
from ...kit.text.span import duration_text
from .model import WiringModel

LEVELS = 8  # steps of the colour that says how much somebody waits
_WAITING = 0.04  # share below which nobody is said to wait
_OF_TOTAL = 0.3  # a total counts as this many a second where there are no rates
# Operations a second from which on a line is half a pixel wider: 4.6 times as many each.
_STEPS = [10 ** (step / 1.5) for step in range(9)]
_SECOND = 1_000_000_000

_OF_FAULT = 3.0  # px: an edge that is part of what is wrong
_strokes: dict[tuple[str, int, bool, int, bool, bool, bool], Stroke] = {}  # a few hundred at most


class Face(NamedTuple):
    """A node. `look`: its type, "process" or "group"; `ink`: the meaning of the colour of `detail`,
    `note_ink` of `note`; `fullness`: 0 to 1, None without a limit; `number`: of the process that
    gives the colour."""

    title: str
    note: str
    detail: str
    ink: str = "muted"
    look: str = "process"
    role: Role | None = None
    number: int = 0
    fullness: float | None = None
    faded: bool = False
    member: bool = False  # of an open group
    note_ink: str = "muted"
    unseen: bool = False  # it, or each of a group, is not instrumented
    fault: tuple[str, str] | None = None  # the picture of what is wrong with it, and its colour


class Stroke(NamedTuple):
    """An edge. `width`: px; `line`: "solid", "dash" or "dot"; `level`: 0 (nobody waits) to LEVELS;
    `faint`: it is there, but says little; `fault`: it is part of what is wrong."""

    width: float
    line: str
    level: int
    faint: bool
    arrow: bool
    fault: bool = False


class Faces:
    """What to draw of the nodes of `model`. Most of them stay as they are from one look to the
    next, so those are kept."""

    def __init__(self, model: WiringModel) -> None:
        self._model = model
        self._kept: dict[int, tuple[ProcessRow, bool, Face]] = {}  # of processes that do nothing

    def of(self, node: Node) -> Face:
        """The face of one node."""
        face, fault = self._plain(node), self._model.fault_of(node)
        return face if fault is None else face._replace(fault=finding_look(fault))

    def stroke(self, edge: Edge) -> Stroke:
        """What to draw of an edge."""
        return stroke_of(edge, self._model.is_faulty(edge))

    def _plain(self, node: Node) -> Face:
        """But for what is wrong with it."""
        model = self._model
        processes = model.store.processes
        kind = node.key[0]
        if kind == OBJECT:
            rows = [model.store.objects[number] for number in node.members]
            return _object_face(rows, processes)
        if kind == GROUP:
            return _group_face(node, [processes[each] for each in node.members], model)
        row = processes[node.members[0]]
        member = node.group is not None
        kept = self._kept.get(row.number)
        if kept is not None and kept[0] is row and kept[1] is member:
            return kept[2]
        face = _process_face(row, model)
        if member:
            face = face._replace(member=True)
        if not row.doing or row.ended_ns is not None:
            self._kept[row.number] = row, member, face
        return face


def stroke_of(edge: Edge, fault: bool = False) -> Stroke:
    """What to draw of an edge; the same object for the same look. `fault`: part of what is
    wrong."""
    waiting, rate = edge.waiting, edge.rate
    level = int(waiting * LEVELS + 0.5) or 1 if waiting >= _WAITING else 0
    amount = edge.total * _OF_TOTAL if rate is None else rate
    step, busy = bisect(_STEPS, amount), amount >= IDLE
    look = (edge.key[2], step, busy, level, edge.holds, edge.waits, fault)
    return _strokes.get(look) or _strokes.setdefault(look, _marked(*look))


def _marked(
    kind: str, step: int, busy: bool, level: int, holds: bool, waits: bool, fault: bool
) -> Stroke:
    stroke = _stroke(kind, step, busy, level, holds, waits)
    width = max(_OF_FAULT, stroke.width)
    return stroke._replace(width=width, faint=False, fault=True) if fault else stroke


def _stroke(kind: str, step: int, busy: bool, level: int, holds: bool, waits: bool) -> Stroke:
    width = 1.25 + step / 2
    if kind == CHILD:
        return Stroke(1.0, "solid", 0, True, False)
    guard = kind == GUARD
    if guard and holds:
        return Stroke(max(2.5, width), "solid", 0, False, False)
    if guard and waits:
        return Stroke(max(2.0, width), "dot", max(1, level), False, False)
    return Stroke(width, "solid" if busy else "dash", level, guard and not level, not guard)


def name_of_group(node: Node, processes: ProcessTable) -> str:
    """ "8 pool workers", "12 x reader-#"."""
    count = len(node.members)
    workers = counted_workers(processes[node.members[0]].role, count)
    return workers or f"{count} × {node.key[2]}"


def _process_face(row: ProcessRow, model: WiringModel) -> Face:
    ink = "muted"
    if not row.is_live:
        detail, ink = end_text(row), "bad" if row.has_failed else "muted"
        if not row.has_failed and row.terminated_by is None:
            time = duration_text(row.elapsed_ns(model.now_ns))
            detail = tr("{ended} after {time}", ended=detail, time=time)
        if row.is_unseen:
            detail = f"{tr(NOT_WATCHED)}; {detail}"
    else:
        deed = foremost(row.doing)
        if deed is None or deed.operation == "run":
            detail = tr(NOT_WATCHED) if row.watched is False else status_name(row.status)
        else:
            detail = deed.phrase
            elapsed = deed.elapsed_ns(model.now_ns)
            if deed.operation not in WORKING:
                ink = "warning"
            if elapsed >= _SECOND:  # whole seconds: it would never come to rest
                detail += f", {_whole(elapsed)}"
    return Face(
        row.label, str(row.pid), detail, ink, "process", row.role, row.number, None,
        not row.is_live, unseen=row.is_unseen,
    )  # fmt: skip


def _group_face(node: Node, rows: list[ProcessRow], model: WiringModel) -> Face:
    name = name_of_group(node, model.store.processes)
    lives = [row for row in rows if row.is_live]
    ink = "muted"
    if not lives:
        failed = sum(row.has_failed for row in rows)
        detail = tr("all ended")
        if failed:
            detail = trn("all ended, {count} failed", "all ended, {count} failed", failed)
        ink = "bad" if failed else "muted"
    else:
        deeds = [foremost(row.doing) for row in lives]
        busy = sum(deed is not None and deed.operation == "task" for deed in deeds)
        waiting = sum(deed is not None and deed.operation not in WORKING for deed in deeds)
        parts = [trn("{count} in a task", "{count} in a task", busy)] if busy else []
        parts += [trn("{count} waits", "{count} wait", waiting)] if waiting else []
        detail = ", ".join(parts) or trn("{count} live", "{count} live", len(lives))
        ink = "warning" if waiting * 2 > len(lives) else "muted"
    first = rows[0]
    unseen = all(row.is_unseen for row in rows)
    if unseen:
        detail = f"{tr(NOT_WATCHED)}, {detail}"
    return Face(
        name, "", detail, ink, "group", first.role, first.number, None, not lives, unseen=unseen
    )


def _object_face(rows: list[ObjectRow], processes: ProcessTable) -> Face:
    first = rows[0]
    waiters: Collection[tuple[int, str]] = first.waiters
    title = first.label
    if len(rows) > 1:  # the ends of a pipe
        title = " ⇄ ".join(row.label for row in rows)
        waiters = {who for row in rows for who in row.waiters}
    detail, ink = first.type, "muted"
    flows = "", ""
    if first.holders:
        holder = processes.get(first.holders[0][0])
        more = f" +{len(first.holders) - 1}" if len(first.holders) > 1 else ""
        detail = (
            tr("held by {process}", process=holder.label + more)
            if holder is not None
            else tr("held by somebody") + more
        )
    elif first.depth is not None:
        flows = (
            "" if first.inward is None else tr("{rate}/s in", rate=rate_text(first.inward)),
            "" if first.outward is None else tr("{rate}/s out", rate=rate_text(first.outward)),
        )
        detail = ", ".join(filter(None, flows)) or detail
    note, note_ink = depth_text(first), "muted"
    if waiters:
        waits = trn("{count} waits", "{count} wait", len(waiters))
        if note:
            detail, ink = f"{waits}, {flows[1]}" if flows[1] else waits, "warning"
        else:
            note, note_ink = waits, "warning"
    return Face(
        title, note, detail, ink, first.type, None, 0, first.fullness, False, False, note_ink
    )


def _whole(span_ns: int) -> str:
    span_ns -= span_ns % _SECOND
    return f"{span_ns // _SECOND} s" if span_ns < 10 * _SECOND else duration_text(span_ns)
