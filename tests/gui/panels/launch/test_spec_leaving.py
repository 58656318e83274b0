"""The dialog of a launch spec and what could be lost in it: text, the keyboard, a dropped file."""

from __future__ import annotations

from launching import Open, button_saying, control_named, retype, settle
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from spawnscope.core.launch.spec_store import SpecStore
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind

Key = Qt.Key


def test_escape_asks_before_it_throws_away_what_was_written(
    open_dialog: Open, qtbot: QtBot, store: SpecStore, script: str
) -> None:
    dialog = open_dialog()
    retype(qtbot, script)
    settle(qtbot, dialog)
    qtbot.keyClick(dialog, Key.Key_Escape)
    assert dialog.isVisible()
    question = QApplication.activeModalWidget()
    assert question is not None
    assert question is not dialog
    qtbot.keyClick(question, Key.Key_Escape)  # go on editing
    assert dialog.isVisible()
    assert dialog.spec().target == script
    qtbot.keyClick(dialog, Key.Key_Escape)
    question = QApplication.activeModalWidget()
    assert question is not None
    qtbot.mouseClick(button_saying(question, "Discard"), Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    assert store.list() == []


def test_what_escape_would_lose_can_be_saved(
    open_dialog: Open, qtbot: QtBot, store: SpecStore, script: str
) -> None:
    dialog = open_dialog()
    retype(qtbot, script)
    settle(qtbot, dialog)
    dialog.close()  # as by the window's frame
    question = QApplication.activeModalWidget()
    assert question is not None
    assert question is not dialog
    qtbot.mouseClick(button_saying(question, "Save"), Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    assert [stored.spec.target for stored in store.list() if stored.spec] == [script]


def test_escape_leaves_at_once_when_nothing_is_lost(
    open_dialog: Open, qtbot: QtBot, store: SpecStore
) -> None:
    dialog = open_dialog()
    qtbot.mouseClick(control_named(dialog, QToolButton, "Kind: module"), Qt.MouseButton.LeftButton)
    qtbot.keyClick(dialog, Key.Key_Escape)
    assert not dialog.isVisible()
    plain = LaunchSpec(kind=TargetKind.COMMAND, target="true", count=3)
    path = store.save(plain)

    edited = open_dialog(plain, path)
    qtbot.keyClick(edited, Key.Key_Escape)
    assert not edited.isVisible()


def test_after_a_choice_of_kind_the_target_has_the_keyboard(
    open_dialog: Open, qtbot: QtBot
) -> None:
    dialog = open_dialog()
    control_named(dialog, QLineEdit, "Name").setFocus()
    function = control_named(dialog, QToolButton, "Kind: function")
    qtbot.mouseClick(function, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is control_named(dialog, QLineEdit, "Function")
    function.setFocus()
    qtbot.keyClick(function, Key.Key_Right)  # past the kinds: the keyboard stays with them
    command = control_named(dialog, QToolButton, "Kind: command")
    assert QApplication.focusWidget() is command
    qtbot.keyClick(command, Key.Key_Space)
    assert QApplication.focusWidget() is control_named(dialog, QLineEdit, "Program")


def test_a_file_dropped_on_the_dialog_becomes_the_target_and_stays_where_it_is(
    open_dialog: Open, script: str
) -> None:
    dialog = open_dialog()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(script)])
    both = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    event = QDropEvent(
        QPointF(5, 5), both, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
    )
    event.setDropAction(Qt.DropAction.MoveAction)
    dialog.dropEvent(event)
    assert event.dropAction() == Qt.DropAction.CopyAction
    assert dialog.spec().target == script
    taking = [child for child in dialog.findChildren(QWidget) if child.acceptDrops()]
    assert taking == []  # fields would take it, and as a move
