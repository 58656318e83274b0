"""What the tests of all panels share: made-up processes, and a panel brought to the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.events import ProcessStarted, Role

W = TypeVar("W", bound=QWidget)


@pytest.fixture(scope="session", autouse=True)
def painted_scroll_bar(qapp: QApplication) -> None:
    """The first scroll bar that Qt paints starts its pool of threads, whose descriptors stay: no
    test must seem to have left them behind."""
    area = QScrollArea()
    label = QLabel("\n" * 200)
    area.setWidget(label)
    area.resize(280, 800)
    area.grab()
    area.deleteLater()


@pytest.fixture(autouse=True)
def no_button_stays_pressed() -> Iterator[None]:
    """A double click by QTest has no last release, and a button that is pressed stays so for all
    tests after this one: let it go."""
    yield
    if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
        anywhere = QWidget()
        QTest.mouseRelease(anywhere, Qt.MouseButton.LeftButton)
        anywhere.deleteLater()
    assert QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton


@pytest.fixture
def start_workers() -> Callable[..., None]:
    """Puts workers 1 to `count` with the pids 1001 and so on into a process table; `name` is made
    into a name with `format(number)`."""

    def start(table: ProcessTable, count: int, name: str) -> None:
        for number in range(1, count + 1):
            table.apply(
                ProcessStarted(
                    process=number,
                    pid=1000 + number,
                    start_ticks=number,
                    time_ns=number,
                    parent=None,
                    ppid=1,
                    worker=number,
                    name=name.format(number),
                    role=Role.WORKER,
                    start_method=None,
                    cmdline=("python",),
                )
            )

    return start


@pytest.fixture
def on_screen(qtbot: QtBot) -> Callable[[W], W]:
    """Shows a widget and waits until it is there."""

    def show(widget: W) -> W:
        with qtbot.waitExposed(widget):
            widget.show()
        return widget

    return show
