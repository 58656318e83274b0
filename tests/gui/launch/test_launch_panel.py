"""The Launch panel, driven by clicks and keys, on real files and interpreters."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QSettings, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from spawnscope.core.launch.recent import RecentSpecs
from spawnscope.core.launch.spec_store import SpecStore
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind
from spawnscope.gui.views.launch.entry import Entry, Origin
from spawnscope.gui.views.launch.library import Library
from spawnscope.gui.views.launch.notice import Notice
from spawnscope.gui.views.launch.panel import LaunchPanel
from spawnscope.gui.views.launch.row import LaunchRow
from spawnscope.gui.views.launch.section import LaunchSection
from spawnscope.gui.views.launch.section_header import SectionHeader
from spawnscope.gui.views.launch.spec_dialog import SpecDialog

Key = Qt.Key
Make = Callable[..., LaunchPanel]
Keep = Callable[[QWidget], None]


@pytest.fixture(autouse=True)
def own_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)


@pytest.fixture
def store(tmp_path: Path) -> SpecStore:
    return SpecStore(tmp_path / "specs")


@pytest.fixture
def recent(tmp_path: Path) -> RecentSpecs:
    return RecentSpecs(tmp_path / "recent.json")


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def script(tmp_path: Path) -> str:
    path = tmp_path / "job.py"
    path.write_text("print('done')\n")
    return str(path)


@pytest.fixture
def make(
    qtbot: QtBot, keep: Keep, store: SpecStore, recent: RecentSpecs, settings: QSettings
) -> Make:
    """Shows a panel and waits until its lists stand."""

    def make() -> LaunchPanel:
        panel = LaunchPanel(library=Library(store, recent), settings=settings)
        panel.asked = []  # type: ignore[attr-defined]
        panel.launch_requested.connect(panel.asked.append)  # type: ignore[attr-defined]
        panel.resize(280, 800)
        keep(panel)
        qtbot.waitUntil(lambda: bool(_section(panel, "Examples").rows))
        return panel

    return make


def _spec(target: str, name: str = "", **others: Any) -> LaunchSpec:
    return LaunchSpec(kind=TargetKind.SCRIPT, target=target, name=name, **others)


def _asked(panel: LaunchPanel) -> list[LaunchSpec]:
    return panel.asked  # type: ignore[attr-defined,no-any-return]


def _section(panel: LaunchPanel, title: str) -> LaunchSection:
    found = [
        section
        for section in panel.findChildren(LaunchSection)
        if section.findChild(SectionHeader).text() == title
    ]
    assert len(found) == 1
    return found[0]


def _titles(panel: LaunchPanel, title: str = "Yours") -> list[str]:
    return [row.entry.title for row in _section(panel, title).rows]


def _row(panel: LaunchPanel, title: str) -> LaunchRow:
    return next(row for row in panel.findChildren(LaunchRow) if row.entry.title == title)


def _button(panel: QWidget, name: str) -> QToolButton | QPushButton:
    buttons = panel.findChildren(QToolButton) + panel.findChildren(QPushButton)
    return next(button for button in buttons if button.accessibleName() == name)


def _notice(panel: LaunchPanel) -> str:
    return panel.findChild(Notice).text


def _press(qtbot: QtBot, panel: LaunchPanel, key: Qt.Key, control: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(QApplication.focusWidget() or panel, key, modifier)


def _choose(qtbot: QtBot, panel: LaunchPanel, row: LaunchRow, text: str) -> list[str]:
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


# What is shown


def test_the_sections_stand_before_anything_is_read(
    qtbot: QtBot, keep: Keep, store: SpecStore, recent: RecentSpecs, settings: QSettings
) -> None:
    store.save(_spec("a.py"))
    panel = LaunchPanel(library=Library(store, recent), settings=settings)
    assert _titles(panel) == []
    assert [header.text() for header in panel.findChildren(SectionHeader)] == [
        "Examples", "Yours", "Recent",
    ]  # fmt: skip
    keep(panel)
    panel.grab()  # paints it here and now
    assert _titles(panel) == []
    qtbot.waitUntil(lambda: _titles(panel) == ["a.py"])


def test_every_row_has_a_start_button_with_its_name(make: Make, store: SpecStore) -> None:
    store.save(_spec("a.py", "Nightly"))
    panel = make()
    for row in panel.findChildren(LaunchRow):
        button = row.findChild(QToolButton)
        assert button.accessibleName() == f"Start {row.entry.title}"
        assert button.toolTip().startswith(f"Start {row.entry.title}")
        assert row.accessibleName() == row.entry.title
        assert row.accessibleDescription() == row.entry.summary


def test_every_control_has_a_name_and_a_tooltip(make: Make) -> None:
    panel = make()
    for kind in (QToolButton, QPushButton, QLineEdit, SectionHeader):
        for control in panel.findChildren(kind):
            if control.isVisible():
                assert control.accessibleName(), control
                assert control.toolTip(), control


def test_without_specs_of_ones_own_there_is_a_sentence_and_a_button(
    make: Make, qtbot: QtBot, store: SpecStore
) -> None:
    panel = make()
    qtbot.mouseClick(_button(panel, "New spec of your own"), Qt.MouseButton.LeftButton)
    dialog = panel.findChild(SpecDialog)
    assert dialog.isVisible()
    store.save(_spec("a.py"))
    dialog.reject()
    panel._show_yours()
    assert not _button(panel, "New spec of your own").isVisible()


def test_a_broken_file_stands_in_the_list_with_its_reason(
    make: Make, qtbot: QtBot, store: SpecStore
) -> None:
    store.folder.mkdir()
    (store.folder / "bad.toml").write_text("kind = 'script'\ntarget = 3\n")
    panel = make()
    row = _row(panel, "bad.toml")
    assert row.entry.summary == "Line 2: target must be text, not 3."
    assert not row.findChild(QToolButton).isVisible()
    row.setFocus()
    qtbot.mousePress(row, Qt.MouseButton.LeftButton)
    _press(qtbot, panel, Key.Key_Return)
    assert _notice(panel) == "Line 2: target must be text, not 3."
    assert _asked(panel) == []


def test_rows_paint_in_every_state(make: Make, qtbot: QtBot, store: SpecStore) -> None:
    store.save(_spec("/very/long/" * 20 + "a.py", "A very long name " * 10))
    (store.folder / "bad.toml").write_text("=")
    panel = make()
    panel.set_running({"First process": 3})
    for width in (220, 280, 600):
        panel.resize(width, 800)
        assert not panel.grab().isNull()


def test_a_badge_counts_what_runs(make: Make) -> None:
    panel = make()
    first = panel.findChildren(LaunchRow)[0]
    panel.set_running({first.entry.title: 3})
    assert first.accessibleDescription().endswith("(3 running)")
    panel.set_running({})
    assert first.accessibleDescription() == first.entry.summary


# Starting


def test_a_click_on_the_button_starts(make: Make, qtbot: QtBot) -> None:
    panel = make()
    row = panel.findChildren(LaunchRow)[0]
    qtbot.mouseClick(_button(panel, f"Start {row.entry.title}"), Qt.MouseButton.LeftButton)
    assert _asked(panel) == [row.entry.spec]
    assert _notice(panel) == ""


def test_a_double_click_and_return_start(
    make: Make, qtbot: QtBot, store: SpecStore, script: str
) -> None:
    spec = _spec(script, "Job")
    store.save(spec)
    panel = make()
    qtbot.mouseDClick(_row(panel, "Job"), Qt.MouseButton.LeftButton, pos=QPoint(40, 10))
    assert _asked(panel) == [spec]
    _row(panel, "Job").setFocus()
    qtbot.mousePress(_row(panel, "Job"), Qt.MouseButton.LeftButton)
    _press(qtbot, panel, Key.Key_Return)
    assert _asked(panel) == [spec, spec]


def test_what_cannot_work_is_said_and_not_started(
    make: Make, qtbot: QtBot, store: SpecStore
) -> None:
    store.save(_spec("/nowhere/job.py", "Job"))
    panel = make()
    qtbot.mouseClick(_button(panel, "Start Job"), Qt.MouseButton.LeftButton)
    assert _asked(panel) == []
    assert "There is no script '/nowhere/job.py'" in _notice(panel)
    qtbot.mouseClick(_button(panel, "Edit …"), Qt.MouseButton.LeftButton)
    dialog = panel.findChild(SpecDialog)
    assert dialog.spec().target == "/nowhere/job.py"
    dialog.reject()


def test_a_start_that_works_clears_the_notice(
    make: Make, qtbot: QtBot, store: SpecStore, script: str
) -> None:
    store.save(_spec("/nowhere/job.py", "Job"))
    store.save(_spec(script, "Good"))
    panel = make()
    qtbot.mouseClick(_button(panel, "Start Job"), Qt.MouseButton.LeftButton)
    assert _notice(panel)
    qtbot.mouseClick(_button(panel, "Start Good"), Qt.MouseButton.LeftButton)
    assert _notice(panel) == ""


def test_nothing_starts_without_a_session(make: Make, qtbot: QtBot, script: str) -> None:
    panel = make()
    panel.set_enabled_to_launch(False)
    row = panel.findChildren(LaunchRow)[0]
    qtbot.mouseClick(row.findChild(QToolButton), Qt.MouseButton.LeftButton)
    qtbot.mouseDClick(row, Qt.MouseButton.LeftButton)
    panel.launch_file(script)
    assert _asked(panel) == []
    assert "no session" in _notice(panel)
    panel.set_enabled_to_launch(True)
    panel.launch_file(script)
    assert len(_asked(panel)) == 1


def test_an_unknown_interpreter_is_asked_beside_the_window(
    make: Make, qtbot: QtBot, tmp_path: Path, script: str
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nread line < "{gate}"\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    panel = make()
    spec = _spec(script, interpreter=str(python))
    panel.launch(spec)
    panel.launch(spec)
    assert _asked(panel) == []
    assert _notice(panel).startswith("Checking the interpreter of job.py")
    with open(gate, "w") as opened:
        opened.write("go\n")
    qtbot.waitUntil(lambda: bool(_asked(panel)), timeout=10_000)
    assert _asked(panel) == [spec]
    assert _notice(panel) == ""
    panel.launch(spec)
    assert len(_asked(panel)) == 2


def test_a_wrong_interpreter_is_said_when_it_has_answered(
    make: Make, qtbot: QtBot, script: str
) -> None:
    panel = make()
    panel.launch(_spec(script, interpreter="/bin/ls"))
    qtbot.waitUntil(lambda: "is no Python interpreter" in _notice(panel), timeout=10_000)
    assert _asked(panel) == []


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
    panel.launch(_spec(script, interpreter=str(python)))
    panel.deleteLater()
    QApplication.sendPostedEvents(panel, QEvent.Type.DeferredDelete)
    with open(gate, "w") as opened:
        opened.write("go\n")
    qtbot.waitUntil(lambda: all(t.name != "launch check" for t in threading.enumerate()))


def test_a_file_is_started_in_its_own_folder(make: Make, script: str, recent: RecentSpecs) -> None:
    panel = make()
    panel.launch_file(script)
    assert _asked(panel) == [_spec(script, cwd=os.path.dirname(script))]
    assert recent.specs() == _asked(panel)


@pytest.mark.parametrize(
    ("name", "sentence"), [("gone.py", "There is no script"), ("", "is a folder")]
)
def test_a_file_that_cannot_be_started_says_why(
    name: str, sentence: str, make: Make, tmp_path: Path
) -> None:
    panel = make()
    panel.launch_file(str(tmp_path / name))
    assert sentence in _notice(panel)
    assert _asked(panel) == []


# Recent


def test_what_was_started_becomes_recent_but_no_example(
    make: Make, qtbot: QtBot, script: str
) -> None:
    panel = make()
    qtbot.mouseDClick(panel.findChildren(LaunchRow)[0], Qt.MouseButton.LeftButton)
    assert _titles(panel, "Recent") == []
    assert not _section(panel, "Recent").isVisible()
    panel.launch_file(script)
    assert _titles(panel, "Recent") == ["job.py"]
    assert _section(panel, "Recent").isVisible()


def test_a_recent_one_can_be_forgotten_and_saved(
    make: Make, qtbot: QtBot, recent: RecentSpecs, store: SpecStore, script: str
) -> None:
    recent.add(_spec(script))
    panel = make()
    qtbot.mouseClick(_section(panel, "Recent").findChild(SectionHeader), Qt.MouseButton.LeftButton)
    texts = _choose(qtbot, panel, _row(panel, "job.py"), "Save as a spec …")
    assert texts == ["Start", "Save as a spec …", "Forget", "Show file"]
    assert panel.findChild(SpecDialog).save()
    assert _titles(panel) == ["job.py"]
    _choose(qtbot, panel, _section(panel, "Recent").rows[0], "Forget")
    assert recent.specs() == []


# The user's own


def test_keys_duplicate_delete_and_undo(make: Make, qtbot: QtBot, store: SpecStore) -> None:
    store.save(_spec("a.py", "A"))
    panel = make()
    panel._list.select(f"yours:{store.list()[0].path}")
    panel._list.focus_first()
    _press(qtbot, panel, Key.Key_D, control=True)
    assert _titles(panel) == ["A", "A (copy)"]
    assert panel._list.current.title == "A (copy)"
    panel._list.focus_first()
    _press(qtbot, panel, Key.Key_Delete)
    assert _titles(panel) == ["A"]
    assert "A (copy) was deleted." in _notice(panel)
    assert panel._list.current.title == "A"
    qtbot.mouseClick(_button(panel, "Undo"), Qt.MouseButton.LeftButton)
    assert _titles(panel) == ["A", "A (copy)"]


def test_f2_edits_and_the_row_stays_the_same_widget(
    make: Make, qtbot: QtBot, store: SpecStore, script: str
) -> None:
    path = store.save(_spec(script, "A"))
    store.save(_spec(script, "B"))
    panel = make()
    row = _row(panel, "A")
    qtbot.mousePress(row, Qt.MouseButton.LeftButton)
    row.setFocus()
    _press(qtbot, panel, Key.Key_F2)
    dialog = panel.findChild(SpecDialog)
    dialog._form.fields["name"].editor.setText("Z")
    assert dialog.save()
    assert _titles(panel) == ["B", "Z"]
    assert _row(panel, "Z") is row
    assert store.read(path).title == "Z"
    assert panel._list.current.title == "Z"


def test_an_example_can_be_copied_but_not_deleted(
    make: Make, qtbot: QtBot, store: SpecStore
) -> None:
    panel = make()
    row = panel.findChildren(LaunchRow)[0]
    texts = _choose(qtbot, panel, row, "Save as a spec …")
    assert texts == ["Start", "Save as a spec …", "Show file"]
    assert panel.findChild(SpecDialog).save()
    assert _titles(panel) == [row.entry.title]
    number = len(_titles(panel, "Examples"))
    row.setFocus()
    qtbot.mousePress(row, Qt.MouseButton.LeftButton)
    _press(qtbot, panel, Key.Key_Delete)
    assert len(_titles(panel, "Examples")) == number


def test_files_that_changed_meanwhile_are_seen_when_the_window_comes_back(
    make: Make, qtbot: QtBot, store: SpecStore
) -> None:
    panel = make()
    store.save(_spec("a.py", "From outside"))
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    QApplication.sendEvent(panel, QEvent(QEvent.Type.ActivationChange))
    assert _titles(panel) == ["From outside"]


# The keyboard, the filter, folding


def test_the_arrows_go_through_all_visible_rows(make: Make, qtbot: QtBot, store: SpecStore) -> None:
    store.save(_spec("a.py", "A"))
    panel = make()
    examples = _titles(panel, "Examples")
    panel._list.focus_first()
    seen = []
    for _ in range(len(examples) + 1):
        seen.append(panel._list.current.title)
        _press(qtbot, panel, Key.Key_Down)
    assert seen == [*examples, "A"]
    assert panel._list.current.title == "A"
    _press(qtbot, panel, Key.Key_Home)
    assert panel._list.current.title == examples[0]
    qtbot.mouseClick(
        _section(panel, "Examples").findChild(SectionHeader), Qt.MouseButton.LeftButton
    )
    _press(qtbot, panel, Key.Key_Down)
    assert panel._list.current.title == "A"


def test_tab_goes_from_the_row_to_its_button_only(make: Make) -> None:
    panel = make()
    rows = panel.findChildren(LaunchRow)
    tabbed = [
        row for row in rows if row.findChild(QToolButton).focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert tabbed == [row for row in rows if row.entry is panel._list.current]


def test_a_filter_is_offered_when_there_are_many(
    make: Make, qtbot: QtBot, store: SpecStore
) -> None:
    assert make().findChild(QLineEdit) is None
    for number in range(50):
        store.save(_spec(f"/srv/job_{number}.py", f"Job {number}"))
    panel = make()
    field = panel.findChild(QLineEdit)
    assert field.isVisible()
    qtbot.keyClicks(field, "job 17")
    shown = [row.entry.title for row in panel.findChildren(LaunchRow) if row.isVisible()]
    assert shown == ["Job 17"]
    qtbot.keyClick(field, Key.Key_Return)
    assert panel._list.current.title == "Job 17"
    field.clear()
    assert len([row for row in _section(panel, "Yours").rows if row.isVisible()]) == 50


def test_folding_is_remembered(make: Make, qtbot: QtBot, store: SpecStore) -> None:
    store.save(_spec("a.py", "A"))
    panel = make()
    header = _section(panel, "Yours").findChild(SectionHeader)
    assert header.accessibleName() == "Yours, 1, open"
    qtbot.mouseClick(header, Qt.MouseButton.LeftButton)
    assert not _row(panel, "A").isVisible()
    assert header.accessibleName() == "Yours, 1, folded"
    again = make()
    assert not _section(again, "Yours").open
    assert _section(again, "Examples").open


def test_selection_focus_and_scroll_survive_new_entries(qtbot: QtBot, make: Make) -> None:
    panel = make()
    section = _section(panel, "Yours")

    def entry(number: int) -> Entry:
        return Entry(f"k{number}", Origin.YOURS, f"T{number}", "s", "script", "t", _spec("a"))

    section.set_entries([entry(number) for number in range(40)])
    panel._list.select("k30")
    panel._list.focus_first()
    bar = panel._list.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() > 0)
    before = {row.entry.key: row for row in section.rows}
    scrolled = bar.value()
    section.set_entries([entry(number) for number in range(1, 45) if number != 20])
    assert all(before[row.entry.key] is row for row in section.rows if row.entry.key in before)
    assert panel._list.current.key == "k30"
    assert before["k30"].hasFocus()
    assert bar.value() == scrolled


def test_the_menu_opens_from_the_keyboard_too(make: Make, qtbot: QtBot) -> None:
    panel = make()
    panel._list.focus_first()
    row = QApplication.focusWidget()
    assert isinstance(row, LaunchRow)
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint(), Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(row, event)
    [menu] = [menu for menu in panel.findChildren(QMenu) if menu.isVisible()]
    menu.close()
