"""The table of the operations on one object: the newest at the bottom, and followed."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from spawnscope.core.translation import mark, tr

from ...kit.column import RIGHT
from ...kit.newest_button import NewestButton
from ...kit.painted_table import PaintedTable
from .operation_columns import OUTCOME, PLACE, PREVIEW, PROCESS, THREAD, TIME, WAITED
from .operation_model import OperationModel

_LONG = 100_000_000  # ns of waiting that are worth a colour
_NEAR = 40  # rows from an end at which more is wanted


class OperationList(PaintedTable):
    """Shows an OperationModel, and follows its end until the user scrolls up.

    Emits older_wanted() and newer_wanted() when the user nears an end of what is there, and
    newest_wanted() when the newest are to be shown.
    """

    KEYS = ((mark("Home, End"), mark("The oldest operation that is shown; follow the newest")),)
    older_wanted = Signal()
    newer_wanted = Signal()
    newest_wanted = Signal()

    def __init__(self, model: OperationModel, parent: QWidget | None = None) -> None:
        super().__init__(model, tr("Operations"), parent)
        self._model = model
        self._following = True
        self._unseen = 0
        self._settling = False  # rows come or go: the bar does not move by the user's will
        self.setAccessibleDescription(tr("What was called on the selected object, the newest last"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = self.horizontalHeader()
        header.resizeSection(PROCESS, header.sectionSize(PROCESS) + 20)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(PREVIEW, QHeaderView.ResizeMode.Stretch)
        self._newest = NewestButton(self.viewport(), operations=True)
        self._newest.clicked.connect(self.follow)
        model.rowsAboutToBeInserted.connect(self._on_rows_about_to_change)
        model.rowsAboutToBeRemoved.connect(self._on_rows_about_to_change)
        model.rowsInserted.connect(self._on_rows_inserted)
        model.rowsRemoved.connect(self._on_rows_removed)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    @property
    def following(self) -> bool:
        """Whether new operations come into view by themselves."""
        return self._following

    def follow(self) -> None:
        """Go to the newest and stay there."""
        self._following = True
        self.newest_wanted.emit()
        self.settle()

    def settle(self) -> None:
        """Bring the newest into view, if they are followed; say how many are not seen."""
        self._settling = True
        try:
            bar = self.verticalScrollBar()
            if self._following:
                self._unseen = 0
                self.updateGeometries()
                bar.setValue(bar.maximum())
        finally:
            self._settling = False
        self._newest.show_count(self._unseen)

    def note_unseen(self) -> None:
        """There are newer ones that are not in the model."""
        self._unseen = max(self._unseen, 1)
        self._newest.show_count(self._unseen)

    def links(self, place: int, column: int) -> list[tuple[int, str]]:
        operation = self._model.operation_at(place) if column == PROCESS else None
        return [] if operation is None else [(operation.process, "")]

    def paint_cell(
        self, painter: QPainter, rect: QRect, place: int, column: int, selected: bool
    ) -> None:
        operation = self._model.operation_at(place)
        if operation is None:
            return
        colors = self.colors
        ink = self.ink(selected)
        each = self._model.columns[column]
        text = each.text(operation)
        if column == PROCESS:
            self.draw_process(painter, rect, operation.process, text, ink)
            return
        if column == OUTCOME and operation.outcome != "ok":
            ink = colors.bad if operation.outcome == "error" else colors.warning
        elif column == WAITED and operation.waited_ns >= _LONG:
            ink = colors.warning
        elif column in (TIME, THREAD, PLACE, OUTCOME) and not selected:
            ink = colors.muted
        right = each.alignment is RIGHT
        self.draw_text(painter, rect, text, ink, right=right, middle=column == PLACE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End are the oldest and the newest, as among the messages."""
        if event.key() == Qt.Key.Key_End:
            self.follow()
        elif event.key() == Qt.Key.Key_Home:
            self.verticalScrollBar().setValue(0)
        else:
            super().keyPressEvent(event)

    def _on_rows_about_to_change(self) -> None:
        self._settling = True

    def _on_rows_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        """What is in view stays in view while older ones come in above it."""
        count = last - first + 1
        try:
            if not self._following:
                if first == 0 and count < self._model.rowCount():
                    self._shift(count)
                else:
                    self._unseen += count
        finally:
            self._settling = False

    def _on_rows_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        """And so it does while the oldest rows go."""
        try:
            if self._model.rowCount() == 0:
                self._following, self._unseen = True, 0
            elif not self._following and first == 0:
                self._shift(first - last - 1)
        finally:
            self._settling = False

    def _shift(self, rows: int) -> None:
        bar = self.verticalScrollBar()
        value = bar.value() + rows * self.row_height
        self.updateGeometries()
        bar.setValue(value)

    def _on_scrolled(self, value: int) -> None:
        if self._settling:
            return
        bar = self.verticalScrollBar()
        self._following = value >= bar.maximum() - 1
        near = _NEAR * self.row_height
        if value <= near:
            self.older_wanted.emit()
        if value >= bar.maximum() - near:
            self.newer_wanted.emit()
        if self._following:
            self._unseen = 0
            self._newest.show_count(0)
