"""A click on the mark of what is wrong leads to it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent

from .columns import NAME
from .tree import ProcessTree
from .tree_model import ProcessTreeModel

_REACH = 22  # px from the right end of a name, in which the mark stands


class FaultClicks(QObject):
    """Watches over the names in the tree. Emits finding_clicked(int)."""

    finding_clicked = Signal(int)

    def __init__(self, tree: ProcessTree, model: ProcessTreeModel) -> None:
        super().__init__(tree)
        self._tree, self._model = tree, model
        self._pointed = False
        tree.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The tree goes on to get all of it."""
        if isinstance(event, QMouseEvent):
            number = self._finding_at(event.position().toPoint())
            kind = event.type()
            released = kind is QEvent.Type.MouseButtonRelease
            if released and number and event.button() is Qt.MouseButton.LeftButton:
                self.finding_clicked.emit(number)
            elif kind is QEvent.Type.MouseMove and bool(number) != self._pointed:
                self._pointed = bool(number)
                if number:
                    self._tree.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
                else:
                    self._tree.viewport().unsetCursor()
        return False

    def _finding_at(self, at: QPoint) -> int:
        """The finding whose mark is at a place of the viewport; 0 for none."""
        index = self._tree.indexAt(at)
        if not index.isValid() or self._model.columns[index.column()] is not NAME:
            return 0
        near = at.x() >= self._tree.visualRect(index).right() - _REACH
        return self._model.faults.of(self._model.row_of(index)) if near else 0
