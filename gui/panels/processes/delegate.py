"""How high the rows of the process tree are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSize
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ...kit.column import Column
from ...kit.style import theme


class ProcessDelegate(QStyledItemDelegate):
    """Sizes cells. The tree paints whole rows by itself, with a CellPainter."""

    def __init__(self, columns: Sequence[Column], parent: QObject) -> None:
        super().__init__(parent)
        self._columns = columns

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        height = max(theme.ROW_HEIGHT, option.fontMetrics.height() + theme.SPACE)
        return QSize(self._columns[index.column()].width, height)
