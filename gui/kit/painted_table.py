"""A table that paints whole rows by itself.

With a delegate, Qt calls back into Python several times for each cell; here one loop paints what
is in view. What a cell looks like is up to the subclass.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from spawnscope.core.translation import mark, tr

from .cell_text import DOT, CellText, draw_dot
from .column_table import ColumnTable
from .moving_tips import MovingTips
from .style import theme

PAD = 8  # px between the edge of a cell and its text
_BAR = 6  # px at 100 %, the height of a bar
_NO_CELL = (-1, -1)  # row and column
_AA = QPainter.RenderHint.Antialiasing


class PaintedTable(QTableView):
    """Rows of one height, of which whole ones are selected. Emits process_activated(int) when the
    user follows the link to a process."""

    KEYS: tuple[tuple[str, str], ...] = (("Ctrl+C", mark("Copy the row")),)
    process_activated = Signal(int)

    def __init__(self, model: ColumnTable[Any], name: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._cells = CellText()
        self._hovered = _NO_CELL  # whose link is under the pointer
        self._pressed = _NO_CELL  # on whose link the button went down
        self.colors = theme.current()  # while it paints: to ask for each cell would take longer
        self.setModel(model)
        MovingTips(self)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setAccessibleName(tr("Columns of {table}", table=name))
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(44)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._use_font()
        for place, column in enumerate(model.columns):
            width = column.width
            if column.sample:
                width = self.fontMetrics().horizontalAdvance(column.sample) + 2 * PAD
            header.resizeSection(place, column.room(width, self.fontMetrics()))

    @property
    def row_height(self) -> int:
        """How high each row is, in px."""
        return self.verticalHeader().defaultSectionSize()

    def paint_cell(
        self, painter: QPainter, rect: QRect, place: int, column: int, selected: bool
    ) -> None:
        """Draw one cell of the row at `place`; its ground is there already."""
        raise NotImplementedError

    def paint_ground(self, painter: QPainter, band: QRect, place: int) -> None:
        """Draw what lies below the cells of a row that is not selected."""

    def links(self, place: int, column: int) -> list[tuple[int, str]]:
        """The processes that a cell leads to, with what to call them; the first is named in it."""
        return []

    # -- for paint_cell -----------------------------------------------------------------------

    def draw_text(
        self,
        painter: QPainter,
        rect: QRect,
        text: str,
        ink: str,
        *,
        right: bool = False,
        middle: bool = False,
    ) -> None:
        """One line of text within `rect`, elided where it is too long: at its end or, where that
        tells most, in the `middle`."""
        self._cells.draw(painter, rect, text, ink, right=right, middle=middle)

    def draw_process(
        self, painter: QPainter, rect: QRect, process: int, text: str, ink: str
    ) -> None:
        """The dot in the colour of a process, and its name."""
        middle = rect.top() + rect.height() / 2
        draw_dot(painter, rect.left(), middle, theme.process_color(process))
        inner = rect.adjusted(DOT + 6, 0, 0, 0)
        self.draw_text(painter, inner, text, ink, middle=True)

    def draw_bar(self, painter: QPainter, rect: QRect, share: float, color: str) -> None:
        """A bar in `rect`, `share` of which (0 to 1) is filled."""
        bar = QRectF(rect.left(), rect.top() + (rect.height() - _BAR) / 2, rect.width(), _BAR)
        painter.setRenderHint(_AA, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(self.colors.border))
        painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        if share > 0:
            bar.setWidth(max(_BAR / 2, rect.width() * min(1.0, share)))
            painter.setBrush(theme.color(color))
            painter.drawRoundedRect(bar, _BAR / 2, _BAR / 2)
        painter.setRenderHint(_AA, False)

    def ink(self, selected: bool) -> str:
        """The colour of plain text."""
        return self.colors.selection_text if selected else self.colors.text

    # -- Qt -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        model, header = self.model(), self.horizontalHeader()
        colors = self.colors = theme.current()
        area = event.rect()
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        if first < 0:
            return
        last = model.rowCount() - 1 if last < 0 else last
        height = self.row_height
        columns = []
        for visual in range(header.count()):
            column = header.logicalIndex(visual)
            x, width = header.sectionViewportPosition(column), header.sectionSize(column)
            if width and x <= area.right() and x + width >= area.left():
                columns.append((column, x, width))
        chosen = {index.row() for index in self.selectionModel().selectedRows()}
        focused = self.currentIndex().row() if self.hasFocus() else -1
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        for place in range(first, last + 1):
            top = self.rowViewportPosition(place)
            band = QRect(0, top, self.viewport().width(), height)
            selected = place in chosen
            if selected:
                painter.fillRect(band, theme.color(colors.selection))
            else:
                self.paint_ground(painter, band, place)
            for column, x, width in columns:
                rect = QRect(x + PAD, top, max(0, width - 2 * PAD), height)
                self.paint_cell(painter, rect, place, column, selected)
                if (place, column) == self._hovered:
                    self._underline(painter, self._link_rect(place, column))
            if place == focused:
                painter.setPen(QPen(theme.color(colors.accent), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(band.adjusted(0, 0, -1, -1))
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self._link_cell(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(_NO_CELL)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_plain = event.button() is Qt.MouseButton.LeftButton and not event.modifiers()
        self._pressed = self._link_cell(event.position().toPoint()) if is_plain else _NO_CELL
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        cell, self._pressed = self._pressed, _NO_CELL
        if cell != _NO_CELL and cell == self._link_cell(event.position().toPoint()):
            self.follow_link(*cell)

    def follow_link(self, place: int, column: int) -> None:
        """Go to the process that a cell names; where it stands for several, let the user choose."""
        links = self.links(place, column)
        if len(links) == 1:
            self.process_activated.emit(links[0][0])
        elif links:
            menu = QMenu(self)
            for process, name in links[:40]:
                action = menu.addAction(name)
                action.triggered.connect(
                    lambda _checked=False, process=process: self.process_activated.emit(process)
                )
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self.viewport().mapToGlobal(self._link_rect(place, column).bottomLeft()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            text = self._copied()
            if text:
                QGuiApplication.clipboard().setText(text)
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._use_font()

    def _hover(self, cell: tuple[int, int]) -> None:
        if cell != self._hovered:
            self._hovered = cell
            if cell == _NO_CELL:
                self.viewport().unsetCursor()
            else:
                self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)
            self.viewport().update()

    def _link_cell(self, at: QPoint) -> tuple[int, int]:
        """The cell whose link is at a place of the viewport; _NO_CELL for none."""
        index = self.indexAt(at)
        if not index.isValid() or not self.links(index.row(), index.column()):
            return _NO_CELL
        place, column = index.row(), index.column()
        return (place, column) if self._link_rect(place, column).contains(at) else _NO_CELL

    def _link_rect(self, place: int, column: int) -> QRect:
        """Where the dot and the text of a link are."""
        x, width = self.columnViewportPosition(column), self.columnWidth(column)
        text = str(self.model().index(place, column).data() or "")
        inner = max(0, width - 2 * PAD - DOT - 6)
        taken = self._cells.fitted(text, inner, middle=True)[1]
        top = self.rowViewportPosition(place)
        return QRect(x + PAD, top, taken + DOT + 6, self.row_height)

    def _underline(self, painter: QPainter, rect: QRect) -> None:
        metrics = self._cells.metrics
        base = rect.top() + (rect.height() - metrics.height()) // 2 + metrics.ascent() + 2
        painter.setPen(QPen(theme.color(theme.current().accent), 1))
        painter.drawLine(rect.left() + DOT + 6, base, rect.right(), base)

    def _copied(self) -> str:
        """The selected rows with tabs between the columns in sight, under a line of titles."""
        model, header = self.model(), self.horizontalHeader()
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        if not places:
            return ""
        columns = [
            column
            for column in map(header.logicalIndex, range(header.count()))
            if not header.isSectionHidden(column)
        ]
        titles = [str(model.headerData(each, Qt.Orientation.Horizontal)) for each in columns]
        lines = ["\t".join(titles)]
        for place in places:
            cells = (str(model.index(place, each).data() or "") for each in columns)
            lines.append("\t".join(" ".join(cell.split()) for cell in cells))
        return "\n".join(lines)

    def _use_font(self) -> None:
        self._cells.use(self.font())
        height = max(theme.ROW_HEIGHT, QFontMetrics(self.font()).height() + theme.SPACE)
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
