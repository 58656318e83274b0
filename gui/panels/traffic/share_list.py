"""A table of totals with the share of each: the processes, or the lines of code, of an object."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from ...kit.column import RIGHT
from ...kit.painted_table import PaintedTable
from .shares import ShareModel

_BAR = 56  # px at 100 %
_GAP = 8


class ShareList(PaintedTable):
    """Shows a ShareModel. Emits place_copied(str) when the user has copied a place in the code."""

    place_copied = Signal(str)

    def __init__(
        self, model: ShareModel, name: str, parent: QWidget | None = None, *, wide: int = 0
    ) -> None:
        """`wide`: the column that takes the room that is left."""
        super().__init__(model, name, parent)
        self._model = model
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = self.horizontalHeader()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicator(-1, Qt.SortOrder.DescendingOrder)
        header.setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        self.doubleClicked.connect(self._on_double_clicked)

    def links(self, place: int, column: int) -> list[tuple[int, str]]:
        row = self._model.row_at(place) if column == 0 else None
        return [(row.process, "")] if row is not None and row.process else []

    def paint_cell(
        self, painter: QPainter, rect: QRect, place: int, column: int, selected: bool
    ) -> None:
        row = self._model.row_at(place)
        if row is None:
            return
        colors = self.colors
        ink = self.ink(selected)
        each = self._model.columns[column]
        text = each.text(row)
        if column == 0 and row.process:
            self.draw_process(painter, rect, row.process, text, ink)
            return
        right = each.alignment is RIGHT
        if each.share is not None and text:
            bar = QRect(rect.left(), rect.top(), _BAR, rect.height())
            if rect.width() >= _BAR + 2 * _GAP:
                color = colors.warning if "wait" in each.id else colors.accent
                self.draw_bar(painter, bar, each.share(row), color)
                rect = rect.adjusted(_BAR + _GAP, 0, 0, 0)
        self.draw_text(painter, rect, text, ink, right=right, middle=column == 0)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        row = self._model.row_at(index.row())
        if row is not None and row.site:
            QGuiApplication.clipboard().setText(row.site)
            self.place_copied.emit(row.site)
