"""The Qt application around one main window: colours, signals of the system, the exit status."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from .main_window import MainWindow
from .style import icons, sheet, theme

if TYPE_CHECKING:
    from spawnscope.core.client.client import Client
    from spawnscope.core.vocabulary.launch_spec import LaunchSpec


def run_application(client: Client | None, spec: LaunchSpec | None, path: str | None) -> int:
    """Build the window, show it, serve it until it is closed."""
    QGuiApplication.setDesktopFileName("spawnscope")
    application = QApplication([sys.argv[0]])
    application.setApplicationName("spawnscope")
    application.setApplicationDisplayName("Spawnscope")
    application.setStyle("Fusion")
    appearance = Appearance(application)
    application.setWindowIcon(icons.picture("spawnscope"))
    window = MainWindow(appearance, client, spec, path)
    quit_signals = SystemSignals(window)
    window.show()
    status = application.exec()
    quit_signals.close()
    window.deleteLater()
    return status


class Appearance(QObject):
    """Light, dark, or as the desktop has it; remembered. Called from the window's menu."""

    CHOICES = ("system", "light", "dark")

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self.choice = str(QSettings("spawnscope", "spawnscope").value("appearance", "system"))
        if self.choice not in self.CHOICES:
            self.choice = "system"
        self._apply()
        application.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    def choose(self, choice: str) -> None:
        """Take one of CHOICES from now on."""
        self.choice = choice
        QSettings("spawnscope", "spawnscope").setValue("appearance", choice)
        self._apply()

    def _on_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        if self.choice == "system":
            self._apply()

    def _apply(self) -> None:
        dark = self.choice == "dark" or (self.choice == "system" and theme.follows_dark_desktop())
        chosen = theme.DARK if dark else theme.LIGHT
        self._application.setPalette(theme.palette(chosen))
        self._application.setStyleSheet(sheet.style_sheet(chosen))


class SystemSignals(QObject):
    """SIGINT and SIGTERM close the window as a click would, so nothing is left behind."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        import socket

        self._window = window
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._theirs.setblocking(False)
        signal.set_wakeup_fd(self._theirs.fileno())
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, frame: None)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal)

    def close(self) -> None:
        """Take no more signals."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        self._ours.close()
        self._theirs.close()

    def _on_signal(self) -> None:
        self._ours.recv(64)
        QTimer.singleShot(0, self._window.close)
