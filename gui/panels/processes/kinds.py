"""Which lines of the process tree nobody needs to see by themselves, and which of these are alike.

    row of a process, what is below it --judge--> quiet or not --> among its kind, below its parent

A line is quiet when its process ended well and all below it is quiet, too. That is worked out from
the bottom up, one line at a time, whenever a row changes.
"""

from __future__ import annotations

from spawnscope.core.analysis.process_fold import KEPT, LEAST, fold_key, may_fold
from spawnscope.core.analysis.process_helpers import HelpersRow, is_helper
from spawnscope.core.store.process_row import ProcessRow

from .node import Siblings, TreeNode


class QuietKinds:
    """Keeps the kinds of quiet children, for each parent in `TreeNode.kinds`."""

    def __init__(self) -> None:
        self._ripe: dict[Siblings, None] = {}  # kinds of which some may soon be folded

    def take_out(self, process: int) -> None:
        """A process that is in a fold gets a line of its own again."""
        raise NotImplementedError

    def judge(self, node: TreeNode) -> None:
        """The row of a process, or something below it, is another now: is it still, or by now, of
        no interest by itself?"""
        each = node
        while each.parent is not None:
            parent = each.parent
            quiet = not each.loud and _is_quiet(each)
            if quiet == each.quiet:
                if quiet and each.kind is not None and each.kind.key != fold_key(each.row):  # type: ignore[arg-type]
                    self._leave_kind(each)
                    self._enter_kind(each)
                return
            each.quiet = quiet
            parent.loud += -1 if quiet else 1
            if parent.fold is not None:  # it is shown within an open fold
                if not quiet:
                    self.take_out(each.number)
                return
            if quiet:
                self._enter_kind(each)
            else:
                self._leave_kind(each)
            each = parent

    def leave(self, node: TreeNode) -> None:
        """A node is about to leave its parent."""
        assert node.parent is not None
        if node.fold is not None:
            return
        self._leave_kind(node)
        if not node.quiet:
            node.parent.loud -= 1
            self.judge(node.parent)

    def enter(self, node: TreeNode) -> None:
        """A node has come below another parent."""
        assert node.parent is not None
        if node.quiet:
            self._enter_kind(node)
        else:
            node.parent.loud += 1
            self.judge(node.parent)

    # -- details ------------------------------------------------------------------------------

    def _enter_kind(self, node: TreeNode) -> None:
        assert node.parent is not None
        if not isinstance(node.row, ProcessRow) or is_helper(node.row):
            return  # these share a line already
        key = fold_key(node.row)
        kind = node.parent.kinds.get(key)
        if kind is None:
            kind = node.parent.kinds[key] = Siblings(node.parent, key)
        kind.waiting[node.number] = node
        node.kind = kind
        self._note_ripe(kind)

    def _leave_kind(self, node: TreeNode) -> None:
        kind, node.kind = node.kind, None
        if kind is not None:
            kind.waiting.pop(node.number, None)
            self._note_ripe(kind)
            if not kind.waiting and kind.fold is None:
                kind.parent.kinds.pop(kind.key, None)

    def _note_ripe(self, kind: Siblings) -> None:
        if len(kind.waiting) >= KEPT + (LEAST if kind.fold is None else 1):
            self._ripe[kind] = None
        else:
            self._ripe.pop(kind, None)


def _is_quiet(node: TreeNode) -> bool:
    """Whether the line itself, whatever is below it, is of no interest."""
    row = node.row
    return isinstance(row, HelpersRow) or (isinstance(row, ProcessRow) and may_fold(row))
