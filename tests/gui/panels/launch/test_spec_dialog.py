"""The dialog of a launch spec, driven by the keyboard."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from pathlib import Path

from launching import Open, button_saying, control_named, retype, settle
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from spawnscope.core.launch.spec_store import SpecStore
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, Output, StartMethod, TargetKind

Key = Qt.Key

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
    keep_failed_tasks=True,
    check_forkserver=True,
)


def test_a_spec_is_made_by_the_keyboard_alone(
    open_dialog: Open, qtbot: QtBot, store: SpecStore, script: str
) -> None:
    dialog = open_dialog()
    assert QApplication.focusWidget() is control_named(dialog, QLineEdit, "Script")
    retype(qtbot, script)
    while QApplication.focusWidget().accessibleName() != "Arguments":
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    retype(qtbot, '--all "two words"')
    qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    assert QApplication.focusWidget().accessibleName() == "Name"
    retype(qtbot, "Nightly")
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
    retype(qtbot, script)
    settle(qtbot, dialog)
    started = dialog.started  # type: ignore[attr-defined]
    qtbot.mouseClick(button_saying(dialog, "Save and start"), Qt.MouseButton.LeftButton)
    assert [spec.target for spec in started] == [script]
    assert [stored.spec for stored in store.list()] == started


def test_an_empty_form_is_calm_and_cannot_be_saved(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog()
    assert [name for name in dialog._form.fields if dialog.fault(name)] == []
    assert not button_saying(dialog, "Save").isEnabled()
    assert not button_saying(dialog, "Save and start").isEnabled()
    assert not dialog.save()
    assert dialog.fault("target") == "The script to launch is missing."
    shown = {name for name, field in dialog._form.fields.items() if field.isVisible()}
    assert shown == {"target", "arguments", "name"}


def test_what_cannot_be_is_said_at_the_field_after_a_moment(
    open_dialog: Open, qtbot: QtBot
) -> None:
    dialog = open_dialog()
    dialog._form.kind.set_kind(TargetKind.FUNCTION)
    target = control_named(dialog, QLineEdit, "Function")
    target.setFocus()
    retype(qtbot, "no colon")
    assert dialog.fault("target") == ""
    qtbot.waitUntil(lambda: bool(dialog.fault("target")))
    assert dialog.fault("target") == "'no colon' is not of the form package.module:function."
    assert target.property("fault") == "true"
    assert target.accessibleDescription() == dialog.fault("target")
    assert not button_saying(dialog, "Save").isEnabled()
    retype(qtbot, "json:dumps")
    control_named(dialog, QLineEdit, "Arguments").setFocus()
    retype(qtbot, "[1]")
    qtbot.waitUntil(lambda: button_saying(dialog, "Save").isEnabled())
    assert dialog.fault("target") == ""
    assert target.property("fault") == "false"


def test_arguments_and_keywords_are_read_as_python_values(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog()
    dialog._form.kind.set_kind(TargetKind.FUNCTION)
    control_named(dialog, QLineEdit, "Function").setText("json:dumps")
    arguments = control_named(dialog, QLineEdit, "Arguments")
    keywords = control_named(dialog, QPlainTextEdit, "Keyword arguments")
    arguments.setText("1, two")
    keywords.setPlainText("a\n")
    settle(qtbot, dialog)
    assert "no Python values" in dialog.fault("arguments")
    assert dialog.fault("keywords") == "Line 1: 'a' has no value; write a=value."
    arguments.setText("1, 'two', [3]")
    keywords.setPlainText("a = 1\nb=text")
    settle(qtbot, dialog)
    assert dialog.spec().arguments == (1, "two", [3])
    assert dialog.spec().keywords == {"a": 1, "b": "text"}


def test_what_fails_on_this_machine_is_a_warning_that_allows_saving(
    open_dialog: Open, qtbot: QtBot, store: SpecStore
) -> None:
    dialog = open_dialog()
    retype(qtbot, "/nowhere/job.py")
    qtbot.waitUntil(lambda: "There is no script" in dialog.fault("target"))
    assert dialog.fault("target").endswith("It can be saved all the same.")
    assert control_named(dialog, QLineEdit, "Script").property("fault") != "true"
    assert button_saying(dialog, "Save").isEnabled()
    assert dialog.save()
    assert [stored.title for stored in store.list()] == ["job.py"]


def test_an_interpreter_is_asked_without_blocking(
    open_dialog: Open, qtbot: QtBot, script: str
) -> None:
    dialog = open_dialog()
    retype(qtbot, script)
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
    retype(qtbot, script)
    dialog._form.interpreter.set_path(str(slow))
    settle(qtbot, dialog)
    dialog._form.interpreter.set_path("")
    settle(qtbot, dialog)
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
    control_named(dialog, QLineEdit, "Arguments").setText("1")
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
    retype(qtbot, script)
    control_named(dialog, QLineEdit, "Name").setFocus()
    retype(qtbot, "A")
    qtbot.waitUntil(lambda: dialog.fault("name") == "There is already a spec named 'A'.")
    assert not button_saying(dialog, "Save").isEnabled()


def test_a_copy_gets_a_name_of_its_own(open_dialog: Open, store: SpecStore, script: str) -> None:
    spec = LaunchSpec(kind=TargetKind.SCRIPT, target=script)
    store.save(spec)
    dialog = open_dialog(spec)
    assert dialog.spec().name == "job.py (copy)"


def test_the_kind_changes_what_is_asked(open_dialog: Open, qtbot: QtBot) -> None:
    dialog = open_dialog()
    qtbot.keyClick(control_named(dialog, QToolButton, "Kind: function"), Key.Key_Space)
    assert (
        control_named(dialog, QLineEdit, "Function").placeholderText() == "package.module:function"
    )
    for name in ("keywords", "start_method"):
        assert dialog._form.fields[name].isVisible()
    qtbot.keyClick(control_named(dialog, QToolButton, "Kind: command"), Key.Key_Space)
    assert control_named(dialog, QLineEdit, "Program").isVisible()
    control_named(dialog, QToolButton, "More options").click()
    assert not dialog._form.fields["interpreter"].isVisible()
    assert dialog._form.fields["environment"].isVisible()


def test_escape_leaves_everything_as_it_was(
    open_dialog: Open, qtbot: QtBot, store: SpecStore
) -> None:
    dialog = open_dialog()
    retype(qtbot, "job.py")
    qtbot.keyClick(dialog, Key.Key_Escape)
    question = QApplication.activeModalWidget()
    assert question is not None
    with qtbot.waitSignal(dialog.finished):
        qtbot.mouseClick(button_saying(question, "Discard"), Qt.MouseButton.LeftButton)
    assert store.list() == []


def test_environments_beside_the_target_are_offered(
    open_dialog: Open, qtbot: QtBot, tmp_path: Path, script: str
) -> None:
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(tmp_path / ".venv")], check=True
    )
    dialog = open_dialog()
    retype(qtbot, script)
    settle(qtbot, dialog)
    box = control_named(dialog, QComboBox, "Interpreter")
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
    completer = control_named(dialog, QLineEdit, "Script").completer()
    completer.setCompletionPrefix("etl")
    assert completer.completionCount() == 1
    assert completer.currentCompletion() == "/srv/etl.py"


def test_the_folder_buttons_open_file_dialogs(
    open_dialog: Open, qtbot: QtBot, tmp_path: Path, script: str
) -> None:
    dialog = open_dialog()
    control_named(dialog, QToolButton, "Browse for the target").click()
    [chooser] = dialog.findChildren(QFileDialog)
    chooser.fileSelected.emit(script)
    chooser.reject()
    assert dialog.spec().target == script
    control_named(dialog, QToolButton, "Browse for the working directory").click()
    chooser = dialog.findChildren(QFileDialog)[-1]
    chooser.fileSelected.emit(str(tmp_path))
    chooser.reject()
    assert dialog.spec().cwd == str(tmp_path)


def test_a_save_that_fails_puts_the_keyboard_at_the_fault(open_dialog: Open) -> None:
    dialog = open_dialog()
    control_named(dialog, QLineEdit, "Name").setFocus()
    assert not dialog.save()
    assert QApplication.focusWidget() is control_named(dialog, QLineEdit, "Script")


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
    retype(qtbot, script)
    store.folder.write_text("a file where the folder should be")
    assert not dialog.save()
    assert "Not a directory" in dialog._general.text()
    assert dialog.isVisible()
