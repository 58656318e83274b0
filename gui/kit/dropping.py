"""Files dropped on us are read where they lie: the drop is a copy, whatever the other side offers.

A drop that is taken as a move lets the file manager delete the file.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QDropEvent


def dropped_files(event: QDropEvent) -> list[str]:
    """The local files that are dragged or dropped."""
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]


def take_a_copy(event: QDropEvent) -> None:
    """Welcome what is dragged or dropped; refuse it where it cannot be copied."""
    if event.possibleActions() & Qt.DropAction.CopyAction:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
    else:
        event.ignore()
