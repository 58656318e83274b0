"""Small controls that the bars of this panel share."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from .plain import set_tip
from .style import icons

ICON_SIZE = 16  # px at 100 %


def tool_button(
    parent: QWidget, icon: str, name: str, tip: str, *, checkable: bool = False
) -> QToolButton:
    """A button with an icon; `name` is what a screen reader says, `tip` what a pointer shows."""
    button = QToolButton(parent)
    button.setIcon(icons.icon(icon))
    button.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
    button.setAccessibleName(name)
    set_tip(button, tip)
    button.setCheckable(checkable)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def toggle_in(field: QLineEdit, icon: str, text: str) -> QAction:
    """A switch at the right end of a text field; its icon takes the accent while it is on."""
    action = field.addAction(icons.icon(icon, "muted"), QLineEdit.ActionPosition.TrailingPosition)
    action.setCheckable(True)
    action.setText(text)
    set_tip(action, text)
    action.toggled.connect(lambda on: action.setIcon(icons.icon(icon, "accent" if on else "muted")))
    return action


def shortcut_action(
    owner: QWidget, text: str, keys: str | QKeySequence.StandardKey, icon: str = ""
) -> QAction:
    """An action of `owner` whose keys work while the focus is inside it."""
    action = QAction(text, owner)
    if keys:
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    if icon:
        action.setIcon(icons.icon(icon))
    owner.addAction(action)
    return action


def show_fault(field: QLineEdit, sentence: str) -> None:
    """Mark a field as wrong, or as right again with ""."""
    if bool(field.property("fault")) != bool(sentence):
        field.setProperty("fault", bool(sentence))
        field.style().unpolish(field)
        field.style().polish(field)
    set_tip(field, sentence)
