"""The list of the findings, two lines each: what is wrong; since when, and who."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QWidget

from spawnscope.core.translation import mark, tr

from ...kit.cell_text import DOT, CellText, draw_dot
from ...kit.finding_look import finding_look, when_text
from ...kit.painted_table import PaintedTable
from ...kit.style import theme
from ...kit.style.icons import icon
from .model import FindingModel
from .text import whole_text

_ICON = 18
_LEFT = _ICON + 10  # px from the edge of a cell to its words
_GAP = 14
_AROUND = 7  # px above and below the two lines
_MOST = 3  # processes with a dot


class FindingList(PaintedTable):
    """Shows a FindingModel. Emits finding_chosen(int) when the user goes to another one."""

    KEYS = (
        (mark("Up, Down"), mark("Go to a finding, or to a fact of one")),
        ("Ctrl+C", mark("Copy the finding as text")),
    )
    finding_chosen = Signal(int)

    def __init__(self, model: FindingModel, parent: QWidget | None = None) -> None:
        self._titles = CellText()
        super().__init__(model, tr("Findings"), parent)
        self._model = model
        self._selected = 0
        self._settling = False  # it is not the user who selects
        self.setAccessibleDescription(tr("What is wrong, the worst first"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.horizontalHeader().hide()
        self.horizontalHeader().setStretchLastSection(False)  # a hidden one does not
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        model.rowsAboutToBeInserted.connect(self._on_about_to_change)
        model.rowsRemoved.connect(self._on_changed)
        model.rowsInserted.connect(self._on_changed)

    @property
    def selected(self) -> int:
        """The number of the selected finding; 0 for none."""
        return self._selected

    def select(self, number: int) -> bool:
        """Select a finding and show it; 0: none. False when it is not shown."""
        index = self._model.index_of(number)
        self._settling = True
        try:
            if index.isValid():
                self.setCurrentIndex(index)
                self.scrollTo(index)
            else:
                self.clearSelection()
            self._selected = number if index.isValid() else 0
        finally:
            self._settling = False
        return index.isValid()

    def links(self, place: int, column: int) -> list[tuple[int, str]]:
        """None: the whole row is chosen."""
        return []

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnWidth(0, self.viewport().width())

    def paint_cell(
        self, painter: QPainter, rect: QRect, place: int, column: int, selected: bool
    ) -> None:
        row = self._model.row_at(place)
        if row is None:
            return
        colors, store = self.colors, self._model.store
        over = row.resolved_ns is not None
        line = self._cells.metrics.height()
        top = rect.top() + _AROUND
        picture = icon(*finding_look(row))
        picture.paint(painter, QRect(rect.left(), top + (line - _ICON) // 2 + 1, _ICON, _ICON))
        left, width = rect.left() + _LEFT, max(0, rect.width() - _LEFT)
        ink = self.ink(selected) if not over else colors.muted
        painter.setFont(self.font() if over else self._title_font)
        words = self._cells if over else self._titles
        words.draw(painter, QRect(left, top, width, line), row.title, ink)
        painter.setFont(self.font())
        below = QRect(left, top + line + 3, width, line)
        ink = colors.selection_text if selected else colors.muted
        when = when_text(row, store)
        self._cells.draw(painter, below, when, ink)
        taken = self._cells.fitted(when, width)[1] + _GAP
        below.setLeft(below.left() + taken)
        known = [store.processes.get(number) for number in row.processes]
        people = [each for each in known if each is not None]
        for each in people[:_MOST]:
            if below.width() < 40:
                return
            color = theme.process_color(each.number)
            middle = below.top() + below.height() / 2
            draw_dot(painter, below.left(), middle, color, hollow=not each.is_live)
            below.setLeft(below.left() + DOT + 5)
            self._cells.draw(painter, below, each.label, ink, middle=True)
            taken = self._cells.fitted(each.label, below.width(), middle=True)[1]
            below.setLeft(below.left() + taken + 10)
        if len(people) > _MOST:
            self._cells.draw(painter, below, f"+{len(people) - _MOST}", ink)

    def _copied(self) -> str:
        row = self._model.row_at(self.currentIndex().row())
        return "" if row is None else whole_text(row, self._model.store)

    def _use_font(self) -> None:
        self._cells.use(self.font())
        self._title_font = QFont(self.font())
        self._title_font.setWeight(QFont.Weight.DemiBold)
        self._titles.use(self._title_font)
        height = 2 * QFontMetrics(self.font()).height() + 3 + 2 * _AROUND
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)

    def _on_selection_changed(self) -> None:
        if self._settling:
            return
        rows = self.selectionModel().selectedRows()
        row = self._model.row_at(rows[0].row()) if rows else None
        if row is not None and row.finding != self._selected:
            self._selected = row.finding
            self.finding_chosen.emit(row.finding)

    def rowsAboutToBeRemoved(
        self, parent: QModelIndex | QPersistentModelIndex, start: int, end: int
    ) -> None:
        self._settling = True  # before Qt looks for another row to select
        super().rowsAboutToBeRemoved(parent, start, end)

    def _on_about_to_change(self) -> None:
        self._settling = True

    def _on_changed(self) -> None:
        """Where a row goes, Qt selects its neighbour: what was selected stays so."""
        self._settling = False
        if self._selected:
            self._settling = True
            index = self._model.index_of(self._selected)
            flags = self.selectionModel().SelectionFlag
            if not index.isValid():
                self.selectionModel().clearSelection()
            elif not self.selectionModel().isRowSelected(index.row()):
                self.selectionModel().select(index, flags.ClearAndSelect | flags.Rows)
                self.selectionModel().setCurrentIndex(index, flags.NoUpdate)
            self._settling = False
