"""The Messages panel: composition of its parts.

store --StoreChange--> MessagesPanel --> Filtering, MessageLog
Selection --which processes--^
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from spawnscope.core.session.session_error import SessionError
from spawnscope.core.store.change import StoreChange
from spawnscope.core.store.session_store import started
from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr, trn
from spawnscope.core.vocabulary.events import Role

from ...kit.controls import shortcut_action
from ...kit.empty_hint import EmptyHint
from ...kit.panel import Panel
from ...kit.row_text import exact_name
from ...kit.selection import Selection
from .filter_bar import FilterBar
from .filtering import Filtering
from .log_menu import LogMenu
from .message_log import MessageLog
from .source import MessageSource

if TYPE_CHECKING:
    from spawnscope.core.vocabulary.events import ProcessStarted, Stream
    from spawnscope.core.vocabulary.message import Message

    from ...kit.newest_button import NewestButton
    from .detail import MessageDetail
    from .saving import Saving
    from .text_finding import TextFinding


class MessagesPanel(Panel):
    """Shows the messages of one session. At a moment, it scrolls there and dims what came later."""

    def __init__(self, store: Store, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(store, selection, tr("Messages"), parent)
        self._table = table = store.session.processes
        self._moment: int | None = None
        self._followed: frozenset[int] = frozenset()  # what is selected, and all below; none: all
        self._damaged = ""
        self._detail: MessageDetail | None = None
        self._saving: Saving | None = None
        self._finding: TextFinding | None = None
        self._newest: NewestButton | None = None
        self.source = MessageSource()
        self.bar = FilterBar(self)
        self.log = MessageLog(self.source, table, self)
        self.hint = EmptyHint(self.log.table.viewport())
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.bar)
        self._layout.addWidget(self.log, 1)
        self.filtering = Filtering(self.source, store, self.bar, self._layout, self)
        self._menu = LogMenu(self.log, table, self)
        self.setFocusProxy(self.log)
        self._connect()

    # -- the store, and what is selected --------------------------------------------------------

    def note(self, change: StoreChange) -> None:
        """Something differs. What new messages lead to happens soon, at most some fifteen times a
        second."""
        if change.opened:
            self._open()
        if new := started(change):
            self._take_started(new, change.last_before)
        if change.messages and self.isVisible() and self.source.reader is not None:
            self.filtering.catch_up()
            if self._finding is not None:
                self._finding.catch_up()
            self.log.schedule()

    def show_store(self, store: Store) -> None:
        """Show another moment, or another part of the session."""
        super().show_store(store)
        sight = store.session.sight
        hidden = self._table if sight.is_limited else ()
        self.filtering.hide(frozenset(row.number for row in hidden if not sight.shows(row)))
        if store.moment_ns != self._moment:
            self._show_moment(store.moment_ns)

    def close_session(self) -> None:
        """Let go of the session's file and show nothing."""
        self._stop_tasks()
        self.source.close()
        self.log.start_anew()

    def _open(self) -> None:
        self._stop_tasks()
        self._damaged = ""
        try:
            self.source.read_from(self.store.reader)
        except SessionError as error:
            self._on_failed(str(error))
        if self.source.reader is not None:
            self.log.clock.origin_ns = self.source.reader.began_ns
        self.log.start_anew()
        self.filtering.begin()

    def _show_moment(self, moment_ns: int | None) -> None:
        from spawnscope.core.session.message_query import last_written_by

        self._moment = self.log.look.moment_ns = moment_ns
        reader = self.source.reader
        if moment_ns is not None and reader is not None:
            try:
                self.log.go_to(max(1, last_written_by(reader.messages, moment_ns)))
            except SessionError as error:
                self._on_failed(str(error))
        self.log.table.viewport().update()

    def _on_selected(self, processes: frozenset[int]) -> None:
        """A selected process stands for itself and all below it; the supervisor for everything."""
        followed = set(processes)
        for process in processes:
            followed.update(self._table.descendants(process))
            if self._table[process].role is Role.SUPERVISOR:
                followed.clear()
                break
        self._followed = frozenset(followed)
        self.filtering.show_selected(self._followed or None)

    def _take_started(self, new: list[ProcessStarted], last_id: int) -> None:
        """What starts below a selected process is shown with it, and what starts outside the scope
        is not: of neither there is a message yet."""
        sight = self.store.session.sight
        rows = [self._table[event.process] for event in new]
        outside = frozenset(row.number for row in rows if not sight.shows(row))
        if outside:
            self.filtering.hide_started(outside, last_id)
        below: set[int] = set()
        for row in rows:
            if row.parent in self._followed or row.parent in below:
                below.add(row.number)
        if below:
            self._followed |= below
            self.filtering.add_started(frozenset(below), last_id)

    def reveal(self, process: int) -> None:
        """Show the messages of this process alone, all of them."""
        self.bar.clear()
        self.filtering.choose_processes(frozenset((process,)))
        self.log.follow()
        self.log.setFocus(Qt.FocusReason.OtherFocusReason)

    def state(self) -> dict[str, Any]:
        header = self.log.table.horizontalHeader().saveState().toBase64()
        return {
            "header": bytes(header.data()).decode(),
            "relative": self.bar.time.isChecked(),
            "follows_tree": self.filtering.follows_tree,
        }

    def take_state(self, state: dict[str, Any]) -> bool:
        header = QByteArray.fromBase64(QByteArray(state["header"].encode()))
        relative, follows = bool(state["relative"]), bool(state["follows_tree"])
        self.log.table.horizontalHeader().restoreState(header)
        self.bar.time.setChecked(relative)
        self.filtering.follow_tree(follows)
        return True

    # -- what can be done with messages ---------------------------------------------------------

    def copy_selected(self, with_origin: bool = False) -> None:
        """Copy the selected messages; `with_origin`: with time, process and stream."""
        selection = self.log.selection
        reader = self.source.reader
        if selection.current and reader is not None:
            ids = selection.first, selection.last
            self.saving.copy(reader, self.source.filter, ids, with_origin=with_origin)
        elif text := self._menu.text_of_open_line:
            from PySide6.QtGui import QGuiApplication

            QGuiApplication.clipboard().setText(text)

    def show_detail(self, message: Message) -> None:
        """Show this message as a whole."""
        if self._detail is None:
            from .detail import MessageDetail

            self._detail = MessageDetail(self.log.look.fonts.shaped, self)
        who = exact_name(self._table, message.process)
        self._detail.show_message(message, who, self.source.reader)

    # -- parts made when first needed -------------------------------------------------------------

    @property
    def saving(self) -> Saving:
        """Copying and saving."""
        if self._saving is None:
            from .saving import Saving
            from .strips import TaskStrip

            strip = TaskStrip(self)
            self._layout.insertWidget(self._layout.indexOf(self.log), strip)
            self._saving = Saving(self._table, strip, self)
        return self._saving

    @property
    def finding(self) -> TextFinding:
        """Finding, with its bar."""
        if self._finding is None:
            from .text_finding import TextFinding

            self._finding = TextFinding(self.source, self.log, self)
            self._layout.insertWidget(self._layout.indexOf(self.log), self._finding.bar)
            self._finding.failed.connect(self._on_failed)
        return self._finding

    @property
    def newest(self) -> NewestButton:
        """The way back to the tail."""
        if self._newest is None:
            from ...kit.newest_button import NewestButton

            self._newest = NewestButton(self.log.table.viewport())
            self._newest.clicked.connect(self._on_newest_clicked)
        return self._newest

    # -- slots --------------------------------------------------------------------------------

    def _on_filter_changed(self) -> None:
        rows = self.log.model.rows
        anchor = 0 if self.log.following or not rows else rows[0].message.id
        self.log.look.pattern = self.source.pattern
        self.log.start_over(anchor)
        if self._finding is not None:
            self._finding.filter_changed()

    def _on_widened(self) -> None:
        if self._finding is not None:
            self._finding.filter_changed()

    def _on_refreshed(self) -> None:
        self.filtering.show_state()
        unseen = self.log.unseen
        if unseen or self._newest is not None:
            self.newest.show_count(unseen)
        self._show_hint()

    def _show_hint(self) -> None:
        clearable = False
        title = text = ""
        if self._damaged and not self.log.total:
            title, text = tr("The session cannot be read"), self._damaged
        elif not self.log.total and (self.filtering.lets_all_pass or not self.source.last_id):
            title, text = (
                tr("Nothing written yet"),
                tr("What the processes print appears here, line by line."),
            )
        elif not self.log.total:
            clearable = True
            title, text = (
                tr("No message passes the filter"),
                trn(
                    "There is {count} message in all.",
                    "There are {count} messages in all.",
                    self.source.last_id,
                ),
            )
            if self.filtering.searching:
                title, text = tr("Searching…"), tr("No match so far.")
        self.hint.show_hint(title, text, clearable=clearable)

    def _on_failed(self, sentence: str) -> None:
        self._damaged = sentence
        self._show_hint()
        self.problem_occurred.emit(sentence)

    def _on_save_requested(self, filtered: bool) -> None:
        if self.source.reader is not None:
            wanted = self.source.filter if filtered else None
            self.saving.ask_and_save(self.source.reader, wanted)

    def _on_save_keys(self) -> None:
        self._on_save_requested(True)

    def _on_relative_time_toggled(self, on: bool) -> None:
        self.log.clock.relative = on
        self.log.times_changed()

    def _on_only_process(self, process: int) -> None:
        self.filtering.choose_processes(frozenset((process,)))

    def _on_only_stream(self, stream: Stream) -> None:
        self.bar.show_streams(frozenset((stream,)))

    def _on_newest_clicked(self) -> None:
        self.log.follow()

    def _on_find_wished(self) -> None:
        self.finding.open()

    def _on_find_next(self) -> None:
        self.finding.step(backwards=False)

    def _on_find_previous(self) -> None:
        self.finding.step(backwards=True)

    def _on_filter_wished(self) -> None:
        self.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.field.selectAll()

    # -- Qt -----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._pause(False)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pause(True)

    def _pause(self, paused: bool) -> None:
        self.filtering.pause(paused)
        if self._finding is not None:
            self._finding.pause(paused)

    def _stop_tasks(self) -> None:
        self.filtering.stop()
        if self._saving is not None:
            self._saving.cancel()
        if self._finding is not None:
            self._finding.close()

    def _connect(self) -> None:
        bar, log, menu = self.bar, self.log, self._menu
        self.selection.processes_changed.connect(self._on_selected)
        bar.find_requested.connect(self._on_find_wished)
        bar.copy_requested.connect(self.copy_selected)
        bar.save_requested.connect(self._on_save_requested)
        bar.follow_toggled.connect(log.follow)
        bar.relative_time_toggled.connect(self._on_relative_time_toggled)
        log.refreshed.connect(self._on_refreshed)
        log.following_changed.connect(bar.show_following)
        log.failed.connect(self._on_failed)
        log.rows.message_activated.connect(self.show_detail)
        log.rows.process_activated.connect(self.process_activated)
        menu.copy_requested.connect(self.copy_selected)
        menu.detail_requested.connect(self.show_detail)
        menu.process_activated.connect(self.process_activated)
        menu.only_process_requested.connect(self._on_only_process)
        menu.only_stream_requested.connect(self._on_only_stream)
        self.filtering.filter_changed.connect(self._on_filter_changed)
        self.filtering.widened.connect(self._on_widened)
        self.filtering.progressed.connect(log.schedule)
        self.filtering.failed.connect(self._on_failed)
        self.hint.clear_clicked.connect(self.filtering.clear)
        keys = QKeySequence.StandardKey
        for text, sequence, slot in (
            (tr("Find"), keys.Find, self._on_find_wished),
            (tr("Find next"), "F3", self._on_find_next),
            (tr("Find previous"), "Shift+F3", self._on_find_previous),
            (tr("Filter"), "Ctrl+L", self._on_filter_wished),
            (tr("Save"), keys.Save, self._on_save_keys),
        ):
            shortcut_action(self, text, sequence).triggered.connect(slot)
