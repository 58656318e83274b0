"""Starting, keeping, editing and deleting in the Launch panel, on real files and interpreters."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from launching import (
    Make,
    asked_of,
    button_named,
    choose,
    notice_of,
    press,
    row_titled,
    script_spec,
    section_titled,
    titles_of,
)
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from spawnscope.core.launch.recent import RecentSpecs
from spawnscope.core.launch.spec_store import SpecStore
from spawnscope.gui.panels.launch.library import Library
from spawnscope.gui.panels.launch.panel import LaunchPanel
from spawnscope.gui.panels.launch.row import LaunchRow
from spawnscope.gui.panels.launch.section_header import SectionHeader
from spawnscope.gui.panels.launch.spec_dialog import SpecDialog

Key = Qt.Key


# Starting


def test_a_click_on_the_button_starts(make: Make, qtbot: QtBot) -> None:
    panel = make()
    row = panel.findChildren(LaunchRow)[0]
    qtbot.mouseClick(button_named(panel, f"Start {row.entry.title}"), Qt.MouseButton.LeftButton)
    assert asked_of(panel) == [row.entry.spec]
    assert notice_of(panel) == ""


def test_a_double_click_and_return_start(
    make: Make, qtbot: QtBot, store: SpecStore, script: str
) -> None:
    spec = script_spec(script, "Job")
    store.save(spec)
    panel = make()
    qtbot.mouseDClick(row_titled(panel, "Job"), Qt.MouseButton.LeftButton, pos=QPoint(40, 10))
    assert asked_of(panel) == [spec]
    row_titled(panel, "Job").setFocus()
    qtbot.mouseClick(row_titled(panel, "Job"), Qt.MouseButton.LeftButton)
    press(qtbot, panel, Key.Key_Return)
    assert asked_of(panel) == [spec, spec]


def test_what_cannot_work_is_said_and_not_started(
    make: Make, qtbot: QtBot, store: SpecStore
) -> None:
    store.save(script_spec("/nowhere/job.py", "Job"))
    panel = make()
    qtbot.mouseClick(button_named(panel, "Start Job"), Qt.MouseButton.LeftButton)
    assert asked_of(panel) == []
    assert "There is no script '/nowhere/job.py'" in notice_of(panel)
    qtbot.mouseClick(button_named(panel, "Edit …"), Qt.MouseButton.LeftButton)
    dialog = panel.findChild(SpecDialog)
    assert dialog.spec().target == "/nowhere/job.py"
    dialog.reject()


def test_a_start_that_works_clears_the_notice(
    make: Make, qtbot: QtBot, store: SpecStore, script: str
) -> None:
    store.save(script_spec("/nowhere/job.py", "Job"))
    store.save(script_spec(script, "Good"))
    panel = make()
    qtbot.mouseClick(button_named(panel, "Start Job"), Qt.MouseButton.LeftButton)
    assert notice_of(panel)
    qtbot.mouseClick(button_named(panel, "Start Good"), Qt.MouseButton.LeftButton)
    assert notice_of(panel) == ""


def test_nothing_starts_without_a_session(make: Make, qtbot: QtBot, script: str) -> None:
    panel = make()
    panel.set_enabled_to_launch(False)
    row = panel.findChildren(LaunchRow)[0]
    qtbot.mouseClick(row.findChild(QToolButton), Qt.MouseButton.LeftButton)
    qtbot.mouseDClick(row, Qt.MouseButton.LeftButton)
    panel.launch_file(script)
    assert asked_of(panel) == []
    assert "no session" in notice_of(panel)
    panel.set_enabled_to_launch(True)
    panel.launch_file(script)
    assert len(asked_of(panel)) == 1


def test_an_unknown_interpreter_is_asked_beside_the_window(
    make: Make, qtbot: QtBot, tmp_path: Path, script: str
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nread line < "{gate}"\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    panel = make()
    spec = script_spec(script, interpreter=str(python))
    panel.launch(spec)
    panel.launch(spec)
    assert asked_of(panel) == []
    assert notice_of(panel).startswith("Checking the interpreter of job.py")
    with open(gate, "w") as opened:
        opened.write("go\n")
    qtbot.waitUntil(lambda: bool(asked_of(panel)), timeout=10_000)
    assert asked_of(panel) == [spec]
    assert notice_of(panel) == ""
    panel.launch(spec)
    assert len(asked_of(panel)) == 2


def test_a_wrong_interpreter_is_said_when_it_has_answered(
    make: Make, qtbot: QtBot, script: str
) -> None:
    panel = make()
    panel.launch(script_spec(script, interpreter="/bin/ls"))
    qtbot.waitUntil(lambda: "is no Python interpreter" in notice_of(panel), timeout=10_000)
    assert asked_of(panel) == []


def test_a_panel_that_goes_while_it_checks_does_no_harm(
    qtbot: QtBot, tmp_path: Path, script: str, store: SpecStore, recent: RecentSpecs
) -> None:
    import threading

    gate = tmp_path / "gate"
    os.mkfifo(gate)
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nread line < "{gate}"\nexit 1\n')
    python.chmod(0o755)
    panel = LaunchPanel(library=Library(store, recent))
    panel.launch(script_spec(script, interpreter=str(python)))
    panel.deleteLater()
    QApplication.sendPostedEvents(panel, QEvent.Type.DeferredDelete)
    with open(gate, "w") as opened:
        opened.write("go\n")
    qtbot.waitUntil(lambda: all(t.name != "launch check" for t in threading.enumerate()))


def test_a_file_is_started_in_its_own_folder(make: Make, script: str, recent: RecentSpecs) -> None:
    panel = make()
    panel.launch_file(script)
    assert asked_of(panel) == [script_spec(script, cwd=os.path.dirname(script))]
    assert recent.specs() == asked_of(panel)


@pytest.mark.parametrize(
    ("name", "sentence"), [("gone.py", "There is no script"), ("", "is a folder")]
)
def test_a_file_that_cannot_be_started_says_why(
    name: str, sentence: str, make: Make, tmp_path: Path
) -> None:
    panel = make()
    panel.launch_file(str(tmp_path / name))
    assert sentence in notice_of(panel)
    assert asked_of(panel) == []


# Recent


def test_what_was_started_becomes_recent_but_no_example(
    make: Make, qtbot: QtBot, script: str
) -> None:
    panel = make()
    qtbot.mouseDClick(panel.findChildren(LaunchRow)[0], Qt.MouseButton.LeftButton)
    assert titles_of(panel, "Recent") == []
    assert not section_titled(panel, "Recent").isVisible()
    panel.launch_file(script)
    assert titles_of(panel, "Recent") == ["job.py"]
    assert section_titled(panel, "Recent").isVisible()


def test_a_recent_one_can_be_forgotten_and_saved(
    make: Make, qtbot: QtBot, recent: RecentSpecs, store: SpecStore, script: str
) -> None:
    recent.add(script_spec(script))
    panel = make()
    qtbot.mouseClick(
        section_titled(panel, "Recent").findChild(SectionHeader), Qt.MouseButton.LeftButton
    )
    texts = choose(qtbot, panel, row_titled(panel, "job.py"), "Save as a spec …")
    assert texts == ["Start", "Save as a spec …", "Forget", "Show file"]
    assert panel.findChild(SpecDialog).save()
    assert titles_of(panel) == ["job.py"]
    choose(qtbot, panel, section_titled(panel, "Recent").rows[0], "Forget")
    assert recent.specs() == []


# The user's own


def test_keys_duplicate_delete_and_undo(make: Make, qtbot: QtBot, store: SpecStore) -> None:
    store.save(script_spec("a.py", "A"))
    panel = make()
    panel._list.select(f"yours:{store.list()[0].path}")
    panel._list.focus_first()
    press(qtbot, panel, Key.Key_D, control=True)
    assert titles_of(panel) == ["A", "A (copy)"]
    assert panel._list.current.title == "A (copy)"
    panel._list.focus_first()
    press(qtbot, panel, Key.Key_Delete)
    assert titles_of(panel) == ["A"]
    assert "A (copy) was deleted." in notice_of(panel)
    assert panel._list.current.title == "A"
    qtbot.mouseClick(button_named(panel, "Undo"), Qt.MouseButton.LeftButton)
    assert titles_of(panel) == ["A", "A (copy)"]


def test_f2_edits_and_the_row_stays_the_same_widget(
    make: Make, qtbot: QtBot, store: SpecStore, script: str
) -> None:
    path = store.save(script_spec(script, "A"))
    store.save(script_spec(script, "B"))
    panel = make()
    row = row_titled(panel, "A")
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    row.setFocus()
    press(qtbot, panel, Key.Key_F2)
    dialog = panel.findChild(SpecDialog)
    dialog._form.fields["name"].editor.setText("Z")
    assert dialog.save()
    assert titles_of(panel) == ["B", "Z"]
    assert row_titled(panel, "Z") is row
    assert store.read(path).title == "Z"
    assert panel._list.current.title == "Z"


def test_an_example_can_be_copied_but_not_deleted(
    make: Make, qtbot: QtBot, store: SpecStore
) -> None:
    panel = make()
    row = panel.findChildren(LaunchRow)[0]
    texts = choose(qtbot, panel, row, "Save as a spec …")
    assert texts == ["Start", "Save as a spec …", "Show file"]
    assert panel.findChild(SpecDialog).save()
    assert titles_of(panel) == [row.entry.title]
    number = len(titles_of(panel, "Examples"))
    row.setFocus()
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    press(qtbot, panel, Key.Key_Delete)
    assert len(titles_of(panel, "Examples")) == number


def test_files_that_changed_meanwhile_are_seen_when_the_window_comes_back(
    make: Make, qtbot: QtBot, store: SpecStore
) -> None:
    panel = make()
    store.save(script_spec("a.py", "From outside"))
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    QApplication.sendEvent(panel, QEvent(QEvent.Type.ActivationChange))
    assert titles_of(panel) == ["From outside"]
