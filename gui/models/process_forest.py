"""The nodes of the process tree: who stands below whom, who is shown, and in which order.

Plain Python without signals: the model moves rows by what it finds here. Nothing here recurses,
since a chain of processes can be a thousand long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from spawnscope.core.client.process_filter import ProcessFilter
from spawnscope.core.client.process_row import ProcessRow
from spawnscope.core.client.process_table import ProcessTable
from spawnscope.core.vocabulary.events import Role

from .process_columns import Column
from .process_node import Node


class ProcessForest:
    """The nodes of the processes of `table` that were added and not cleared away.

    `unsettled` are the parents whose shown children may have changed; whoever shows them takes
    care of those and empties it.
    """

    def __init__(self, table: ProcessTable) -> None:
        self._table = table
        self.root = Node(-1, None, None)
        self.root.place = 0
        self.nodes: dict[int, Node] = {}
        self.cleared: set[int] = set()
        self.filter = ProcessFilter()
        self.sort: Column | None = None  # None: in the order of their start
        self.descending = False
        self.now_ns = 0  # Unix time for which durations are shown and compared
        self.living: set[int] = set()
        self.stopping: set[int] = set()
        self.unsettled: dict[Node, None] = {}

    def add(self, process: int, started: list[int]) -> None:
        """Make the nodes of a process and of those ancestors that have none yet, and note their
        numbers in `started`."""
        chain: list[int] = []
        number: int | None = process
        while number is not None and number not in self.nodes:
            chain.append(number)
            number = self.parent_number(number)
        parent = self.root if number is None else self.nodes[number]
        for number in reversed(chain):
            row = self._table[number]
            node = Node(number, row, parent)
            self.nodes[number] = node
            self.count(row)
            parent.adopt(node)
            self.rematch(node)
            started.append(number)
            parent = node

    def forget(self, top: Node) -> list[int]:
        """Take out a node that is not shown any more, and all below it; returns their numbers."""
        below = [node.number for node in top.subtree()]
        self.take_out(top)
        for number in below:
            del self.nodes[number]
        self.cleared.update(below)
        return below

    def take_out(self, node: Node) -> int:
        """Cut a node off from its parent; returns how many at or below it pass the filter."""
        assert node.parent is not None
        hits = node.hits
        self._set_hits(node, -hits)
        node.parent.children.remove(node)
        return hits

    def put_below(self, node: Node, parent: Node, hits: int) -> None:
        """The opposite of `take_out`, at another place."""
        node.parent = parent
        parent.adopt(node)
        self._set_hits(node, hits)

    def count(self, row: ProcessRow) -> None:
        """Note whether a process lives, and whether it is being stopped."""
        for numbers, belongs in ((self.living, row.is_live), (self.stopping, row.is_stopping)):
            if belongs:
                numbers.add(row.number)
            else:
                numbers.discard(row.number)

    def parent_number(self, process: int) -> int | None:
        """The nearest ancestor that was not cleared away."""
        parent = self._table.parent(process)
        while parent is not None and parent in self.cleared:
            parent = self._table.parent(parent)
        return parent

    def rematch(self, node: Node) -> bool:
        """Ask the filter about a node again; says whether the answer changed."""
        assert node.row is not None
        matches = self.filter.matches(node.row)
        if matches == node.matches:
            return False
        node.matches = matches
        self._set_hits(node, 1 if matches else -1)
        return True

    def clearable(self) -> Iterator[Node]:
        """The tops of the subtrees in which nothing lives."""
        lives: set[Node] = set()
        for node in self.nodes.values():
            each: Node | None = node
            if node.row.is_live:
                while each is not None and each not in lives:
                    lives.add(each)
                    each = each.parent
        for node in list(self.nodes.values()):
            if node not in lives and (node.parent is self.root or node.parent in lives):
                yield node

    def parents_within(self, process: int) -> Iterator[int]:
        """The processes, of `process` and all shown below it, that have children to show."""
        waiting = [self.nodes[process]]
        while waiting:
            node = waiting.pop()
            if node.shown:
                yield node.number
                waiting.extend(node.shown)

    def has_workers(self) -> bool:
        """Whether anything but the supervisor is known, shown or filtered out."""
        return any(node.row.role is not Role.SUPERVISOR for node in self.nodes.values())

    def unsettle(self, parent: Node | None) -> None:
        """The shown children of `parent` may have changed."""
        if parent is not None:
            self.unsettled[parent] = None

    def ordered(self, nodes: Iterable[Node]) -> list[Node]:
        """Siblings, given in the order of their start, in the order in which they are shown."""
        column, descending = self.sort, self.descending
        if column is None:
            return list(nodes)

        def key(node: Node) -> tuple[bool, Any]:
            value = column.value(node.row, self.now_ns)
            return ((value is None) != descending, 0 if value is None else value)

        return sorted(nodes, key=key, reverse=descending)

    def _set_hits(self, node: Node, delta: int) -> None:
        """`delta` more nodes at or below `node` pass the filter."""
        each: Node | None = node
        while each is not None and delta:
            was_shown = each.hits > 0
            each.hits += delta
            if was_shown != (each.hits > 0):
                self.unsettle(each.parent)
            each = each.parent
