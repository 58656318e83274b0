"""The nodes of the process tree: who stands below whom, who is shown, and in which order.

Plain Python without signals: the model moves rows by what it finds here. Nothing here recurses,
since a chain of processes can be a thousand long, and nothing looks at all nodes because one has
changed: there may be ten thousand that have ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from spawnscope.core.analysis.process_fold import FoldRow
from spawnscope.core.analysis.process_helpers import HelpersRow, is_helper
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.vocabulary.events import HELPERS, Role

from ...kit.column import Column
from .cells import sort_value
from .folds import ProcessFolds
from .node import TreeNode
from .rows import StoreRows

_OURS = HELPERS | {Role.SUPERVISOR}


class ProcessForest:
    """The nodes of the processes of `table` that were added.

    `unsettled` are the parents whose shown children may have changed; whoever shows them takes
    care of those and empties it. `folds` are the rows that stand for many processes.
    """

    def __init__(self, table: StoreRows) -> None:
        self.table = table
        self.root = TreeNode(-1, None, None)
        self.root.place = 0
        self.nodes: dict[int, TreeNode] = {}
        self.sort: Column | None = None  # None: in the order of their start
        self.descending = False
        self.now_ns = 0  # Unix time for which durations are shown and compared
        self.living: set[int] = set()
        self.stopping: set[int] = set()
        self.unsettled: dict[TreeNode, None] = {}
        self.folds = ProcessFolds(self)

    # -- nodes come and go --------------------------------------------------------------------

    def add(self, process: int, started: list[int]) -> None:
        """Make the nodes of a process and of those ancestors that have none yet, and note their
        numbers in `started`. An ancestor within a fold comes out of it."""
        top = self.folds.top_of(process)
        if top is not None:
            self.folds.take_out(top)
        chain: list[int] = []
        number: int | None = process
        while number is not None and number not in self.nodes:
            chain.append(number)
            number = self.parent_number(number)
        parent = self.root if number is None else self.nodes[number]
        for number in reversed(chain):
            parent = self.grow(number, parent)
            started.append(number)

    def grow(self, number: int, parent: TreeNode) -> TreeNode:
        """Make the node of one process below `parent`; that of a helper below those of `parent`."""
        if self._is_gathered(number):
            parent = self._helpers_of(parent)
        node = TreeNode(number, self.table[number], parent)
        self.nodes[number] = node
        parent.adopt(node)
        parent.loud += 1
        self.rematch(node)
        self.take_row(node)
        if not node.quiet:
            self.folds.judge(parent)
        return node

    def take_row(self, node: TreeNode) -> bool:
        """The row of a process as the table has it now; says whether it has ended by that."""
        row = self.table[node.number]
        node.row = row
        lived = node.number in self.living
        for numbers, belongs in ((self.living, row.is_live), (self.stopping, row.is_stopping)):
            if belongs:
                numbers.add(row.number)
            else:
                numbers.discard(row.number)
        if lived != row.is_live:
            self.count_alive(node, 1 if row.is_live else -1)
        assert node.parent is not None
        self._sum_up(node.parent)
        self.folds.judge(node)
        return lived and not row.is_live

    def home(self, number: int) -> TreeNode:
        """The node that a process is to stand below."""
        above = self.parent_number(number)
        if above is not None and above not in self.nodes:
            self.add(above, [])
        parent = self.root if above is None else self.nodes[above]
        return self._helpers_of(parent) if self._is_gathered(number) else parent

    def _is_gathered(self, number: int) -> bool:
        """Whether a process shares the line of helpers: not where it has started something."""
        return is_helper(self.table[number]) and not self.table.children(number)

    def _helpers_of(self, parent: TreeNode) -> TreeNode:
        """The line below `parent` that its helpers stand below."""
        if parent.helpers is None:
            node = parent.helpers = TreeNode(self.folds.new_number(), None, parent)
            node.row = HelpersRow.of(node.number, ())
            node.quiet = True
            self.nodes[node.number] = node
            parent.adopt(node)
        return parent.helpers

    def _sum_up(self, node: TreeNode) -> None:
        """Let a line of helpers say who is below it."""
        if isinstance(node.row, HelpersRow):
            rows = [child.row for child in node.children if isinstance(child.row, ProcessRow)]
            row = HelpersRow.of(node.number, rows)
            if row != node.row:
                node.row = row
                self.folds.changed[node] = None

    def drop(self, top: TreeNode) -> None:
        """Forget the nodes of a subtree that stands nowhere any more."""
        for node in top.subtree():
            if self.nodes.get(node.number) is node:
                del self.nodes[node.number]
                self.living.discard(node.number)
                self.stopping.discard(node.number)
            self.folds.forget(node)

    def take_out(self, node: TreeNode) -> int:
        """Cut a node off from its parent; returns how many at or below it pass the filter."""
        assert node.parent is not None
        hits = node.hits
        self.add_hits(node, -hits)
        self.count_alive(node.parent, -node.alive)
        self.folds.leave(node)
        node.parent.children.remove(node)
        self._sum_up(node.parent)
        return hits

    def put_below(self, node: TreeNode, parent: TreeNode, hits: int) -> None:
        """The opposite of `take_out`, at another place."""
        node.parent = parent
        parent.adopt(node)
        self.add_hits(node, hits)
        self.count_alive(parent, node.alive)
        self._sum_up(parent)
        self.folds.enter(node)

    def parent_number(self, process: int) -> int | None:
        """The process that it stands below; None at the top."""
        return self.table.parent(process)

    # -- what is shown ------------------------------------------------------------------------

    def rematch(self, node: TreeNode) -> bool:
        """Ask the filter about a node again; says whether the answer changed."""
        assert isinstance(node.row, ProcessRow)
        matches = self.table.passes(node.row)
        if matches == node.matches:
            return False
        node.matches = matches
        self.add_hits(node, 1 if matches else -1)
        return True

    def add_hits(self, node: TreeNode, delta: int) -> None:
        """`delta` more nodes at or below `node` pass the filter."""
        each: TreeNode | None = node
        while each is not None and delta:
            was_shown = each.hits > 0
            each.hits += delta
            if was_shown != (each.hits > 0):
                self.unsettle(each.parent)
            each = each.parent
            if each is not None and each.fold is not None:
                return  # a fold counts for itself how many of its processes pass

    def unsettle(self, parent: TreeNode | None) -> None:
        """The shown children of `parent` may have changed."""
        if parent is not None:
            self.unsettled[parent] = None

    def ordered(self, nodes: Iterable[TreeNode]) -> list[TreeNode]:
        """Siblings, given in the order of their start, in the order in which they are shown."""
        column, descending = self.sort, self.descending
        found = list(nodes)
        if column is None or len(found) < 2:
            return found
        # What stands for the rest of a fold stays above those that are shown of it.
        first = [node for node in found[:1] if isinstance(node.row, FoldRow) and node.row.rest]
        last = [node for node in found[-1:] if isinstance(node.row, HelpersRow)]

        def key(node: TreeNode) -> tuple[bool, Any]:
            value = sort_value(column, node.row, self.now_ns)
            return ((value is None) != descending, 0 if value is None else value)

        others = found[len(first) : len(found) - len(last)]
        return first + sorted(others, key=key, reverse=descending) + last

    def parents_within(self, process: int) -> Iterator[int]:
        """The lines, of `process` and all shown below it, that have children to show, but for
        those that open only when they are asked to."""
        waiting = [self.nodes[process]]
        while waiting:
            node = waiting.pop()
            if node.shown and node.fold is None and not isinstance(node.row, HelpersRow):
                yield node.number
            waiting.extend(node.shown)

    # -- what is asked of all -----------------------------------------------------------------

    def has_workers(self) -> bool:
        """Whether anything but the supervisor is known, seen or not."""
        return any(node.row.role not in _OURS for node in self.nodes.values())

    def row_of(self, process: int) -> ProcessRow | None:
        """The row of a process as it is shown now, by itself or within a fold."""
        node = self.nodes.get(process)
        if node is not None and isinstance(node.row, ProcessRow):
            return node.row
        return self.table.get(process) if self.folds.top_of(process) is not None else None

    def count_alive(self, node: TreeNode, delta: int) -> None:
        """`delta` more live at or below `node`."""
        each: TreeNode | None = node
        while each is not None and delta:
            each.alive += delta
            each = each.parent
