"""The log: which page of the messages is in view, and what is selected.

    MessageSource --page--> MessagePageModel --> MessageTable
                               ^ top, follow        | wishes (wheel, keys, pointer)
                               '---- MessageLog <---'

The page slides over the session in whole rows. Whether there are ten messages or ten million, only
those in view are in memory.
"""

from __future__ import annotations

import time

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QPoint,
    QSignalBlocker,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QScrollBar, QWidget

from spawnscope.core.client.process_table import ProcessTable
from spawnscope.core.vocabulary.message import Message

from ...models.message_columns import (
    MessageColumn,
    ProcessColumn,
    StreamColumn,
    TextColumn,
    TimeColumn,
)
from ...models.message_page_model import MessagePageModel
from ...models.message_selection import MessageSelection
from ...models.message_source import MessageSource
from ...text.clock import Clock
from .fonts import LogFonts
from .look import MARGIN, Look
from .row_painter import RowPainter
from .table import MessageTable
from .text_painting import text_width

REFRESH_SECONDS = 0.07  # between two refreshes in a flood; what comes after a pause shows at once
DRAG_MILLISECONDS = 40  # between two steps while the pointer drags beyond the page
_CHANGE = QItemSelectionModel.SelectionFlag


class MessageLog(QWidget):
    """Shows a source. Refreshes only while it is visible.

    Emits `refreshed()` after each look at the source, `following_changed(following)`,
    `message_activated(message)`, `process_activated(process)` and
    `menu_requested(message or None, global position)`.
    """

    refreshed = Signal()
    following_changed = Signal(bool)
    message_activated = Signal(object)
    process_activated = Signal(int)
    menu_requested = Signal(object, QPoint)

    def __init__(
        self, source: MessageSource, table: ProcessTable, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._source = source
        self.clock = Clock()
        self.selection = MessageSelection()
        self.total = 0  # messages that pass, and lines still being written
        self._top = 0
        self._rest = 0.0  # of the wheel: less than a row
        self._following = True
        self._held = False  # the pointer is pressed: nothing may slide away under it
        self._seen = 0
        self._wished_top = 0
        self._open: list[Message] = []
        self._shown = (-1, -1)  # top and length of the page, while it can't change any more
        self._mirrored: tuple[int, ...] = ()
        self._drag_step = 0
        self._last_refresh = 0.0
        self._make_columns(table)
        self._make_table()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.refresh)
        self._drag_timer = QTimer(self)
        self._drag_timer.setInterval(DRAG_MILLISECONDS)
        self._drag_timer.timeout.connect(self._on_drag_timeout)

    # -- what others ask for -------------------------------------------------------------------

    @property
    def following(self) -> bool:
        """Whether new messages come into view by themselves."""
        return self._following

    @property
    def unseen(self) -> int:
        """How many messages came since the user left the tail."""
        return 0 if self._following else max(0, self._source.count - self._seen)

    @property
    def top(self) -> int:
        """The position of the first row in view."""
        return self._top

    @property
    def rows_that_fit(self) -> int:
        """How many whole rows the viewport shows."""
        return max(1, self.table.viewport().height() // self.look.fonts.row_height)

    def schedule(self) -> None:
        """Look at the source soon: at once when it was quiet, else with the next refresh."""
        if self.isVisible() and not self._timer.isActive():
            wait = self._last_refresh + REFRESH_SECONDS - time.monotonic()
            self._timer.start(max(0, round(wait * 1000)))

    def start_over(self) -> None:
        """The source shows other messages now: another filter, another session."""
        self._shown = (-1, -1)
        self._seen = self._source.count
        self.schedule()

    def keep_place(self, message_id: int) -> None:
        """Let the page begin at this message, or where it would stand, as soon as the source has
        got so far; 0 for no wish. Scrolling ends the wish."""
        self._wished_top = message_id

    def times_changed(self) -> None:
        """Times are told in another way now."""
        self.model.column_changed(0)
        self._fit_columns()
        self.table.viewport().update()

    def follow(self, following: bool = True) -> None:
        """Go to the tail and stay there, or stay here."""
        if following != self._following:
            self._following = following
            self._seen = self._source.count
            self.following_changed.emit(following)
        self.refresh()

    def show_message(self, message_id: int, select: bool = True) -> None:
        """Bring a message that passes the filter into view, a third from the top."""
        if select:
            self.selection.choose_range(message_id, message_id)
        position = self._source.position_of(message_id)
        if not self._top <= position < self._top + self.rows_that_fit:
            self.scroll_to(position - self.rows_that_fit // 3)
        else:
            self._leave_tail()
            self.refresh()

    def scroll_to(self, top: int) -> None:
        """Let the page begin at this position, or as near as there are messages."""
        self._wished_top = 0
        self._top = max(0, min(top, self._last_top()))
        following = self._top >= self._last_top()
        if following != self._following:
            self._following = following
            self._seen = self._source.count
            self.following_changed.emit(following)
        self.refresh()

    def select_all(self) -> None:
        """Select all messages of the session, as far as they pass the filter."""
        if self._source.last_id:
            self.selection.choose_range(1, self._source.last_id)
            self._mirror_selection()

    def names_changed(self) -> None:
        """A process is called something else now."""
        self.model.column_changed(self.process_column)

    def refresh(self) -> None:
        """Look at the source and show the page that is due. Does nothing while hidden."""
        self._timer.stop()
        if not self.isVisible():
            return
        self._last_refresh = time.monotonic()
        source = self._source
        source.catch_up()
        self._open = source.open_lines()
        self.total = source.count + len(self._open)
        last_top = self._last_top()
        if self._following and not self._held:
            self._top = last_top
        elif self._wished_top:
            self._top = source.position_of(self._wished_top)
            if self._top < source.count or source.progress >= 1:
                self._wished_top = 0
        self._top = min(self._top, last_top)
        blocker = QSignalBlocker(self._bar)
        self._bar.setRange(0, last_top)
        self._bar.setPageStep(self.rows_that_fit)
        self._bar.setValue(self._top)
        blocker.unblock()
        length = self.rows_that_fit + 1
        if (self._top, length) != self._shown:
            self.model.show_page(self._page(self._top, length))
            complete = self._top + length <= source.count
            self._shown = (self._top, length) if complete else (-1, -1)
            self._fit_columns()
        self._mirror_selection()
        self.refreshed.emit()

    # -- the page -----------------------------------------------------------------------------

    def _last_top(self) -> int:
        return max(0, self.total - self.rows_that_fit)

    def _page(self, top: int, length: int) -> list[Message]:
        page = self._source.page(top, length)
        missing = length - len(page)
        if missing > 0:
            start = max(0, top - self._source.count)
            page += self._open[start : start + missing]
        return page

    def _mirror_selection(self) -> None:
        """Tell Qt's selection model, for the paint and for screen readers."""
        chosen = []
        changed = False
        for place, row in enumerate(self.model.rows):
            selected = row.message in self.selection
            changed |= selected is not row.selected
            row.selected = selected
            if selected:
                chosen.append(place)
        if changed:
            self.table.viewport().update()
        current = next(
            (
                place
                for place in chosen
                if self.selection.is_current(self.model.rows[place].message)
            ),
            -1,
        )
        mirrored = (*chosen[:1], *chosen[-1:], current, len(self.model.rows))
        if mirrored == self._mirrored:
            return
        self._mirrored = mirrored
        state = self.table.selectionModel()
        selection = QItemSelection()
        if chosen:
            right = len(self.model.columns) - 1
            selection.select(self.model.index(chosen[0], 0), self.model.index(chosen[-1], right))
        state.select(selection, _CHANGE.ClearAndSelect)
        if current >= 0:
            index = self.model.index(current, self.text_column)
            state.setCurrentIndex(index, _CHANGE.NoUpdate)
        else:
            state.clearCurrentIndex()

    def _fit_columns(self) -> None:
        """Widen the time for a date, and let the horizontal bar reach the longest line."""
        rows, fonts = self.model.rows, self.look.fonts
        header = self.table.horizontalHeader()
        longest = max((len(self._time.text(row)) for row in rows), default=0)
        needed = round(longest * fonts.pitch + 2 * MARGIN + 2)
        if needed > header.sectionSize(0):
            header.resizeSection(0, needed)
        widest = max((text_width(row, fonts) for row in rows), default=0.0)
        room = header.sectionSize(self.text_column) - 2 * MARGIN
        # Never less than where the user has scrolled to: the text must not jump back by itself.
        reach = max(0, int((widest - room) / fonts.pitch) + 1 if widest > room else 0)
        self._side_bar.setRange(0, max(reach, self._side_bar.value()))
        self._side_bar.setPageStep(max(1, int(room / fonts.pitch)))
        self._side_bar.setVisible(self._side_bar.maximum() > 0)

    # -- slots --------------------------------------------------------------------------------

    def _on_scroll_wished(self, rows: float, columns: float) -> None:
        if columns:
            self._side_bar.setValue(self._side_bar.value() + round(columns))
        self._rest += rows
        whole = int(self._rest)
        self._rest -= whole
        if whole:
            self.scroll_to(self._top + whole)

    def _on_move_wished(self, by: int, extend: bool) -> None:
        fit = self.rows_that_fit
        if not self.selection.current:
            shown = min(self._top + fit, self._source.count) - 1
            self._select_position(shown if by < 0 else self._top, extend)
            return
        position = self._source.position_of(self.selection.current) + by
        self._select_position(position, extend)

    def _on_page_wished(self, direction: int, extend: bool) -> None:
        by = direction * max(1, self.rows_that_fit - 1)
        if self.selection.current:
            position = self._source.position_of(self.selection.current) + by
            self._top += by
            self._select_position(position, extend)
        else:
            self.scroll_to(self._top + by)

    def _on_edge_wished(self, to_end: bool, extend: bool) -> None:
        if extend or self.selection.current:
            self._select_position(self._source.count - 1 if to_end else 0, extend)
        if to_end:
            self.follow()
        else:
            self.scroll_to(0)

    def _select_position(self, position: int, extend: bool) -> None:
        """Move the keyboard to a position and the page to where it is seen."""
        position = max(0, min(position, self._source.count - 1))
        messages = self._source.page(position, 1)
        if not messages:
            return
        if extend:
            self.selection.extend(messages[0].id)
        else:
            self.selection.choose(messages[0])
        lowest = position - self.rows_that_fit + 1
        self.scroll_to(max(lowest, min(self._top, position)))
        if position < self._source.count - 1:
            self._leave_tail()

    def _leave_tail(self) -> None:
        if self._following and self.total > self.rows_that_fit:
            self._following = False
            self._seen = self._source.count
            self.following_changed.emit(False)

    def _on_row_pressed(self, row: int, extend: bool) -> None:
        self._held = True
        self._choose_row(row, extend)

    def _on_dragged(self, y: int) -> None:
        height = self.look.fonts.row_height
        below = y - self.rows_that_fit * height
        self._drag_step = y // height - 1 if y < 0 else below // height + 1 if below > 0 else 0
        if self._drag_step:
            self._drag_timer.start()
            return
        self._drag_timer.stop()
        row = self.table.rowAt(y)
        if row < 0:
            return
        message = self.model.rows[row].message
        if message.id and message.id != self.selection.current:
            self._choose_row(row, extend=True)
            self._leave_tail()

    def _on_drag_timeout(self) -> None:
        self.scroll_to(self._top + self._drag_step)
        rows = self.model.rows
        edge = 0 if self._drag_step < 0 else min(self.rows_that_fit, len(rows)) - 1
        while edge > 0 and not rows[edge].message.id:
            edge -= 1
        if 0 <= edge < len(rows) and rows[edge].message.id:
            self._choose_row(edge, extend=True)

    def _on_drag_ended(self) -> None:
        self._held = False
        self._drag_timer.stop()
        self.schedule()

    def _choose_row(self, row: int, extend: bool) -> None:
        message = self.model.rows[row].message
        if extend and message.id:
            self.selection.extend(message.id)
        else:
            self.selection.choose(message)
        self._mirror_selection()

    def _on_row_activated(self, row: int) -> None:
        if 0 <= row < len(self.model.rows):
            self.message_activated.emit(self.model.rows[row].message)

    def _on_process_wished(self, row: int) -> None:
        self.process_activated.emit(self.model.rows[row].message.process)

    def _on_menu_wished(self, row: int, position: QPoint) -> None:
        message = None
        if 0 <= row < len(self.model.rows):
            message = self.model.rows[row].message
            if message not in self.selection:
                self._choose_row(row, extend=False)
        self.menu_requested.emit(message, position)

    def _on_side_bar_moved(self, value: int) -> None:
        self.look.offset = value * self.look.fonts.pitch
        self.table.viewport().update()

    # -- Qt -----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.schedule()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self._on_drag_ended()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shown = (-1, -1)
        self.schedule()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "look"):
            self._use_font()
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            for row in self.model.rows if hasattr(self, "model") else ():
                row.paint_cache = None

    def _make_columns(self, table: ProcessTable) -> None:
        self._time = TimeColumn(self.clock)
        columns: list[MessageColumn] = [
            self._time,
            ProcessColumn(table),
            StreamColumn(),
            TextColumn(),
        ]
        self.process_column, self.text_column = 1, 3
        self.model = MessagePageModel(columns, self)

    def _make_table(self) -> None:
        self.look = Look(LogFonts(self.font()))
        self.table = MessageTable(
            self.model, RowPainter(self.model, self.look), self.process_column, self
        )
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.setAccessibleName("Position in the messages")
        self._bar.valueChanged.connect(self.scroll_to)
        self._side_bar = QScrollBar(Qt.Orientation.Horizontal, self)
        self._side_bar.setAccessibleName("Position in long lines")
        self._side_bar.valueChanged.connect(self._on_side_bar_moved)
        self._side_bar.hide()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.table, 0, 0)
        layout.addWidget(self._bar, 0, 1)
        layout.addWidget(self._side_bar, 1, 0)
        self.setFocusProxy(self.table)
        wishes = self.table
        wishes.scroll_wished.connect(self._on_scroll_wished)
        wishes.move_wished.connect(self._on_move_wished)
        wishes.page_wished.connect(self._on_page_wished)
        wishes.edge_wished.connect(self._on_edge_wished)
        wishes.row_pressed.connect(self._on_row_pressed)
        wishes.dragged.connect(self._on_dragged)
        wishes.drag_ended.connect(self._on_drag_ended)
        wishes.row_activated.connect(self._on_row_activated)
        wishes.process_wished.connect(self._on_process_wished)
        wishes.menu_wished.connect(self._on_menu_wished)
        self._use_font()
        header = self.table.horizontalHeader()
        for place, column in enumerate(self.model.columns):
            if column.sample:
                metrics = (
                    self.look.fonts.fixed_metrics if place == 0 else self.look.fonts.plain_metrics
                )
                width = metrics.horizontalAdvance(column.sample) + 2 * MARGIN
                header.resizeSection(place, round(width) + (22 if place == 1 else 6))

    def _use_font(self) -> None:
        self.look.fonts = LogFonts(self.font())
        self.table.set_row_height(self.look.fonts.row_height)
        self._shown = (-1, -1)
