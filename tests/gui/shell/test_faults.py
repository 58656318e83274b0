"""A fault of our own is told once, and stops what would only repeat it."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from spawnscope.core.log_file import log_path
from spawnscope.gui.kit.sliced_work import SlicedWork
from spawnscope.gui.shell.appearance import Appearance
from spawnscope.gui.shell.main_window import MainWindow
from spawnscope.gui.shell.status_bar import StatusBar


def test_work_that_fails_is_told_once_and_can_begin_again(qtbot: QtBot) -> None:
    faults = [ValueError("first"), ValueError("second")]
    done: list[float] = []

    def step(budget: float) -> bool:
        if faults:
            raise faults.pop(0)
        done.append(budget)
        return False

    work = SlicedWork(step)
    with capture_exceptions() as told:
        work.start()
        qtbot.waitUntil(lambda: not work.running)
        rounds: list[None] = []
        clock = QTimer(interval=0)
        clock.timeout.connect(lambda: rounds.append(None))
        clock.start()
        qtbot.waitUntil(lambda: len(rounds) >= 5)  # rounds in which nothing may come
        clock.stop()
        assert len(told) == 1
        work.start()
        qtbot.waitUntil(lambda: not work.running)
        with qtbot.waitSignal(work.finished):
            work.start()
    assert len(told) == 2
    assert len(done) == 1


def test_a_fault_that_comes_again_and_again_is_kept_once(qtbot: QtBot, home: Path) -> None:
    bar = StatusBar()
    qtbot.addWidget(bar)
    for number in range(100):
        bar.show_fault("The same", "details")
        bar.show_fault("The same", "details")
        bar.show_fault(f"Another {number // 50}")
    written = Path(log_path()).read_text()
    assert written.count("The same") == 100
    assert len(bar._faults) <= 50


def test_a_new_session_that_cannot_begin_is_said_and_can_be_tried_again(
    qtbot: QtBot, qapp: object, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(**options: bool) -> None:
        raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr("spawnscope.core.client.client.Client", cannot)
    window = MainWindow(Appearance(qapp), None, None, None)  # type: ignore[arg-type]
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window._composed)
    view = window._view
    window._on_new_session()
    said = [label.text() for label in window._banner.findChildren(QLabel)]
    assert "A new session cannot begin: Resource temporarily unavailable." in said
    assert [button.text() for button in window._banner.findChildren(QPushButton)] == ["Try again"]
    assert window._view is view  # with what it shows
    window.close()
