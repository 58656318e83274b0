"""What holds for every field, box, dialog and notice of the window, wherever it stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from contrast import LEAST, contrast
from PySide6.QtCore import QMimeDatabase, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import (
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from spawnscope.core.vocabulary.events import Role
from spawnscope.gui.kit import file_dialog as dialogs
from spawnscope.gui.kit import passing
from spawnscope.gui.kit.choice_box import ChoiceBox
from spawnscope.gui.kit.number_box import CountBox, SecondsBox
from spawnscope.gui.kit.process_look import ROLE_ICONS
from spawnscope.gui.kit.style import icons
from spawnscope.gui.kit.style.theme import DARK, LIGHT, Theme
from spawnscope.gui.kit.text_field import TextField
from spawnscope.gui.panels.launch.notice import Notice
from spawnscope.gui.panels.messages.strips import TaskStrip
from spawnscope.gui.panels.processes.outcome_line import OutcomeLine

GUI = Path(__file__).resolve().parents[3] / "gui"
MADE_IN = {
    "QLineEdit": "text_field.py",
    "QComboBox": "choice_box.py",
    "QSpinBox": "number_box.py",
    "QDoubleSpinBox": "number_box.py",
    "QFileDialog": "file_dialog.py",
    "setClearButtonEnabled": "",
    "getOpenFileName": "",
    "getSaveFileName": "",
    "acceptProposedAction": "",
}

# Where `faint`, which is too weak for a text, paints pictures, lines and what is switched off.
FAINT_IN = {
    "cell_painter.py", "choice_box.py", "doing.py", "empty_hint.py", "fact_table.py",
    "fault_flags.py", "header.py", "icons.py", "lane_painter.py", "lane_strip.py", "node_item.py",
    "process_picker.py", "ruler_painter.py", "sheet.py", "theme.py",
}  # fmt: skip


def strangers(source: str, where: str) -> Iterator[str]:
    """What a module makes by itself though the kit has it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in MADE_IN and MADE_IN[name] != where:
                yield f"{where}:{node.lineno}: {name}"


def test_every_field_box_and_dialog_is_of_the_kit() -> None:
    assert list(strangers("QSpinBox(minimum=1)", "form.py")) == ["form.py:1: QSpinBox"]
    found = []
    for path in sorted(GUI.rglob("*.py")):
        found += strangers(path.read_text(), path.name)
    assert found == []


@pytest.mark.parametrize("kind", ["choice", "count", "seconds"])
def test_the_wheel_scrolls_the_page_and_changes_no_box(kind: str, qtbot: QtBot) -> None:
    box: QWidget
    if kind == "choice":
        box = ChoiceBox()
        box.addItems(["a", "b", "c"])
        value = box.currentIndex
    else:
        box = CountBox(0, 9) if kind == "count" else SecondsBox(9)
        box.setValue(5)
        value = box.value  # type: ignore[assignment]
    page = QWidget()
    column = QVBoxLayout(page)
    first = TextField()
    column.addWidget(first)
    column.addWidget(box)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    first.setFocus()
    before = value()
    assert not takes_a_turn(box)  # so it goes on to the page
    assert value() == before
    # Qt gives the keyboard to a widget at a turn of the wheel by this; only to real ones, not here.
    assert box.focusPolicy() == Qt.FocusPolicy.StrongFocus
    box.setFocus()
    assert takes_a_turn(box)
    assert value() != before


def takes_a_turn(box: QWidget) -> bool:
    """Whether a box takes a notch of the wheel for itself."""
    local = QPointF(box.rect().center())
    event = QWheelEvent(
        local, box.mapToGlobal(local), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    box.wheelEvent(event)
    return event.isAccepted()


def test_a_field_has_a_button_to_empty_it_only_while_it_is_filled(qtbot: QtBot) -> None:
    field = TextField(placeholder="Filter")
    field.add_picture("search")
    field.add_clear()
    qtbot.addWidget(field)
    field.resize(200, 30)
    with qtbot.waitExposed(field):
        field.show()

    def buttons() -> list[QToolButton]:
        return [each for each in field.findChildren(QToolButton) if each.isVisible()]

    assert len(buttons()) == 1
    field.setText("a")
    assert len(buttons()) == 2
    field.actions()[-1].trigger()
    assert field.text() == ""
    assert len(buttons()) == 1
    assert not field.acceptDrops()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings of this test's own."""
    path = tmp_path / "settings.ini"
    monkeypatch.setattr(
        dialogs, "QSettings", lambda *_: QSettings(str(path), QSettings.Format.IniFormat)
    )
    QMimeDatabase().mimeTypeForFile("a.py")  # the first dialog maps it, for good
    return path


def test_a_dialog_begins_where_the_last_one_of_its_kind_was_left(
    qtbot: QtBot, settings: Path, tmp_path: Path
) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    there, else_where = tmp_path / "there", tmp_path / "elsewhere"
    there.mkdir()
    else_where.mkdir()
    formats = {"Text": ".txt", "JSON lines": ".jsonl"}
    first = dialogs.save_dialog(host, "Save", "messages", "messages", formats)
    first.setDirectory(str(there))
    first.accepted.emit()  # as when a file was chosen
    first.finished.emit(1)
    assert settings.exists() or QSettings(str(settings), QSettings.Format.IniFormat).allKeys()
    second = dialogs.save_dialog(host, "Save", "messages", "messages", formats)
    assert second.directory().absolutePath() == str(there)
    other = dialogs.file_dialog(host, "Open", "session", otherwise=str(else_where))
    assert other.directory().absolutePath() == str(else_where)
    given = dialogs.file_dialog(host, "Browse", "messages", folder=str(else_where))
    assert given.directory().absolutePath() == str(else_where)
    there.rmdir()
    gone = dialogs.save_dialog(host, "Save", "messages", "messages", formats)
    assert gone.directory().exists()
    for dialog in (second, other, given, gone):
        dialog.finished.emit(0)


def test_a_dialog_shows_names_of_sessions_whole(
    qtbot: QtBot, settings: Path, tmp_path: Path
) -> None:
    name = "2026-11-28_11-48-26_4a414f81.spawnscope"
    (tmp_path / name).touch()
    host = QWidget()
    qtbot.addWidget(host)
    dialog = dialogs.file_dialog(host, "Open", "session", folder=str(tmp_path))
    with qtbot.waitExposed(dialog):
        dialog.show()
    table = dialog.findChild(QTreeView, "treeView")
    assert isinstance(table, QTreeView)
    assert table.header().sectionSize(0) > table.fontMetrics().horizontalAdvance(name) + 40
    dialog.finished.emit(0)


@pytest.mark.parametrize("kind", ["notice", "outcome", "strip"])
def test_news_leaves_by_itself_and_a_fault_stays(
    kind: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passing, "SECONDS", 0.05)
    notice = {"notice": Notice, "outcome": OutcomeLine, "strip": TaskStrip}[kind]()
    # Wherever another test has left the pointer.
    monkeypatch.setattr(notice, "underMouse", lambda: False)
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(400, 100)
    notice.setParent(host)
    TextField(host)  # where the keyboard is
    with qtbot.waitExposed(host):
        host.show()
    host.findChildren(TextField)[0].setFocus()

    def say(sentence: str, bad: bool) -> None:
        if isinstance(notice, Notice):
            (notice.show_fault if bad else notice.show_word)(sentence)
        elif isinstance(notice, OutcomeLine):
            notice.tell(sentence, bad)
        else:
            notice.show_outcome(sentence, fault=bad)

    say("It is done.", False)
    assert notice.isVisible()
    say("It went wrong.", True)
    assert not notice._passing.isActive()
    say("It is done.", False)
    qtbot.waitUntil(notice.isHidden)


def test_each_role_has_a_picture_of_its_own() -> None:
    assert ROLE_ICONS.keys() == set(Role)
    assert len(set(ROLE_ICONS.values())) == len(Role)
    assert all((icons.FOLDER / f"{name}.svg").is_file() for name in ROLE_ICONS.values())


def test_no_text_is_faint() -> None:
    ours = re.compile(r"\"faint\"|\b(theme|_?colors|current\(\))\.faint\b")
    found = {path.name for path in GUI.rglob("*.py") if ours.search(path.read_text())}
    assert found == FAINT_IN | {"ansi.py", "legend.py"}, "those two speak of something else"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_texts_can_be_read_on_every_ground(theme: Theme) -> None:
    grounds = theme.base, theme.window, theme.alternate, theme.raised
    pairs = [
        (ink, ground)
        for ink in (theme.text, theme.good, theme.warning, theme.bad, theme.accent)
        for ground in grounds
    ]
    pairs += [(theme.muted, ground) for ground in (*grounds, theme.selection)]
    pairs += [(theme.selection_text, theme.selection), (theme.accent_text, theme.accent)]
    assert [pair for pair in pairs if contrast(*map(QColor, pair)) < LEAST] == []
