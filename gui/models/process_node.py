"""A node of the process tree: which row it shows, and where."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Iterable, Iterator

from spawnscope.core.client.process_row import ProcessRow


class Node:
    """A process within the model, or (number -1, without a row) the root above all.

    `children` are all, by number; `shown` those that the view sees, in its order; `place` is the
    position in the parent's `shown`, -1 while the node is not seen. `hits` counts the nodes at or
    below this one that pass the filter: a node is shown as long as there is one.
    """

    __slots__ = ("children", "hits", "matches", "number", "parent", "place", "row", "shown")

    def __init__(self, number: int, row: ProcessRow | None, parent: Node | None) -> None:
        self.number = number
        self.row: ProcessRow = row  # type: ignore[assignment]  # only the root has none
        self.parent = parent
        self.children: list[Node] = []
        self.shown: list[Node] = []
        self.place = -1
        self.hits = 0
        self.matches = False

    def adopt(self, child: Node) -> None:
        """Take in a child, in the order of the numbers."""
        insort(self.children, child, key=lambda node: node.number)

    def subtree(self) -> Iterator[Node]:
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
        for node in self.subtree():
            node.place = -1
            node.shown = []

    def show_below(self, order: Callable[[Iterable[Node]], list[Node]]) -> None:
        """Fill in what is shown below a node that is about to come into view."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            node.shown = order(child for child in node.children if child.hits > 0)
            node.renumber(0)
            waiting.extend(node.shown)
