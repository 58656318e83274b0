"""In another language nothing that the window itself says stays English, and nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pseudo_language
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from spawnscope.core.launch.spec_store import SpecStore
from spawnscope.core.vocabulary.launch_spec import TargetKind
from spawnscope.gui.panels.launch.notice import Notice
from spawnscope.gui.panels.launch.spec_dialog import SpecDialog
from spawnscope.gui.shell.appearance import Appearance
from spawnscope.gui.shell.leave_question import LeaveQuestion
from spawnscope.gui.shell.main_window import MainWindow
from spawnscope.gui.shell.shortcuts import keys_of

LONG = "2026-11-28_06-57-07_" + 8 * "abcdef" + ".spawnscope"


@pytest.fixture(autouse=True)
def language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield from pseudo_language.speak(monkeypatch)


@pytest.fixture
def window(qtbot: QtBot, qapp: object, home: Path, language: None) -> Iterator[MainWindow]:
    window = MainWindow(Appearance(qapp), None, None, None)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window._composed and bool(window._status._processes.text()))
    yield window
    window.close()


def test_what_stands_round_the_panels_is_translated(window: MainWindow, qtbot: QtBot) -> None:
    question = LeaveQuestion(window)
    question.show_running({"12": 12})
    notice = Notice()
    qtbot.addWidget(notice)
    notice.show_fault("1")
    window._status.show_held(True)
    view = window._view
    parts = (window.menuBar(), window._banner, window._status, view.tabs.bar, view.scope_bar,
             question, notice, window._launch._head(), window._launch._foot())  # fmt: skip
    assert [pseudo_language.untranslated(part) for part in parts] == [set()] * len(parts)
    assert all(title.startswith("[") for title in keys_of(window))


def test_the_dialog_of_a_spec_is_translated_and_has_room(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = SpecDialog(SpecStore(tmp_path), parent=window)
    dialog.open()
    dialog._more.setChecked(True)
    typed = {'--verbose "two words"', "1, 'two', [3]"}
    for kind in TargetKind:
        dialog._form.kind.set_kind(kind)
        assert pseudo_language.untranslated(dialog) <= typed
    scroll = dialog.findChild(QScrollArea)
    qtbot.waitUntil(lambda: scroll.horizontalScrollBar().maximum() == 0)
    dialog.close()


def test_the_status_bar_has_room_for_the_file_in_a_narrow_window(
    window: MainWindow, qtbot: QtBot
) -> None:
    window._status.show_file(f"/nowhere/{LONG}")
    window.resize(800, 600)
    qtbot.waitUntil(lambda: window.width() == 800)
    button = window._status._file
    qtbot.waitUntil(lambda: button.mapTo(window, QPoint(button.width(), 0)).x() <= window.width())
    assert LONG in button.toolTip()
    narrow = button.text()
    window.resize(1500, 600)
    qtbot.waitUntil(lambda: len(button.text()) > len(narrow))
