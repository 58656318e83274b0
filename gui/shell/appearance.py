"""Light, dark, or as the desktop has it; remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings
from PySide6.QtGui import QPalette

from ..kit.style import sheet, theme

if TYPE_CHECKING:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

CHOICES = ("system", "light", "dark")


class Appearance:
    """The colours of the application. The window's menu calls `choose`."""

    def __init__(self, application: QApplication) -> None:
        self._application = application
        # Qt's own palette is dark on a dark desktop; it is looked at before we set ours.
        self._desktop_is_dark = _is_dark(application.palette())
        self._settings = QSettings("spawnscope", "spawnscope")
        self.choice = str(self._settings.value("appearance", "system"))
        if self.choice not in CHOICES:
            self.choice = "system"
        self._apply()

    def follow_desktop(self) -> None:
        """Change with the desktop from now on."""
        self._application.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    def choose(self, choice: str) -> None:
        """Take one of CHOICES from now on."""
        self.choice = choice
        self._settings.setValue("appearance", choice)
        self._apply()

    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        self._desktop_is_dark = scheme.name == "Dark"
        if self.choice == "system":
            self._apply()

    def _apply(self) -> None:
        dark = self.choice == "dark" or (self.choice == "system" and self._desktop_is_dark)
        chosen = theme.DARK if dark else theme.LIGHT
        self._application.setPalette(theme.palette(chosen))
        self._application.setStyleSheet(sheet.style_sheet(chosen))


def _is_dark(palette: QPalette) -> bool:
    return palette.color(QPalette.ColorRole.Window).lightness() < 128
