"""The question before processes are ended that others need something of."""

from __future__ import annotations

import signal
from typing import Any, cast

from boxes import boxes, press
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from written_store import SECOND, WrittenStore

from spawnscope.core.store.store import Store
from spawnscope.core.vocabulary.events import ObjectState
from spawnscope.gui.shell.strand_question import StrandQuestion


class Recorder:
    """Takes down what is done."""

    def __init__(self) -> None:
        self.done: list[tuple[Any, ...]] = []

    def stop(self, process: int, tree: bool) -> None:
        self.done.append((process, tree))

    def send_signal(self, process: int, number: int) -> None:
        self.done.append((process, signal.Signals(number).name))


def question(home: QWidget) -> tuple[StrandQuestion, Recorder]:
    """p2 holds a lock, and p3 waits for it; both are children of p1."""
    store = WrittenStore()
    for number in (1, 2, 3):
        store.process(number, parent=None if number == 1 else 1)
    store.object(1, "Lock", "results")
    held = ((2, "MainThread"),), ((3, "MainThread"),)
    store.objects.apply(ObjectState(1, SECOND, (), None, *held))
    done = Recorder()
    return StrandQuestion(cast(Store, store), done, home), done


def test_what_strands_nobody_is_done_at_once(home: QWidget, qtbot: QtBot) -> None:
    ending, done = question(home)
    ending.stop(3, False)
    ending.stop(1, True)  # with all who need anything
    qtbot.waitUntil(lambda: done.done == [(3, False), (1, True)])
    ending.send_signal(2, signal.SIGSTOP)
    assert done.done[-1] == (2, "SIGSTOP")
    assert not boxes(home)


def test_what_strands_somebody_is_asked_once(home: QWidget, qtbot: QtBot) -> None:
    ending, done = question(home)
    ending.stop(2, False)
    ending.send_signal(2, signal.SIGKILL)
    qtbot.waitUntil(lambda: bool(boxes(home)))
    (box,) = boxes(home)
    assert "p2 (12) holds lock results, and p3 (13) waits for it" in box.informativeText()
    assert not done.done
    press(box, "&Terminate anyway")
    assert done.done == [(2, False), (2, "SIGKILL")]
    ending.stop(2, False)
    qtbot.waitUntil(lambda: bool(boxes(home)))
    press(boxes(home)[0], "&Let it run")
    qtbot.waitUntil(lambda: not boxes(home))
    assert len(done.done) == 2
