"""The table of the operations on one object: the newest at the bottom, and followed."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from ...models.operation_columns import OUTCOME, PLACE, PREVIEW, PROCESS, THREAD, TIME, WAITED
from ...models.operation_model import OperationModel
from ...models.process_columns import RIGHT
from ...style import theme
from ..messages.newest_button import NewestButton
from .painted_table import PAD, PaintedTable

_LONG = 100_000_000  # ns of waiting that are worth a colour


class OperationList(PaintedTable):
    """Shows an OperationModel, and follows its end until the user scrolls up. Emits
    process_activated(int) when the user asks for a process."""

    process_activated = Signal(int)

    def __init__(self, model: OperationModel, parent: QWidget | None = None) -> None:
        super().__init__(model, "Operations", parent)
        self._model = model
        self._following = True
        self._unseen = 0
        self._settling = False  # rows come or go: the bar does not move by the user's will
        self.setAccessibleDescription("What was called on the selected object, the newest last")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        header = self.horizontalHeader()
        for place, column in enumerate(model.columns):
            width = self.fontMetrics().horizontalAdvance(column.sample) + 2 * PAD
            header.resizeSection(place, width + (20 if place == PROCESS else 0))
        header.setStretchLastSection(False)
        header.setSectionResizeMode(PREVIEW, QHeaderView.ResizeMode.Stretch)
        self._newest = NewestButton(self.viewport(), "operation")
        self._newest.clicked.connect(self.follow)
        model.rowsAboutToBeInserted.connect(self._on_rows_about_to_change)
        model.rowsAboutToBeRemoved.connect(self._on_rows_about_to_change)
        model.rowsInserted.connect(self._on_rows_inserted)
        model.rowsRemoved.connect(self._on_rows_removed)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self.doubleClicked.connect(self._on_double_clicked)

    @property
    def following(self) -> bool:
        """Whether new operations come into view by themselves."""
        return self._following

    def follow(self) -> None:
        """Go to the newest and stay there."""
        self._following = True
        self.settle()

    def settle(self) -> None:
        """Bring the newest into view, if they are followed; say how many are not seen."""
        self._settling = True
        if self._following:
            self._unseen = 0
            self.updateGeometries()
            self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self._settling = False
        self._newest.show_count(self._unseen)

    def paint_cell(
        self, painter: QPainter, rect: QRect, place: int, column: int, selected: bool
    ) -> None:
        operation = self._model.row_at(place)
        if operation is None:
            return
        colors = theme.current()
        ink = self.ink(colors, selected)
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
        if not self._following:
            self._unseen += last - first + 1
        self._settling = False

    def _on_rows_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        """What is in view stays in view while the oldest rows go."""
        if self._model.rowCount() == 0:
            self._following, self._unseen = True, 0
        elif not self._following:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() - (last - first + 1) * self.row_height)
        self._settling = False

    def _on_scrolled(self, value: int) -> None:
        if not self._settling:
            self._following = value >= self.verticalScrollBar().maximum() - 1
            if self._following:
                self._unseen = 0
                self._newest.show_count(0)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        operation = self._model.row_at(index.row())
        if operation is not None and index.column() == PROCESS:
            self.process_activated.emit(operation.process)
