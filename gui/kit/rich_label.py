"""Text with links that can be selected; it stays as it is while somebody has selected in it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from .links import parse_link
from .markup import NOTHING, Markup, MarkupLabel


class RichLabel(MarkupLabel):
    """Emits process_linked(int), object_linked(int) and finding_linked(int) when a link is
    followed."""

    process_linked = Signal(int)
    object_linked = Signal(int)
    finding_linked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.setOpenExternalLinks(False)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        # A long word must not make the whole page wider.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.linkActivated.connect(self._on_link)
        self._markup = NOTHING

    @property
    def markup(self) -> Markup:
        """What it says, also while the text on screen is kept for a selection."""
        return self._markup

    def tell(self, text: Markup) -> None:
        """Say this."""
        self._markup = text
        if text != self.text() and not self.hasSelectedText():
            super().tell(text)

    def _on_link(self, target: str) -> None:
        kind, number = parse_link(target)
        if kind == "process":
            self.process_linked.emit(number)
        elif kind == "object":
            self.object_linked.emit(number)
        elif kind == "finding":
            self.finding_linked.emit(number)
