"""The tree of processes: a view that keeps still while its rows change.

What it adds to Qt's tree: the selected row keeps its place on the screen (see row_anchor), new
branches open by themselves while those that the user closed stay closed (see branches), rows glow,
and each live row ends in a button that is bound to its process.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtCore import Signal as QtSignal
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QTreeView, QWidget

from spawnscope.core.analysis.process_fold import FoldRow, Shown
from spawnscope.core.analysis.process_helpers import HelpersRow
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.translation import tr

from ...kit.column_table import Index
from ...kit.style import theme
from ...kit.style.icons import icon
from .branches import Branches
from .cell_painter import CellPainter
from .cells import cell_text
from .column_layout import ColumnLayout
from .columns import ACTION, DOING, EXIT, NAME
from .delegate import ProcessDelegate
from .glow import Glow
from .resting_pointer import RestingPointer
from .row_anchor import RowAnchor
from .row_selection import RowSelection
from .tree_model import ProcessTreeModel


class ProcessTree(QTreeView):
    """Shows a ProcessTreeModel.

    Emits terminate_clicked(int): the button of this process was pressed and released;
    menu_requested(QPoint): a context menu is wanted at this global position;
    resized(): the viewport has another size.
    """

    terminate_clicked = QtSignal(int)
    menu_requested = QtSignal(QPoint)
    resized = QtSignal()

    def __init__(self, model: ProcessTreeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Qt's own viewport is a plain QWidget of C++; to wrap it, PySide goes through all classes
        # of widgets there are, which takes 15 ms of the window's start.
        viewport = QWidget(self)
        viewport.setBackgroundRole(QPalette.ColorRole.Base)
        viewport.setAutoFillBackground(True)
        viewport.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # nothing shines through
        self.setViewport(viewport)
        viewport.lower()  # the first child, as Qt's own: hidden first, not resized while hiding
        self._model = model
        self._wheeling = False
        self.setAccessibleName(tr("Processes"))
        self.setAccessibleDescription(tr("Processes by parent and child, from the supervisor down"))
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        # Rows are selected, see selectionCommand; but when the view says so itself, Qt lets a
        # screen reader select rows at the top only, and another than it named.
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setIndentation(16)
        self.setExpandsOnDoubleClick(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self._cells = CellPainter(model.unseen, model.faults)
        self._sections: list[tuple[int, int, int]] = []  # to be painted: column, x, width
        self._free_until = 0
        self.setItemDelegate(ProcessDelegate(model.columns, self))
        self._glow = Glow(self)
        self._glow.faded.connect(self._on_faded)
        self._pointer = RestingPointer(self)
        self._pointer.rearmed.connect(self._refresh_hover)
        self._anchor = RowAnchor(self, model)  # before the view's own connections
        self.setModel(model)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.columns = ColumnLayout(self, model.columns)
        self.branches = Branches(self, model)
        self._rows = RowSelection(self, model)
        model.rows_settled.connect(self._on_rows_settled)
        model.processes_started.connect(self._glow.add_born)
        model.processes_ended.connect(self._glow.add_died)

    def selectionCommand(
        self, index: Index, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """Pointer and keys select whole rows."""
        return super().selectionCommand(index, event) | QItemSelectionModel.SelectionFlag.Rows

    def _on_selection_changed(self, selected: QItemSelection) -> None:
        """A cell that a screen reader selected stands for its row."""
        last = self._model.columnCount() - 1
        for cells in selected.toList():
            if cells.left() > 0 or cells.right() < last:
                flags = QItemSelectionModel.SelectionFlag
                self.selectionModel().select(
                    QItemSelection(cells.topLeft(), cells.bottomRight()), flags.Select | flags.Rows
                )

    # -- what the panel does ------------------------------------------------------------------

    @property
    def glow(self) -> Glow:
        """The glow of the rows."""
        return self._glow

    def set_live(self, live: bool) -> None:
        """Whether processes can be ended at all; without, there are no buttons."""
        self._cells.live = live
        self.viewport().update()

    def selected(self) -> list[int]:
        """The selected processes, by number; with a fold, all that it stands for."""
        return self._rows.processes()

    def in_use(self) -> list[int]:
        """The lines that must stay: those selected, and that of the keyboard."""
        return self._rows.in_use()

    def select(self, process: int) -> bool:
        """Select one process and bring it into view; False when it is not shown."""
        return self._rows.select(process)

    def select_all_of(self, processes: Collection[int]) -> None:
        """Select exactly these, as far as they are shown; the first one comes into view."""
        self._rows.select_all_of(processes)

    def open_rest(self, index: Index) -> bool:
        """List more of an open fold if `index` is the line for the rest of one; says whether."""
        row = self._model.row_of(index)
        if not isinstance(row, FoldRow) or not row.rest:
            return False
        self._model.open_fold(index, more=True)
        return True

    def open_all(self) -> None:
        """Expand every branch."""
        self.branches.open_all()

    def close_all(self) -> None:
        """Collapse every branch but those at the top."""
        self.branches.close_all()

    def visible_rows(self) -> list[QModelIndex]:
        """The rows within the viewport, from the top, in the name column."""
        rows = []
        index = self.indexAt(QPoint(0, 0))
        height = self.viewport().height()
        while index.isValid() and self.visualRect(index).top() < height:
            rows.append(index.siblingAtColumn(0))
            index = self.indexBelow(index)
        return rows

    def _on_rows_settled(self) -> None:
        self.branches.open_new()
        if not self.isVisible():
            self._anchor.forget()
            return
        self.executeDelayedItemsLayout()
        self._anchor.restore()
        self._pointer.rows_moved(self._process_below_pointer())
        self._refresh_hover()

    # -- the buttons --------------------------------------------------------------------------

    def _process_at(self, position: QPoint) -> int | None:
        return index.internalId() if (index := self.indexAt(position)).isValid() else None

    def _button_at(self, position: QPoint) -> int | None:
        """The process whose button is at `position` of the viewport."""
        index = self.indexAt(position)
        if not index.isValid() or self._model.columns[index.column()] is not ACTION:
            return None
        row = self._model.row_of(index)
        if not isinstance(row, ProcessRow) or not self._cells.has_button(row):
            return None
        rect = self._cells.button_rect(self.visualRect(index))
        return row.number if rect.contains(position) else None

    def _process_below_pointer(self) -> int | None:
        position = self._pointer.position
        if position is None:
            return None
        return self._process_at(self.viewport().mapFromGlobal(position))

    def _refresh_hover(self) -> None:
        position = self._pointer.position
        hovered = None
        if position is not None and self._pointer.is_armed:
            hovered = self._button_at(self.viewport().mapFromGlobal(position))
        if hovered != self._cells.hovered:
            former, self._cells.hovered = self._cells.hovered, hovered
            self._repaint_buttons(former, hovered)

    def _repaint_buttons(self, *processes: int | None) -> None:
        for process in processes:
            if process is not None:
                self.update(self._model.index_of(process, self._model.place(ACTION)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        position = event.position().toPoint()
        self._pointer.move(event.globalPosition().toPoint(), self._process_at(position))
        self._refresh_hover()
        if self._cells.pressed is None:
            super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        process = self._button_at(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and self.open_rest(
            self.indexAt(event.position().toPoint())
        ):
            event.accept()
            return
        if process is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        event.accept()  # a press on a button leaves the selection alone
        if self._pointer.may_press(event.globalPosition().toPoint(), process):
            self._cells.pressed = process
            self._refresh_hover()
            self._repaint_buttons(process)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed = self._cells.pressed
        if pressed is None or event.button() is not Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        event.accept()
        self._cells.pressed = None
        self._repaint_buttons(pressed)
        if self._button_at(event.position().toPoint()) == pressed:
            self.terminate_clicked.emit(pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        row = self._model.row_of(self.indexAt(place))
        if isinstance(row, FoldRow | HelpersRow):
            index = self.indexAt(place).siblingAtColumn(0)
            opens = isinstance(row, HelpersRow) or not row.rest
            if opens and event.button() is Qt.MouseButton.LeftButton:
                self.setExpanded(index, not self.isExpanded(index))
            event.accept()
        elif self._button_at(place) is None:
            super().mouseDoubleClickEvent(event)
        else:
            event.accept()  # the second press of a double click is never meant for a button

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._pointer.leave()
            self._refresh_hover()
        return super().viewportEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._wheeling = True
        super().wheelEvent(event)
        self._wheeling = False
        self._pointer.scrolled(self._process_below_pointer())
        self._refresh_hover()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if dy and not self._wheeling and self._pointer.position is not None:
            self._pointer.rows_moved(self._process_below_pointer())
            self._refresh_hover()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = event.globalPos()
        if event.reason() is not QContextMenuEvent.Reason.Mouse:
            rect = self.visualRect(self.currentIndex())
            place = self.viewport().mapToGlobal(rect.bottomLeft())
        if self.selectionModel().hasSelection():
            self.menu_requested.emit(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.columns.fit()
        self.resized.emit()

    # -- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        self._cells.begin(self.font(), self._model.now_ns())
        self._sections, self._dirty = self.columns.sections(), self.columns.touched(event.region())
        QPainter(self.viewport()).fillRect(event.rect(), theme.color(theme.current().base))
        self._free_until = self.columns.right_of_exit()
        super().paintEvent(event)

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if (row := self._model.row_of(index)) is None:
            return
        colors = theme.current()
        top, height = option.rect.top(), option.rect.height()
        band = QRect(0, top, self.viewport().width(), height)
        selected = self.selectionModel().isRowSelected(index.row(), index.parent())
        glow = self._glow.background(row.number)
        if selected:
            painter.fillRect(band, theme.color(colors.selection))
            if glow is not None:  # the selection wins; the glow becomes a mark
                painter.fillRect(QRect(0, top, 4, height), glow)
        elif glow is not None:
            painter.fillRect(band, glow)
        dimmed = not row.is_live or not self._model.matches(index)
        painter.setFont(self.font())
        for place, (at, x, width) in enumerate(self._sections):
            if row.is_live and at not in self._dirty:
                continue
            column = self._model.columns[at]
            rect = QRect(x, top, width, height)
            if column is NAME:
                cell = self.visualRect(index)
                self.drawBranches(painter, QRect(x, top, cell.left() - x, height), index)
                rect.setLeft(min(cell.left(), x + width))
                if isinstance(row, FoldRow) and row.rest:  # all other cells are empty
                    rect.setRight(band.right())
            elif column is EXIT and not row.is_live:
                rect.setRight(max(rect.right(), self._free_until))
            elif column is DOING and not row.is_live:
                rect.setRight(self._free_right(row, place))
            self._cells.paint(painter, rect, row, column, selected, dimmed)
        current = self.currentIndex()
        if self.hasFocus() and current.isValid() and row.number == current.internalId():
            painter.setPen(QPen(theme.color(colors.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(band.adjusted(0, 0, -1, -1))

    def _free_right(self, row: Shown, place: int) -> int:
        """How far the text of an ended row may reach: over the cells that are empty by now."""
        now = self._model.now_ns()
        right = sum(self._sections[place][1:])
        for at, x, width in self._sections[place + 1 :]:
            column = self._model.columns[at]
            if column in (EXIT, ACTION) or cell_text(column, row, now):
                break
            right = x + width
        return right - 1

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        if not self._model.hasChildren(index):
            return
        name = "chevron-down" if self.isExpanded(index) else "chevron"
        side = 10
        left = rect.right() + 1 - self.indentation() + (self.indentation() - side) // 2
        top = rect.top() + (rect.height() - side) // 2
        icon(name, "muted").paint(painter, QRect(left, top, side, side))

    def dataChanged(self, first: Index, last: Index, roles: Iterable[int] = ()) -> None:
        if QAccessible.isActive():  # then others want to hear of it, too
            super().dataChanged(first, last, list(roles))
            return
        # Qt would repaint everything. Columns that changed may be hidden; that of names never is.
        top, bottom = (self.visualRect(row.sibling(row.row(), 0)) for row in (first, last))
        if top.isValid() and bottom.isValid():
            x, width = self.columns.span(first.column(), last.column())
            self.viewport().update(x, top.top(), width, bottom.bottom() - top.top() + 1)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()
        super().changeEvent(event)

    def _on_faded(self, processes: set[int]) -> None:
        width, many = self.viewport().width(), len(processes) > 60
        if many:
            self.viewport().update()
        for process in () if many or not self.isVisible() else processes:
            rect = self.visualRect(self._model.index_of(process))
            if rect.isValid():
                self.viewport().update(QRect(0, rect.top(), width, rect.height()))
