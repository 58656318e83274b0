"""One message as a whole: the line in full length, who wrote it, and when exactly."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.message import CONTINUES, REWRITTEN, UNTERMINATED

from ...kit.plain import Label, set_tip
from ...kit.style import theme
from ...kit.text.clock import Clock
from ...kit.text.foreign import window_title
from ...kit.text.level import recognize
from ...kit.text.line import plain_text

if TYPE_CHECKING:
    from PySide6.QtGui import QFont

    from spawnscope.core.session.message_query import MessageFilter
    from spawnscope.core.session.reader import SessionReader
    from spawnscope.core.vocabulary.message import Message

MAX_CHARACTERS = 200_000  # what a text view still shows without a noticeable wait
_PATIENCE_SECONDS = 0.15  # for the other pieces of a long line


def whole_line(reader: SessionReader | None, message: Message) -> tuple[bytes, bool]:
    """(the line that `message` is a piece of, whether that is all of it). Of a very long line,
    this piece and what is near it, MAX_CHARACTERS bytes or a little more."""
    if reader is None or not message.id:
        return message.raw, True
    from spawnscope.core.session.message_query import MessageFilter

    own = MessageFilter(frozenset((message.process,)), frozenset((message.stream,)))
    deadline = time.monotonic() + _PATIENCE_SECONDS
    pieces = [message.raw]
    size = len(message.raw)
    begun = False
    for piece in _others(reader, own, message.id - 1, deadline, backwards=True):
        begun = piece is None or not piece.flags & CONTINUES
        if piece is None or begun or size >= MAX_CHARACTERS:
            break
        pieces.insert(0, piece.raw)
        size += len(piece.raw)
    ended = not message.flags & CONTINUES
    if not ended:
        for piece in _others(reader, own, message.id + 1, deadline, backwards=False):
            if piece is None or size >= MAX_CHARACTERS:
                break
            pieces.append(piece.raw)
            size += len(piece.raw)
            ended = not piece.flags & CONTINUES
            if ended:
                break
    return b"".join(pieces), begun and ended


def _others(
    reader: SessionReader, own: MessageFilter, start_id: int, deadline: float, *, backwards: bool
) -> Iterator[Message | None]:
    """What the same process wrote by the same stream before or after, nearest first; then None.
    Ends without it when that takes too long."""
    from spawnscope.core.session.message_query import find

    if start_id >= 1:
        for hit in find(reader.messages, own, start_id, backwards):
            if hit is not None:
                yield from reader.messages.page(hit, 1)
            elif time.monotonic() > deadline:
                return
    yield None


class MessageDetail(QDialog):
    """Shows one message; stays open beside the log while others are looked at."""

    def __init__(self, font: QFont, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(window_title(tr("Message")))
        self._facts = Label(self)
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._facts.setProperty("muted", True)
        self._notes = Label(self)
        self._notes.setWordWrap(True)
        self._notes.setProperty("muted", True)
        self._view = QPlainTextEdit(self)
        self._view.setReadOnly(True)
        self._view.setFont(font)
        self._view.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self._view.setAccessibleName(tr("The whole line"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        for button in buttons.buttons():
            button.setIcon(QIcon())
        copy = buttons.addButton(tr("Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        set_tip(copy, tr("Copy the line to the clipboard"))
        copy.clicked.connect(self._on_copy_clicked)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.SPACE)
        for widget in (self._facts, self._view, self._notes, buttons):
            layout.addWidget(widget)
        self.resize(760, 380)

    @property
    def text(self) -> str:
        return self._view.toPlainText()

    @property
    def facts(self) -> str:
        return self._facts.text()

    @property
    def notes(self) -> str:
        return self._notes.text()

    def show_message(self, message: Message, process: str, reader: SessionReader | None) -> None:
        """Show `message`, written by `process`."""
        raw, complete = whole_line(reader, message)
        text = plain_text(raw[: MAX_CHARACTERS * 4])
        notes = []
        if len(text) > MAX_CHARACTERS:
            text, complete = text[:MAX_CHARACTERS], False
        if not complete:
            notes.append(
                tr(
                    "The line is longer than what is shown here; save the messages to have all of "
                    "it."
                )
            )
        if message.flags & UNTERMINATED:
            notes.append(tr("The process ended, or paused for good, before it finished this line."))
        if message.flags & REWRITTEN:
            notes.append(tr("Earlier states of this line were overwritten, as by a progress bar."))
        if not message.id:
            notes.append(tr("The process is still writing this line."))
        number = tr("message {number}", number=format(message.id, ",")) if message.id else ""
        self._facts.setText(
            "   ".join(
                fact
                for fact in (
                    Clock.exact(message.time_ns),
                    process,
                    message.stream.label,
                    recognize(text[:400]).level.name.lower().replace("none", ""),
                    number,
                )
                if fact
            )
        )
        self._notes.setText(" ".join(notes))
        self._notes.setVisible(bool(notes))
        self._view.setPlainText(text)
        self.show()
        self.raise_()
        self.activateWindow()
        self._view.setFocus()

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._view.toPlainText())
