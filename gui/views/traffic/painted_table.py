"""A table that paints whole rows by itself.

With a delegate, Qt calls back into Python several times for each cell; here one loop paints what
is in view. What a cell looks like is up to the subclass.
"""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QEvent, QRect, Qt
from PySide6.QtGui import (
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ...style import theme
from ...style.theme import Theme

PAD = 8  # px between the edge of a cell and its text
_DOT = 8
_MOST_MEASURES = 4000


class PaintedTable(QTableView):
    """Rows of one height, of which whole ones are selected. It emits Qt's signals only."""

    def __init__(self, model: QAbstractTableModel, name: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._metrics = QFontMetrics(self.font())
        self._measures: dict[tuple[str, int, bool], tuple[str, int]] = {}
        self.setModel(model)
        self.setAccessibleName(name)
        self.setShowGrid(False)
        self.setWordWrap(False)
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
        header.setAccessibleName(f"Columns of {name}")
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(44)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._use_font()

    @property
    def row_height(self) -> int:
        """How high each row is, in px."""
        return self.verticalHeader().defaultSectionSize()

    def paint_cell(
        self, painter: QPainter, rect: QRect, place: int, column: int, selected: bool
    ) -> None:
        """Draw one cell of the row at `place`; its ground is there already."""
        raise NotImplementedError

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
        if not text:
            return
        key = (text, rect.width(), middle)
        measure = self._measures.get(key)
        metrics = self._metrics
        if measure is None:
            if len(self._measures) >= _MOST_MEASURES:
                self._measures.clear()
            line = text if text.isprintable() else " ".join(text.split())
            mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
            shown = metrics.elidedText(line[:400], mode, rect.width())
            measure = self._measures[key] = shown, metrics.horizontalAdvance(shown)
        shown, width = measure
        left = rect.right() + 1 - width if right else rect.left()
        base = rect.top() + (rect.height() - metrics.height()) // 2 + metrics.ascent()
        painter.setPen(theme.color(ink))
        painter.drawText(left, base, shown)

    def draw_process(
        self, painter: QPainter, rect: QRect, process: int, text: str, ink: str
    ) -> None:
        """The dot in the colour of a process, and its name."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.process_color(process))
        painter.drawEllipse(rect.left(), rect.center().y() - _DOT // 2 + 1, _DOT, _DOT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self.draw_text(painter, rect.adjusted(_DOT + 6, 0, 0, 0), text, ink, middle=True)

    @staticmethod
    def ink(colors: Theme, selected: bool) -> str:
        """The colour of plain text."""
        return colors.selection_text if selected else colors.text

    # -- Qt -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        model, header, colors = self.model(), self.horizontalHeader(), theme.current()
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
        selection = self.selectionModel()
        focused = self.currentIndex().row() if self.hasFocus() else -1
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        for place in range(first, last + 1):
            top = self.rowViewportPosition(place)
            band = QRect(0, top, self.viewport().width(), height)
            selected = selection.isRowSelected(place)
            if selected:
                painter.fillRect(band, theme.color(colors.selection))
            for column, x, width in columns:
                rect = QRect(x + PAD, top, max(0, width - 2 * PAD), height)
                self.paint_cell(painter, rect, place, column, selected)
            if place == focused:
                painter.setPen(QPen(theme.color(colors.accent), 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(band.adjusted(0, 0, -1, -1))
        painter.end()

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
        self._metrics = QFontMetrics(self.font())
        self._measures.clear()
        height = max(theme.ROW_HEIGHT, self._metrics.height() + theme.SPACE)
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
