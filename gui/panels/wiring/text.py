"""The figures of nodes and edges in words: for the card under the pointer, and for who hears it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from msgspec.structs import astuple

from spawnscope.core.analysis.wiring.graph import CHILD, GROUP, OBJECT, Edge, Graph, Node, NodeKey
from spawnscope.core.sentences.roles import role_name
from spawnscope.core.sentences.severity import severity_word
from spawnscope.core.store.object_row import ObjectRow
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.translation import mark, tr, trn
from spawnscope.core.vocabulary.events import OperationCount

from ...kit.row_text import depth_text, doing_text, exact_name, exit_text
from ...kit.text.figures import memory_text, rate_text, site_text, totals_text
from ...kit.text.span import span_text
from .face import name_of_group
from .model import WiringModel

_MOST = 8  # lines of people on one card
# What a line of a card is about, from where the node stands to the other one: of processes, and of
# objects.
_TO = {
    "into": mark("into {name}"), "out": mark("from {name}"), "guard": mark("uses {name}"),
}  # fmt: skip
_BY = {"into": mark("from {name}"), "out": mark("to {name}"), "guard": mark("by {name}")}


class CardText(NamedTuple):
    """What to tell: a title, what kind of thing it is, and figures with their names."""

    title: str
    kind: str
    figures: tuple[tuple[str, str], ...]


class WiringText:
    """Tells about the graph of `model`."""

    def __init__(self, model: WiringModel) -> None:
        self._model = model

    @property
    def _processes(self) -> ProcessTable:
        return self._model.store.processes

    def name(self, key: NodeKey) -> str:
        """What to call a node within a sentence."""
        node = self._model.graph.nodes.get(key)
        if node is None:
            return ""
        if node.kind == GROUP:
            return name_of_group(node, self._processes)
        if node.kind == OBJECT:
            return " ⇄ ".join(row.label for row in self._rows(node))
        return self._processes[node.members[0]].label

    def of_node(self, node: Node) -> CardText:
        """All about a node; first of all what is wrong with it."""
        card, fault = self._told(node), self._model.fault_of(node)
        if fault is None:
            return card
        wrong = severity_word(fault.severity), fault.title
        return card._replace(figures=(wrong, *card.figures))

    def _told(self, node: Node) -> CardText:
        if node.kind == OBJECT:
            return self._of_object(node)
        if node.kind == GROUP:
            return self._of_group(node)
        row = self._processes[node.members[0]]
        figures = [("PID", str(row.pid))]
        doing = doing_text(row, self._model.now_ns)
        if doing:
            figures.append((tr("Doing"), doing))
        if not row.is_live:
            figures.append((tr("End"), exit_text(row)))
        elif row.sample is not None:
            figures.append(
                ("CPU", f"{row.sample.cpu_percent:.0f} %, {memory_text(row.sample.rss_bytes)}")
            )
        return CardText(row.label, role_name(row.role), (*figures, *self._uses(node)))

    def of_edge(self, edge: Edge) -> CardText:
        """All about an edge."""
        people, thing, kind = edge.key
        arrow = {"into": "→", "out": "←", "guard": "–", CHILD: "→"}[kind]
        title = f"{self.name(people)} {arrow} {self.name(thing)}"
        if kind == CHILD:
            return CardText(title, tr("parent and child"), ())
        figures: list[tuple[str, str]] = []
        counts = [count for wire in edge.wires for count in wire.counts]
        for operation in dict.fromkeys(count.operation for count in counts):
            figures.append((operation, totals_text(_sum(operation, counts))))
        if edge.rate is not None:
            figures.append((tr("Rate"), f"{rate_text(edge.rate)}/s"))
        if edge.wires:
            figures.append((tr("Waiting"), _share_text(edge)))
        if edge.holds and edge.waits:
            figures.append((tr("Now"), tr("holds it now, waits now")))
        elif edge.holds or edge.waits:
            now = tr("holds it now") if edge.holds else tr("waits now")
            figures.append((tr("Now"), now))
        return CardText(title, "", tuple(figures))

    def spoken(self, key: NodeKey) -> str:
        """A node in a sentence or two, with whom it is connected."""
        graph: Graph = self._model.graph
        node = graph.nodes.get(key)
        if node is None:
            return ""
        card = self.of_node(node)
        parts = [f"{card.title}, {card.kind}"]
        parts += [f"{name}: {text}" for name, text in card.figures]
        return ". ".join(parts)

    def _rows(self, node: Node) -> list[ObjectRow]:
        rows = self._model.store.objects
        return [rows[number] for number in node.members if number in rows]

    def _uses(self, node: Node) -> list[tuple[str, str]]:
        """What goes on between a node and each of its neighbours, the busiest first."""
        found = []
        for edge in self._model.graph.edges.values():
            people, thing, kind = edge.key
            if kind == CHILD or node.key not in (people, thing):
                continue
            other = thing if people == node.key else people
            what = (_TO if people == node.key else _BY)[kind]
            text = f"{edge.total:,}"
            if edge.rate:
                text += f", {rate_text(edge.rate)}/s"
            if edge.waiting >= 0.005:
                waiting = tr("{share} waiting", share=f"{edge.waiting:.0%}")
                text += f", {waiting}"
            if edge.holds:
                holds = tr("holds it")
                text += f", {holds}"
            found.append((edge.rate or 0, edge.total, (tr(what, name=self.name(other)), text)))
        found.sort(key=lambda each: each[:2], reverse=True)
        figures = [figure for _, _, figure in found[:_MOST]]
        if len(found) > _MOST:
            more = trn("and {count} more", "and {count} more", len(found) - _MOST)
            figures.append(("", more))
        return figures

    def _of_group(self, node: Node) -> CardText:
        rows = [self._processes[number] for number in node.members]
        pids = ", ".join(str(row.pid) for row in rows[:6])
        more = ", ..." if len(rows) > 6 else ""
        live = sum(row.is_live for row in rows)
        of_all = tr("{live} of {count}", live=live, count=len(rows))
        figures = [(tr("Live"), of_all), (tr("PIDs"), pids + more)]
        name = name_of_group(node, self._processes)
        return CardText(name, tr("double-click to unfold"), (*figures, *self._uses(node)))

    def _of_object(self, node: Node) -> CardText:
        rows = self._rows(node)
        first = rows[0]
        figures = []
        depth = depth_text(first)
        if depth:
            figures.append((tr("Depth"), depth))
        if first.holders:
            holders = ", ".join(map(self._person, first.holders[:_MOST]))
            figures.append((tr("Held by"), holders))
        waiters = dict.fromkeys(who for row in rows for who in row.waiters)
        if waiters:
            listed = ", ".join(map(self._person, list(waiters)[:_MOST]))
            figures.append((tr("Waiting"), f"{listed}{', ...' if len(waiters) > _MOST else ''}"))
        waited = sum(map(self._model.waited_ns, rows))
        if waited >= 1_000_000:
            figures.append((tr("Blocked"), tr("{time} in all", time=span_text(waited))))
        figures += self._uses(node)
        if first.site:
            figures.append((tr("Made at"), site_text(first.site)))
        return CardText(self.name(node.key), first.type, tuple(figures))

    def _person(self, who: tuple[int, str]) -> str:
        return exact_name(self._processes, who[0])


def _share_text(edge: Edge) -> str:
    """Of which time its processes waited."""
    share, several = f"{edge.waiting:.0%}", len(edge.wires) > 1
    if edge.rate is not None:
        return (
            tr("{share} of the last 2 s each", share=share)
            if several
            else tr("{share} of the last 2 s", share=share)
        )
    if several:
        return tr("{share} of its life each", share=share)
    return tr("{share} of its life", share=share)


def _sum(operation: str, counts: Iterable[OperationCount]) -> OperationCount:
    """The totals of one operation, added up."""
    own = (astuple(count)[1:] for count in counts if count.operation == operation)
    return OperationCount(operation, *map(sum, zip(*own, strict=True)))
