"""The facts of a finding as a table that is as high as they are."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QSizePolicy, QWidget

from spawnscope.core.translation import mark, tr
from spawnscope.core.vocabulary.findings import Evidence

from ...kit.cell_text import DOT
from ...kit.object_look import type_look
from ...kit.painted_table import PAD, PaintedTable
from ...kit.style import theme
from ...kit.style.icons import icon
from .facts import PLACE, SPAN, WHAT, WHO, FactModel

_ICON = 16
_INDENT = 22
_SLACK = 4  # px that a text may take more than its measure
_LEAST = 140  # px for the operation
_SHARES = {WHO: 0.36, PLACE: 0.30}  # of the width, at most


class FactTable(PaintedTable):
    """Shows a FactModel. Emits fact_chosen(Evidence) when the user goes to one."""

    KEYS = ((mark("Space"), mark("Choose the fact")), ("Ctrl+C", mark("Copy the fact")))
    fact_chosen = Signal(object)

    def __init__(self, model: FactModel, parent: QWidget | None = None) -> None:
        super().__init__(model, tr("Evidence"), parent)
        self._model = model
        self.setAccessibleDescription(tr("Who is in what, since when; and who waits because of it"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(20)
        self.horizontalHeader().setStretchLastSection(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._on_chosen)
        self.selectionModel().selectionChanged.connect(self._on_selected)

    def refit(self) -> None:
        """The facts are others: take as much room as they need."""
        self.setFixedHeight(self.sizeHint().height())
        self._fit_columns()

    def choose(self, place: int) -> None:
        """Mark a row, as if nobody had touched it; -1: none."""
        self.selectionModel().blockSignals(True)
        try:
            if place < 0:
                self.selectionModel().clear()
            else:
                self.selectRow(place)
        finally:
            self.selectionModel().blockSignals(False)
        self.viewport().update()

    def paint_cell(
        self, painter: QPainter, rect: QRect, place: int, column: int, selected: bool
    ) -> None:
        row = self._model.row_at(place)
        if row is None:
            return
        colors = self.colors
        ink = self.ink(selected)
        text = self._model.columns[column].text(row)
        if row.fact is None:
            if column == WHO:  # nothing stands beside it
                rect = QRect(rect.left(), rect.top(), self.viewport().width() - PAD, rect.height())
                self.draw_text(painter, rect, text, colors.muted)
            return
        if column == WHO:
            if row.follows:
                self._paint_branch(painter, rect, row.last)
                rect = rect.adjusted(_INDENT, 0, 0, 0)
            self.draw_process(painter, rect, row.fact.process, text, ink)
        elif column == WHAT:
            self._paint_operation(painter, rect, row.fact, text, ink)
        else:
            muted = ink if selected else colors.muted
            self.draw_text(painter, rect, text, muted, right=column == SPAN, middle=column == PLACE)

    def sizeHint(self) -> QSize:
        """All rows, one below the other."""
        return QSize(200, self.row_height * self._model.rowCount() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(1, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _paint_branch(self, painter: QPainter, rect: QRect, last: bool) -> None:
        """From the line above to a row below it, as in a tree."""
        painter.setPen(QPen(theme.color(self.colors.faint), 1))
        x, middle = rect.left() + 6, rect.top() + rect.height() // 2
        painter.drawLine(x, rect.top(), x, middle if last else rect.bottom())
        painter.drawLine(x, middle, x + _INDENT - 11, middle)

    def _paint_operation(
        self, painter: QPainter, rect: QRect, fact: Evidence, text: str, ink: str
    ) -> None:
        row = None if fact.object is None else self._model.store.objects.get(fact.object)
        if row is not None and rect.width() > 4 * _ICON:
            top = rect.top() + (rect.height() - _ICON) // 2
            icon(*type_look(row.type)).paint(painter, QRect(rect.left(), top, _ICON, _ICON))
            rect = rect.adjusted(_ICON + 6, 0, 0, 0)
        self.draw_text(painter, rect, text, ink)

    def _fit_columns(self) -> None:
        room = self.viewport().width()
        metrics = self.fontMetrics()
        widths = {}
        for column in (WHO, SPAN, PLACE):
            texts = (
                str(self._model.index(place, column).data() or "")
                for place in range(self._model.rowCount())
                if (row := self._model.row_at(place)) is not None and row.fact is not None
            )
            needed = max(map(metrics.horizontalAdvance, texts), default=0) + 2 * PAD + _SLACK
            if column == WHO:
                follows = self._model.finding is not None and bool(self._model.finding.symptoms)
                needed += DOT + 8 + (_INDENT if follows else 0)
            elif column == SPAN:
                needed = max(needed, metrics.horizontalAdvance("00:00:00") + 2 * PAD)
            widths[column] = round(min(needed, _SHARES.get(column, 1.0) * room))
        narrow = room - sum(widths.values()) < _LEAST
        self.setColumnHidden(PLACE, narrow)  # it stands above the lines of the program, too
        if narrow:
            del widths[PLACE]
        widths[WHAT] = max(20, room - sum(widths.values()))
        for column, width in widths.items():
            self.setColumnWidth(column, width)

    def _on_selected(self) -> None:
        """By the keyboard; a click tells of itself, also one on what is selected."""
        if QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self._on_chosen()

    def _on_chosen(self) -> None:
        rows = self.selectionModel().selectedRows()
        row = self._model.row_at(rows[0].row()) if rows else None
        if row is not None and row.fact is not None:
            self.fact_chosen.emit(row.fact)
