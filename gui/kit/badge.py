"""A small figure on a coloured ground, beside a title."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QWidget

from .plain import Label
from .style import theme


class Badge(Label):
    """It emits what QLabel does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("badge")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._meaning = "muted"

    def tell(self, text: str, meaning: str) -> None:
        """Show this, on the theme's colour for a meaning."""
        self._meaning = meaning
        self._dress()
        self.setText(text)
        self.adjustSize()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        colors = theme.current()
        sheet = (
            f"QLabel#badge {{ background: {getattr(colors, self._meaning)}; color: {colors.base};"
            " border-radius: 7px; padding: 0 5px; font-weight: 600; min-width: 6px; }"
        )
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)
