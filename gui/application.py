"""The Qt application around one main window.

Everything here comes before the first paint. Some things are expensive in PySide6 and therefore
avoided until then: the name `Qt`, whose enumerations take as long to load as a whole module; the
application's style as an object (it is chosen by its variable instead); a painter on a widget.
"""

from __future__ import annotations

import os
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
    os.environ["QT_STYLE_OVERRIDE"] = "fusion"
    application = QApplication([sys.argv[0]])
    del os.environ["QT_STYLE_OVERRIDE"]  # what we start is not to inherit our taste
    application.setApplicationName("spawnscope")
    application.setApplicationDisplayName("Spawnscope")
    window = MainWindow(Appearance(application), client, spec, path)
    window.show()
    status = application.exec()
    window.deleteLater()
    return status
