"""The row of buttons over the tree. Where it gets narrow, words give way to icons, and where it
gets narrower still, the buttons that are least needed to a menu."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QToolButton, QWidget

from spawnscope.core.translation import tr

from ...kit.plain import set_tip
from ...kit.style import theme
from ...kit.style.icons import icon

_FIELD_LEAST = 150  # px at 100 %
_BUTTONS_LEAST = 7  # that are seen however narrow it is
_FIELD_GOOD = 230  # what words on buttons leave to it
_FIELD_MOST = 340
_ICON_ONLY = Qt.ToolButtonStyle.ToolButtonIconOnly
_WITH_TEXT = Qt.ToolButtonStyle.ToolButtonTextBesideIcon


class Toolbar(QFrame):
    """Buttons at the left, a field and more buttons at the right.

    Each button has a rank: the lower, the longer it keeps its words, and its place. What has lost
    its place is in the menu at the right end.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("panelHead", True)
        self._ranks: list[tuple[int, QToolButton]] = []
        self._widest: dict[QToolButton, str] = {}
        self._menus: dict[QToolButton, QMenu] = {}
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
        self._menus[button] = menu
        return button

    def add_rest(self) -> None:
        """The menu of what has no room; to be added last."""
        self.rest = QToolButton(self)
        self.rest.setIcon(icon("more"))
        self.rest.setIconSize(QSize(16, 16))
        self.rest.setAccessibleName(tr("More"))
        set_tip(self.rest, tr("What has no room here"))
        self.rest.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.rest.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.rest)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(self._fill_rest)
        self.rest.setMenu(menu)
        self.rest.hide()
        self._layout.addWidget(self.rest)

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
        """Choose which buttons are seen, and which of them show their words."""
        metrics = self.fontMetrics()
        each = self._narrow() + self._layout.spacing()
        room = self.width() - 3 * theme.SPACE - self._gaps - theme.SPACE
        places = (room - _FIELD_LEAST) // each
        if places < len(self._ranks):
            places = max(places - 1, _BUTTONS_LEAST)  # one is for the menu
        self.rest.setVisible(places < len(self._ranks))
        by_rank = sorted(self._ranks, key=lambda pair: pair[0])
        for place, (_rank, button) in enumerate(by_rank):
            button.setVisible(place < places)
        spare = room - _FIELD_GOOD - len(self._ranks) * each
        for _rank, button in by_rank:
            text = self._widest.get(button) or button.text()
            words = metrics.horizontalAdvance(text) + theme.SPACE
            spare -= words
            style = _WITH_TEXT if spare >= 0 else _ICON_ONLY
            if button.toolButtonStyle() is not style:
                button.setToolButtonStyle(style)

    def minimumSizeHint(self) -> QSize:
        """Room for the field, a few buttons and the menu."""
        width = (_BUTTONS_LEAST + 1) * (self._narrow() + self._layout.spacing())
        return QSize(
            width + _FIELD_LEAST + 3 * theme.SPACE + self._gaps, super().minimumSizeHint().height()
        )

    def _narrow(self) -> int:
        return 16 + 2 * (theme.SPACE // 2) + 4

    def _fill_rest(self) -> None:
        menu = self.rest.menu()
        for action in menu.actions():  # clear() would delete some: they are not the menu's own
            menu.removeAction(action)
        for _rank, button in self._ranks:
            if button.isHidden():
                action = button.defaultAction()
                if button in self._menus and action.menu() is None:
                    menu.addMenu(self._menus[button]).setText(action.text())
                else:
                    menu.addAction(action)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
