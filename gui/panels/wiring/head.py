"""The bar over the picture: what it shows in a line, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from spawnscope.core.translation import tr

from ...kit.controls import tool_button
from ...kit.elided import ElidedLabel
from ...kit.plain import Label
from ...kit.style import theme


class WiringHead(QFrame):
    """Emits parents_toggled(bool) and ended_toggled(bool) when the user switches them, and
    zoomed_in(), zoomed_out(), fit_asked(), arrange_asked(), save_asked()."""

    parents_toggled = Signal(bool)
    ended_toggled = Signal(bool)
    zoomed_in = Signal()
    zoomed_out = Signal()
    fit_asked = Signal()
    arrange_asked = Signal()
    save_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("panelHead", True)
        self._title = ElidedLabel(self)
        self._title.setProperty("heading", True)
        self._aside = ElidedLabel(self)
        self._aside.setProperty("muted", True)
        self.parents = self._switch(
            "family", tr("Parents"), tr("Show who started whom, and processes that share nothing")
        )
        self.ended = self._switch("ended", tr("Ended"), tr("Show processes that have ended"))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE, 4, theme.SPACE, 4)
        row.setSpacing(2)
        row.addWidget(self._title)
        row.addSpacing(theme.SPACE)
        row.addWidget(self._aside)
        row.addStretch(1)
        row.addWidget(self.parents)
        row.addWidget(self.ended)
        row.addSpacing(theme.SPACE)
        self._zoom = Label(self)
        self._zoom.setProperty("muted", True)
        for picture, name, tip, signal in (
            ("zoom-out", tr("Zoom out"), tr("Zoom out (Ctrl+-, or the wheel)"), self.zoomed_out),
            ("zoom-in", tr("Zoom in"), tr("Zoom in (Ctrl++, or the wheel)"), self.zoomed_in),
            ("fit", tr("Fit"), tr("Show all of it (F)"), self.fit_asked),
            ("arrange", tr("Lay out anew"), tr("Lay out anew: place all nodes again"),
             self.arrange_asked),
            ("save", tr("Save the picture"), tr("Save the picture as SVG or PNG (Ctrl+S)"),
             self.save_asked),
        ):  # fmt: skip
            if picture == "arrange":
                row.addWidget(self._zoom)
                row.addSpacing(theme.SPACE)
            button = tool_button(self, picture, name, tip)
            button.clicked.connect(signal)
            row.addWidget(button)
        self._zoom.setMinimumWidth(self.fontMetrics().horizontalAdvance("100 %") + theme.SPACE)
        self.parents.clicked.connect(self.parents_toggled)
        self.ended.clicked.connect(self.ended_toggled)

    def tell(self, title: str, aside: str) -> None:
        """What the picture shows; `aside`: what it does not."""
        if self._title.text() != title:
            self._title.setText(title)
        if self._aside.text() != aside:
            self._aside.setText(aside)

    def tell_zoom(self, zoom: float) -> None:
        """How large it is shown; 1 is 100 %."""
        self._zoom.setText(f"{zoom * 100:.0f} %")

    def _switch(self, picture: str, name: str, tip: str) -> QToolButton:
        button = tool_button(self, picture, name, tip, checkable=True)
        button.setText(name)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button
