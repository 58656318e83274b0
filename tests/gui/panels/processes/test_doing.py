"""The column Doing."""

from __future__ import annotations

from typing import Any

import pytest
from panel_store import store_of

from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import (
    Doing,
    ObjectCreated,
    ProcessDoing,
    ProcessExited,
    ProcessWatched,
    Role,
)
from spawnscope.gui.panels.processes.columns import COLUMNS, DOING
from spawnscope.gui.panels.processes.doing import is_unwatched
from spawnscope.gui.panels.processes.panel import ProcessesPanel
from spawnscope.gui.panels.processes.tree_model import ProcessTreeModel

SECOND = 1_000_000_000


@pytest.fixture
def table(store: SessionStore, make: Any) -> ProcessTable:
    table = store.processes
    table.objects.apply(ObjectCreated(7, 1, 5, "Queue", "jobs", "", None))
    table.objects.apply(ObjectCreated(8, 1, 5, "Lock", "results", "", None))
    table.apply(make.started(1, None, Role.WORKER))
    return table


def in_get(since: int = 100 * SECOND, thread: str = "MainThread", number: int = 7) -> Doing:
    return Doing(thread, "get", number, since, "/shop/app.py:12", "")


IDLE = Doing("MainThread", "idle", 7, 100 * SECOND, "", "")


def text(table: ProcessTable, now: float = 103.2) -> str:
    return DOING.text_at(table[1], int(now * SECOND))


def test_it_says_the_call_and_since_when(table: ProcessTable) -> None:
    assert text(table) == ""
    table.apply(ProcessDoing(1, (in_get(),)))
    assert text(table) == "get from jobs, 3.2 s"
    assert text(table, 104.2) == "get from jobs, 4.2 s"
    assert text(table, 100.4) == "get from jobs", "too short to be read"
    assert DOING.value(table[1], 103 * SECOND) == 3 * SECOND


def test_further_threads_are_counted_and_listed_in_the_tooltip(table: ProcessTable) -> None:
    table.apply(
        ProcessDoing(1, (in_get(), in_get(101 * SECOND, "Thread-1"), in_get(thread="Thread-2")))
    )
    assert text(table) == "get from jobs, 3.2 s  +2"
    lines = DOING.explained_at(table[1], 103 * SECOND).splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("Thread-1: get from jobs, since ")
    assert lines[1].endswith("(2.0 s), at /shop/app.py:12")


def test_a_process_without_a_recorder_says_so_and_why(table: ProcessTable) -> None:
    table.apply(ProcessWatched(1, 1, False, "It is not Python."))
    assert text(table) == "not instrumented"
    assert is_unwatched(table[1])
    assert DOING.explained_at(table[1], 0) == "What it does cannot be seen: It is not Python."


@pytest.mark.parametrize(
    ("signal", "code", "doing", "holding", "said"),
    [
        ("SIGKILL", None, (in_get(),), (), "died in get from jobs"),
        ("SIGKILL", None, (), (8,), "died holding lock results"),
        (None, 1, (in_get(),), (8, 7), "died in get from jobs, holding lock results and jobs"),
        (None, 0, (in_get(thread="feeder"),), (), "ended in get from jobs"),
        (None, 0, (IDLE,), (), "ended, idle in jobs"),
        ("SIGKILL", None, (IDLE,), (8,), "died holding lock results"),
        ("SIGKILL", None, (IDLE,), (), "died, idle in jobs"),
        (None, 0, (), (), ""),
    ],
)
def test_the_end_says_what_it_was_in_and_held(
    table: ProcessTable,
    signal: str | None,
    code: int | None,
    doing: tuple[Doing, ...],
    holding: tuple[int, ...],
    said: str,
) -> None:
    table.apply(ProcessExited(1, 1001, 105 * SECOND, code, signal, "Ended.", doing, holding))
    assert text(table) == said
    assert text(table, 999.0) == said, "it does not go on"


def test_the_seconds_go_on_in_the_tree(
    store: SessionStore, table: ProcessTable, qtbot: Any
) -> None:
    now = [103 * SECOND]
    model = ProcessTreeModel(store, clock=lambda: now[0])
    column = COLUMNS.index(DOING)
    table.apply(ProcessDoing(1, (in_get(),)))
    model.sync({1: {"doing"}})
    assert model.index_of(1, column).data() == "get from jobs, 3.0 s"
    told: list[int] = []
    model.dataChanged.connect(lambda first, last, _roles: told.append(first.column()))
    now[0] += SECOND
    model.tick({-1: (0, 0)})
    assert column in told
    assert model.index_of(1, column).data() == "get from jobs, 4.0 s"


def test_a_name_that_comes_late_reaches_the_tree(
    panel: ProcessesPanel, table: ProcessTable
) -> None:
    store_of(panel).apply([ProcessDoing(11, (in_get(number=9),))])
    shown = panel.model.shown_row(11)
    assert shown is not None
    assert shown.doing[0].phrase == "get from object 9"
    store_of(panel).apply([ObjectCreated(9, 1, 5, "Queue", "photos", "", None)])
    shown = panel.model.shown_row(11)
    assert shown is not None
    assert shown.doing[0].phrase == "get from photos"
