"""Opening a recorded session: in a window of its own, beside the one that is live."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QFileDialog, QWidget

from spawnscope.core.translation import tr

from ..kit.file_dialog import file_dialog, offer_files
from ..kit.plain import message_box

MAIN = Path(__file__).resolve().parents[2] / "main.py"


def choose_session(parent: QWidget, on_fault: Callable[[str], None]) -> None:
    """Ask for a file and open it; a file that is no session is said to be none."""
    import platformdirs

    folder = Path(platformdirs.user_data_dir("spawnscope")) / "sessions"
    dialog = file_dialog(parent, tr("Open a recorded session"), "session", otherwise=str(folder))
    kind = tr("Sessions")
    offer_files(dialog, f"{kind} (*.spawnscope)")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(lambda path: _open(parent, path, on_fault))
    dialog.open()


def _open(parent: QWidget, path: str, on_fault: Callable[[str], None]) -> None:
    from spawnscope.core.session.reader import SessionReader
    from spawnscope.core.session.session_error import SessionError

    try:
        SessionReader(path).close()
    except SessionError as error:
        message_box(parent, tr("Open a recorded session"), str(error), warning=True).open()
        return
    started, _ = QProcess.startDetached(sys.executable, [str(MAIN), "open", path])
    if not started:
        on_fault(tr("No window could be opened on '{path}'.", path=path))
