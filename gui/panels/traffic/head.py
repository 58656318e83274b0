"""The bar over the shared objects: how many there are, and how they are ordered."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from spawnscope.core.translation import tr

from ...kit.controls import tool_button
from ...kit.elided import ElidedLabel
from ...kit.plain import Label
from ...kit.style import theme


class TrafficHead(QFrame):
    """Emits grouped_toggled(bool), lost_toggled(bool) when the user asks for groups by type or for
    the order "where time is lost", and fold_all_asked(bool)."""

    grouped_toggled = Signal(bool)
    lost_toggled = Signal(bool)
    fold_all_asked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panelHead", True)
        self._title = Label(self)
        self._title.setProperty("heading", True)
        self._aside = ElidedLabel(self)
        self._aside.setProperty("muted", True)
        self.lost = self._switch(
            "hourglass", tr("Where time is lost"),
            tr(
                "Put first what threads wait for most: in the last ten seconds while its run goes "
                "on, else in all"
            ),
        )  # fmt: skip
        together = tr("Put objects of a type together")
        self.grouped = self._switch("group", tr("Group by type"), together)
        fold, unfold = tr("Fold all groups"), tr("Unfold all groups")
        self.fold = tool_button(self, "collapse-all", fold, fold)
        self.unfold = tool_button(self, "expand-all", unfold, unfold)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE, 2, theme.SPACE // 2, 2)
        row.setSpacing(2)
        row.addWidget(self._title)
        row.addSpacing(theme.SPACE)
        row.addWidget(self._aside, 1)
        for button in (self.lost, self.grouped, self.fold, self.unfold):
            row.addWidget(button)
        self.lost.clicked.connect(self.lost_toggled)
        self.grouped.clicked.connect(self.grouped_toggled)
        self.fold.clicked.connect(lambda: self.fold_all_asked.emit(True))
        self.unfold.clicked.connect(lambda: self.fold_all_asked.emit(False))

    def tell(self, title: str, aside: str) -> None:
        """What is shown; `aside`: what is remarkable about it."""
        if (title, aside) != (self._title.text(), self._aside.text()):
            self._title.setText(title)
            self._aside.setText(aside)

    def tell_order(self, *, grouped: bool, lost: bool) -> None:
        """How the objects are ordered now."""
        self.grouped.setChecked(grouped)
        self.lost.setChecked(lost)
        self.fold.setEnabled(grouped)
        self.unfold.setEnabled(grouped)

    def _switch(self, picture: str, name: str, tip: str) -> QToolButton:
        button = tool_button(self, picture, name, tip, checkable=True)
        button.setText(name)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button
