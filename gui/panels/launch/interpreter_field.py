"""The field for the interpreter: free text, and the ones that a person probably means."""

from __future__ import annotations

import os

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QFileDialog

from spawnscope.core.printable import printable
from spawnscope.core.translation import tr

from ...kit.choice_box import ChoiceBox
from ...kit.file_dialog import file_dialog
from ...kit.text.foreign import tip
from ...kit.text_field import TextField
from .field import Field


class InterpreterField(Field):
    """A path, the folder of a virtual environment, a name on PATH, or nothing for the default."""

    def __init__(self) -> None:
        box, self._line_edit = ChoiceBox(), TextField()
        box.setEditable(True)
        box.setLineEdit(self._line_edit)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        super().__init__("interpreter", tr("&Interpreter"), box)
        self._box = box
        self._folder: str | None = None
        box.activated.connect(self._on_activated)
        browse = self.add_button("folder", tr("Browse for an interpreter"))
        browse.clicked.connect(self._on_browse_clicked)

    def path(self) -> str:
        """What a spec's `interpreter` is to be."""
        return self._box.currentText().strip()

    def set_path(self, path: str) -> None:
        """Show an interpreter."""
        self._box.setEditText(path)

    def offer(self, folder: str) -> None:
        """Offer the interpreters for a target in `folder`; what is typed stays."""
        if folder == self._folder:
            return
        self._folder = folder
        from spawnscope.core.launch.interpreter_choice import interpreter_choices

        typed, choices = self._box.currentText(), interpreter_choices(folder)
        with QSignalBlocker(self._box):
            self._box.clear()
            for choice in choices:
                text = f"{choice.description}: {choice.path}" if choice.path else choice.description
                place = self._box.count()
                self._box.addItem(printable(text), choice.path)
                self._box.setItemData(place, tip(text), Qt.ItemDataRole.ToolTipRole)
            self._box.setEditText(typed)
            self._line_edit.setPlaceholderText(printable(choices[0].description))

    def _on_activated(self, index: int) -> None:
        path = self._box.itemData(index)
        if path is not None:
            self._box.setEditText(path)

    def _on_browse_clicked(self) -> None:
        folder = os.path.dirname(self.path())
        dialog = file_dialog(self, tr("The interpreter"), "interpreter", folder=folder)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.set_path)
        dialog.open()
