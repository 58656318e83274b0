"""One row of the list: icon, title and a muted line, and a real button that starts it.

A widget, not a painted cell, so that a screen reader and every other client of the accessibility
interface finds the button under its name.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from spawnscope.core.printable import printable
from spawnscope.core.translation import tr

from ...kit.plain import set_tip
from ...kit.style import icons, theme
from .entry import Entry

_ICON = 18  # px at 100 %
_BUTTON = 28


class LaunchRow(QWidget):
    """Shows `entry`. Emits `start_asked(entry)`, at a click on the button or a double-click, and
    `pressed()` at any mouse press."""

    start_asked = Signal(object)
    pressed = Signal()

    def __init__(self, entry: Entry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current = False
        self._hovered = False
        self._running = 0
        self._small = QFont(self.font())
        self._small.setPointSizeF(max(self.font().pointSizeF() - 1, 6))
        self._button = QToolButton(self)
        self._button.setIcon(icons.icon("start", "good"))
        self._button.setIconSize(QSize(_ICON, _ICON))
        self._button.setAutoRaise(True)
        self._button.clicked.connect(self._on_start_clicked)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.set_current(False)
        self.set_entry(entry)

    def set_entry(self, entry: Entry) -> None:
        """Show another state of the same thing."""
        self.entry = entry
        self._title, self._summary = printable(entry.title), printable(entry.summary)
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(self._summary)
        set_tip(self, entry.tooltip)
        self._button.setAccessibleName(tr("Start {entry}", entry=self._title))
        set_tip(self._button, tr("Start {entry} (Return)", entry=self._title))
        self._button.setVisible(entry.spec is not None)
        self.update()

    def set_current(self, current: bool) -> None:
        """Whether this is the row that the keyboard acts on; only it is on the Tab chain."""
        self._current = current
        strong, click = Qt.FocusPolicy.StrongFocus, Qt.FocusPolicy.ClickFocus
        self.setFocusPolicy(strong if current else click)
        self._button.setFocusPolicy(strong if current else Qt.FocusPolicy.NoFocus)
        self.update()

    def set_enabled_to_launch(self, enabled: bool) -> None:
        """Whether the button can be pressed."""
        self._button.setEnabled(enabled)

    def set_running(self, count: int) -> None:
        """Show how many workers of it run now."""
        if count != self._running:
            self._running = count
            running = [tr("({count} running)", count=count)] if count else []
            self.setAccessibleDescription(" ".join([self._summary, *running]))
            self.update()

    def sizeHint(self) -> QSize:
        """Two lines of text, with air."""
        lines = self.fontMetrics().height() + QFontMetrics(self._small).height()
        return QSize(200, lines + theme.SPACE + 4)

    def resizeEvent(self, event: object) -> None:
        """The button keeps to the right edge."""
        right = self.width() - _BUTTON - theme.SPACE
        self._button.setGeometry(right, (self.height() - _BUTTON) // 2, _BUTTON, _BUTTON)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light up below the pointer."""
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """And go out."""
        self._hovered = False
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Become the current row."""
        self.pressed.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Start."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._on_start_clicked()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Background, icon, two lines."""
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self._current and self._list_has_focus()
        if self._current or self._hovered:
            strong = colors.selection if focused else colors.border
            painter.setBrush(theme.color(strong if self._current else colors.alternate))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setOpacity(1 if focused or not self._current else 0.55)
            painter.drawRoundedRect(self._plate(), theme.RADIUS, theme.RADIUS)
            painter.setOpacity(1)
        broken = self.entry.spec is None
        left = theme.SPACE * 2
        place = QRect(left, (self.height() - _ICON) // 2, _ICON, _ICON)
        icons.icon(self.entry.icon, "warning" if broken else "muted").paint(painter, place)

        left += _ICON + theme.SPACE + 2
        right = self.width() - (theme.SPACE if broken else _BUTTON + 2 * theme.SPACE)
        title, small = self.fontMetrics(), QFontMetrics(self._small)
        top = (self.height() - title.height() - small.height()) // 2
        line = QRect(left, top, right - left, title.height())
        if self._running:
            line.setRight(line.right() - self._paint_badge(painter, line, small) - theme.SPACE // 2)
        text = colors.selection_text if focused else colors.text
        painter.setPen(theme.color(text))
        painter.drawText(line, 0, title.elidedText(
            self._title, Qt.TextElideMode.ElideRight, line.width()
        ))  # fmt: skip
        line = QRect(left, top + title.height(), right - left, small.height())
        painter.setFont(self._small)
        muted = colors.text if focused else colors.muted
        painter.setPen(theme.color(colors.bad if broken else muted))
        painter.drawText(line, 0, small.elidedText(
            self._summary, Qt.TextElideMode.ElideRight, line.width()
        ))  # fmt: skip

    def _paint_badge(self, painter: QPainter, line: QRect, small: QFontMetrics) -> int:
        """The number of running workers at the right end of `line`; returns its width."""
        colors = theme.current()
        text = str(self._running)
        width = max(small.horizontalAdvance(text) + theme.SPACE, line.height())
        place = QRect(line.right() - width, line.top() + 1, width, line.height() - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(colors.born))
        painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)
        painter.setPen(theme.color(colors.text))
        painter.save()
        painter.setFont(self._small)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()
        return width

    def _plate(self) -> QRect:
        half = theme.SPACE // 2
        return self.rect().adjusted(half, 1, -half, -1)

    def _list_has_focus(self) -> bool:
        return self.hasFocus() or self._button.hasFocus()

    def focusInEvent(self, event: object) -> None:
        """The colour of the current row says where the keyboard is."""
        self.update()

    focusOutEvent = focusInEvent

    def _on_start_clicked(self) -> None:
        if self.entry.spec is not None and self._button.isEnabled():
            self.start_asked.emit(self.entry)
