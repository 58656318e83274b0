"""A node of the process tree: which row it shows, and where; and what nodes that are alike have in
common, which one node can stand for."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from spawnscope.core.analysis.process_fold import Shown

if TYPE_CHECKING:
    from spawnscope.core.analysis.process_fold import FoldKey

FIRST_FOLD = 1 << 30  # numbers from here on are no processes


class TreeNode:
    """A line of the tree within the model, or (number -1, without a row) the root above all.

    `children` are all, by their `order`; `shown` those that the view sees, in its order; `place` is
    the position in the parent's `shown`, -1 while the node is not seen. `hits` counts the nodes at
    or below this one that pass the filter: a node is shown as long as there is one.

    `alive` counts those at or below it that live. `quiet`: nobody needs to see it or what is below
    it by itself; `loud` counts the children of which that can't be said. `kinds` are the quiet
    children by what they have in common, `kind` is where it stands among those of its parent.
    `fold`: what it stands for, if it is a fold or the rest of one. `helpers`: the line below it
    that its helpers stand below.
    """

    __slots__ = (
        "alive", "children", "fold", "helpers", "hits", "kind", "kinds", "loud", "matches",
        "number", "order", "parent", "place", "quiet", "row", "shown",
    )  # fmt: skip

    def __init__(self, number: int, row: Shown | None, parent: TreeNode | None) -> None:
        self.number = number
        self.order = number
        self.row: Shown = row  # type: ignore[assignment]  # only the root has none
        self.parent = parent
        self.children: list[TreeNode] = []
        self.shown: list[TreeNode] = []
        self.place = -1
        self.hits = 0
        self.matches = False
        self.alive = 0
        self.loud = 0
        self.quiet = False
        self.kind: Siblings | None = None
        self.kinds: dict[FoldKey, Siblings] = {}
        self.fold: Fold | None = None
        self.helpers: TreeNode | None = None

    def adopt(self, child: TreeNode) -> None:
        """Take in a child, in its order."""
        insort(self.children, child, key=lambda node: node.order)

    def subtree(self) -> Iterator[TreeNode]:
        """The node and all below it, parents first. Loops, since chains can be very deep."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(node.children)

    def renumber(self, first: int) -> None:
        """Set the places of the shown children from position `first` on."""
        shown = self.shown
        for place in range(first, len(shown)):
            shown[place].place = place

    def forget_places(self) -> None:
        """The node leaves the view, and with it what was shown below."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            waiting.extend(node.shown)
            node.place = -1
            node.shown = []

    def show_below(self, order: Callable[[Iterable[TreeNode]], list[TreeNode]]) -> None:
        """Fill in what is shown below a node that is about to come into view."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            node.shown = order(child for child in node.children if child.hits > 0)
            node.renumber(0)
            waiting.extend(node.shown)


class Siblings:
    """Quiet children of one parent that are alike: those who stand by themselves, by number, and
    the fold of the others."""

    __slots__ = ("fold", "key", "parent", "waiting")

    def __init__(self, parent: TreeNode, key: FoldKey) -> None:
        self.parent = parent
        self.key = key
        self.waiting: dict[int, TreeNode] = {}
        self.fold: Fold | None = None


class Fold:
    """`members` are the processes of a fold in the order of their start, `hits` those of them that
    pass the filter, or that have one below them that does. `limit`: how many of the last of these
    are shown below it; 0 while it is closed. `rest` is the line for those before."""

    __slots__ = (
        "hits", "is_right", "kind", "limit", "members", "names", "node", "rest", "span_ns",
        "unknown",
    )  # fmt: skip

    def __init__(self, kind: Siblings, node: TreeNode, rest: TreeNode) -> None:
        self.kind = kind
        self.node = node
        self.rest = rest
        self.members: list[int] = []
        self.hits: list[int] = []
        self.limit = 0
        self.names: set[str] = set()  # what they are called; two are as good as many
        self.span_ns = 0  # how long they lived, all together
        self.unknown = 0  # of whom nobody knows the exit code
        self.is_right = True  # whether these three are what the members make them
