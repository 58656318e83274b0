"""The hint that lies over what is empty."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from spawnscope.core.translation import tr

from .overlay import Overlay
from .plain import Label
from .style import icons, theme

_ICON = 40


class EmptyHint(QWidget):
    """Why there is nothing to see, and what to do, under the icon `picture`, in the theme's colour
    for a `meaning`; a picture of another size than icons have says so. Emits `clear_clicked()`."""

    clear_clicked = Signal()

    def __init__(
        self,
        over: QWidget,
        picture: str = "messages",
        meaning: str = "faint",
        size: tuple[int, int] = (_ICON, _ICON),
    ) -> None:
        super().__init__(over)
        self._icon, self._meaning, self._size = picture, meaning, QSize(*size)
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
        self._clearable = False
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
            self._clearable = clearable
            self._draw()
            self._clear.setVisible(clearable)
            self._overlay.place()
        self.show()

    def changeEvent(self, event: QEvent) -> None:
        """The picture follows the colours of the desktop."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._shown[0]:
            self._draw()

    def _draw(self) -> None:
        icon = icons.icon("filter", "faint")
        size = QSize(_ICON, _ICON)
        if not self._clearable:
            icon, size = icons.icon(self._icon, self._meaning), self._size
        self._picture.setPixmap(icon.pixmap(size, self.devicePixelRatioF()))
