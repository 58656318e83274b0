"""The table of environment variables, by itself and in the dialog of a launch spec."""

from __future__ import annotations

import pytest
from launching import Keep, Open, button_saying, control_named, retype, settle
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QTableWidget, QToolButton
from pytestqt.qtbot import QtBot

from spawnscope.core.launch.spec_store import SpecStore
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind
from spawnscope.core.vocabulary.secrets import MASK
from spawnscope.gui.panels.launch.environment_table import EnvironmentTable

Key = Qt.Key


@pytest.fixture
def table(keep: Keep) -> EnvironmentTable:
    table = EnvironmentTable()
    keep(table)
    return table


def test_secrets_are_masked_until_they_are_revealed(qtbot: QtBot, table: EnvironmentTable) -> None:
    table.set_values({"API_TOKEN": "hush", "MODE": "fast"})
    cells = table.findChild(QTableWidget)
    shown = [cells.item(row, 1).text() for row in range(2)]
    assert shown == [MASK, "fast"]
    assert table.values() == {"API_TOKEN": "hush", "MODE": "fast"}
    assert cells.model().index(0, 1).data(Qt.ItemDataRole.ToolTipRole) == MASK
    qtbot.mouseClick(
        control_named(table, QToolButton, "Show values of secrets"), Qt.MouseButton.LeftButton
    )
    assert cells.item(0, 1).text() == "hush"


def test_a_secret_is_edited_unseen_and_a_new_name_masks_its_value(
    qtbot: QtBot, table: EnvironmentTable
) -> None:
    table.set_values({"MODE": "fast"})
    cells = table.findChild(QTableWidget)
    with qtbot.waitSignal(table.edited):
        cells.item(0, 0).setText("DB_PASSWORD")
    assert cells.item(0, 1).text() == MASK
    cells.setCurrentCell(0, 1)
    cells.editItem(cells.item(0, 1))
    editor = next(each for each in cells.findChildren(QLineEdit) if each.isVisible())
    assert editor.echoMode() == QLineEdit.EchoMode.Password
    assert editor.text() == "fast"
    qtbot.keyClick(editor, Key.Key_Escape)


def test_variables_are_added_and_removed(qtbot: QtBot, table: EnvironmentTable) -> None:
    cells = table.findChild(QTableWidget)
    qtbot.mouseClick(control_named(table, QToolButton, "Add a variable"), Qt.MouseButton.LeftButton)
    assert table.values() == {}
    editor = next(each for each in cells.findChildren(QLineEdit) if each.isVisible())
    qtbot.keyClicks(editor, "MODE")
    qtbot.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: table.values() == {"MODE": ""})
    cells.item(0, 1).setText("fast")
    assert table.values() == {"MODE": "fast"}
    cells.setCurrentCell(0, 0)
    remove = control_named(table, QToolButton, "Remove the selected variables")
    assert remove.isEnabled()
    with qtbot.waitSignal(table.edited):
        qtbot.mouseClick(remove, Qt.MouseButton.LeftButton)
    assert table.values() == {}


def test_a_value_that_is_being_typed_is_saved_too(
    open_dialog: Open, qtbot: QtBot, store: SpecStore
) -> None:
    dialog = open_dialog(
        LaunchSpec(kind=TargetKind.COMMAND, target="true", environment={"MODE": "slow"})
    )
    cells = dialog.findChild(QTableWidget)
    cells.setFocus()
    cells.setCurrentCell(0, 1)
    cells.editItem(cells.item(0, 1))
    retype(qtbot, "fast")
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert [stored.spec.environment for stored in store.list()] == [{"MODE": "fast"}]


def test_a_variable_that_is_there_twice_is_a_fault(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog(
        LaunchSpec(kind=TargetKind.COMMAND, target="true", environment={"A": "1", "B": "2"})
    )
    dialog.findChild(QTableWidget).item(1, 0).setText("A")
    settle(qtbot, dialog)
    assert dialog.fault("environment") == "'A' is there twice."
    assert not button_saying(dialog, "Save").isEnabled()
