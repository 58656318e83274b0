"""How high the rows of the process tree are."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ...kit.style import theme
from .columns import COLUMNS


class ProcessDelegate(QStyledItemDelegate):
    """Sizes cells. The tree paints whole rows by itself, with a CellPainter."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        height = max(theme.ROW_HEIGHT, option.fontMetrics.height() + theme.SPACE)
        return QSize(COLUMNS[index.column()].width, height)
