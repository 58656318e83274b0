"""The line above a section: its title, how many rows it has, and the fold."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from spawnscope.core.translation import mark, tr

from ...kit.plain import set_tip
from ...kit.style import icons, theme

_CHEVRON = 14  # px at 100 %


class SectionHeader(QAbstractButton):
    """Checked while the section is open."""

    KEYS = ((mark("Left, Right"), mark("Fold, unfold a section")),)

    def __init__(self, title: str) -> None:
        super().__init__()
        self._count = ""
        self._hovered = False
        self.setText(title)
        self.setCheckable(True)
        self.setChecked(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._describe)
        self._describe()

    def set_count(self, count: str) -> None:
        """The number at the right end."""
        if count != self._count:
            self._count = count
            self._describe()
            self.update()

    def sizeHint(self) -> QSize:
        """One line, with more air above than below."""
        return QSize(200, self.fontMetrics().height() + theme.SPACE * 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left folds, Right unfolds; Up and Down are the list's."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.setChecked(event.key() == Qt.Key.Key_Right)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light up below the pointer."""
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """And go out."""
        self._hovered = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Chevron, title, count; a frame while the keyboard is here."""
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(theme.color(colors.accent))
            half = theme.SPACE // 2
            painter.drawRoundedRect(
                self.rect().adjusted(half, half, -half - 1, -2), theme.RADIUS, theme.RADIUS
            )
        line = self.rect().adjusted(theme.SPACE * 2, theme.SPACE // 2, -theme.SPACE * 2, 0)
        place = QRect(line.left(), line.center().y() - _CHEVRON // 2 + 1, _CHEVRON, _CHEVRON)
        name = "chevron-down" if self.isChecked() else "chevron"
        icons.icon(name, "text" if self._hovered else "muted").paint(painter, place)
        painter.setPen(theme.color(colors.muted))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, self._count)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(theme.color(colors.text))
        # The titles of rows begin where this one does.
        line.setLeft(line.left() + 18 + theme.SPACE + 2)
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, self.text())

    def _describe(self) -> None:
        state, does = (
            (tr("open"), tr("Fold this section"))
            if self.isChecked()
            else (tr("folded"), tr("Unfold this section"))
        )
        self.setAccessibleName(", ".join(filter(None, (self.text(), self._count, state))))
        set_tip(self, does)
