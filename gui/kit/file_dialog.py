"""The dialogs that ask for a file or a folder: each remembers where it was, over restarts."""

from __future__ import annotations

import os

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QHeaderView, QTreeView, QWidget

from spawnscope.core.translation import tr

PYTHON = "Python (*.py *.pyw *.pyz)"
_WIDTH, _HEIGHT = 820, 540  # px at 100 %


def file_dialog(
    parent: QWidget, title: str, purpose: str, *, folder: str = "", otherwise: str = ""
) -> QFileDialog:
    """A dialog that is gone when it is closed. It begins in `folder`, if that is given, else where
    the last one for the same `purpose` was left, else in `otherwise`."""
    settings = QSettings("spawnscope", "spawnscope")
    remembered = str(settings.value(f"folders/{purpose}", ""))
    places = (folder, remembered, otherwise)
    dialog = QFileDialog(parent, title, next(filter(os.path.isdir, places), os.getcwd()))
    dialog.accepted.connect(
        lambda: settings.setValue(f"folders/{purpose}", dialog.directory().absolutePath())
    )
    dialog.finished.connect(dialog.deleteLater)
    _make_room(dialog)
    return dialog


def _make_room(dialog: QFileDialog) -> None:
    """Qt's own dialog elides names of sessions in the middle, where they have their time. That of
    the desktop has no list of ours."""
    table = dialog.findChild(QTreeView, "treeView")
    if not isinstance(table, QTreeView):
        return
    room = dialog.screen().availableGeometry()
    dialog.resize(min(_WIDTH, room.width() * 9 // 10), min(_HEIGHT, room.height() * 9 // 10))
    header = table.header()
    header.setResizeContentsPrecision(0)  # what is in view
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)


def offer_files(dialog: QFileDialog, kind: str) -> None:
    """Show only the files of a kind, "Python (*.py)", and all if the user wants to."""
    everything = tr("All files")
    dialog.setNameFilters([kind, f"{everything} (*)"])


def save_dialog(
    parent: QWidget, title: str, purpose: str, name: str, formats: dict[str, str]
) -> QFileDialog:
    """The same for a file to be written. `name`: without its suffix; `formats`: the suffix of each
    format, by its title. A name without a suffix gets that of the format that is chosen."""
    dialog = file_dialog(parent, title, purpose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters([f"{each} (*{suffix})" for each, suffix in formats.items()])
    first = next(iter(formats.values()))
    dialog.selectFile(name + first)
    dialog.setDefaultSuffix(first)
    dialog.filterSelected.connect(
        lambda chosen: dialog.setDefaultSuffix(chosen.rpartition("*")[2].rstrip(")"))
    )
    return dialog


def chosen_format(dialog: QFileDialog) -> str:
    """The title of the format that is chosen in a `save_dialog`."""
    return dialog.selectedNameFilter().rpartition(" (")[0]
