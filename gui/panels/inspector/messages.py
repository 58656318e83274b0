"""The card with the last lines that the process wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QPushButton

from spawnscope.core.translation import tr, trn
from spawnscope.core.vocabulary.events import Stream

from ...kit.fonts import LogFonts
from ...kit.markup import escaped
from ...kit.plain import set_tip
from ...kit.style import theme
from ...kit.text.clock import Clock
from ...kit.text.line import render
from .card import Card
from .tail import MOST

if TYPE_CHECKING:
    from spawnscope.core.vocabulary.message import Message

_LINES = 11  # that are in view at most
_LONGEST = 600  # characters of a line


class MessagesCard(Card):
    """Emits messages_requested() when all of them are asked for."""

    messages_requested = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Messages"), "messages")
        self.button = QPushButton(tr("Show all"))
        self.button.setAutoDefault(False)
        set_tip(self.button, tr("Show this process's messages in the Messages tab"))
        self.button.clicked.connect(self.messages_requested)
        self.head.addWidget(self.button)
        self._kept: list[Message] = []
        self.log = QPlainTextEdit()
        self.log.setReadOnly(True)
        self.log.setFrameShape(QFrame.Shape.NoFrame)
        self.log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.log.setFont(LogFonts(self.font()).shaped)
        self.log.setMaximumBlockCount(MOST)
        self.log.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.log.setAccessibleName(tr("The last messages"))
        self.log.setTabChangesFocus(True)
        self.nothing = self.add_text()
        self.body.addWidget(self.log)
        self.clear()

    def clear(self) -> None:
        """Another process: nothing is known yet."""
        self._kept = []
        self.log.clear()
        self._settle()

    def grow(self, messages: list[Message]) -> None:
        """These were written, too."""
        self._kept = (self._kept + messages)[-MOST:]
        bar = self.log.verticalScrollBar()
        follows = bar.value() >= bar.maximum() - 1
        self._write(messages)
        self._settle()
        if follows:
            bar.setValue(bar.maximum())

    def restyle(self) -> None:
        """The theme may have changed."""
        super().restyle()
        if hasattr(self, "log"):
            colors = theme.current()
            self.log.setStyleSheet(
                f"QPlainTextEdit {{ background: {colors.window}; border: none; "
                f"border-radius: {theme.RADIUS}px; padding: 4px 6px; }}"
            )
            self.log.clear()
            self._write(self._kept)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "log"):
            self.log.setFont(LogFonts(self.font()).shaped)
            self._settle()

    def _write(self, messages: list[Message]) -> None:
        colors = theme.current()
        inks = {Stream.STDERR: colors.bad, Stream.SPAWNSCOPE: colors.warning}
        cursor = QTextCursor(self.log.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        clock = Clock()
        time_format, text_format = QTextCharFormat(), QTextCharFormat()
        time_format.setForeground(QColor(colors.muted))
        for message in messages:
            if not self.log.document().isEmpty():
                cursor.insertBlock()
            text_format.setForeground(QColor(inks.get(message.stream, colors.text)))
            cursor.insertText(clock.text(message.time_ns) + "  ", time_format)
            text = render(message.raw).text
            cursor.insertText(text if len(text) <= _LONGEST else text[:_LONGEST] + "…", text_format)
        cursor.endEditBlock()

    def _settle(self) -> None:
        count = len(self._kept)
        last = trn("the last {count}", "the last {count}", count) if count > 1 else ""
        self.set_title(tr("Messages"), last)
        self.nothing.tell(escaped("" if count else tr("It has written nothing.")))
        self.nothing.setVisible(not count)
        self.log.setVisible(bool(count))
        self.button.setVisible(bool(count))
        line = self.log.fontMetrics().lineSpacing()
        self.log.setFixedHeight(line * min(max(count, 2), _LINES) + 26)
