"""What the tree's cells are to Qt: their height, and the way to their painter."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ...models.process_columns import COLUMNS
from ...models.process_tree_model import ProcessTreeModel
from ...style import theme
from .cell_painter import CellPainter

Index = QModelIndex | QPersistentModelIndex


class ProcessDelegate(QStyledItemDelegate):
    """Sizes cells. The tree paints whole rows by itself, with the same CellPainter."""

    def __init__(self, cells: CellPainter, parent: QWidget) -> None:
        super().__init__(parent)
        self._cells = cells

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        height = max(theme.ROW_HEIGHT, option.fontMetrics.height() + theme.SPACE)
        return QSize(COLUMNS[index.column()].width, height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        row = model.row_of(index) if isinstance(model, ProcessTreeModel) else None
        if row is not None and isinstance(model, ProcessTreeModel):
            selected = bool(option.state & QStyle.StateFlag.State_Selected)
            dimmed = not row.is_live or not model.matches(index)
            self._cells.begin(option.font, model.now_ns())
            column = COLUMNS[index.column()]
            self._cells.paint(painter, option.rect, row, column, selected, dimmed)
