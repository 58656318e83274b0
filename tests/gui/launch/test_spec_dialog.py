"""The dialog of a launch spec, driven by the keyboard."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTableWidget,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from spawnscope.core.launch.spec_store import SpecStore
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, Output, StartMethod, TargetKind
from spawnscope.core.vocabulary.secrets import MASK
from spawnscope.gui.views.launch.environment_table import EnvironmentTable
from spawnscope.gui.views.launch.spec_dialog import SpecDialog

Key = Qt.Key
Open = Callable[..., SpecDialog]
Keep = Callable[[QWidget], None]

FULL = LaunchSpec(
    kind=TargetKind.FUNCTION,
    target="jobs:work",
    arguments=(1, "two", [3, {"a": None}], datetime.date(2024, 2, 29)),
    keywords={"limit": 10, "label": "x = y", "when": datetime.date(2024, 1, 1)},
    name="Work",
    start_method=StartMethod.SPAWN,
    count=4,
    interpreter=sys.executable,
    cwd="/tmp",
    environment={"API_TOKEN": "hush", "MODE": "fast"},
    daemon=True,
    grace_seconds=1.5,
    output=Output.PIPE,
    unbuffered=False,
)


@pytest.fixture(autouse=True)
def own_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)


@pytest.fixture
def store(tmp_path: Path) -> SpecStore:
    return SpecStore(tmp_path / "specs")


@pytest.fixture
def script(tmp_path: Path) -> str:
    path = tmp_path / "job.py"
    path.write_text("print('done')\n")
    return str(path)


@pytest.fixture
def open_dialog(qtbot: QtBot, keep: Keep, store: SpecStore) -> Open:
    """Shows the dialog as the panel does."""

    def open_dialog(spec: LaunchSpec | None = None, path: Path | None = None) -> SpecDialog:
        host = QWidget()
        keep(host)
        dialog = SpecDialog(store, spec, path, parent=host)
        dialog.saved = []  # type: ignore[attr-defined]
        dialog.started = []  # type: ignore[attr-defined]
        dialog.spec_saved.connect(dialog.saved.append)  # type: ignore[attr-defined]
        dialog.start_asked.connect(dialog.started.append)  # type: ignore[attr-defined]
        dialog.open()
        qtbot.waitUntil(lambda: dialog.isAncestorOf(QApplication.focusWidget() or host))
        return dialog

    return open_dialog


@pytest.fixture
def table(keep: Keep) -> EnvironmentTable:
    table = EnvironmentTable()
    keep(table)
    return table


def _named(dialog: QWidget, kind: type[Any], name: str) -> Any:
    return next(each for each in dialog.findChildren(kind) if each.accessibleName() == name)


def _button(dialog: QWidget, text: str) -> QPushButton:
    return next(
        each for each in dialog.findChildren(QPushButton) if each.text().replace("&", "") == text
    )


def _type(qtbot: QtBot, text: str) -> None:
    """Type into whatever has the keyboard, in place of what is there."""
    widget = QApplication.focusWidget()
    qtbot.keyClick(widget, Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(widget, text)


def _settle(qtbot: QtBot, dialog: SpecDialog) -> None:
    """Wait until what was typed has been looked at."""
    qtbot.waitUntil(lambda: not dialog._timer.isActive())


def test_a_spec_is_made_by_the_keyboard_alone(
    open_dialog: Open, qtbot: QtBot, store: SpecStore, script: str
) -> None:
    dialog = open_dialog()
    assert QApplication.focusWidget() is _named(dialog, QLineEdit, "Script")
    _type(qtbot, script)
    while QApplication.focusWidget().accessibleName() != "Arguments":
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    _type(qtbot, '--all "two words"')
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    assert QApplication.focusWidget().accessibleName() == "Name"
    _type(qtbot, "Nightly")
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    wanted = LaunchSpec(
        kind=TargetKind.SCRIPT, target=script, arguments=("--all", "two words"), name="Nightly"
    )
    assert [stored.spec for stored in store.list()] == [wanted]
    assert dialog.saved == [store.list()[0].path]  # type: ignore[attr-defined]
    assert dialog.started == []  # type: ignore[attr-defined]


def test_save_and_start_does_both(
    open_dialog: Open, qtbot: QtBot, store: SpecStore, script: str
) -> None:
    dialog = open_dialog()
    _type(qtbot, script)
    _settle(qtbot, dialog)
    started = dialog.started  # type: ignore[attr-defined]
    qtbot.mouseClick(_button(dialog, "Save and start"), Qt.MouseButton.LeftButton)
    assert [spec.target for spec in started] == [script]
    assert [stored.spec for stored in store.list()] == started


def test_an_empty_form_is_calm_and_cannot_be_saved(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog()
    assert [name for name in dialog._form.fields if dialog.fault(name)] == []
    assert not _button(dialog, "Save").isEnabled()
    assert not _button(dialog, "Save and start").isEnabled()
    assert not dialog.save()
    assert dialog.fault("target") == "The script to launch is missing."
    shown = {name for name, field in dialog._form.fields.items() if field.isVisible()}
    assert shown == {"target", "arguments", "name"}


def test_what_cannot_be_is_said_at_the_field_after_a_moment(
    open_dialog: Open, qtbot: QtBot
) -> None:
    dialog = open_dialog()
    dialog._form.kind.set_kind(TargetKind.FUNCTION)
    target = _named(dialog, QLineEdit, "Function")
    target.setFocus()
    _type(qtbot, "no colon")
    assert dialog.fault("target") == ""
    qtbot.waitUntil(lambda: bool(dialog.fault("target")))
    assert dialog.fault("target") == "'no colon' is not of the form package.module:function."
    assert target.property("fault") == "true"
    assert target.accessibleDescription() == dialog.fault("target")
    assert not _button(dialog, "Save").isEnabled()
    _type(qtbot, "json:dumps")
    _named(dialog, QLineEdit, "Arguments").setFocus()
    _type(qtbot, "[1]")
    qtbot.waitUntil(lambda: _button(dialog, "Save").isEnabled())
    assert dialog.fault("target") == ""
    assert target.property("fault") == "false"


def test_arguments_and_keywords_are_read_as_python_values(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog()
    dialog._form.kind.set_kind(TargetKind.FUNCTION)
    _named(dialog, QLineEdit, "Function").setText("json:dumps")
    arguments = _named(dialog, QLineEdit, "Arguments")
    keywords = _named(dialog, QPlainTextEdit, "Keyword arguments")
    arguments.setText("1, two")
    keywords.setPlainText("a\n")
    _settle(qtbot, dialog)
    assert "no Python values" in dialog.fault("arguments")
    assert dialog.fault("keywords") == "Line 1: 'a' has no value; write a=value."
    arguments.setText("1, 'two', [3]")
    keywords.setPlainText("a = 1\nb=text")
    _settle(qtbot, dialog)
    assert dialog.spec().arguments == (1, "two", [3])
    assert dialog.spec().keywords == {"a": 1, "b": "text"}


def test_what_fails_on_this_machine_is_a_warning_that_allows_saving(
    open_dialog: Open, qtbot: QtBot, store: SpecStore
) -> None:
    dialog = open_dialog()
    _type(qtbot, "/nowhere/job.py")
    qtbot.waitUntil(lambda: "There is no script" in dialog.fault("target"))
    assert dialog.fault("target").endswith("It can be saved all the same.")
    assert _named(dialog, QLineEdit, "Script").property("fault") != "true"
    assert _button(dialog, "Save").isEnabled()
    assert dialog.save()
    assert [stored.title for stored in store.list()] == ["job.py"]


def test_an_interpreter_is_asked_without_blocking(
    open_dialog: Open, qtbot: QtBot, script: str
) -> None:
    dialog = open_dialog()
    _type(qtbot, script)
    dialog._form.interpreter.set_path("/bin/ls")
    qtbot.waitUntil(lambda: "no Python interpreter" in dialog.fault("interpreter"), timeout=10_000)
    assert dialog._form.fields["interpreter"].isVisible()


def test_an_answer_about_what_is_no_longer_in_the_form_is_not_shown(
    open_dialog: Open, qtbot: QtBot, tmp_path: Path, script: str
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    slow = tmp_path / "slow"
    slow.write_text(f'#!/bin/sh\nread line < "{gate}"\nexit 1\n')
    slow.chmod(0o755)
    dialog = open_dialog()
    answers: list[LaunchSpec] = []
    dialog._check.checked.connect(lambda spec, faults: answers.append(spec))
    _type(qtbot, script)
    dialog._form.interpreter.set_path(str(slow))
    _settle(qtbot, dialog)
    dialog._form.interpreter.set_path("")
    _settle(qtbot, dialog)
    with open(gate, "w") as opened:
        opened.write("go\n")
    qtbot.waitUntil(lambda: any(spec.interpreter == str(slow) for spec in answers), timeout=10_000)
    assert dialog.fault("interpreter") == ""


def test_everything_a_spec_holds_survives_the_form(
    open_dialog: Open, qtbot: QtBot, store: SpecStore
) -> None:
    path = store.save(LaunchSpec(kind=TargetKind.SCRIPT, target="x.py", name="Work"))
    dialog = open_dialog(FULL, path)
    assert dialog.spec() == FULL
    assert not dialog.save()  # TOML has no None
    assert "which TOML cannot hold" in dialog.fault("arguments")
    _named(dialog, QLineEdit, "Arguments").setText("1")
    assert dialog.save()
    stored = store.read(path).spec
    assert stored is not None
    assert stored.arguments == (1,)
    assert stored.keywords == FULL.keywords
    assert stored.environment == FULL.environment


def test_what_was_set_beyond_the_first_view_is_not_hidden(open_dialog: Open) -> None:
    dialog = open_dialog(FULL)
    for kind, name in (
        (QSpinBox, "How many"),
        (QComboBox, "Interpreter"),
        (QDoubleSpinBox, "Grace between SIGTERM and SIGKILL"),
        (QCheckBox, ""),
    ):
        assert any(
            each.isVisible() for each in dialog.findChildren(kind)
            if not name or each.accessibleName() == name
        )  # fmt: skip


def test_a_name_that_is_taken_is_refused_at_the_field(
    open_dialog: Open, qtbot: QtBot, store: SpecStore, script: str
) -> None:
    store.save(LaunchSpec(kind=TargetKind.SCRIPT, target=script, name="A"))
    dialog = open_dialog()
    _type(qtbot, script)
    _named(dialog, QLineEdit, "Name").setFocus()
    _type(qtbot, "A")
    qtbot.waitUntil(lambda: dialog.fault("name") == "There is already a spec named 'A'.")
    assert not _button(dialog, "Save").isEnabled()


def test_a_copy_gets_a_name_of_its_own(open_dialog: Open, store: SpecStore, script: str) -> None:
    spec = LaunchSpec(kind=TargetKind.SCRIPT, target=script)
    store.save(spec)
    dialog = open_dialog(spec)
    assert dialog.spec().name == "job.py (copy)"


def test_the_kind_changes_what_is_asked(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog()
    qtbot.keyClick(_named(dialog, QToolButton, "Kind: function"), Key.Key_Space)
    assert _named(dialog, QLineEdit, "Function").placeholderText() == "package.module:function"
    for name in ("keywords", "start_method"):
        assert dialog._form.fields[name].isVisible()
    qtbot.keyClick(_named(dialog, QToolButton, "Kind: command"), Key.Key_Space)
    assert _named(dialog, QLineEdit, "Program").isVisible()
    _named(dialog, QToolButton, "More options").click()
    assert not dialog._form.fields["interpreter"].isVisible()
    assert dialog._form.fields["environment"].isVisible()


def test_escape_leaves_everything_as_it_was(
    open_dialog: Open, qtbot: QtBot, store: SpecStore
) -> None:
    dialog = open_dialog()
    _type(qtbot, "job.py")
    with qtbot.waitSignal(dialog.finished):
        qtbot.keyClick(dialog, Key.Key_Escape)
    assert store.list() == []


def test_environments_beside_the_target_are_offered(
    open_dialog: Open, qtbot: QtBot, tmp_path: Path, script: str
) -> None:
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(tmp_path / ".venv")], check=True
    )
    dialog = open_dialog()
    _type(qtbot, script)
    _settle(qtbot, dialog)
    box = _named(dialog, QComboBox, "Interpreter")
    paths = [box.itemData(index) for index in range(box.count())]
    python = str(tmp_path / ".venv" / "bin" / "python")
    assert paths[:2] == ["", python]
    assert sys.executable in paths
    assert box.currentText() == ""
    box.activated.emit(1)
    assert dialog.spec().interpreter == python


def test_known_targets_are_completed(open_dialog: Open, store: SpecStore) -> None:
    store.save(LaunchSpec(kind=TargetKind.SCRIPT, target="/srv/etl.py"))
    store.save(LaunchSpec(kind=TargetKind.COMMAND, target="make"))
    dialog = open_dialog()
    completer = _named(dialog, QLineEdit, "Script").completer()
    completer.setCompletionPrefix("etl")
    assert completer.completionCount() == 1
    assert completer.currentCompletion() == "/srv/etl.py"


def test_the_folder_buttons_open_file_dialogs(
    open_dialog: Open, qtbot: QtBot, tmp_path: Path, script: str
) -> None:
    dialog = open_dialog()
    _named(dialog, QToolButton, "Browse for the target").click()
    [chooser] = dialog.findChildren(QFileDialog)
    chooser.fileSelected.emit(script)
    chooser.reject()
    assert dialog.spec().target == script
    _named(dialog, QToolButton, "Browse for the working directory").click()
    chooser = dialog.findChildren(QFileDialog)[-1]
    chooser.fileSelected.emit(str(tmp_path))
    chooser.reject()
    assert dialog.spec().cwd == str(tmp_path)


def test_secrets_are_masked_until_they_are_revealed(qtbot: QtBot, table: EnvironmentTable) -> None:
    table.set_values({"API_TOKEN": "hush", "MODE": "fast"})
    cells = table.findChild(QTableWidget)
    shown = [cells.item(row, 1).text() for row in range(2)]
    assert shown == [MASK, "fast"]
    assert table.values() == {"API_TOKEN": "hush", "MODE": "fast"}
    assert cells.model().index(0, 1).data(Qt.ItemDataRole.ToolTipRole) == MASK
    qtbot.mouseClick(
        _named(table, QToolButton, "Show values of secrets"), Qt.MouseButton.LeftButton
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
    qtbot.mouseClick(_named(table, QToolButton, "Add a variable"), Qt.MouseButton.LeftButton)
    assert table.values() == {}
    editor = next(each for each in cells.findChildren(QLineEdit) if each.isVisible())
    qtbot.keyClicks(editor, "MODE")
    qtbot.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: table.values() == {"MODE": ""})
    cells.item(0, 1).setText("fast")
    assert table.values() == {"MODE": "fast"}
    cells.setCurrentCell(0, 0)
    remove = _named(table, QToolButton, "Remove the selected variables")
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
    _type(qtbot, "fast")
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert [stored.spec.environment for stored in store.list()] == [{"MODE": "fast"}]


def test_a_save_that_fails_puts_the_keyboard_at_the_fault(open_dialog: Open) -> None:
    dialog = open_dialog()
    _named(dialog, QLineEdit, "Name").setFocus()
    assert not dialog.save()
    assert QApplication.focusWidget() is _named(dialog, QLineEdit, "Script")


def test_a_variable_that_is_there_twice_is_a_fault(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog(
        LaunchSpec(kind=TargetKind.COMMAND, target="true", environment={"A": "1", "B": "2"})
    )
    dialog.findChild(QTableWidget).item(1, 0).setText("A")
    _settle(qtbot, dialog)
    assert dialog.fault("environment") == "'A' is there twice."
    assert not _button(dialog, "Save").isEnabled()


def test_every_control_has_an_accessible_name(open_dialog: Open) -> None:
    dialog = open_dialog(FULL)
    kinds = (QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QDoubleSpinBox, QToolButton)
    for kind in kinds:
        for each in dialog.findChildren(kind):
            inner = isinstance(each.parent(), (QComboBox, QSpinBox, QDoubleSpinBox))
            if each.isVisible() and not inner:
                assert each.accessibleName(), each


def test_a_store_that_cannot_be_written_says_so(
    open_dialog: Open, qtbot: QtBot, store: SpecStore, script: str
) -> None:
    dialog = open_dialog()
    _type(qtbot, script)
    store.folder.write_text("a file where the folder should be")
    assert not dialog.save()
    assert "Not a directory" in dialog._general.text()
    assert dialog.isVisible()
