"""A task is run alone in the session that lives; of a recorded one that is asked about first."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
from boxes import answer
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot
from wrong_store import WrongStore

from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import ProcessStarted, Role
from spawnscope.core.vocabulary.findings import Cure, Remedy
from spawnscope.core.vocabulary.kept_task import CallContext, KeptTask
from spawnscope.core.vocabulary.launch_spec import LaunchSpec
from spawnscope.gui.kit.selection import Selection
from spawnscope.gui.panels.findings.cures import CureButtons
from spawnscope.gui.panels.inspector.panel import InspectorPanel
from spawnscope.gui.shell import run_alone as module
from spawnscope.gui.shell.run_alone import RunAlone

PYTHON = os.path.realpath("/proc/self/exe")


class Starts:
    """Takes down what is started."""

    def __init__(self) -> None:
        self.started: list[tuple[str, bytes, int]] = []

    def run_alone(self, spec: LaunchSpec, payload: bytes, process: int) -> int:
        self.started.append((spec.title, payload.partition(b"\n")[2], process))
        return 1


@pytest.fixture
def store(tmp_path: Path) -> SessionStore:
    """A recorded session: task 1 killed its worker, 2 raised, 3 was too large."""
    path = tmp_path / "a.spawnscope"
    writer = SessionWriter(path, about={})
    at = 1_700_000_000_000_000_000
    name = ProcessStarted(2, 22, 1, at, None, 1, None, "worker", Role.POOL_WORKER, "fork", ())
    writer.process_started(name)
    context = CallContext(python=PYTHON, folder=str(tmp_path))
    for number, error, pickled in ((1, "", b"one"), (2, "KeyError", b"two"), (3, "E", None)):
        task = KeptTask(number, 2, at + 1, None, 1, "price", error, 3, pickled is not None, context)
        writer.kept_task(task, pickled)
    writer.close()
    store = SessionStore()
    store.load(str(path))
    return store


def test_the_living_session_starts_it_at_once(store: SessionStore, home: QWidget) -> None:
    alone, starts = RunAlone(store, home), Starts()
    alone.session = starts
    alone.ask(2)
    assert starts.started == [("price alone", b"two", 2)]
    said: list[str] = []
    alone.problem_occurred.connect(said.append)
    alone.ask(3)
    assert said == ["The task is too large to be kept: 0.0 MB."]
    alone.ask(4)
    assert len(starts.started) == 1
    store.close()


def test_of_a_recorded_session_it_is_asked_first(
    store: SessionStore, home: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[list[str]] = []

    class Process:
        @staticmethod
        def startDetached(program: str, arguments: list[str]) -> tuple[bool, int]:
            opened.append([program, *arguments])
            return len(opened) < 2, 0

    monkeypatch.setattr(module, "QProcess", Process)
    alone = RunAlone(store, home)
    alone.ask(1)
    said = answer(home, qtbot, "&Cancel")
    assert said.startswith("Run price of a recorded session? This runs code from the session ")
    assert "only if you trust whoever made that file" in said
    assert not opened
    alone.ask(1)
    answer(home, qtbot, "&Run it")
    (command,) = opened
    assert command[2:5] == ["run", "--name=price alone", "--"]
    assert command[-4:] == ["run-alone", "--yes", store.path, "1"]
    with qtbot.waitSignal(alone.problem_occurred):
        alone.ask(1)
        answer(home, qtbot, "&Run it")
    store.close()


def test_findings_and_the_inspector_have_a_button_for_it(store: SessionStore, qtbot: QtBot) -> None:
    selection = Selection()
    panel = InspectorPanel(store, selection)
    qtbot.addWidget(panel)
    panel.resize(1100, 700)
    with qtbot.waitExposed(panel):
        panel.show()
    selection.select_processes(frozenset((2,)))
    card = panel.kept
    qtbot.waitUntil(card.isVisible)
    buttons = card.findChildren(QPushButton)
    assert [button.text() for button in buttons] == ["Run it alone"] * 2
    with qtbot.waitSignal(panel.alone_requested) as asked:
        buttons[1].click()
    assert asked.args == [2]
    panel.hide()
    panel.close_session()
    panel.leave()
    cures = CureButtons()
    qtbot.addWidget(cures)
    offered = [Cure(Remedy.RUN_ALONE, 2, None, name) for name in ("1", "3", "9", "x")]
    finding = msgspec.structs.replace(WrongStore().deadlock(), cures=tuple(offered))
    cures.show_finding(finding, store)
    (button,) = cures.findChildren(QPushButton)
    assert button.text() == "Run price alone"
    with qtbot.waitSignal(cures.alone_requested) as asked:
        button.click()
    assert asked.args == [1]
    store.close()
