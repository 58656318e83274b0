"""A strip at the foot of the panel: why nothing was started, or what was just done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QToolButton, QWidget

from spawnscope.core.translation import tr

from ...kit.passing import Passing
from ...kit.plain import Label, set_tip
from ...kit.style import icons, theme
from ...kit.text.foreign import spoken


class Notice(QWidget):
    """Hidden until there is something to say; goes when it is dismissed or overtaken, and, unless
    it is a fault, by itself after a while."""

    def __init__(self) -> None:
        super().__init__()
        self._fault = False
        self._do: Callable[[], None] | None = None
        self._built = False
        self._passing = Passing(self, self.clear)
        self.setAccessibleName(tr("Notice of the Launch panel"))
        self.hide()

    @property
    def text(self) -> str:
        """What is said now; "" while hidden."""
        return self._text.text() if not self.isHidden() else ""

    def show_fault(self, text: str, action: str = "", do: Callable[[], None] | None = None) -> None:
        """Something stands in the way; `action` names a button that calls `do`."""
        self._show(True, text, action, do)

    def show_word(self, text: str, action: str = "", do: Callable[[], None] | None = None) -> None:
        """Something is under way, or was done."""
        self._show(False, text, action, do)

    def clear(self) -> None:
        """Say nothing."""
        self.hide()
        self._passing.stop()
        self._do = None

    def paintEvent(self, event: QPaintEvent) -> None:
        """The tint, in the colours of the moment."""
        colors = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(colors.died if self._fault else colors.selection))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colours of the desktop."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._built:
            self._draw_icon()

    def _build(self) -> None:
        """At the first word: the window's first paint does without these parts."""
        self._built = True
        self._icon = Label()
        self._text = Label(wraps=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._text.setAccessibleName(tr("Notice"))
        self._action = QPushButton()
        self._action.clicked.connect(self._on_action_clicked)
        self._close = QToolButton()
        self._close.setIcon(icons.icon("close", "muted"))
        self._close.setAccessibleName(tr("Dismiss the notice"))
        set_tip(self._close, tr("Dismiss"))
        self._close.clicked.connect(self.clear)
        layout = QGridLayout(self)
        layout.setContentsMargins(theme.SPACE * 2, theme.SPACE, theme.SPACE, theme.SPACE)
        layout.setHorizontalSpacing(theme.SPACE)
        layout.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._text, 0, 1)
        layout.addWidget(self._close, 0, 2, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._action, 1, 1, Qt.AlignmentFlag.AlignLeft)
        layout.setColumnStretch(1, 1)

    def _show(self, fault: bool, text: str, action: str, do: Callable[[], None] | None) -> None:
        if not self._built:
            self._build()
        self._fault = fault
        self._do = do
        self._text.setText(text)
        self._text.setAccessibleDescription(spoken(text))
        self._action.setText(action)
        self._action.setAccessibleName(action)
        self._action.setVisible(bool(action))
        self._draw_icon()
        self.show()
        self.update()
        if fault:
            self._passing.stop()
        else:
            self._passing.begin(offering=bool(action))

    def _draw_icon(self) -> None:
        name, meaning = ("warning", "bad") if self._fault else ("outcome", "accent")
        self._icon.setPixmap(icons.icon(name, meaning).pixmap(16, 16))

    def _on_action_clicked(self) -> None:
        do = self._do
        self.clear()
        if do is not None:
            do()
