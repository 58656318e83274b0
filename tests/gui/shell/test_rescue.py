"""What is done for a stuck program is asked about first."""

from __future__ import annotations

from typing import cast

import pytest
from boxes import answer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from written_store import WrittenStore

from spawnscope.core.observe.left_memory import NotRemoved
from spawnscope.core.store.store import Store
from spawnscope.core.vocabulary.findings import Cure, Remedy
from spawnscope.gui.shell import rescue as module
from spawnscope.gui.shell.rescue import Rescue


class Released:
    """Takes down what is given back."""

    def __init__(self) -> None:
        self.done: list[tuple[int, int]] = []

    def release(self, number: int, process: int) -> None:
        self.done.append((number, process))


def test_a_release_says_what_it_may_cost(home: QWidget, qtbot: QtBot) -> None:
    store, session = WrittenStore(), Released()
    store.process(1)
    store.object(1, "Lock", "ledger")
    store.object(2, "read lock", "read lock of jobs")
    store.end(1, "SIGKILL")
    rescue = Rescue(cast(Store, store), session, home)
    rescue.ask(Cure(Remedy.RELEASE, 1, 1))
    said = answer(home, qtbot, "&Cancel")
    assert said.startswith("Release lock ledger? p1 (11) ended while it held it.")
    assert session.done == []
    rescue.ask(Cure(Remedy.RELEASE, 1, 2))
    assert "half of that is still in the pipe" in answer(home, qtbot, "&Release")
    assert session.done == [(2, 1)]


def test_what_is_left_is_removed_by_its_name(
    home: QWidget, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[str] = []

    def remove(name: str) -> None:
        if removed:
            raise NotRemoved("It is gone already.")
        removed.append(name)

    monkeypatch.setattr(module, "remove_left", remove)
    rescue = Rescue(cast(Store, WrittenStore()), Released(), home)
    rescue.ask(Cure(Remedy.UNLINK, name="psm_1"))
    answer(home, qtbot, "&Cancel")
    assert not removed
    rescue.ask(Cure(Remedy.UNLINK, name="psm_1"))
    assert answer(home, qtbot, "&Remove").startswith("Remove /dev/shm/psm_1?")
    assert removed == ["psm_1"]
    rescue.ask(Cure(Remedy.UNLINK, name="psm_1"))
    with qtbot.waitSignal(rescue.problem_occurred) as told:
        answer(home, qtbot, "&Remove")
    assert told.args == ["It is gone already."]
