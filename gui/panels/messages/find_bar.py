"""The bar for finding: what to look for, to and fro, how many there are."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from spawnscope.core.translation import mark, tr

from ...kit.controls import show_fault, toggle_in, tool_button
from ...kit.plain import Label
from ...kit.style import theme
from ...kit.text_field import TextField

TYPING_MILLISECONDS = 120


class FindBar(QFrame):
    """Emits `search_edited()`, `step_wished(backwards)` and `closed()`."""

    KEYS = (
        (mark("Return, Shift+Return"), mark("Next hit, previous hit")),
        ("Escape", mark("Find no more")),  # untranslated: a key
    )
    search_edited = Signal()
    step_wished = Signal(bool)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panelHead", True)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MILLISECONDS)
        self._typing.timeout.connect(self.search_edited)
        self.field = TextField(self, tr("Find in the messages shown"))
        self.field.setAccessibleName(tr("Find in the messages shown"))
        self.field.add_picture("search")
        self.field.add_clear()
        self._regex = toggle_in(self.field, "regex", tr("Regular expression"))
        self._case = toggle_in(self.field, "case", tr("Match case"))
        for switch in (self._regex, self._case):
            switch.toggled.connect(self._on_edited_at_once)
        self.field.textChanged.connect(self._typing.start)
        self._previous = tool_button(
            self, "arrow-up", tr("Previous hit"), tr("Previous hit (Shift+F3, Shift+Return)")
        )
        self._previous.clicked.connect(lambda: self.step_wished.emit(True))
        self._next = tool_button(self, "arrow-down", tr("Next hit"), tr("Next hit (F3, Return)"))
        self._next.clicked.connect(lambda: self.step_wished.emit(False))
        self._label = Label(self)
        self._label.setProperty("muted", True)
        self._label.setMinimumWidth(190)
        self._close = tool_button(self, "dismiss", tr("Close the find bar"), tr("Close (Esc)"))
        self._close.clicked.connect(self.closed)
        layout = QHBoxLayout(self)
        half = theme.SPACE // 2
        layout.setContentsMargins(theme.SPACE, half, theme.SPACE, half)
        layout.setSpacing(half)
        layout.addWidget(self.field, 1)
        layout.addWidget(self._previous)
        layout.addWidget(self._next)
        layout.addWidget(self._label)
        layout.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        return self.field.text()

    @property
    def case(self) -> bool:
        return self._case.isChecked()

    @property
    def regex(self) -> bool:
        return self._regex.isChecked()

    @property
    def status(self) -> str:
        """What the bar says about the search."""
        return self._label.text()

    def show_status(self, text: str) -> None:
        """How many hits there are, and which one is shown."""
        if text != self._label.text():
            self._label.setText(text)

    def show_fault(self, sentence: str) -> None:
        """Say at the field what is wrong; "" when nothing is."""
        show_fault(self.field, sentence)

    def open_with(self, text: str = "") -> None:
        """Show the bar, ready to type; `text` replaces what was looked for before."""
        if text and text != self.field.text():
            with QSignalBlocker(self.field):
                self.field.setText(text)
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        if self.field.text():
            self.search_edited.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._typing.isActive():
                self._on_edited_at_once()
            else:
                self.step_wished.emit(bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def _on_edited_at_once(self) -> None:
        self._typing.stop()
        self.search_edited.emit()
