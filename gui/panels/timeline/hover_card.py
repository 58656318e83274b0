"""The card beside the pointer: what an operation or a message is."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QWidget

from spawnscope.core.printable import printable

from ...kit.markup import MarkupLabel, bold, joined, markup
from ...kit.style import theme
from ...kit.text.foreign import spoken

_AWAY = 14  # px between the pointer and the card
_WIDEST = 420
_LONGEST = 240  # characters of a line


class HoverCard(MarkupLabel):
    """Some lines of text over the timeline; the pointer passes through it."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setObjectName("hoverCard")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setWordWrap(True)
        self.lines: list[str] = []  # as plain text, for whoever cannot see
        self.hide()

    def show_lines(self, title: str, lines: list[str], at: QPoint) -> None:
        """Say this beside the point; the lines are plain text."""
        if [title, *lines] != self.lines:
            self.lines = [title, *lines]
            colors = theme.current()
            self.setStyleSheet(
                f"QLabel#hoverCard {{ background: {colors.raised}; color: {colors.text}; "
                f"border: 1px solid {colors.border}; border-radius: {theme.RADIUS}px; "
                f"padding: {theme.SPACE // 2 + 1}px {theme.SPACE}px; }}"
            )
            rest = joined(
                markup('<div style="color:{}">{}</div>', colors.muted, _short(line))
                for line in lines
            )
            self.tell(markup("<div>{}</div>{}", bold(_short(title)), rest))
            self.setFixedWidth(min(_WIDEST, self._natural_width()))
            self.adjustSize()
            self.setAccessibleName(spoken(title))
            self.setAccessibleDescription("\n".join(map(spoken, lines)))
        self._place(at)
        self.show()
        self.raise_()

    def _natural_width(self) -> int:
        metrics = self.fontMetrics()
        bold = self.font()
        bold.setBold(True)
        widths = [metrics.horizontalAdvance(_short(line)) for line in self.lines]
        widths[0] = round(widths[0] * 1.12)
        return max(widths) + 2 * theme.SPACE + 6

    def _place(self, at: QPoint) -> None:
        room = self._over.rect()
        size = self.size()
        x = at.x() + _AWAY
        if x + size.width() > room.right():
            x = at.x() - _AWAY - size.width()
        y = at.y() + _AWAY
        if y + size.height() > room.bottom():
            y = at.y() - _AWAY - size.height()
        self.setGeometry(QRect(QPoint(max(0, x), max(0, y)), size))


def _short(line: str) -> str:
    return " ".join(printable(line, _LONGEST).split())
