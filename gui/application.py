"""The Qt application around one main window.

Everything here comes before the first paint. Two things are expensive in PySide6 and therefore
avoided until then: the name `Qt`, whose enumerations take as long to load as a whole module, and
setting a style that is in force anyway.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from .appearance import Appearance
from .main_window import MainWindow

if TYPE_CHECKING:
    from spawnscope.core.client.client import Client
    from spawnscope.core.vocabulary.launch_spec import LaunchSpec


def run_application(client: Client | None, spec: LaunchSpec | None, path: str | None) -> int:
    """Build the window, show it, serve it until it is closed."""
    QApplication.setDesktopFileName("spawnscope")
    application = QApplication([sys.argv[0]])
    application.setApplicationName("spawnscope")
    application.setApplicationDisplayName("Spawnscope")
    if application.style().name() != "fusion":
        application.setStyle("Fusion")
    window = MainWindow(Appearance(application), client, spec, path)
    window.show()
    status = application.exec()
    window.deleteLater()
    return status
