"""Rows of the process tree that each stand for many processes which ended well.

    a process ends --judge--> quiet, waits among its kind --fold, when old--> in a fold, no node
    it turns out to be of interest, or somebody selects it --take_out--> a node of its own again

What a fold holds is numbers. Only while it is open, some of them have nodes, below the fold's.
Folding is done at most once a second, so that many rows leave the tree at a time.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterator
from itertools import count
from typing import TYPE_CHECKING, Protocol

from spawnscope.core.analysis.process_fold import GRACE_NS, KEPT, LEAST, FoldRow, fold_key, may_fold
from spawnscope.core.analysis.process_helpers import HelpersRow
from spawnscope.core.store.process_row import ProcessRow

from .kinds import QuietKinds
from .node import FIRST_FOLD, Fold, Siblings, TreeNode

if TYPE_CHECKING:
    from .rows import StoreRows

PAGE = 200  # processes that an open fold shows at first, and that come with each step


class Forest(Protocol):
    """What folds need of the tree that they are in; see `process_forest`."""

    table: StoreRows
    root: TreeNode
    nodes: dict[int, TreeNode]
    now_ns: int

    def grow(self, number: int, parent: TreeNode) -> TreeNode: ...
    def drop(self, top: TreeNode) -> None: ...
    def parent_number(self, process: int) -> int | None: ...
    def add_hits(self, node: TreeNode, delta: int) -> None: ...
    def count_alive(self, node: TreeNode, delta: int) -> None: ...
    def unsettle(self, parent: TreeNode | None) -> None: ...


class ProcessFolds(QuietKinds):
    """The folds of a forest. `folded`: the fold of each process that is in one; what is below such
    a process has no entry. `changed`: the lines that show something else since it was emptied;
    `gone`: nodes to be dropped once their rows have left the view. `detach` takes a node's row out
    of the view at once."""

    def __init__(self, forest: Forest) -> None:
        super().__init__()
        self._forest = forest
        self._numbers = count(FIRST_FOLD)
        self._stale: dict[Fold, None] = {}  # whose lines are to be brought up to date
        self.folded: dict[int, Fold] = {}
        self.changed: dict[TreeNode, None] = {}
        self.gone: list[TreeNode] = []
        self.detach: Callable[[TreeNode], None] = lambda _node: None

    # -- folding ------------------------------------------------------------------------------

    @property
    def is_due(self) -> bool:
        """Whether some may be folded soon."""
        return bool(self._ripe)

    def fold(self, kept: Collection[int]) -> None:
        """Fold what is old enough, except `kept` and those above them."""
        safe: set[int] = set()
        for number in kept:
            node = self._forest.nodes.get(number)
            while node is not None and node.number not in safe:
                safe.add(node.number)
                node = node.parent
        for kind in list(self._ripe):
            self._fold_kind(kind, safe)

    def _fold_kind(self, kind: Siblings, safe: set[int]) -> None:
        alike = [kind.waiting[number] for number in sorted(kind.waiting)]
        seen = [node for node in alike if node.hits > 0]
        limit = self._forest.now_ns - GRACE_NS
        safe = safe | {node.number for node in (*alike[-KEPT:], *seen[-KEPT:])}
        old = [
            node
            for node in alike
            if node.number not in safe
            and isinstance(node.row, ProcessRow)
            and (node.row.ended_ns or limit + 1) <= limit
        ]
        fold = kind.fold
        if fold is None or not fold.hits:  # a filter can leave few to be seen: then all of them
            visible = sum(node.hits > 0 for node in old)
            if visible < LEAST:
                old = [node for node in old if node.hits <= 0]
            if fold is None and len(old) < LEAST:
                return
        if not old:
            return
        fold = fold or self._new_fold(kind, old[0].number)
        for node in old:
            self._put_in(fold, node)
        folding = set(old)
        parent = kind.parent
        parent.children = [child for child in parent.children if child not in folding]
        self._forest.unsettle(parent)
        self._note_ripe(kind)
        self._stale[fold] = None

    def _new_fold(self, kind: Siblings, first: int) -> Fold:
        node = TreeNode(self.new_number(), None, kind.parent)
        rest = TreeNode(self.new_number(), None, node)
        node.order, rest.order = first, -1
        node.matches = rest.matches = True
        fold = kind.fold = node.fold = rest.fold = Fold(kind, node, rest)
        node.children = [rest]
        self._forest.nodes[node.number] = node
        self._forest.nodes[rest.number] = rest
        kind.parent.adopt(node)
        return fold

    def new_number(self) -> int:
        """A number for a line that stands for several."""
        # A file that somebody made up may have given such a number to a process.
        return next(number for number in self._numbers if number not in self._forest.table)

    def _put_in(self, fold: Fold, node: TreeNode) -> None:
        row = node.row
        assert isinstance(row, ProcessRow)
        del fold.kind.waiting[node.number]
        node.kind = None
        if node.hits > 0:
            insort(fold.hits, node.number)
            self._forest.add_hits(node, -node.hits)
        insort(fold.members, node.number)
        self._sum_up(fold, row)
        self.folded[node.number] = fold
        self.gone.append(node)

    def take_out(self, process: int) -> None:
        """A process that is in a fold gets a node of its own again. If few are left, they too."""
        fold = self.folded[process]
        numbers = [process] if len(fold.members) > LEAST else list(fold.members)
        for number in numbers:
            del self.folded[number]
            for those in (fold.members, fold.hits):
                place = bisect_left(those, number)
                if place < len(those) and those[place] == number:
                    del those[place]
            node = self._forest.nodes.get(number)
            if node is not None:
                self.detach(node)
                fold.node.children.remove(node)
                self._forest.count_alive(fold.node, -node.alive)
                self._forest.drop(node)
            self._grow(number, fold.kind.parent)
        fold.is_right = False
        self._stale[fold] = None

    def refresh(self, process: int) -> None:
        """The row of a process at or below one in a fold is another now."""
        top = self.top_of(process)
        if top is None:
            return
        fold = self.folded[top]
        row = self._forest.table[process]
        parent = self._forest.parent_number(top) or self._forest.root.number
        stays = may_fold(row) and parent == fold.kind.parent.number
        stays &= process != top or fold_key(row) == fold.kind.key
        stays &= top not in self._forest.nodes or process in self._forest.nodes  # it is not new
        if not stays:
            self.take_out(top)

    def rematch(self) -> None:
        """Others are to be seen: which of the folded are? Few of them come out."""
        passes = self._forest.table.passes
        for fold in {id(each): each for each in self.folded.values()}.values():
            if self._forest.table.is_limited:
                table = self._forest.table
                fold.hits = [
                    number
                    for number in fold.members
                    if passes(table[number])
                    or any(passes(table[each]) for each in table.descendants(number))
                ]
            else:
                fold.hits = list(fold.members)
            few = fold.hits if len(fold.hits) < len(fold.members) else []
            for number in list(few) if len(few) <= KEPT else []:
                if number in self.folded:
                    self.take_out(number)
            self._stale[fold] = None

    def forget(self, node: TreeNode) -> None:
        """A node is dropped, and with it what it stands for."""
        for kind in node.kinds.values():
            self._ripe.pop(kind, None)
        fold = node.fold
        if fold is None or node is not fold.node:
            return
        for number in fold.members:
            self.folded.pop(number, None)
        if fold.kind.fold is fold:
            fold.kind.fold = None
        self._stale.pop(fold, None)

    # -- open folds ---------------------------------------------------------------------------

    def open(self, fold: Fold, more: bool = False) -> None:
        """Show the last processes of a fold below it; `more`: and a page of those before."""
        fold.limit += PAGE if more or not fold.limit else 0
        self._stale[fold] = None

    def close(self, fold: Fold) -> None:
        """Show none of its processes."""
        if fold.limit:
            fold.limit = 0
            self._stale[fold] = None

    def close_all(self) -> None:
        """Close every fold."""
        for fold in {id(each): each for each in self.folded.values()}.values():
            self.close(fold)

    def grow_open(self) -> None:
        """Make the nodes that open folds are to show, after those of the same processes that stood
        elsewhere are gone."""
        for node in list(self.changed):
            fold = node.fold
            if fold is None or node is not fold.node or not fold.limit:
                continue
            shown = {child.number for child in node.children}
            for number in fold.hits[-fold.limit :]:
                if number not in shown:
                    self._grow(number, node)
                    self._forest.unsettle(node)

    def settle(self) -> None:
        """Bring the lines of all folds up to date with what is in them."""
        stale, self._stale = self._stale, {}
        for fold in stale:
            if not fold.is_right:
                fold.span_ns = fold.unknown = 0
                fold.names.clear()
                for number in fold.members:
                    self._sum_up(fold, self._forest.table[number])
                fold.is_right = True
            self._refresh(fold)

    # -- who is where -------------------------------------------------------------------------

    def top_of(self, process: int) -> int | None:
        """The process of a fold that `process` is, or stands below; None when it is in none."""
        each: int | None = process
        while each is not None and each not in self.folded:
            if each in self._forest.nodes:
                return None
            each = self._forest.parent_number(each)
        return each

    def processes_of(self, node: TreeNode) -> Iterator[int]:
        """The processes that a line stands for, with those below them where they have no lines."""
        fold = node.fold
        if isinstance(node.row, HelpersRow):
            return  # each has a line of its own below it
        if fold is None:
            yield node.number
        elif node is fold.node:
            for number in fold.members:
                if number not in self._forest.nodes:
                    yield number
                    yield from self._forest.table.descendants(number)

    def selected_by(self, node: TreeNode) -> list[int]:
        """The processes that are selected with a line."""
        fold = node.fold
        if isinstance(node.row, HelpersRow):
            return [child.number for child in node.children if child.hits]
        if fold is None:
            return [node.number]
        return fold.hits if node is fold.node else fold.hits[: -fold.limit or None]

    # -- details ------------------------------------------------------------------------------

    def _grow(self, number: int, parent: TreeNode) -> None:
        """Make the nodes of a process and of all below it."""
        waiting = [(number, parent)]
        while waiting:
            each, above = waiting.pop()
            node = self._forest.grow(each, above)
            waiting += [(child, node) for child in self._forest.table.children(each)]

    def _sum_up(self, fold: Fold, row: ProcessRow) -> None:
        """Count in one more."""
        if len(fold.names) < 2:
            fold.names.add(row.label)
        fold.span_ns += row.elapsed_ns(0)
        fold.unknown += row.exit_code is None

    def _refresh(self, fold: Fold) -> None:
        forest, node, rest = self._forest, fold.node, fold.rest
        self.changed[node] = self.changed[rest] = None
        wanted = set(fold.hits[-fold.limit :]) if fold.limit else set()
        stale = [each for each in node.children if each is not rest and each.number not in wanted]
        if stale:
            for each in stale:
                each.hits = 0
            self.gone += stale
            leaving = set(stale)
            node.children = [each for each in node.children if each not in leaving]
            forest.unsettle(node)
        hidden = len(fold.hits) - len(wanted) if fold.limit else 0
        if bool(rest.hits) != bool(hidden):
            rest.hits = 1 if hidden else 0
            forest.unsettle(node)
        if fold.members:
            node.row = self._row(fold, len(fold.hits), fold.members)
            rest.row = self._row(fold, hidden, fold.hits[: -fold.limit or None] or fold.members)
        forest.add_hits(node, len(fold.hits) - node.hits)
        if not fold.members:
            fold.kind.parent.children.remove(node)
            if fold.kind.fold is fold:
                fold.kind.fold = None
            self.gone.append(node)

    def _row(self, fold: Fold, number: int, members: list[int]) -> FoldRow:
        table = self._forest.table
        first, last = table[members[0]], table[members[-1]]
        rest = members is not fold.members
        return FoldRow(
            number=(fold.rest if rest else fold.node).number,
            count=number,
            name=min(fold.names) if len(fold.names) < 2 else fold.kind.key[0].replace("#", "…"),
            role=first.role,
            known=not fold.unknown,
            first_pid=first.pid,
            last_pid=last.pid,
            started_ns=first.started_ns,
            ended_ns=last.ended_ns or last.started_ns,
            mean_ns=fold.span_ns // max(1, len(fold.members)),
            rest=rest,
            next_count=min(PAGE, number) if rest else 0,
        )
