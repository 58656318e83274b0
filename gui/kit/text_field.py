"""A line to type in, as every panel has it.

It empties with a button that is there only while there is something to empty, and takes no drops:
a file that is dropped on the window is meant for the window, and Qt's fields would take it away
from where it lay.
"""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from spawnscope.core.translation import tr

from .plain import set_tip
from .style import icons


class TextField(QLineEdit):
    """It emits what QLineEdit does."""

    def __init__(self, parent: QWidget | None = None, placeholder: str = "") -> None:
        super().__init__(parent)
        self.setAcceptDrops(False)
        self.setPlaceholderText(placeholder)

    def add_picture(self, name: str) -> None:
        """An icon at the left end, which says what the field is for."""
        self.addAction(icons.icon(name, "muted"), QLineEdit.ActionPosition.LeadingPosition)

    def add_clear(self, tip: str = "") -> None:
        """The button that empties the field, at the right end."""
        tip = tip or tr("Empty the field")
        # Qt's own asks the desktop's icon theme, over D-Bus, with threads; and keeps its place.
        clear = self.addAction(
            icons.icon("dismiss", "muted"), QLineEdit.ActionPosition.TrailingPosition
        )
        clear.setText(tip)
        set_tip(clear, tip)
        clear.setVisible(bool(self.text()))
        clear.triggered.connect(self.clear)
        self.textChanged.connect(lambda text: clear.setVisible(bool(text)))
