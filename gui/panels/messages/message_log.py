"""The log: which page of the messages is in view.

    MessageSource --page--> MessagePageModel --> MessageTable
                               ^ top, follow        | wishes (wheel, keys, pointer)
                               '---- MessageLog <---+--> RowHandling: selection

The page slides over the session in whole rows. Whether there are ten messages or ten million, only
those in view are in memory.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QModelIndex, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QScrollBar, QWidget

from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.message import Message

from ...kit.fonts import LogFonts
from ...kit.moving_tips import MovingTips
from ...kit.text.clock import Clock
from .columns import message_columns
from .log_style import MARGIN, LogStyle
from .page_model import MessagePageModel
from .row_handling import RowHandling
from .row_painter import RowPainter
from .selection import MessageSelection
from .source import MessageSource
from .table import MessageTable
from .text_painting import text_width

# Between two refreshes; what comes after a pause shows at once. In a flood nobody could read along.
LIVE_SECONDS, REFRESH_SECONDS = 0.015, 0.07
_FLOOD = 100  # lines a second
TIME, PROCESS, STREAM, TEXT = range(4)  # the columns


class MessageLog(QWidget):
    """Shows a source. Refreshes only while it is visible.

    Emits `refreshed()` after each look at the source, `following_changed(following)`, and
    `failed(sentence)` when the session cannot be read; `rows` emits what is done with a row.
    """

    refreshed = Signal()
    following_changed = Signal(bool)
    failed = Signal(str)

    def __init__(
        self, source: MessageSource, table: ProcessTable, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.source = source
        self.clock = Clock()
        self.selection = MessageSelection()
        self.total = 0  # messages that pass, and lines still being written
        self.held = False  # the pointer is pressed: nothing may slide away under it
        self._top = 0
        self._following = True
        self._seen_id = 0  # the last message that was in view, or could have been
        self._unseen = 0
        self._wished_top = 0
        self._wished_part = 0.0  # how far down in the page
        self._open: list[Message] = []
        self._shown = (-1, -1)  # top and length of the page, while it can't change any more
        self._last_refresh = 0.0
        self._flooded = False
        self.model = MessagePageModel(message_columns(table, self.clock), self)
        self.look = LogStyle(LogFonts(self.font()))
        painter = RowPainter(self.model, table, self.look)
        self.table = MessageTable(self.model, painter, PROCESS, self)
        self._lay_out()
        self._use_font()
        self._size_columns()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.refresh)
        self.rows = RowHandling(self, self)
        MovingTips(self.table, self._message_at)

    # -- what others ask for --------------------------------------------------------------------

    @property
    def following(self) -> bool:
        """Whether new messages come into view by themselves."""
        return self._following

    @property
    def unseen(self) -> int:
        """How many messages that pass came since the user left the tail, and were not in view
        since, as of the last refresh."""
        return self._unseen

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
            seconds = REFRESH_SECONDS if self._flooded else LIVE_SECONDS
            wait = self._last_refresh + seconds - time.monotonic()
            self._timer.start(max(0, round(wait * 1000)))

    def start_anew(self) -> None:
        """The source is another session."""
        self.selection.clear()
        self.model.forget()
        self._seen_id = 0
        self._set_following(True)
        self.start_over()

    def start_over(self, wished_top: int = 0) -> None:
        """The source lets others pass now. The page begins at message `wished_top`, or where it
        would stand, as soon as the source has got so far, unless the user scrolls; 0: no wish."""
        self._wished_top = wished_top
        self._wished_part = 0.0
        self._shown = (-1, -1)
        self._side_bar.setRange(0, 0)
        self.schedule()

    def follow(self, following: bool = True) -> None:
        """Go to the tail and stay there, or stay here."""
        self._set_following(following)
        self.refresh()

    def leave_tail(self) -> None:
        """Stay here, when there is somewhere else to be."""
        if self.total > self.rows_that_fit:
            self._set_following(False)

    def show_message(self, message_id: int) -> None:
        """Select a message that passes and bring it into view, a third from the top."""
        self.selection.choose_range(message_id, message_id)
        position = self.source.position_of(message_id)
        if self._top <= position < self._top + self.rows_that_fit:
            self.leave_tail()
            self.refresh()
        else:
            self.scroll_to(position - self.rows_that_fit // 3)

    def go_to(self, message_id: int) -> None:
        """Bring this message, or where it would stand, into view, two thirds down, as soon as the
        source has got so far."""
        self._set_following(False)
        self.start_over(message_id)
        self._wished_part = 2 / 3

    def scroll_to(self, top: int) -> None:
        """Let the page begin at this position, or as near as there are messages."""
        self._wished_top = 0
        self._top = max(0, min(top, self._last_top()))
        self._set_following(self._top >= self._last_top())
        self.refresh()

    def scroll_aside(self, columns: int) -> None:
        """Move the text by this many characters."""
        self._side_bar.setValue(self._side_bar.value() + columns)

    def times_changed(self) -> None:
        """Times are told in another way now."""
        self.model.column_changed(TIME)
        self._fit_columns()
        self.table.viewport().update()

    def refresh(self) -> None:
        """Look at the source and show the page that is due. Does nothing while hidden."""
        from spawnscope.core.session.session_error import SessionError

        self._timer.stop()
        if not self.isVisible():
            return
        try:
            self._look()
            self._turn_page()
            self._count_unseen()
        except SessionError as error:
            self.source.close()
            self.total = 0
            self.model.show_page([])
            self.failed.emit(str(error))
        self.rows.mirror_selection()
        self.refreshed.emit()

    # -- the page -----------------------------------------------------------------------------

    def _look(self) -> None:
        """Find out how much there is, and where the page is to begin."""
        source, before = self.source, self.source.count
        source.catch_up()
        now = time.monotonic()
        self._flooded = source.count - before > _FLOOD * (now - self._last_refresh)
        self._last_refresh = now
        self._open = source.open_lines()
        self.total = source.count + len(self._open)
        last_top = self._last_top()
        if self._following and not self.held:
            self._top = last_top
        elif self._wished_top:
            wished = source.position_of(self._wished_top)
            self._top = max(0, wished - int(self.rows_that_fit * self._wished_part))
            if wished < source.count or source.progress >= 1:
                self._wished_top = 0
        self._top = min(self._top, last_top)

    def _turn_page(self) -> None:
        blocker = QSignalBlocker(self._bar)
        self._bar.setRange(0, self._last_top())
        self._bar.setPageStep(self.rows_that_fit)
        self._bar.setValue(self._top)
        blocker.unblock()
        length = self.rows_that_fit + 1
        if (self._top, length) != self._shown:
            self.model.show_page(self._page(self._top, length))
            complete = self._top + length <= self.source.count
            self._shown = (self._top, length) if complete else (-1, -1)
            self._fit_columns()

    def _count_unseen(self) -> None:
        """Whatever passes now, and however much of the session was looked through: only what came
        later than what was seen is new."""
        if self._following:
            self._seen_id = self.source.last_id
            self._unseen = 0
            return
        whole = self.model.rows[: self.rows_that_fit]
        self._seen_id = max(self._seen_id, *(row.message.id for row in whole), 0)
        self._unseen = max(0, self.source.count - self.source.position_of(self._seen_id + 1))

    def _message_at(self, index: QModelIndex) -> int:
        """The message in a row: rows stay while messages pass through them."""
        return self.model.rows[index.row()].message.id if index.isValid() else 0

    def _last_top(self) -> int:
        return max(0, self.total - self.rows_that_fit)

    def _page(self, top: int, length: int) -> list[Message]:
        page = self.source.page(top, length)
        missing = length - len(page)
        if missing > 0:
            start = max(0, top - self.source.count)
            page += self._open[start : start + missing]
        return page

    def _set_following(self, following: bool) -> None:
        if following != self._following:
            self._following = following
            self.following_changed.emit(following)

    def _fit_columns(self) -> None:
        """Widen the time for a date, and let the horizontal bar reach the longest line."""
        rows, fonts = self.model.rows, self.look.fonts
        header = self.table.horizontalHeader()
        longest = max((len(self.model.columns[TIME].text(row)) for row in rows), default=0)
        needed = round(longest * fonts.pitch + 2 * MARGIN + 2)
        if needed > header.sectionSize(TIME):
            header.resizeSection(TIME, needed)
        widest = max((text_width(row, fonts) for row in rows), default=0.0)
        room = header.sectionSize(TEXT) - 2 * MARGIN
        reach = int((widest - room) / fonts.pitch) + 1 if widest > room else 0
        # As far as the longest line seen so far: neither text nor rows jump while scrolling.
        self._side_bar.setRange(0, max(reach, self._side_bar.maximum()))
        self._side_bar.setPageStep(max(1, int(room / fonts.pitch)))
        self._side_bar.setVisible(self._side_bar.maximum() > 0)

    def _on_resized(self) -> None:
        self._shown = (-1, -1)
        self._last_refresh = 0.0  # nobody should see the page follow late
        self.schedule()

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
        self.rows.let_go()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._use_font()
            self.schedule()

    def _lay_out(self) -> None:
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.setAccessibleName(tr("Position in the messages"))
        self._bar.valueChanged.connect(self.scroll_to)
        self._side_bar = QScrollBar(Qt.Orientation.Horizontal, self)
        self._side_bar.setAccessibleName(tr("Position in long lines"))
        self._side_bar.valueChanged.connect(self._on_side_bar_moved)
        self._side_bar.setRange(0, 0)
        self._side_bar.hide()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.table, 0, 0)
        layout.addWidget(self._bar, 0, 1)
        layout.addWidget(self._side_bar, 1, 0)
        self.setFocusProxy(self.table)
        self.table.resized.connect(self._on_resized)

    def _size_columns(self) -> None:
        fonts = self.look.fonts
        header = self.table.horizontalHeader()
        for place, column in enumerate(self.model.columns):
            if place != TEXT:
                metrics = fonts.fixed_metrics if place == TIME else fonts.plain_metrics
                width = metrics.horizontalAdvance(column.sample) + 2 * MARGIN
                header.resizeSection(place, round(width) + (22 if place == PROCESS else 8))

    def _use_font(self) -> None:
        self.look.fonts = LogFonts(self.font())
        self.table.set_row_height(self.look.fonts.row_height)
        self._shown = (-1, -1)
