"""The head of the page: who it is, how it is, what it uses, and the command line."""

from __future__ import annotations

import shlex

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from spawnscope.core.printable import printable
from spawnscope.core.translation import tr

from ...kit.controls import tool_button
from ...kit.elided import ElidedLabel
from ...kit.fonts import LogFonts
from ...kit.links import process_link
from ...kit.markup import escaped, joined, markup, muted
from ...kit.plain import Label
from ...kit.process_look import ROLE_ICONS
from ...kit.rich_label import RichLabel
from ...kit.style import theme
from ...kit.style.icons import icon
from ...kit.text_field import TextField
from .source import Look
from .text import facts, lifetime_text, state_text
from .usage import UsageFigures

_PICTURE = 22  # px at 100 %
_LONGEST = 4000  # characters of a command line
_GAP = "\N{NO-BREAK SPACE}" * 5 + " "


class Header(QFrame):
    """Emits process_linked(int)."""

    process_linked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspectorHeader")
        self._look: Look | None = None
        self._command = ""  # whole; the field shows as much of it as can be read
        self._picture = Label()
        self.name = ElidedLabel()
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.name.setMinimumWidth(1)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.35)
        font.setWeight(QFont.Weight.DemiBold)
        self.name.setFont(font)
        self.state = Label()
        self.state.setObjectName("statePill")
        self.state.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.lifetime = Label()
        self.lifetime.setProperty("muted", True)
        self.usage = UsageFigures()
        self.facts = RichLabel()
        self.facts.process_linked.connect(self.process_linked)
        self.command = TextField()
        self.command.setReadOnly(True)
        self.command.setFont(LogFonts(self.font()).shaped)
        self.command.setAccessibleName(tr("Command line"))
        copy = tr("Copy the command line")
        self.copy = tool_button(self, "copy", copy, copy)
        self.copy.clicked.connect(self._on_copy)
        self._lay_out()

    def show_look(self, look: Look) -> None:
        """Show this."""
        self._look = look
        found = look.inspection
        row = found.row
        self.name.setText(row.label)
        text, meaning = state_text(found, look.is_stuck)
        self.state.setText(text)
        self._paint_state(meaning)
        self.lifetime.setText(lifetime_text(found))
        picture = icon(ROLE_ICONS[row.role], "muted" if found.is_live else "faint")
        size = QSize(_PICTURE, _PICTURE)
        self._picture.setPixmap(picture.pixmap(size, self.devicePixelRatioF()))
        cells = [(name, escaped(value)) for name, value in facts(found)]
        if found.parent is not None:
            cells.append((tr("Parent"), process_link(found.parent, found.parent.number)))
        if found.worker is not None and found.worker is not found.parent:
            cells.append((tr("Worker"), process_link(found.worker, found.worker.number)))
        pieces = [
            markup("<span>{}&nbsp;&nbsp;{}</span>", muted(name), value) for name, value in cells
        ]
        self.facts.tell(joined(pieces, _GAP))
        self._command = shlex.join(row.cmdline)
        command = printable(self._command, _LONGEST)
        if command != self.command.text():
            self.command.setText(command)
            self.command.setCursorPosition(0)
        self.command.setVisible(bool(command))
        self.copy.setVisible(bool(command))
        self.usage.show_samples(look)
        self._fold()

    def restyle(self) -> None:
        """The theme may have changed."""
        colors = theme.current()
        self.command.setStyleSheet(
            f"QLineEdit {{ background: {colors.window}; border-color: {colors.border}; "
            f"color: {colors.text}; }}"
        )
        if self._look is not None:
            self.show_look(self._look)

    def _paint_state(self, meaning: str) -> None:
        colors = theme.current()
        ink = getattr(colors, meaning)
        tint = theme.color(ink)
        sheet = (
            f"QLabel#statePill {{ color: {ink}; border-radius: 8px; "
            f"background: rgba({tint.red()}, {tint.green()}, {tint.blue()}, 30); "
            "padding: 1px 9px 2px 9px; font-weight: 600; }"
        )
        if sheet != self.state.styleSheet():
            self.state.setStyleSheet(sheet)

    def _fold(self) -> None:
        """Where it is narrow, the figures go below the name."""
        needed = self._who.sizeHint().width() + self.usage.sizeHint().width() + theme.SPACE * 2
        directions = QBoxLayout.Direction
        fits = needed <= self.width()
        direction = directions.LeftToRight if fits else directions.TopToBottom
        if self._first.direction() != direction:
            self._first.setDirection(direction)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._command)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.restyle()

    def _lay_out(self) -> None:
        who = QHBoxLayout()
        who.setSpacing(theme.SPACE + 2)
        for widget in (self._picture, self.name, self.state, self.lifetime):
            who.addWidget(widget)
        who.addStretch(1)
        self._who = who
        first = self._first = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        first.addLayout(who, 1)
        first.addWidget(self.usage)
        last = QHBoxLayout()
        last.setSpacing(theme.SPACE // 2)
        last.addWidget(self.command, 1)
        last.addWidget(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(first)
        layout.addWidget(self.facts)
        layout.addLayout(last)
        self.restyle()
