"""The hint that lies over what is empty."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from spawnscope.core.translation import tr

from .overlay import Overlay
from .plain import Label
from .style import icons, theme

_ICON = 40


class EmptyHint(QWidget):
    """Why there is nothing to see, and what to do, under the icon `picture`. Emits
    `clear_clicked()`."""

    clear_clicked = Signal()

    def __init__(self, over: QWidget, picture: str = "messages") -> None:
        super().__init__(over)
        self._icon = picture
        self._picture = Label(self)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title = Label(self)
        self._title.setProperty("heading", True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text = Label(self)
        self._text.setProperty("muted", True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._clear = QPushButton(tr("Clear the filter"), self)
        self._clear.clicked.connect(self.clear_clicked)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.SPACE)
        for widget in (self._picture, self._title, self._text):
            layout.addWidget(widget)
        layout.addWidget(self._clear, 0, Qt.AlignmentFlag.AlignCenter)
        self._overlay = Overlay(self, over, centered=True)
        self._shown = ("", "")
        self.hide()

    @property
    def title(self) -> str:
        return self._title.text()

    def show_hint(self, title: str, text: str, *, clearable: bool) -> None:
        """Say this; `clearable` offers to clear the filter. "" hides the hint."""
        if not title:
            self.hide()
            return
        if (title, text) != self._shown:
            self._shown = (title, text)
            self._title.setText(title)
            self._text.setText(text)
            icon = "filter" if clearable else self._icon
            self._picture.setPixmap(icons.icon(icon, "faint").pixmap(QSize(_ICON, _ICON)))
            self._clear.setVisible(clearable)
            self._overlay.place()
        self.show()
