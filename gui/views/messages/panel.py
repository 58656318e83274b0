"""The Messages panel: composition of its parts, and what the main window sees of it.

main window --open, committed, show_processes, reveal--> MessagesPanel
            <-- process_activated, problem_occurred --'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from spawnscope.core.client.process_table import ProcessTable

from ...models.message_source import MessageSource
from ...models.sliced_work import SlicedWork
from ...style import icons
from ...text.line import plain_text
from .controls import shortcut_action
from .filter_bar import FilterBar
from .message_log import MessageLog
from .overlays import EmptyHint, NewestButton
from .strips import FilterStrip, TaskStrip

if TYPE_CHECKING:
    from spawnscope.core.session.message_query import MessageFilter
    from spawnscope.core.vocabulary.message import Message

    from .detail import MessageDetail
    from .finding import Finding
    from .process_picker import ProcessPicker
    from .saving import Saving

_NAMED = 3  # processes that the chip names one by one


class MessagesPanel(QWidget):
    """Shows the messages of one session, live or past.

    Emits `process_activated(process)` when the user asks for a process of the log in the tree,
    and `problem_occurred(sentence)` when the session cannot be read. Works only while visible.
    """

    process_activated = Signal(int)
    problem_occurred = Signal(str)

    def __init__(self, table: ProcessTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._source = MessageSource()
        self._processes: frozenset[int] | None = None
        self._in_tree: frozenset[int] | None = None
        self._follows_tree = True
        self._stopped = False  # the user stopped the search for what passes
        self._damaged = ""
        self._picker: ProcessPicker | None = None
        self._detail: MessageDetail | None = None
        self._saving: Saving | None = None
        self._finding: Finding | None = None
        self._scan = SlicedWork(self._advance, self)
        self._scan.pause(True)
        self.bar = FilterBar(self)
        self.filter_strip = FilterStrip(self)
        self.task_strip = TaskStrip(self)
        self.log = MessageLog(self._source, table, self)
        self.hint = EmptyHint(self.log.table.viewport())
        self.newest = NewestButton(self.log.table.viewport())
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        for widget in (self.bar, self.filter_strip, self.task_strip):
            self._layout.addWidget(widget)
        self._layout.addWidget(self.log, 1)
        self.filter_strip.hide()
        self.setAccessibleName("Messages")
        self._connect()
        self._make_actions()

    # -- what the main window asks for ---------------------------------------------------------

    def open(self, path: str) -> None:
        """Show this session from now on. A file that cannot be read: `problem_occurred`."""
        from spawnscope.core.session.session_error import SessionError

        self._stop_tasks()
        self.log.selection.clear()
        self._damaged = ""
        try:
            self._source.open(path)
        except SessionError as error:
            self._report(str(error))
        reader = self._source.reader
        if reader is not None:
            self.log.clock.origin_ns = reader.began_ns
        self.log.model.forget()
        self.log.follow()
        self._begin_scan()

    def committed(self, last_id: int) -> None:
        """Messages up to `last_id`, or lines still being written, are in the file now. Cheap;
        what it leads to happens soon, at most some fifteen times a second."""
        if not self.isVisible() or self._source.reader is None:
            return
        if self._source.filter is not None and not self._stopped:
            self._scan.start()
        if self._finding is not None:
            self._finding.catch_up()
        self.log.schedule()

    def show_processes(self, processes: frozenset[int] | None) -> None:
        """The user selected these processes in the tree (None or empty: none). Shows their
        messages alone, unless the user doesn't want the log to follow the tree."""
        self._in_tree = processes or None
        if self._follows_tree:
            self._choose_processes(self._in_tree)

    def reveal(self, process: int) -> None:
        """Show the messages of this process alone."""
        self.bar.clear()
        self._choose_processes(frozenset((process,)))
        self.log.follow()
        self.log.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_session(self) -> None:
        """Let go of the session's file and show nothing."""
        self._stop_tasks()
        self._source.close()
        self.log.start_over()

    def saveState(self) -> QByteArray:
        """The widths of the columns and the ways of showing, for `restoreState`."""
        import json

        state = {
            "header": bytes(
                self.log.table.horizontalHeader().saveState().toBase64().data()
            ).decode(),
            "relative": self.bar.time.isChecked(),
            "follows_tree": self._follows_tree,
        }
        return QByteArray(json.dumps(state).encode())

    def restoreState(self, state: QByteArray) -> bool:
        """Take back what `saveState` returned; False for anything else."""
        import json

        try:
            values = json.loads(bytes(state.data()))
            header = QByteArray.fromBase64(QByteArray(values["header"].encode()))
            relative, follows = bool(values["relative"]), bool(values["follows_tree"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return False
        self.log.table.horizontalHeader().restoreState(header)
        self.bar.time.setChecked(relative)
        self._follows_tree = follows
        if self._picker is not None:
            self._picker.following_tree.setChecked(follows)
        return True

    # -- the filter ---------------------------------------------------------------------------

    @property
    def processes(self) -> frozenset[int] | None:
        """The processes whose messages are shown; None for all."""
        return self._processes

    def _choose_processes(self, processes: frozenset[int] | None) -> None:
        if processes != self._processes:
            self._processes = processes
            meaning = "text" if processes is None else "accent"
            self.bar.processes.setIcon(icons.icon("process", meaning))
            self._apply_filter()

    def _wanted(self) -> MessageFilter | None:
        text, case, regex, streams = self.bar.condition
        if not text and streams is None and self._processes is None:
            return None
        from spawnscope.core.session.message_query import MessageFilter

        return MessageFilter(self._processes, streams, text, regex, case)

    def _apply_filter(self) -> None:
        wanted = self._wanted()
        if wanted == self._source.filter:
            self.bar.show_fault("")
            return
        rows = self.log.model.rows
        anchor = 0 if self.log.following or not rows else rows[0].message.id
        try:
            self._source.set_filter(wanted)
        except ValueError as error:
            self.bar.show_fault(str(error))
            self._show_state()
            return
        self.bar.show_fault("")
        self.log.look.pattern = self._source.pattern
        self.log.keep_place(anchor)
        self._begin_scan()
        if self._finding is not None:
            self._finding.filter_changed()

    def _begin_scan(self) -> None:
        self._stopped = False
        if self._source.filter is not None:
            self._scan.start()
        else:
            self._scan.stop()
        self.log.start_over()
        self._show_state()

    def _advance(self, budget_seconds: float) -> bool:
        from spawnscope.core.session.session_error import SessionError

        try:
            return self._source.advance(budget_seconds)
        except SessionError as error:
            self._report(str(error))
            return False

    def _on_scan_progressed(self) -> None:
        self.log.schedule()

    def _on_stop_clicked(self) -> None:
        self._stopped = True
        self._scan.stop()
        self._show_state()

    def _on_clear_clicked(self) -> None:
        self.bar.clear()
        self._choose_processes(None)

    # -- what is said about it ------------------------------------------------------------------

    def _on_refreshed(self) -> None:
        self._show_state()
        self.newest.show_count(self.log.unseen)

    def _show_state(self) -> None:
        source = self._source
        text = ""
        fault = self.bar.field.toolTip()
        if fault:
            text = fault
        elif source.filter is not None:
            count = source.count
            text = f"{count:,} match{'' if count == 1 else 'es'}"
            if self._stopped or (self._scan.running and source.progress < 1):
                searched = f"{int(source.progress * 100)} % searched"
                text += f", stopped, {searched}" if self._stopped else f", {searched}"
        self.filter_strip.show_state(
            self._chip_text(),
            text,
            searching=self._scan.running and source.progress < 1,
            stopped=self._stopped and not fault,
            fault=bool(fault),
        )
        self._show_hint()

    def _chip_text(self) -> str:
        if self._processes is None:
            return ""
        if len(self._processes) > _NAMED:
            return f"{len(self._processes)} processes"
        names = []
        for process in sorted(self._processes):
            row = self._table.get(process)
            names.append(f"process {process}" if row is None else f"{row.label} ({row.pid})")
        return ", ".join(names)

    def _show_hint(self) -> None:
        if self.log.total:
            self.hint.show_hint("", "", clearable=False)
        elif self._damaged:
            self.hint.show_hint("The session cannot be read", self._damaged, clearable=False)
        elif self._source.filter is None:
            self.hint.show_hint(
                "Nothing written yet",
                "What the processes print appears here, line by line.",
                clearable=False,
            )
        elif self._scan.running and self._source.progress < 1:
            self.hint.show_hint("Searching…", "No match so far.", clearable=True)
        else:
            self.hint.show_hint(
                "No message passes the filter",
                f"There are {self._source.last_id:,} messages in all.",
                clearable=True,
            )

    def _report(self, sentence: str) -> None:
        self._damaged = sentence
        self._scan.stop()
        self._show_hint()
        self.problem_occurred.emit(sentence)

    # -- what can be done with messages ---------------------------------------------------------

    def copy_selected(self, with_origin: bool = False) -> None:
        """Copy the selected messages; `with_origin`: with time, process and stream."""
        selection = self.log.selection
        if selection.current:
            self.saving.copy(
                self._source.path,
                self._source.filter,
                (selection.first, selection.last),
                with_origin=with_origin,
            )
            return
        for row in self.log.model.rows:
            if row.message in selection:  # a line that is still being written
                QGuiApplication.clipboard().setText(plain_text(row.message.raw))

    def show_detail(self, message: Message) -> None:
        """Show this message as a whole."""
        if self._detail is None:
            from .detail import MessageDetail

            self._detail = MessageDetail(self.log.look.fonts.fixed, self)
        column = self.log.model.columns[self.log.process_column]
        from ...models.message_row import MessageRow

        who = column.text(MessageRow(message))
        self._detail.show_message(message, who, self._source.reader)

    @property
    def saving(self) -> Saving:
        """Copying and saving; made when first needed."""
        if self._saving is None:
            from .saving import Saving

            self._saving = Saving(self._table, self.task_strip, self)
        return self._saving

    @property
    def finding(self) -> Finding:
        """Finding; made when first needed."""
        if self._finding is None:
            from .finding import Finding

            self._finding = Finding(self._source, self.log, self)
            self._layout.insertWidget(self._layout.indexOf(self.log), self._finding.bar)
            self._finding.failed.connect(self._report)
        return self._finding

    def _on_save_requested(self, filtered: bool) -> None:
        if self._source.reader is not None:
            wanted = self._source.filter if filtered else None
            self.saving.ask_and_save(self._source.path, wanted)

    def _on_picker_requested(self) -> None:
        if self._picker is None:
            from .process_picker import ProcessPicker

            self._picker = ProcessPicker(self._table, self)
            self._picker.following_tree.setChecked(self._follows_tree)
            self._picker.processes_picked.connect(self._choose_processes)
            self._picker.following_tree_toggled.connect(self._on_following_tree_toggled)
        button = self.bar.processes
        place = button.mapToGlobal(QPoint(0, button.height() + 2))
        self._picker.open_at(place, self._processes)

    def _on_following_tree_toggled(self, on: bool) -> None:
        self._follows_tree = on
        self._choose_processes(self._in_tree if on else None)

    def _on_relative_time_toggled(self, on: bool) -> None:
        self.log.clock.relative = on
        self.log.times_changed()

    def _on_menu_requested(self, message: Message | None, position: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self._copy)
        menu.addAction(self._copy_with_origin)
        menu.addAction(self._select_all)
        if message is not None:
            row = self._table.get(message.process)
            name = f"process {message.process}" if row is None else row.label
            process = frozenset((message.process,))
            menu.addSeparator()
            menu.addAction("Show the whole line").triggered.connect(
                lambda: self.show_detail(message)
            )
            menu.addAction(icons.icon("reveal"), f"Select {name} in the tree").triggered.connect(
                lambda: self.process_activated.emit(message.process)
            )
            menu.addSeparator()
            menu.addAction(f"Only messages of {name}").triggered.connect(
                lambda: self._choose_processes(process)
            )
            menu.addAction(f"Only {message.stream.label}").triggered.connect(
                lambda: self.bar.show_streams(frozenset((message.stream,)))
            )
        menu.popup(position)

    # -- Qt -----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._scan.pause(False)
        if self._source.filter is not None and not self._stopped:
            self._scan.start()
        if self._finding is not None:
            self._finding.pause(False)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._scan.pause(True)
        if self._finding is not None:
            self._finding.pause(True)

    def _stop_tasks(self) -> None:
        self._scan.stop()
        if self._saving is not None:
            self._saving.cancel()
        if self._finding is not None:
            self._finding.stop()

    def _connect(self) -> None:
        bar, log = self.bar, self.log
        bar.filter_edited.connect(self._apply_filter)
        bar.picker_requested.connect(self._on_picker_requested)
        bar.find_requested.connect(self._on_find_wished)
        bar.copy_requested.connect(self.copy_selected)
        bar.save_requested.connect(self._on_save_requested)
        bar.follow_toggled.connect(log.follow)
        bar.relative_time_toggled.connect(self._on_relative_time_toggled)
        log.refreshed.connect(self._on_refreshed)
        log.following_changed.connect(bar.show_following)
        log.message_activated.connect(self.show_detail)
        log.process_activated.connect(self.process_activated)
        log.menu_requested.connect(self._on_menu_requested)
        self.filter_strip.processes_cleared.connect(lambda: self._choose_processes(None))
        self.filter_strip.stop_clicked.connect(self._on_stop_clicked)
        self.filter_strip.go_on_clicked.connect(self._begin_scan)
        self.hint.clear_clicked.connect(self._on_clear_clicked)
        self.newest.clicked.connect(lambda: log.follow())
        self._scan.progressed.connect(self._on_scan_progressed)
        self._scan.finished.connect(log.schedule)

    def _make_actions(self) -> None:
        keys = QKeySequence.StandardKey
        self._copy = shortcut_action(self.log, "Copy", keys.Copy, "copy")
        self._copy.triggered.connect(lambda: self.copy_selected())
        self._copy_with_origin = shortcut_action(
            self.log, "Copy with time and process", "Ctrl+Shift+C"
        )
        self._copy_with_origin.triggered.connect(lambda: self.copy_selected(with_origin=True))
        self._select_all = shortcut_action(self.log, "Select all", keys.SelectAll)
        self._select_all.triggered.connect(self.log.select_all)
        shortcut_action(self, "Find", keys.Find).triggered.connect(self._on_find_wished)
        shortcut_action(self, "Find next", "F3").triggered.connect(
            lambda: self.finding.step(backwards=False)
        )
        shortcut_action(self, "Find previous", "Shift+F3").triggered.connect(
            lambda: self.finding.step(backwards=True)
        )
        shortcut_action(self, "Filter", "Ctrl+L").triggered.connect(self._on_filter_wished)
        shortcut_action(self, "Save", keys.Save).triggered.connect(
            lambda: self._on_save_requested(True)
        )

    def _on_find_wished(self) -> None:
        self.finding.open()

    def _on_filter_wished(self) -> None:
        self.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.field.selectAll()
