"""What can be done with messages: the actions, their keys and the context menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.translation import tr

from ...kit.controls import shortcut_action
from ...kit.plain import add_entry
from ...kit.style import icons
from ...kit.text.line import plain_text
from .message_log import MessageLog

if TYPE_CHECKING:
    from spawnscope.core.vocabulary.events import Stream
    from spawnscope.core.vocabulary.message import Message


class LogMenu(QObject):
    """Emits what the user chose: `copy_requested(with_origin)`, `detail_requested(message)`,
    `process_activated(process)`, `only_process_requested(process)`,
    `only_stream_requested(stream)`."""

    copy_requested = Signal(bool)
    detail_requested = Signal(object)
    process_activated = Signal(int)
    only_process_requested = Signal(int)
    only_stream_requested = Signal(object)

    def __init__(self, log: MessageLog, table: ProcessTable, parent: QWidget) -> None:
        super().__init__(parent)
        self._log = log
        self._table = table
        self._message: Message | None = None  # the one that the menu was opened on
        keys = QKeySequence.StandardKey
        self._copy = shortcut_action(log, tr("Copy"), keys.Copy, "copy")
        self._copy.triggered.connect(self._on_copy)
        with_origin = tr("Copy with time and process")
        self._copy_with_origin = shortcut_action(log, with_origin, "Ctrl+Shift+C")
        self._copy_with_origin.triggered.connect(self._on_copy_with_origin)
        self._select_all = shortcut_action(log, tr("Select all"), keys.SelectAll)
        self._select_all.triggered.connect(log.rows.select_all)
        log.rows.menu_requested.connect(self.open)

    def open(self, message: Message | None, position: QPoint) -> None:
        """Show the menu for a message (None: beside all messages) at a global place."""
        from PySide6.QtWidgets import QMenu

        self._message = message
        menu = QMenu(self._log)
        menu.setAccessibleName(tr("Message"))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction(self._copy)
        menu.addAction(self._copy_with_origin)
        menu.addAction(self._select_all)
        if message is not None:
            row = self._table.get(message.process)
            number = message.process
            name = tr("process {number}", number=number) if row is None else row.label
            menu.addSeparator()
            menu.addAction(tr("Show the whole line"), self._on_detail)
            select = add_entry(menu, tr("Select {name} in the tree", name=name))
            select.setIcon(icons.icon("reveal"))
            select.triggered.connect(self._on_reveal)
            menu.addSeparator()
            only = add_entry(menu, tr("Only messages of {name}", name=name))
            only.triggered.connect(self._on_only_process)
            stream = tr("Only {stream}", stream=message.stream.label)
            menu.addAction(stream, self._on_only_stream)
        menu.popup(position)

    @property
    def text_of_open_line(self) -> str:
        """The text of the line still being written that is selected; "" for none."""
        for row in self._log.model.rows:
            if row.selected and not row.message.id:
                return plain_text(row.message.raw)
        return ""

    def _on_copy(self) -> None:
        self.copy_requested.emit(False)

    def _on_copy_with_origin(self) -> None:
        self.copy_requested.emit(True)

    def _on_detail(self) -> None:
        self.detail_requested.emit(self._message)

    def _on_reveal(self) -> None:
        if self._message is not None:
            self.process_activated.emit(self._message.process)

    def _on_only_process(self) -> None:
        if self._message is not None:
            self.only_process_requested.emit(self._message.process)

    def _on_only_stream(self) -> None:
        if self._message is not None:
            stream: Stream = self._message.stream
            self.only_stream_requested.emit(stream)
