"""The visible rows. Turns what pointer, wheel and keys do into wishes; decides nothing itself."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from spawnscope.core.translation import mark, tr

from .page_model import MessagePageModel
from .row_painter import RowPainter

NOTCH = 120  # Qt's unit of a wheel's click, in eighths of a degree
ROWS_A_NOTCH = 3

_Key = Qt.Key
_Index = QModelIndex | QPersistentModelIndex
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier


class MessageTable(QTableView):
    """A table that never scrolls by itself.

    Emits `scroll_wished(rows, columns)` (rows and character columns, with fractions),
    `move_wished(rows, extend)` and `page_wished(direction, extend)` for the arrows and
    Page Up/Down, `edge_wished(to_end, extend)` for Home and End, `row_pressed(row, extend)`,
    `dragged(y)`, `drag_ended()`, `row_activated(row)`, `process_wished(row)` and
    `menu_wished(row, position)` (row -1: none; the position is global);
    and `resized()`.
    """

    KEYS = (
        (mark("Up, Down, Page Up, Page Down"), mark("Go to a row; with Shift, select")),
        (mark("Left, Right"), mark("Move a long line aside; with Ctrl, further")),
        (mark("Home, End"), mark("The oldest; follow the newest")),
        ("Return", mark("Show the line whole")),  # untranslated: a key
    )
    scroll_wished = Signal(float, float)
    move_wished = Signal(int, bool)
    page_wished = Signal(int, bool)
    edge_wished = Signal(bool, bool)
    row_pressed = Signal(int, bool)
    dragged = Signal(int)
    drag_ended = Signal()
    row_activated = Signal(int)
    process_wished = Signal(int)
    resized = Signal()
    menu_wished = Signal(int, QPoint)

    def __init__(
        self,
        model: MessagePageModel,
        painter: RowPainter,
        process_column: int,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._painter = painter
        self._rows = model
        self._process_column = process_column
        self._dragging = False
        self.setModel(model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setAutoScroll(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(48)
        self.setAccessibleName(tr("Messages"))
        self.setAccessibleDescription(
            tr("The messages in view, one a row: time, process, stream and text")
        )

    def set_row_height(self, height: int) -> None:
        """Let all rows be this high (pixels)."""
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)

    # -- what QTableView would do by itself ---------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        height = self.verticalHeader().defaultSectionSize()
        area = event.rect()
        first = area.top() // height
        last = min(area.bottom() // height, len(self._rows.rows) - 1)
        if first <= last:
            painter = QPainter(self.viewport())
            self._painter.paint(painter, self, first, last)
            painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        self.verticalScrollBar().setRange(0, 0)
        self.horizontalScrollBar().setRange(0, 0)

    def scrollTo(
        self,
        index: _Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Rows are brought into view by turning the page, not by moving the viewport."""

    def keyboardSearch(self, search: str) -> None:
        """Typing does not jump about among the visible rows."""

    def sizeHint(self) -> QSize:
        return QSize(720, 320)

    # -- wishes ------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels, angle = event.pixelDelta(), event.angleDelta()
        if not pixels.isNull():
            height = self.verticalHeader().defaultSectionSize()
            rows, columns = -pixels.y() / height, -pixels.x() / (height / 2)
        else:
            rows = -angle.y() / NOTCH * ROWS_A_NOTCH
            columns = -angle.x() / NOTCH * ROWS_A_NOTCH * 2
        if event.modifiers() & _SHIFT and not columns:
            rows, columns = 0.0, rows * 2
        self.scroll_wished.emit(rows, columns)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        extend = bool(event.modifiers() & _SHIFT)
        if key in (_Key.Key_Up, _Key.Key_Down):
            self.move_wished.emit(-1 if key == _Key.Key_Up else 1, extend)
        elif key in (_Key.Key_PageUp, _Key.Key_PageDown):
            self.page_wished.emit(-1 if key == _Key.Key_PageUp else 1, extend)
        elif key in (_Key.Key_Home, _Key.Key_End):
            self.edge_wished.emit(key == _Key.Key_End, extend)
        elif key in (_Key.Key_Left, _Key.Key_Right):
            step = 40.0 if event.modifiers() & _CONTROL else 8.0
            self.scroll_wished.emit(0.0, -step if key == _Key.Key_Left else step)
        elif key in (_Key.Key_Return, _Key.Key_Enter):
            self.row_activated.emit(self.currentIndex().row())
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.rowAt(event.position().toPoint().y())
        if event.button() is Qt.MouseButton.LeftButton and row >= 0:
            if event.modifiers() & _CONTROL and self._is_on_process(event):
                self.process_wished.emit(row)
                return
            self._dragging = True
            self.row_pressed.emit(row, bool(event.modifiers() & _SHIFT))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self.dragged.emit(event.position().toPoint().y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._dragging = False
            self.drag_ended.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.rowAt(event.position().toPoint().y())
        if event.button() is not Qt.MouseButton.LeftButton or row < 0:
            return
        if self._is_on_process(event):
            self.process_wished.emit(row)
        else:
            self.row_activated.emit(row)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            place = self.visualRect(index).bottomLeft() if index.isValid() else QPoint(0, 0)
            self.menu_wished.emit(index.row(), self.viewport().mapToGlobal(place))
        else:
            self.menu_wished.emit(self.rowAt(event.pos().y()), event.globalPos())

    def _is_on_process(self, event: QMouseEvent) -> bool:
        return self.columnAt(event.position().toPoint().x()) == self._process_column
