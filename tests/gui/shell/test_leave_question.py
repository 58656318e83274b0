"""The question before the window is left: what runs, in words that nothing in a name can change."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from spawnscope.core.analysis.running import running
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.events import ProcessExited, ProcessStarted, Role, WorkerStarted
from spawnscope.gui.shell.leave_question import LeaveQuestion


@pytest.fixture
def question(qtbot: QtBot) -> Iterator[LeaveQuestion]:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    question = LeaveQuestion(window)
    question.show_running({"shop": 12, "<b>mill</b>\n": 1})
    question.open()
    yield question
    question.close()


def texts(question: LeaveQuestion) -> list[str]:
    return [label.text() for label in question.findChildren(QLabel) if label.isVisible()]


def test_it_names_what_would_be_ended(question: LeaveQuestion, qtbot: QtBot) -> None:
    said = texts(question)
    assert "13 processes still run" in said
    assert said[said.index("shop") + 1] == "12 processes"
    assert said[said.index("<b>mill</b>") + 1] == "1 process"
    formats = {label.textFormat() for label in question.findChildren(QLabel) if label.text()}
    assert formats == {Qt.TextFormat.PlainText}
    question.show_running({f"worker {n}": 1 for n in range(100)})
    qtbot.waitUntil(lambda: "and 93 more" in texts(question))
    question.show_running({"shop": 1})
    qtbot.waitUntil(lambda: "and 93 more" not in texts(question))
    buttons = [button.text() for button in question.findChildren(QPushButton)]
    assert buttons == ["Stay", "End it and leave"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
def test_return_and_escape_stay(question: LeaveQuestion, qtbot: QtBot, key: Qt.Key) -> None:
    with qtbot.waitSignal(question.rejected):
        qtbot.keyClick(question, key)


def test_return_leaves_once_that_button_has_the_keyboard(
    question: LeaveQuestion, qtbot: QtBot
) -> None:
    leave = question.findChildren(QPushButton)[1]
    leave.setFocus()
    with qtbot.waitSignal(question.accepted):
        qtbot.keyClick(leave, Qt.Key.Key_Return)


def test_processes_are_counted_by_worker_without_the_supervisor_and_its_helpers() -> None:
    table = ProcessTable()

    def start(number: int, parent: int | None, worker: int | None, name: str, role: Role) -> None:
        table.apply(
            ProcessStarted(
                number, 1000 + number, number, 1, parent, 1, worker, name, role, None, ()
            )
        )

    start(1, None, None, "spawnscope", Role.SUPERVISOR)
    start(2, 1, None, "forkserver", Role.FORKSERVER)
    assert running(table) == {}
    for number, worker in ((3, 1), (4, 2)):
        start(number, 1, worker, "python", Role.WORKER)
        table.apply(WorkerStarted(0, worker, number, "shop"))
    start(5, 3, 1, "child", Role.CHILD)
    start(6, 1, 1, "daemon", Role.CHILD)
    assert running(table) == {"shop": 4}
    for number in (3, 4):
        table.apply(ProcessExited(number, 1000 + number, 2, 0, None, "Ended normally."))
    assert running(table) == {"shop": 2}  # what they have left is still theirs
