"""The choice between the four kinds of target."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from spawnscope.core.translation import mark, tr
from spawnscope.core.vocabulary.launch_spec import TargetKind

from ...kit.plain import set_tip
from ...kit.style import icons, theme

# What is on the button of each, what it is called, and what is said of it.
_KINDS = {
    TargetKind.SCRIPT: (mark("Script"), mark("Kind: script"), mark("A Python file")),
    TargetKind.MODULE: (mark("Module"), mark("Kind: module"), mark("A module, as with python -m")),
    TargetKind.FUNCTION: (
        mark("Function"),
        mark("Kind: function"),
        mark("A function of a module, called in a process of its own"),
    ),
    TargetKind.COMMAND: (mark("Command"), mark("Kind: command"), mark("Any program")),
}


class _KindButton(QToolButton):
    """Emits `chosen()` when it is pressed. The arrow keys, which only go past it, press nothing."""

    chosen = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pressed by the pointer."""
        super().mouseReleaseEvent(event)
        if self.rect().contains(event.position().toPoint()):
            self.chosen.emit()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Pressed by the keyboard."""
        super().keyReleaseEvent(event)
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Select):
            self.chosen.emit()


class KindSelector(QWidget):
    """Emits `kind_changed()`, and `chosen()` when the user has made a choice, if only of what it
    was already."""

    kind_changed = Signal()
    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self._buttons: dict[TargetKind, QToolButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE // 2)
        for kind, (title, name, explained) in _KINDS.items():
            button = _KindButton()
            button.chosen.connect(self.chosen)
            button.setText(tr(title))
            button.setIcon(icons.icon(kind.value))
            button.setIconSize(QSize(20, 20))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setCheckable(True)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setMinimumHeight(36)
            button.setAccessibleName(tr(name))
            set_tip(button, tr(explained))
            self._group.addButton(button)
            self._buttons[kind] = button
            layout.addWidget(button, 1)
        self._buttons[TargetKind.SCRIPT].setChecked(True)
        self._group.buttonToggled.connect(self._on_toggled)

    @property
    def kind(self) -> TargetKind:
        """The kind that is chosen."""
        return next(kind for kind, button in self._buttons.items() if button.isChecked())

    def set_kind(self, kind: TargetKind) -> None:
        """Choose a kind."""
        self._buttons[kind].setChecked(True)

    def _on_toggled(self, button: object, checked: bool) -> None:
        if checked:
            self.kind_changed.emit()
