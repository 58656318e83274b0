"""What pointer and keys do with the rows: selecting, moving about, opening."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, QPoint, QTimer, Signal

if TYPE_CHECKING:
    from .log_style import LogStyle
    from .page_model import MessagePageModel
    from .selection import MessageSelection
    from .source import MessageSource
    from .table import MessageTable

DRAG_MILLISECONDS = 40  # between two steps while the pointer drags beyond the page
_CHANGE = QItemSelectionModel.SelectionFlag


class Log(Protocol):
    """The rows, and the ways to move among them; see `message_log`."""

    source: MessageSource
    selection: MessageSelection
    model: MessagePageModel
    table: MessageTable
    look: LogStyle
    held: bool

    @property
    def top(self) -> int: ...
    @property
    def rows_that_fit(self) -> int: ...
    def schedule(self) -> None: ...
    def scroll_to(self, top: int) -> None: ...
    def scroll_aside(self, columns: int) -> None: ...
    def follow(self) -> None: ...
    def leave_tail(self) -> None: ...


class RowHandling(QObject):
    """Fulfils the wishes of the table's user.

    Emits `message_activated(message)`, `process_activated(process)`, and `menu_requested(message or
    None, global position)`.
    """

    message_activated = Signal(object)
    process_activated = Signal(int)
    menu_requested = Signal(object, QPoint)

    def __init__(self, log: Log, parent: QObject) -> None:
        super().__init__(parent)
        self._log = log
        self._rest = 0.0  # of the wheel: less than a row
        self._drag_step = 0
        self._mirrored: tuple[int, ...] = ()
        self._drag_timer = QTimer(self)
        self._drag_timer.setInterval(DRAG_MILLISECONDS)
        self._drag_timer.timeout.connect(self._on_drag_timeout)
        table = log.table
        table.scroll_wished.connect(self._on_scroll_wished)
        table.move_wished.connect(self._on_move_wished)
        table.page_wished.connect(self._on_page_wished)
        table.edge_wished.connect(self._on_edge_wished)
        table.row_pressed.connect(self._on_row_pressed)
        table.dragged.connect(self._on_dragged)
        table.drag_ended.connect(self._on_drag_ended)
        table.row_activated.connect(self._on_row_activated)
        table.process_wished.connect(self._on_process_wished)
        table.menu_wished.connect(self._on_menu_wished)

    def select_all(self) -> None:
        """Select all messages of the session, as far as they pass the filter."""
        if self._log.source.last_id:
            self._log.selection.choose_range(1, self._log.source.last_id)
            self.mirror_selection()

    def choose_row(self, place: int, extend: bool) -> None:
        """Select the row at this place of the page, or all from where the selection began."""
        message = self._log.model.rows[place].message
        if extend and message.id:
            self._log.selection.extend(message.id)
        else:
            self._log.selection.choose(message)
        self.mirror_selection()

    def let_go(self) -> None:
        """End a drag, as when the pointer is released or the log hidden."""
        self._log.held = False
        self._drag_timer.stop()

    def mirror_selection(self) -> None:
        """Bring the selected messages in view to the rows and to Qt's selection model, for the
        painting and for screen readers."""
        model, selection = self._log.model, self._log.selection
        chosen = []
        changed = False
        current = -1
        for place, row in enumerate(model.rows):
            selected = row.message in selection
            changed |= selected is not row.selected
            row.selected = selected
            if selected:
                chosen.append(place)
                if selection.is_current(row.message):
                    current = place
        if changed:
            self._log.table.viewport().update()
        mirrored = (*chosen[:1], *chosen[-1:], current, len(model.rows))
        if mirrored == self._mirrored:
            return
        self._mirrored = mirrored
        state = self._log.table.selectionModel()
        items = QItemSelection()
        if chosen:
            right = len(model.columns) - 1
            items.select(model.index(chosen[0], 0), model.index(chosen[-1], right))
        state.select(items, _CHANGE.ClearAndSelect)
        if current >= 0:
            state.setCurrentIndex(model.index(current, len(model.columns) - 1), _CHANGE.NoUpdate)
        else:
            state.clearCurrentIndex()

    # -- scrolling and keys -----------------------------------------------------------------------

    def _on_scroll_wished(self, rows: float, columns: float) -> None:
        if columns:
            self._log.scroll_aside(round(columns))
        self._rest += rows
        whole = int(self._rest)
        self._rest -= whole
        if whole:
            self._log.scroll_to(self._log.top + whole)

    def _on_move_wished(self, by: int, extend: bool) -> None:
        log = self._log
        if log.selection.current:
            position = log.source.position_of(log.selection.current) + by
        else:
            lowest = min(log.top + log.rows_that_fit, log.source.count) - 1
            position = lowest if by < 0 else log.top
        self._select_position(position, log.top, extend)

    def _on_page_wished(self, direction: int, extend: bool) -> None:
        log = self._log
        by = direction * max(1, log.rows_that_fit - 1)
        if log.selection.current:
            position = log.source.position_of(log.selection.current) + by
            self._select_position(position, log.top + by, extend)
        else:
            log.scroll_to(log.top + by)

    def _on_edge_wished(self, to_end: bool, extend: bool) -> None:
        log = self._log
        if extend or log.selection.current:
            self._select_position(log.source.count - 1 if to_end else 0, log.top, extend)
        if to_end:
            log.follow()
        else:
            log.scroll_to(0)

    def _select_position(self, position: int, top: int, extend: bool) -> None:
        """Move the keyboard to a position; the page begins at `top`, or where it is seen."""
        log = self._log
        position = max(0, min(position, log.source.count - 1))
        messages = log.source.page(position, 1)
        if not messages:
            return
        if extend:
            log.selection.extend(messages[0].id)
        else:
            log.selection.choose(messages[0])
        log.scroll_to(max(position - log.rows_that_fit + 1, min(top, position)))
        if position < log.source.count - 1:
            log.leave_tail()

    # -- the pointer ------------------------------------------------------------------------------

    def _on_row_pressed(self, place: int, extend: bool) -> None:
        self._log.held = True
        self.choose_row(place, extend)

    def _on_dragged(self, y: int) -> None:
        log = self._log
        height = log.look.fonts.row_height
        below = y - log.rows_that_fit * height
        self._drag_step = y // height - 1 if y < 0 else below // height + 1 if below > 0 else 0
        if self._drag_step:
            self._drag_timer.start()
            return
        self._drag_timer.stop()
        place = log.table.rowAt(y)
        if place >= 0:
            message = log.model.rows[place].message
            if message.id and message.id != log.selection.current:
                self.choose_row(place, extend=True)
                log.leave_tail()

    def _on_drag_timeout(self) -> None:
        log = self._log
        log.scroll_to(log.top + self._drag_step)
        rows = log.model.rows
        edge = 0 if self._drag_step < 0 else min(log.rows_that_fit, len(rows)) - 1
        while edge > 0 and not rows[edge].message.id:
            edge -= 1
        if 0 <= edge < len(rows) and rows[edge].message.id:
            self.choose_row(edge, extend=True)

    def _on_drag_ended(self) -> None:
        self.let_go()
        self._log.schedule()

    def _on_row_activated(self, place: int) -> None:
        if 0 <= place < len(self._log.model.rows):
            self.message_activated.emit(self._log.model.rows[place].message)

    def _on_process_wished(self, place: int) -> None:
        self.process_activated.emit(self._log.model.rows[place].message.process)

    def _on_menu_wished(self, place: int, position: QPoint) -> None:
        message = None
        if 0 <= place < len(self._log.model.rows):
            message = self._log.model.rows[place].message
            if message not in self._log.selection:
                self.choose_row(place, extend=False)
        self.menu_requested.emit(message, position)
