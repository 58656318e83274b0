"""The slim line below the tree: how the last termination went, as a sentence."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from spawnscope.core.translation import tr

from ...kit.passing import Passing
from ...kit.plain import Label, set_tip
from ...kit.style import theme
from ...kit.style.icons import icon
from ...kit.text.foreign import spoken


class OutcomeLine(QFrame):
    """Shows one sentence until the next one comes or the user closes it; one of which nothing went
    wrong leaves by itself after a while."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outcome")
        self._sentence = ""
        self._bad = False
        self._icon = Label(self)
        self._text = Label(self)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setMinimumWidth(1)
        close = QToolButton(self)
        close.setIcon(icon("dismiss", "muted"))
        close.setIconSize(QSize(12, 12))
        set_tip(close, tr("Close this line"))
        close.setAccessibleName(tr("Close the outcome line"))
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.SPACE, 2, theme.SPACE // 2, 2)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(close)
        self._passing = Passing(self, self.hide)
        self.hide()

    @property
    def sentence(self) -> str:
        """What the line says."""
        return self._sentence

    def tell(self, sentence: str, bad: bool = False) -> None:
        """Show a sentence; `bad`: something went wrong."""
        self._sentence = spoken(sentence)
        self._bad = bad
        self._text.setAccessibleName(tr("Outcome: {sentence}", sentence=self._sentence))
        set_tip(self._text, self._sentence)
        self._color()
        self.show()
        self._elide()
        if bad:
            self._passing.stop()
        else:
            self._passing.begin()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self._sentence:
            self._color()
        super().changeEvent(event)

    def _elide(self) -> None:
        self._text.setText(
            self._text.fontMetrics().elidedText(
                self._sentence, Qt.TextElideMode.ElideRight, max(40, self._text.width())
            )
        )

    def _color(self) -> None:
        meaning = "bad" if self._bad else "muted"
        picture = icon("trouble" if self._bad else "outcome", meaning)
        self._icon.setPixmap(picture.pixmap(QSize(14, 14), self.devicePixelRatioF()))
        ink = theme.current().bad if self._bad else theme.current().text
        sheet = f"color: {ink};"
        if self._text.styleSheet() != sheet:
            self._text.setStyleSheet(sheet)
