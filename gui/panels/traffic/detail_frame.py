"""What frames the pages about an object: its name, tabs, filters, the strip with the verdict."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from spawnscope.core.translation import tr

from ...kit.controls import tool_button
from ...kit.empty_hint import EmptyHint
from ...kit.plain import Label, set_tip
from ...kit.style import theme
from .operation_filter_bar import OperationFilterBar
from .wait_strip import WaitStrip

OPERATIONS, PROCESSES, LINES = range(3)  # the places of the tabs
_TITLES = (tr("Operations"), tr("Per process"), tr("Lines of code"))
_WIDE = 1080  # px from which on the filters stand beside the tabs
_NAME = 120  # px at 100 %, the name of the object


class DetailFrame(QWidget):
    """The pages come by `add_pages`. It emits nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filters = OperationFilterBar(self)
        self.strip = WaitStrip(self)
        self.heading = Label(self)
        self.heading.setProperty("heading", True)
        self.heading.setFixedWidth(_NAME)  # so that the tabs stand still
        self.count = Label(self)
        self.count.setProperty("muted", True)
        self.tabs = QTabBar(self)
        self.tabs.setAccessibleName(tr("What is shown of the object"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.tabs.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for title in _TITLES:
            self.tabs.addTab(title)
        self.split_button = tool_button(
            self, "balance", tr("How does the wait split?"),
            tr("How does the wait split? Who waits for whom, and what would help"), checkable=True,
        )  # fmt: skip
        self.split_button.setChecked(True)
        self._has_row = True  # the filters have a row of their own
        self._filters_wanted = False
        self._stack = QStackedWidget(self)
        self._hints: list[EmptyHint] = []
        self._lay_out()

    @property
    def hint(self) -> EmptyHint:
        """What stands over the page in front while that is empty."""
        return self._hints[self.tabs.currentIndex()]

    def add_pages(self, *pages: QAbstractItemView) -> None:
        """The tables behind the tabs, in their order."""
        for page in pages:
            self._stack.addWidget(page)
            self._hints.append(EmptyHint(page.viewport(), "traffic"))
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)

    def show_name(self, name: str, tip: str) -> None:
        """Name the object, shortened where it must be."""
        metrics = self.heading.fontMetrics()
        self.heading.setText(metrics.elidedText(name, Qt.TextElideMode.ElideRight, _NAME - 4))
        set_tip(self.heading, tip)

    def show_filters(self, wanted: bool) -> None:
        """Whether there is something to filter."""
        self._filters_wanted = wanted
        self._place_filters()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_filters()

    def _place_filters(self) -> None:
        """Beside the tabs where there is room, else in a row of their own."""
        has_row = self._filters_wanted and self.width() < _WIDE
        if has_row != self._has_row:
            self._has_row = has_row
            row: QBoxLayout = self._filter_layout if has_row else self._head_row
            place = 0 if has_row else row.indexOf(self.split_button)
            row.insertWidget(place, self.filters)
            row.insertWidget(2 if has_row else place + 1, self.count)
        self._filter_row.setVisible(has_row)
        self.filters.setVisible(self._filters_wanted)

    def _lay_out(self) -> None:
        head = QFrame(self)
        head.setProperty("panelHead", True)
        self._head_row = QHBoxLayout(head)
        self._head_row.setContentsMargins(theme.SPACE, 0, theme.SPACE // 2, 0)
        self._head_row.setSpacing(theme.SPACE)
        self._head_row.addWidget(self.heading)
        self._head_row.addWidget(self.tabs)
        self._head_row.addStretch(1)
        self._head_row.addWidget(self.split_button)
        self._filter_row = QFrame(self)
        self._filter_row.setProperty("panelHead", True)
        self._filter_layout = QHBoxLayout(self._filter_row)
        self._filter_layout.setContentsMargins(theme.SPACE, 3, theme.SPACE, 3)
        self._filter_layout.addWidget(self.filters)
        self._filter_layout.addStretch(1)
        self._filter_layout.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.strip)
        column.addWidget(self._filter_row)
        column.addWidget(self._stack, 1)
