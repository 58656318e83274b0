"""A field of the form: its label, its editor, and below it what is wrong or worth knowing."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from spawnscope.core.translation import tr

from ...kit.plain import Label, set_tip
from ...kit.style import icons, theme
from ...kit.text.foreign import spoken


class Field(QWidget):
    """Emits `edited()` at every change that the user makes in `editor`."""

    edited = Signal()

    def __init__(self, name: str, label: str, editor: QWidget, hint: str = "") -> None:
        super().__init__()
        self.name = name
        self.editor = editor
        self._hint = hint
        self._bad = False
        self._label = Label(text=label)
        self._label.setBuddy(editor)
        self._label.setVisible(bool(label))
        self._said = Label(wraps=True)
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._line = QHBoxLayout()
        self._line.setSpacing(theme.SPACE // 2)
        self._line.addWidget(editor, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE // 2)
        layout.addWidget(self._label)
        layout.addLayout(self._line)
        layout.addWidget(self._said)
        if not editor.accessibleName():
            editor.setAccessibleName(label.replace("&", ""))
        self._listen(editor)
        self.clear()

    @property
    def fault(self) -> str:
        """The sentence that is shown about the value; "" when there is none."""
        return self._said.text() if self._said.property("isFault") else ""

    def set_label(self, label: str) -> None:
        """Call the field otherwise."""
        self._label.setText(label)
        self._label.setVisible(bool(label))
        self.editor.setAccessibleName(label.replace("&", ""))

    def set_hint(self, hint: str) -> None:
        """What is said while nothing is wrong."""
        self._hint = hint
        if not self.fault:
            self.clear()

    def add_button(self, icon: str, name: str) -> QToolButton:
        """A button at the end of the editor."""
        button = QToolButton()
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(18, 18))
        button.setAccessibleName(name)
        set_tip(button, name)
        self._line.addWidget(button)
        return button

    def clear(self) -> None:
        """Nothing is wrong."""
        self._say(self._hint, "muted", fault=False)
        self._outline(False)

    def show_fault(self, sentence: str) -> None:
        """The value cannot be: in red, with the editor outlined."""
        self._say(sentence, "bad", fault=True)
        self._outline(True)

    def show_doubt(self, sentence: str) -> None:
        """The value will not work on this machine as it is now."""
        all_the_same = tr("It can be saved all the same.")
        self._say(f"{sentence} {all_the_same}", "warning", fault=True)
        self._outline(False)

    def _say(self, sentence: str, meaning: str, fault: bool) -> None:
        self._said.setProperty("isFault", fault)
        self._said.setText(sentence)
        self._said.setVisible(bool(sentence))
        palette = self._said.palette()
        color = theme.color(getattr(theme.current(), meaning))
        palette.setColor(self._said.foregroundRole(), color)
        self._said.setPalette(palette)
        self.editor.setAccessibleDescription(spoken(sentence))

    def _outline(self, bad: bool) -> None:
        if bad == self._bad:
            return
        self._bad = bad
        self.editor.setProperty("fault", "true" if bad else "false")
        self.editor.style().unpolish(self.editor)
        self.editor.style().polish(self.editor)

    def _listen(self, editor: QWidget) -> None:
        if isinstance(editor, (QLineEdit, QPlainTextEdit)):
            editor.textChanged.connect(self.edited)
        elif isinstance(editor, QComboBox):
            editor.currentTextChanged.connect(self.edited)
        elif isinstance(editor, (QSpinBox, QDoubleSpinBox)):
            editor.valueChanged.connect(self.edited)
        elif isinstance(editor, QCheckBox):
            editor.toggled.connect(self.edited)
