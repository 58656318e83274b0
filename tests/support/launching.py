"""Finding and using the controls of the Launch panel and of its dialog, as their user does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind
from spawnscope.gui.panels.launch.notice import Notice
from spawnscope.gui.panels.launch.panel import LaunchPanel
from spawnscope.gui.panels.launch.row import LaunchRow
from spawnscope.gui.panels.launch.section import LaunchSection
from spawnscope.gui.panels.launch.section_header import SectionHeader
from spawnscope.gui.panels.launch.spec_dialog import SpecDialog

# Fixtures of tests/gui/launch.
Keep = Callable[[QWidget], None]
Make = Callable[..., LaunchPanel]
Open = Callable[..., SpecDialog]


# The panel


def script_spec(target: str, name: str = "", **others: Any) -> LaunchSpec:
    return LaunchSpec(kind=TargetKind.SCRIPT, target=target, name=name, **others)


def asked_of(panel: LaunchPanel) -> list[LaunchSpec]:
    """What the panel of the fixture `make` has asked to launch so far."""
    return panel.asked  # type: ignore[attr-defined,no-any-return]


def section_titled(panel: LaunchPanel, title: str) -> LaunchSection:
    found = [
        section
        for section in panel.findChildren(LaunchSection)
        if section.findChild(SectionHeader).text() == title
    ]
    assert len(found) == 1
    return found[0]


def titles_of(panel: LaunchPanel, title: str = "Yours") -> list[str]:
    return [row.entry.title for row in section_titled(panel, title).rows]


def row_titled(panel: LaunchPanel, title: str) -> LaunchRow:
    return next(row for row in panel.findChildren(LaunchRow) if row.entry.title == title)


def button_named(panel: QWidget, name: str) -> QToolButton | QPushButton:
    buttons = panel.findChildren(QToolButton) + panel.findChildren(QPushButton)
    return next(button for button in buttons if button.accessibleName() == name)


def notice_of(panel: LaunchPanel) -> str:
    return panel.findChild(Notice).text


def press(qtbot: QtBot, panel: LaunchPanel, key: Qt.Key, control: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(QApplication.focusWidget() or panel, key, modifier)


def choose(qtbot: QtBot, panel: LaunchPanel, row: LaunchRow, text: str) -> list[str]:
    """Open the menu of a row by the pointer and take an action; returns all of its texts."""
    place = row.rect().center()
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, place, row.mapToGlobal(place),
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(row, event)
    [menu] = [menu for menu in panel.findChildren(QMenu) if menu.isVisible()]
    actions = {each.text().partition("\t")[0]: each for each in menu.actions() if each.text()}
    if text:
        actions[text].trigger()
    menu.close()
    return list(actions)


# The dialog


def control_named(dialog: QWidget, kind: type[Any], name: str) -> Any:
    return next(each for each in dialog.findChildren(kind) if each.accessibleName() == name)


def button_saying(dialog: QWidget, text: str) -> QPushButton:
    return next(
        each for each in dialog.findChildren(QPushButton) if each.text().replace("&", "") == text
    )


def retype(qtbot: QtBot, text: str) -> None:
    """Type into whatever has the keyboard, in place of what is there."""
    widget = QApplication.focusWidget()
    qtbot.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(widget, text)


def settle(qtbot: QtBot, dialog: SpecDialog) -> None:
    """Wait until what was typed has been looked at."""
    qtbot.waitUntil(lambda: not dialog._timer.isActive())
