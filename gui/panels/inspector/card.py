"""A card: a title, perhaps buttons beside it, and below that what it has to say."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ...kit.plain import Label
from ...kit.rich_label import RichLabel
from ...kit.style import theme
from ...kit.style.icons import icon

_PICTURE = 15  # px at 100 %


class Card(QFrame):
    """Emits process_linked(int), object_linked(int) and finding_linked(int) when a link in it is
    followed. `body` takes widgets, `head` takes buttons."""

    process_linked = Signal(int)
    object_linked = Signal(int)
    finding_linked = Signal(int)

    def __init__(self, title: str, picture: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspectorCard")
        self.setAccessibleName(title)
        self._picture = Label()
        self._icon = icon(picture, "muted")
        self._title = Label(text=title)
        self._title.setProperty("heading", True)
        self._note = Label()
        self._note.setProperty("muted", True)
        self.head = QHBoxLayout()
        self.head.setSpacing(theme.SPACE - 1)
        self.head.addWidget(self._picture)
        self.head.addWidget(self._title)
        self.head.addWidget(self._note)
        self.head.addStretch(1)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.SPACE)
        layout = QVBoxLayout(self)
        side = theme.SPACE * 3 // 2
        layout.setContentsMargins(side, theme.SPACE + 2, side, side)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(self.head)
        layout.addLayout(self.body)
        self.restyle()

    @property
    def title(self) -> str:
        """What stands above it."""
        return self._title.text()

    def set_title(self, title: str, note: str = "") -> None:
        """Name it anew, with a note in grey."""
        if title != self._title.text():
            self._title.setText(title)
            self.setAccessibleName(title)
        if note != self._note.text():
            self._note.setText(note)

    def add_text(self) -> RichLabel:
        """One more text with links."""
        label = RichLabel()
        self.connect_links(label)
        self.body.addWidget(label)
        return label

    def connect_links(self, label: RichLabel) -> None:
        """Pass on the links of a text."""
        label.process_linked.connect(self.process_linked)
        label.object_linked.connect(self.object_linked)
        label.finding_linked.connect(self.finding_linked)

    def restyle(self) -> None:
        """The theme may have changed."""
        colors = theme.current()
        sheet = (
            f"QFrame#inspectorCard {{ background: {colors.base}; border: 1px solid {colors.border};"
            f" border-radius: {theme.RADIUS + 2}px; }}"
        )
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)
        size = QSize(_PICTURE, _PICTURE)
        self._picture.setPixmap(self._icon.pixmap(size, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.restyle()
