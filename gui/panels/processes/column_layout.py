"""Which columns of the process tree are seen, in which order and how wide.

The column of the Terminate buttons always stays, and stays last. Spare width goes to the names,
to what they do and to the exit sentences, which also give way first when the window is narrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QByteArray, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAction, QRegion
from PySide6.QtWidgets import QHeaderView, QMenu, QTreeView

from spawnscope.core.translation import tr

from ...kit.column import Column
from ...kit.plain import set_tip
from .cell_painter import BUTTON_TEXT, LONGEST_STEP
from .columns import ACTION, DOING, EXIT, NAME

_ANY = 100_000
# How the flexible columns take up spare width, and how they give way: px at 100 %, in turn.
_GROW = ((NAME, 210), (DOING, 210), (EXIT, 260), (NAME, 360), (DOING, 300), (EXIT, _ANY))
_SHRINK = ((EXIT, 150), (DOING, 200), (NAME, 190), (DOING, 180), (EXIT, 100), (NAME, 180))
_SHRINK_MORE = ((EXIT, 70), (DOING, 100), (NAME, 130))
_MARK = b"processes 1 "


class ColumnLayout(QObject):
    """The header of a ProcessTree, with the menu that chooses among `columns`."""

    def __init__(self, tree: QTreeView, columns: Sequence[Column]) -> None:
        super().__init__(tree)
        self._tree = tree
        self._columns = columns
        self._place = {column.id: place for place, column in enumerate(columns)}
        self._exit, self._action = self._place[EXIT.id], self._place[ACTION.id]
        # What gives way next, so that the buttons stay in sight: hidden until there is room again.
        spared = sorted((column.spared, column.id) for column in columns if column.spared)
        self._spared = [self._place[name] for _, name in spared]
        header = tree.header()
        self._header = header
        self._squeezed: list[int] = []  # columns hidden for want of room
        self._kept: set[int] = set()  # columns that the user asked for: never squeezed out
        self._fitting = False
        header.setAccessibleName(tr("Columns of the processes"))
        header.setStretchLastSection(False)
        header.setSectionsMovable(True)
        header.setFirstSectionMovable(False)
        header.setSectionsClickable(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setMinimumSectionSize(40)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._on_menu_requested)
        header.sectionMoved.connect(self._on_section_moved)
        header.setSectionResizeMode(self._action, QHeaderView.ResizeMode.Fixed)
        tree.setSortingEnabled(True)
        self.menu = QMenu(tr("Columns"), tree)
        self.menu.setAccessibleName(tr("Columns"))
        self.menu.aboutToShow.connect(self._fill_menu)
        self.reset()

    def save(self) -> QByteArray:
        """Columns, order, widths and sorting, as bytes for `restore`."""
        self._fitting = True  # what is hidden for want of room is not hidden by choice
        for index in self._squeezed:
            self._header.setSectionHidden(index, False)
        state = QByteArray(self._mark()).append(self._header.saveState())
        for index in self._squeezed:
            self._header.setSectionHidden(index, True)
        self._fitting = False
        return state

    def restore(self, state: QByteArray) -> bool:
        """Take over what `save` gave; False (and nothing changed) when it does not fit."""
        mark = self._mark()
        if not state.startsWith(QByteArray(mark)):
            return False
        if not self._header.restoreState(state.sliced(len(mark))):
            return False
        self._squeezed.clear()
        self._header.setSectionHidden(self._action, False)
        self._header.setSectionHidden(0, False)
        self._header.resizeSection(self._action, self._action_width())
        self._keep_action_last()
        self.fit()
        return True

    def reset(self) -> None:
        """Columns, order and widths as at first, siblings in the order of their start."""
        self._squeezed.clear()
        self._kept.clear()
        for index, column in enumerate(self._columns):
            self._header.moveSection(self._header.visualIndex(index), index)
            self._header.setSectionHidden(index, not column.visible)
            self._header.resizeSection(index, column.width)
        self._header.resizeSection(self._action, self._action_width())
        self._header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.fit()

    def show_column(self, index: int, shown: bool) -> None:
        """Show or hide one column; the names and the buttons always stay."""
        if self._columns[index] not in (NAME, ACTION):
            if index in self._squeezed:
                self._squeezed.remove(index)
            (self._kept.add if shown else self._kept.discard)(index)
            self._header.setSectionHidden(index, not shown)
            self.fit()

    def sections(self) -> list[tuple[int, int, int]]:
        """The columns that are seen, from left to right: (column, x in the viewport, width)."""
        header = self._header
        found = []
        for visual in range(header.count()):
            column = header.logicalIndex(visual)
            x, width = header.sectionViewportPosition(column), header.sectionSize(column)
            if width and x + width >= 0:
                found.append((column, x, width))
        return found

    def touched(self, region: QRegion) -> set[int]:
        """The columns of which a part of the viewport shows something. Qt's tree asks for whole
        rows, whichever cells of them are to be painted."""
        rects: Iterable[QRect] = region  # type: ignore[assignment]  # unknown to the stubs
        spans = {(rect.left(), rect.right()) for rect in rects}
        return {
            column
            for column, x, width in self.sections()
            if any(x <= right and x + width > left for left, right in spans)
        }

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The x and the width in the viewport that the columns `first` to `last` take up."""
        header = self._header
        spots = [
            (header.sectionViewportPosition(column), header.sectionSize(column))
            for column in range(first, last + 1)
            if not header.isSectionHidden(column)
        ]
        left = min((x for x, _width in spots), default=0)
        return left, max((x + width for x, width in spots), default=0) - left

    def right_of_exit(self) -> int:
        """How far the sentence of an ended row may reach: over the place of its button, too,
        when that is next to it. 0: not beyond its own cell."""
        header = self._header
        for visual in range(header.visualIndex(self._exit) + 1, header.count()):
            column = header.logicalIndex(visual)
            if column == self._action:
                return header.sectionViewportPosition(column) + header.sectionSize(column)
            if not header.isSectionHidden(column):
                break
        return 0

    def fit(self) -> None:
        """Make all columns fit the width, as far as that goes without touching the others."""
        if self._fitting:
            return
        self._fitting = True
        header = self._header
        self._stretch(_SHRINK)
        for index in self._spared:
            if self._room() >= 0:
                break
            if index not in self._kept and not header.isSectionHidden(index):
                self._squeezed.append(index)
                header.setSectionHidden(index, True)
        while self._squeezed and self._room() >= self._squeezed_width():
            header.setSectionHidden(self._squeezed.pop(), False)
            self._stretch(_SHRINK)
        self._stretch(_SHRINK_MORE)
        self._stretch(_GROW)
        self._fitting = False

    def _spare(self) -> int:
        return self._tree.viewport().width() - self._header.length()

    def _room(self) -> int:
        """What would be spare if the flexible columns were as narrow as is still good; negative
        when they had to become narrower than that."""
        least = {self._place[column.id]: bound for column, bound in _SHRINK}
        given = sum(
            self._header.sectionSize(index) - bound
            for index, bound in least.items()
            if not self._header.isSectionHidden(index)
        )
        return self._spare() + given

    def _squeezed_width(self) -> int:
        return self._columns[self._squeezed[-1]].width

    def _stretch(self, steps: tuple[tuple[Column, int], ...]) -> None:
        """Let the flexible columns grow or shrink to their bounds, step by step."""
        header = self._header
        growing = steps is _GROW
        hidden = header.isSectionHidden(self._exit)
        for column, bound in steps:
            index, spare = self._place[column.id], self._spare()
            if header.isSectionHidden(index) or (spare <= 0 if growing else spare >= 0):
                continue
            size = header.sectionSize(index)
            most = _ANY if hidden else bound
            wanted = min(most, size + spare) if growing else max(bound, size + spare)
            if (wanted > size) if growing else (wanted < size):
                header.resizeSection(index, wanted)

    def _action_width(self) -> int:
        """Room for the longest step of a termination, in the font in use."""
        metrics = self._tree.fontMetrics()
        words = max(map(metrics.horizontalAdvance, (LONGEST_STEP, BUTTON_TEXT)))
        return max(ACTION.width, words + 28)

    def _fill_menu(self) -> None:
        self.menu.clear()
        for index, column in enumerate(self._columns):
            if column in (NAME, ACTION):
                continue
            action = QAction(column.title, self.menu)
            set_tip(action, column.tooltip)
            action.setCheckable(True)
            action.setChecked(not self._header.isSectionHidden(index))
            action.toggled.connect(lambda on, index=index: self.show_column(index, on))
            self.menu.addAction(action)
        self.menu.addSeparator()
        by_start = self.menu.addAction(tr("Sort by order of start"))
        by_start.triggered.connect(
            lambda: self._header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        )
        self.menu.addAction(tr("Reset columns")).triggered.connect(self.reset)

    def _on_menu_requested(self, position: QPoint) -> None:
        self.menu.popup(self._header.mapToGlobal(position))

    def _on_section_moved(self, *_details: int) -> None:
        self._keep_action_last()

    def _keep_action_last(self) -> None:
        header = self._header
        last = len(self._columns) - 1
        if header.visualIndex(self._action) != last:
            header.moveSection(header.visualIndex(self._action), last)

    def _mark(self) -> bytes:
        """What a saved state begins with: one of other columns must not be taken over."""
        return _MARK + ",".join(column.id for column in self._columns).encode() + b"\0"
