"""The Qt application around one main window.

Everything here comes before the first paint. Some things are expensive in PySide6 and therefore
avoided until then: the name `Qt`, whose enumerations take as long to load as a whole module; the
application's style as an object (it is chosen by its variable instead); a painter on a widget.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from .appearance import Appearance
from .main_window import MainWindow

if TYPE_CHECKING:
    from spawnscope.core.client.client import Client
    from spawnscope.core.vocabulary.launch_spec import LaunchSpec


_CLOSING_SECONDS = 5  # for Qt to close the window, and for Python to end
_STANDING_MS = 3000
_CUT_SHORT = "spawnscope: The window was cut short; whatever it had launched is being ended."


def run_application(client: Client | None, spec: LaunchSpec | None, path: str | None) -> int:
    """Build the window, show it, serve it until it is closed."""
    # Until the window listens to signals, each ends it: a KeyboardInterrupt would only come when
    # Qt calls into Python, and go no further than there.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    QApplication.setDesktopFileName("spawnscope")
    os.environ["QT_STYLE_OVERRIDE"] = "fusion"
    application = QApplication([sys.argv[0]])
    del os.environ["QT_STYLE_OVERRIDE"]  # what we start is not to inherit our taste
    application.setApplicationName("spawnscope")
    application.setApplicationDisplayName("Spawnscope")  # untranslated: our name
    window = MainWindow(Appearance(application), client, spec, path)
    # From then on nothing is lost, and nobody is to wait for a display that hangs.
    window.closing.connect(lambda: signal.alarm(_CLOSING_SECONDS))
    window.show()
    # By then the panels stand, and last as long as we do: who looks through them for garbage
    # several times a minute takes a tenth of all the time that a watching window needs.
    QTimer.singleShot(_STANDING_MS, gc.freeze)
    status = application.exec()
    if not window.let_go():
        # The display has gone, say: nothing of Qt can be taken down in order any more.
        print(_CUT_SHORT, file=sys.stderr, flush=True)
        os._exit(status or 1)
    window.deleteLater()
    return status
