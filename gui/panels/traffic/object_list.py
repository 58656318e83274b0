"""The table of the shared objects."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from spawnscope.core.store.histories import SECONDS
from spawnscope.core.store.object_row import ObjectRow
from spawnscope.core.translation import mark, tr

from ...kit.cell_text import DOT
from ...kit.column import RIGHT
from ...kit.object_look import type_look
from ...kit.painted_table import PaintedTable
from ...kit.row_text import depth_text
from ...kit.sparkline import Sparklines
from ...kit.style import theme
from ...kit.style.icons import icon
from .columns import (
    CREATOR,
    DEPTH,
    HOLDER,
    INWARD,
    LOST,
    NAME,
    OUTWARD,
    PLACE,
    TYPE,
    WAITERS,
    GroupRow,
)
from .model import TrafficModel
from .traces import TrafficTraces

_ICON = 16
_INDENT = 18
_CHART = 40  # px at 100 %, a sparkline
_BAR = 30  # px at 100 %, how full a queue is
_GAP = 8
_CHARTS_AT_ONCE = 3  # rows whose charts are made anew in one round of painting
_PAUSE = 25  # ms until the next ones are
_NEARLY_FULL = 0.9
_LONG = 1_000_000_000  # ns lost that are worth a colour, while somebody still waits


class ObjectList(PaintedTable):
    """Shows a TrafficModel. Emits object_selected(int) with the session number of the selected
    object, -1 for none; fold_toggled(str, bool) when a group of this type is to be folded or
    unfolded; traces_wanted() when charts in view have to be read first."""

    KEYS = ((mark("Left, Right, Return, Space"), mark("Fold, unfold a group")),)
    traces_wanted = Signal()
    object_selected = Signal(int)
    fold_toggled = Signal(str, bool)

    def __init__(
        self, model: TrafficModel, traces: TrafficTraces, parent: QWidget | None = None
    ) -> None:
        super().__init__(model, tr("Shared objects"), parent)
        self._model = model
        self._traces = traces
        self._charts = Sparklines(SECONDS)
        self._selected = -1
        self._most_lost = 1
        self._settling = False  # rows come or go: it is not the user who selects
        self.setAccessibleDescription(tr("Queues, locks, pools and what else processes share"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self._renewal = QTimer(self)
        self._renewal.setSingleShot(True)
        self._renewal.setInterval(_PAUSE)
        self._renewal.timeout.connect(self._on_renewal_due)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        model.rowsAboutToBeInserted.connect(self._on_about_to_change)
        model.rowsRemoved.connect(self._on_changed)
        model.rowsInserted.connect(self._on_changed)

    @property
    def selected(self) -> int:
        """The selected object, by number; -1: none. It stays so while its group is folded."""
        return self._selected

    def select(self, number: int) -> bool:
        """Select an object and show it; -1: none. False when it is not shown."""
        index = self._model.index_of(number)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)
        elif number < 0:
            self.clearSelection()
        return index.isValid()

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        self._most_lost = self._model.most_lost
        self._traces.begin(_CHARTS_AT_ONCE)
        super().paintEvent(event)
        if self._traces.behind:
            self._renewal.start()
        if self._traces.waiting:
            self.traces_wanted.emit()

    def paint_ground(self, painter: QPainter, band: QRect, place: int) -> None:
        if isinstance(self._model.row_at(place), GroupRow):
            painter.fillRect(band, theme.color(self.colors.alternate))

    def paint_cell(
        self, painter: QPainter, rect: QRect, place: int, column: int, selected: bool
    ) -> None:
        row = self._model.row_at(place)
        if row is None:
            return
        colors = self.colors
        if isinstance(row, GroupRow):
            self._paint_heading(painter, rect, place, row, column)
            return
        ink = self.ink(selected)
        text = self._model.columns[column].text(row)
        if column == NAME:
            if self._model.grouped:
                rect = rect.adjusted(_INDENT, 0, 0, 0)
            self._paint_name(painter, rect, row.type, text, ink)
        elif column == DEPTH:
            self._paint_depth(painter, rect, row, ink)
        elif column in (INWARD, OUTWARD):
            self._paint_rate(painter, rect, row, column, text, ink if selected else "")
        elif column == LOST:
            self._paint_lost(painter, rect, row, text, ink)
        elif column == CREATOR:
            self.draw_process(painter, rect, row.creator, text, ink)
        elif column == HOLDER:
            if row.holders:
                self.draw_process(painter, rect, row.holders[0][0], text, ink)
        elif column == WAITERS:
            if row.waiters:
                ink = ink if selected else colors.warning
                self.draw_process(painter, rect, row.waiters[0][0], text, ink)
        else:
            if column in (PLACE, TYPE) and not selected:
                ink = colors.muted
            right = self._model.columns[column].alignment is RIGHT
            self.draw_text(painter, rect, text, ink, right=right, middle=column == PLACE)

    def _paint_heading(
        self, painter: QPainter, rect: QRect, place: int, row: GroupRow, column: int
    ) -> None:
        colors = self.colors
        if column == NAME:
            picture = icon("chevron" if row.folded else "chevron-down", "muted")
            top = rect.top() + (rect.height() - 12) // 2
            picture.paint(painter, QRect(rect.left() - 2, top, 12, 12))
            # A heading may be as long as it wants to: nothing stands beside it.
            font = self.font()
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(theme.color(colors.text))
            metrics = self._cells.metrics
            base = rect.top() + (rect.height() - metrics.height()) // 2 + metrics.ascent()
            left = rect.left() + _INDENT
            painter.drawText(left, base, row.type)
            left += painter.fontMetrics().horizontalAdvance(row.type) + _GAP
            painter.setFont(self.font())
            painter.setPen(theme.color(colors.muted))
            painter.drawText(left, base, f"{row.count:,}")
            return
        text = str(self._model.index(place, column).data() or "")
        if text not in ("", "0"):
            ink = colors.warning if column == WAITERS else colors.muted
            right = self._model.columns[column].alignment is RIGHT
            inner = rect if right else rect.adjusted(DOT + 6, 0, 0, 0)
            self.draw_text(painter, inner, text, ink, right=right)

    def _paint_name(
        self, painter: QPainter, rect: QRect, type_name: str, text: str, ink: str
    ) -> None:
        name, meaning = type_look(type_name)
        top = rect.top() + (rect.height() - _ICON) // 2
        icon(name, meaning).paint(painter, QRect(rect.left(), top, _ICON, _ICON))
        # In the middle: names of workers end in their numbers.
        self.draw_text(painter, rect.adjusted(_ICON + 6, 0, 0, 0), text, ink, middle=True)

    def _paint_depth(self, painter: QPainter, rect: QRect, row: ObjectRow, ink: str) -> None:
        """The last minute at the left, the number at the right, between them how full it is."""
        colors = self.colors
        text = depth_text(row)
        room = rect.width() - self._cells.metrics.horizontalAdvance(text)
        fullness = row.fullness
        is_full = fullness is not None and fullness >= _NEARLY_FULL
        left = rect.left()
        depths = self._traces.of(row.number).depths
        if depths and room >= _CHART + _GAP:
            floor = float(row.capacity or 4)
            self._paint_chart(painter, rect, (row.number, DEPTH), depths, colors.accent, floor)
        if room >= _CHART + _BAR + 2 * _GAP:
            left += _CHART + _GAP
        elif depths:
            fullness = None  # there is no room for both
        if fullness is not None and rect.left() + room - left - _GAP >= 16:
            bar = QRect(left, rect.top(), _BAR, rect.height())
            self.draw_bar(painter, bar, fullness, colors.warning if is_full else colors.accent)
        self.draw_text(painter, rect, text, colors.warning if is_full else ink, right=True)

    def _paint_rate(
        self, painter: QPainter, rect: QRect, row: ObjectRow, column: int, text: str, ink: str
    ) -> None:
        colors = self.colors
        trace = self._traces.of(row.number)
        rates = trace.inward if column == INWARD else trace.outward
        room = rect.width() - self._cells.metrics.horizontalAdvance(text)
        if rates and room >= _CHART + _GAP:
            self._paint_chart(painter, rect, (row.number, column), rates, colors.good, 1.0)
        is_idle = text in ("", "0")
        self.draw_text(
            painter, rect, text, ink or (colors.muted if is_idle else colors.text), right=True
        )

    def _paint_lost(
        self, painter: QPainter, rect: QRect, row: ObjectRow, text: str, ink: str
    ) -> None:
        if not row.lost_ns:
            return
        colors = self.colors
        color = colors.warning if row.waiters and row.lost_ns >= _LONG else colors.muted
        room = rect.width() - self._cells.metrics.horizontalAdvance(text) - _GAP
        if room >= 16:
            bar = QRect(rect.left(), rect.top(), min(_CHART, room), rect.height())
            self.draw_bar(painter, bar, row.lost_ns / self._most_lost, color)
        if color == colors.warning:
            ink = color
        self.draw_text(painter, rect, text, ink, right=True)

    def _paint_chart(
        self,
        painter: QPainter,
        rect: QRect,
        whose: tuple[int, int],
        values: tuple[float, ...],
        color: str,
        floor: float,
    ) -> None:
        scale = painter.deviceTransform().m11()  # the device itself would be slow to wrap
        size = _CHART, rect.height() - 10
        picture = self._charts.picture(whose, values, theme.color(color), size, scale, floor)
        painter.drawPixmap(rect.left(), rect.top() + 5, picture)

    def _on_renewal_due(self) -> None:
        """Paint the rows whose charts are behind."""
        for number in self._traces.behind:
            rect = self.visualRect(self._model.index_of(number))
            if rect.isValid():
                self.viewport().update(0, rect.top(), self.viewport().width(), rect.height())

    # -- what the user does -------------------------------------------------------------------

    def links(self, place: int, column: int) -> list[tuple[int, str]]:
        row = self._model.object_at(place)
        if row is None:
            return []
        if column == CREATOR:
            return [(row.creator, "")]
        pairs = row.holders if column == HOLDER else row.waiters if column == WAITERS else ()
        named = self._model.named
        return [(process, named((process, thread))) for process, thread in pairs]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        group = self._model.row_at(self.rowAt(event.position().toPoint().y()))
        if isinstance(group, GroupRow) and event.button() is Qt.MouseButton.LeftButton:
            self.fold_toggled.emit(group.type, not group.folded)
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right fold and unfold, as in a tree."""
        keys = Qt.Key
        place = self.currentIndex().row()
        row = self._model.row_at(place)
        if isinstance(row, GroupRow):
            if event.key() in (keys.Key_Space, keys.Key_Return, keys.Key_Enter):
                self.fold_toggled.emit(row.type, not row.folded)
                return
            if event.key() in (keys.Key_Left, keys.Key_Right):
                self.fold_toggled.emit(row.type, event.key() == keys.Key_Left)
                return
        elif row is not None and self._model.grouped and event.key() == keys.Key_Left:
            heading = self._model.heading_of(row.type)
            self.selectionModel().setCurrentIndex(
                heading, self.selectionModel().SelectionFlag.NoUpdate
            )
            self.scrollTo(heading)
            return
        super().keyPressEvent(event)

    def _on_selection_changed(self) -> None:
        if self._settling:
            return
        rows = self.selectionModel().selectedRows()
        row = self._model.object_at(rows[0].row()) if rows else None
        number = -1 if row is None else row.number
        if number != self._selected:
            self._selected = number
            self.object_selected.emit(number)

    def rowsAboutToBeRemoved(
        self, parent: QModelIndex | QPersistentModelIndex, start: int, end: int
    ) -> None:
        self._settling = True  # before Qt looks for another row to select
        super().rowsAboutToBeRemoved(parent, start, end)

    def _on_about_to_change(self) -> None:
        self._settling = True

    def _on_changed(
        self, _parent: QModelIndex | QPersistentModelIndex, _first: int, _last: int
    ) -> None:
        """Where a row goes, Qt selects its neighbour: what was selected stays so."""
        try:
            index = self._model.index_of(self._selected)
            flags = self.selectionModel().SelectionFlag
            if not index.isValid():
                self.selectionModel().clearSelection()
            elif not self.selectionModel().isRowSelected(index.row()):
                self.selectionModel().select(index, flags.ClearAndSelect | flags.Rows)
                self.selectionModel().setCurrentIndex(index, flags.NoUpdate)
        finally:
            self._settling = False
