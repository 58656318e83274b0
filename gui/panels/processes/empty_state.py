"""What stands in the free space of the tree when there is nothing to show yet."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QTreeView, QWidget

from ...kit.style import theme
from ...kit.style.icons import icon

_ICON = 48


class EmptyState(QWidget):
    """An icon, a heading and a line of advice, centred; the pointer passes through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._icon = "play"
        self._heading = ""
        self._advice = ""
        self.hide()

    @property
    def heading(self) -> str:
        """The heading shown."""
        return self._heading

    def say(self, icon_name: str, heading: str, advice: str) -> None:
        """Set what is shown."""
        if (icon_name, heading, advice) != (self._icon, self._heading, self._advice):
            self._icon, self._heading, self._advice = icon_name, heading, advice
            self.setAccessibleName(heading)
            self.setAccessibleDescription(advice)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        font = self.font()
        heading_font = self.font()
        heading_font.setPointSizeF(font.pointSizeF() * 1.25)
        heading_font.setBold(True)
        line = self.fontMetrics().height()
        height = _ICON + 2 * theme.SPACE + 4 * line
        top = max(theme.SPACE, (self.height() - height) // 2)
        middle = self.width() // 2
        with_icon = self.height() > height
        if with_icon:
            place = QRect(middle - _ICON // 2, top, _ICON, _ICON)
            icon(self._icon, "accent").paint(painter, place)
            top += _ICON + 2 * theme.SPACE
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        words = int(flags) | int(Qt.TextFlag.TextWordWrap)
        painter.setFont(heading_font)
        painter.setPen(theme.color(colors.text))
        inner = QRect(theme.SPACE * 2, top, self.width() - theme.SPACE * 4, line * 2)
        painter.drawText(inner, words, self._heading)
        painter.setFont(font)
        painter.setPen(theme.color(colors.muted))
        inner.translate(0, int(line * 1.25) + theme.SPACE)
        inner.setHeight(line * 3)
        painter.drawText(inner, words, self._advice)
        painter.end()

    def sizeHint(self) -> QSize:
        return QSize(300, 200)


def free_space(tree: QTreeView) -> QRect:
    """The part of the viewport below the last row."""
    model = tree.model()
    last = model.index(model.rowCount() - 1, 0)
    while last.isValid() and tree.isExpanded(last) and model.rowCount(last):
        last = model.index(model.rowCount(last) - 1, 0, last)
    top = tree.visualRect(last).bottom() + 1 if last.isValid() else 0
    viewport = tree.viewport()
    return QRect(0, top, viewport.width(), max(0, viewport.height() - top))
