"""The table of the shared objects."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QWidget

from spawnscope.core.client.object_row import ObjectRow

from ...models.process_columns import RIGHT
from ...models.traffic_columns import (
    BLOCKED,
    CREATOR,
    DEPTH,
    HOLDER,
    INWARD,
    OUTWARD,
    PLACE,
    TYPE,
    WAITERS,
    depth_text,
)
from ...models.traffic_model import TrafficModel
from ...style import theme
from ...style.icons import icon
from .painted_table import PaintedTable
from .type_look import type_look

_ICON = 16
_BAR = 40  # px at 100 %, the whole of it
_NEARLY_FULL = 0.8
_LONG = 1_000_000_000  # ns blocked that are worth a colour, while somebody still waits


class ObjectList(PaintedTable):
    """Shows a TrafficModel. Emits process_activated(int) when the user asks for a process, and
    object_selected(int) with the session number of the selected object, -1 for none."""

    process_activated = Signal(int)
    object_selected = Signal(int)

    def __init__(self, model: TrafficModel, parent: QWidget | None = None) -> None:
        super().__init__(model, "Shared objects", parent)
        self._model = model
        self._selected = -1
        self.setAccessibleDescription("Queues, locks, pools and what else processes share")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        for place, column in enumerate(model.columns):
            header.resizeSection(place, column.width)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.doubleClicked.connect(self._on_double_clicked)

    @property
    def selected(self) -> int:
        """The selected object, by number; -1: none."""
        return self._selected

    def paint_cell(
        self, painter: QPainter, rect: QRect, place: int, column: int, selected: bool
    ) -> None:
        row = self._model.row_at(place)
        if row is None:
            return
        colors = theme.current()
        ink = self.ink(colors, selected)
        each = self._model.columns[column]
        text = each.text(row)
        if column == TYPE:
            name, meaning = type_look(row.type)
            top = rect.top() + (rect.height() - _ICON) // 2
            icon(name, meaning).paint(painter, QRect(rect.left(), top, _ICON, _ICON))
            self.draw_text(painter, rect.adjusted(_ICON + 6, 0, 0, 0), text, ink)
        elif column == DEPTH:
            self._paint_depth(painter, rect, row, ink)
        elif column == CREATOR:
            self.draw_process(painter, rect, row.creator, text, ink)
        elif column == HOLDER:
            if row.holders:
                self.draw_process(painter, rect, row.holders[0][0], text, ink)
        else:
            if (column in (INWARD, OUTWARD) and text == "0") or column == PLACE:
                ink = ink if selected else colors.muted
            elif row.waiters and (
                column == WAITERS or (column == BLOCKED and row.waited_ns >= _LONG)
            ):
                ink = colors.warning
            right = each.alignment is RIGHT
            self.draw_text(painter, rect, text, ink, right=right, middle=column == PLACE)

    def _paint_depth(self, painter: QPainter, rect: QRect, row: ObjectRow, ink: str) -> None:
        """The number at the right; at the left, how full it is."""
        colors = theme.current()
        fullness = row.fullness
        text = depth_text(row)
        room = rect.width() - self.fontMetrics().horizontalAdvance(text) - 8
        if fullness is not None and room >= 16:
            width = min(_BAR, room)
            bar = QRectF(rect.left(), rect.top() + rect.height() / 2 - 3, width, 6)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(colors.border))
            painter.drawRoundedRect(bar, 3, 3)
            if fullness > 0:
                is_full = fullness >= _NEARLY_FULL
                painter.setBrush(theme.color(colors.warning if is_full else colors.accent))
                bar.setWidth(max(6.0, width * fullness))
                painter.drawRoundedRect(bar, 3, 3)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self.draw_text(painter, rect, text, ink, right=True)

    def _on_selection_changed(self) -> None:
        rows = self.selectionModel().selectedRows()
        row = self._model.row_at(rows[0].row()) if rows else None
        number = -1 if row is None else row.number
        if number != self._selected:
            self._selected = number
            self.object_selected.emit(number)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        row = self._model.row_at(index.row())
        if row is None:
            return
        if index.column() == HOLDER and row.holders:
            self.process_activated.emit(row.holders[0][0])
        elif index.column() == WAITERS and row.waiters:
            self.process_activated.emit(row.waiters[0][0])
        elif index.column() == CREATOR:
            self.process_activated.emit(row.creator)
