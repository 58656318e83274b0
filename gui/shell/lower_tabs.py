"""The lower half of the window: one of several panels, chosen by tabs.

A panel is made when it is first shown, and knows by being hidden that it need not work.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from spawnscope.core.translation import tr

from ..kit.badge import Badge
from ..kit.plain import set_tab_tip
from ..kit.style import theme
from ..kit.style.icons import icon


class LowerTabs(QWidget):
    """Tabs over a stack of panels. Emits shown(int): the panel at this place is in front now."""

    shown = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._makers: list[Callable[[], QWidget] | None] = []
        self._titles: list[str] = []
        self._tips: list[str] = []
        self._pictures: list[str] = []
        self._badges: dict[int, Badge] = {}
        self.bar = QTabBar()
        self.bar.setAccessibleName(tr("Panels"))
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setIconSize(QSize(14, 14))
        self.bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.bar.currentChanged.connect(self._on_current_changed)
        self._stack = QStackedWidget()
        head = QFrame()
        head.setProperty("tabHead", True)
        row = QHBoxLayout(head)
        row.setContentsMargins(theme.SPACE // 2, 0, theme.SPACE, 0)
        row.addWidget(self.bar)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(self._stack, 1)

    def add(self, title: str, picture: str, make: Callable[[], QWidget], tip: str) -> None:
        """One more tab, whose panel `make` brings up when it is first shown; Ctrl+1, Ctrl+2 ...
        go to it."""
        place = len(self._makers)
        keys = f"Ctrl+{place + 1}"
        self._makers.append(make)
        self._pictures.append(picture)
        self._titles.append(title)
        self._tips.append(f"{tip} ({keys})")
        self._stack.addWidget(QWidget())
        self.bar.addTab(icon(picture, "muted"), title)
        set_tab_tip(self.bar, place, self._tips[place])
        action = QAction(title, self)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda: self._on_key(place))
        self.addAction(action)

    def show_place(self, place: int) -> None:
        """Bring a panel to the front."""
        self.bar.setCurrentIndex(place)

    def set_title(self, place: int, title: str) -> None:
        """Name a tab anew."""
        if self._titles[place] != title:
            self._titles[place] = title
            self._fit()

    def set_badge(self, place: int, count: int, meaning: str) -> None:
        """A figure beside the title, on the theme's colour for a meaning; 0: none."""
        badge = self._badges.pop(place, None)
        if not count and badge is None:
            return
        side = QTabBar.ButtonPosition.RightSide
        if not count:
            self.bar.setTabButton(place, side, None)
        else:
            self._badges[place] = shown = badge or Badge()
            shown.tell(f"{count:,}", meaning)
            if badge is None:  # Qt hides one that is there already
                self.bar.setTabButton(place, side, shown)
            else:  # and asks for its size only when it lays the tabs out anew
                self.bar.setTabText(place, self.bar.tabText(place))
        self.bar.setTabIcon(place, icon(self._pictures[place], meaning if count else "muted"))
        title = self._titles[place]
        self.bar.setAccessibleTabName(place, f"{title} ({count:,})" if count else title)
        self._fit()

    @property
    def place(self) -> int:
        """The panel in front."""
        return self.bar.currentIndex()

    def make_all(self) -> None:
        """Make the panels that were not shown yet, without showing them."""
        for place in range(len(self._makers)):
            self._make(place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is no room for all titles, only the one in front has words; its tooltip names
        each of the others."""
        self._write(range(len(self._titles)))
        if self.isVisible() and self.bar.sizeHint().width() > self.width() - theme.SPACE * 3 // 2:
            self._write((self.place,))
        self.bar.updateGeometry()

    def _write(self, places: Collection[int]) -> None:
        """These tabs have words."""
        for at, title in enumerate(self._titles):
            shown = title if at in places else ""
            if self.bar.tabText(at) != shown:
                self.bar.setTabText(at, shown)
            tip = self._tips[at] if shown else f"{title}: {self._tips[at]}"
            if self.bar.tabToolTip(at) != tip:
                set_tab_tip(self.bar, at, tip)

    def _on_key(self, place: int) -> None:
        """Who comes by the keyboard goes on with it there."""
        self.show_place(place)
        panel = self._stack.currentWidget()
        if panel is not None:
            panel.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _make(self, place: int) -> None:
        make, self._makers[place] = self._makers[place], None
        if make is not None:
            stand_in = self._stack.widget(place)
            self._stack.insertWidget(place, make())
            if stand_in is not None:
                self._stack.removeWidget(stand_in)
                stand_in.deleteLater()

    def _on_current_changed(self, place: int) -> None:
        self._make(place)
        self._stack.setCurrentIndex(place)
        self._fit()
        self.shown.emit(place)
