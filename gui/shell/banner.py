"""A strip above the panels that says one thing, and offers one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from spawnscope.core.translation import tr

from ..kit.plain import Label, set_tip
from ..kit.style import icons, theme


class Banner(QFrame):
    """Hidden until there is something to say. Emits dismissed() when the user closes it."""

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._meaning = "bad"
        self._do: Callable[[], None] | None = None
        self._icon = Label()
        self._text = Label(wraps=True)
        self._action = QPushButton()
        self._action.clicked.connect(self._on_action)
        self._close = QToolButton()
        self._close.setIcon(icons.icon("close"))
        self._close.setAccessibleName(tr("Dismiss the notice"))
        set_tip(self._close, tr("Dismiss"))
        self._close.clicked.connect(self.clear)
        self._close.clicked.connect(self.dismissed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.SPACE * 2, theme.SPACE // 2, theme.SPACE, theme.SPACE // 2)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._action)
        layout.addWidget(self._close)
        self.setAutoFillBackground(True)
        self.hide()

    def show_problem(
        self, sentence: str, action: str = "", do: Callable[[], None] | None = None
    ) -> None:
        """Something went wrong; `action` is the text of a button that calls `do`."""
        self._show("bad", sentence, action, do)

    def show_waiting(self, sentence: str, hint: str) -> None:
        """Something takes its time."""
        self._show("accent", f"{sentence}  {hint}", "", None)

    def clear(self) -> None:
        """Nothing to say any more."""
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the colours of the desktop."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():
            self._tint()

    def _show(
        self, meaning: str, sentence: str, action: str, do: Callable[[], None] | None
    ) -> None:
        self._meaning = meaning
        self._do = do
        self._text.setText(sentence)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._tint()
        self.show()

    def _tint(self) -> None:
        colors = theme.current()
        name = "warning" if self._meaning == "bad" else "clock"
        self._icon.setPixmap(icons.icon(name, self._meaning).pixmap(16, 16))
        background = colors.died if self._meaning == "bad" else colors.selection
        palette = self.palette()
        if palette.color(QPalette.ColorRole.Window) != theme.color(background):
            palette.setColor(QPalette.ColorRole.Window, theme.color(background))
            self.setPalette(palette)

    def _on_action(self) -> None:
        if self._do is not None:
            self._do()
