"""The row of buttons over the tree. Where it gets narrow, words give way to icons."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QToolButton, QWidget

from ...style import theme

_FIELD_LEAST = 170  # px at 100 %
_FIELD_GOOD = 230  # what words on buttons leave to it
_FIELD_MOST = 340
_ICON_ONLY = Qt.ToolButtonStyle.ToolButtonIconOnly
_WITH_TEXT = Qt.ToolButtonStyle.ToolButtonTextBesideIcon


class Toolbar(QFrame):
    """Buttons at the left, a field and more buttons at the right.

    Each button has a rank: the lower, the longer it keeps its words.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("panelHead", True)
        self._ranks: list[tuple[int, QToolButton]] = []
        self._widest: dict[QToolButton, str] = {}
        self._gaps = 0
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(theme.SPACE, 4, theme.SPACE, 4)
        self._layout.setSpacing(2)

    def add_button(self, action: QAction, rank: int, widest: str = "") -> QToolButton:
        """A button for `action`. `widest`: the longest text it will ever have, if that changes,
        so that the other buttons keep still."""
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setIconSize(QSize(16, 16))
        button.setToolButtonStyle(_ICON_ONLY)
        button.setAccessibleName(action.text())
        if widest:
            self._widest[button] = widest
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._layout.addWidget(button)
        self._ranks.append((rank, button))
        return button

    def add_menu_button(self, action: QAction, menu: QMenu, rank: int) -> QToolButton:
        """A button that opens a menu at once."""
        button = self.add_button(action, rank)
        if action.menu() is not menu:
            button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def add_gap(self) -> None:
        """A little air between groups."""
        self._layout.addSpacing(theme.SPACE)
        self._gaps += theme.SPACE

    def add_field(self, field: QLineEdit) -> None:
        """The field that takes up the spare width."""
        self._layout.addStretch(1)
        field.setMinimumWidth(_FIELD_LEAST)
        field.setMaximumWidth(_FIELD_MOST)
        self._layout.addWidget(field, 4)

    def fit(self) -> None:
        """Choose which buttons show their words."""
        metrics = self.fontMetrics()
        narrow = 16 + 2 * (theme.SPACE // 2) + 4
        spare = self.width() - 2 * theme.SPACE - self._gaps - _FIELD_GOOD - theme.SPACE
        spare -= len(self._ranks) * (narrow + self._layout.spacing())
        for _rank, button in sorted(self._ranks, key=lambda pair: pair[0]):
            text = self._widest.get(button) or button.text()
            words = metrics.horizontalAdvance(text) + theme.SPACE
            spare -= words
            style = _WITH_TEXT if spare >= 0 else _ICON_ONLY
            if button.toolButtonStyle() is not style:
                button.setToolButtonStyle(style)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
