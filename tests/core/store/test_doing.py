"""What processes are in: in words, with the names of objects whenever those come."""

from __future__ import annotations

from spawnscope.core.store.change import ChangeKind
from spawnscope.core.store.doing import by_thread, foremost
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.events import (
    Doing,
    ObjectCreated,
    ProcessDoing,
    ProcessExited,
    ProcessStarted,
    ProcessWatched,
    Role,
)

STARTED = ProcessStarted(1, 11, 1, 10, None, 1, None, "w", Role.WORKER, None, ())
JOBS = ObjectCreated(7, 1, 5, "Queue", "jobs", "", None)
LOCK = ObjectCreated(8, 1, 5, "Lock", "results", "", None)


def doing(thread: str, operation: str, number: int | None, since: int, text: str = "") -> Doing:
    return Doing(thread, operation, number, since, "app.py:3", text)


def a_table(*objects: ObjectCreated) -> ProcessTable:
    table = ProcessTable()
    for each in objects:
        table.objects.apply(each)
    table.apply(STARTED)
    return table


def test_operations_have_phrases() -> None:
    table = a_table(JOBS, LOCK)
    told = (
        doing("a", "get", 7, 1),
        doing("b", "acquire", 8, 1),
        doing("c", "join", None, 1),
        doing("d", "run", None, 1, "resize"),
        doing("e", "submit", 7, 1, "resize"),
    )
    change = table.apply(ProcessDoing(1, told))
    assert change is not None
    assert change.kind is ChangeKind.DOING
    assert [deed.phrase for deed in table[1].doing] == [
        "get from jobs", "acquire lock results", "join", "run resize", "submit to jobs (resize)",
    ]  # fmt: skip
    assert table.apply(ProcessDoing(1, told)) is None


def test_an_object_that_is_named_later_is_said_anew() -> None:
    table = a_table()
    table.apply(ProcessDoing(1, (doing("MainThread", "get", 7, 1),)))
    assert table[1].doing[0].phrase == "get from object 7"
    table.objects.apply(JOBS)
    (change,) = table.rename(7)
    assert change.process == 1
    assert table[1].doing[0].phrase == "get from jobs"
    assert table.rename(7) == []


def test_the_main_thread_comes_first_then_the_one_that_waits_longest() -> None:
    table = a_table()
    table.apply(ProcessDoing(1, (doing("x", "a", None, 5), doing("MainThread", "b", None, 9))))
    assert foremost(table[1].doing) is table[1].doing[1]
    table.apply(ProcessDoing(1, (doing("x", "a", None, 5), doing("y", "b", None, 3))))
    assert foremost(table[1].doing) is table[1].doing[1]
    table.apply(ProcessDoing(1, ()))
    assert foremost(table[1].doing) is None


def test_of_calls_within_calls_the_innermost_counts() -> None:
    table = a_table()
    within = doing("MainThread", "task", None, 9), doing("MainThread", "run", None, 3)
    table.apply(ProcessDoing(1, (*within, doing("x", "a", None, 1))))
    assert [deed.operation for deed in by_thread(table[1].doing)] == ["task", "a"]
    shown = foremost(table[1].doing)
    assert shown is not None
    assert shown.operation == "task"


def test_the_end_tells_what_it_was_in_and_what_it_held() -> None:
    table = a_table(JOBS, LOCK)
    table.apply(ProcessDoing(1, (doing("MainThread", "put", 7, 1),)))
    table.apply(
        ProcessExited(1, 11, 20, None, "SIGKILL", "Killed.", (doing("t", "get", 7, 1),), (8,))
    )
    row = table[1]
    assert row.has_failed
    assert [deed.phrase for deed in row.doing] == ["get from jobs"]
    assert row.held == ("lock results",)
    assert table.apply(ProcessDoing(1, ())) is None, "too late"


def test_what_is_told_before_the_start_waits_for_it() -> None:
    table = ProcessTable()
    table.apply(ProcessWatched(1, 9, False, "It is not Python."))
    table.apply(ProcessDoing(1, (doing("MainThread", "join", None, 1),)))
    table.apply(STARTED)
    assert table[1].watched is False
    assert table[1].unwatched_reason == "It is not Python."
    assert len(table[1].doing) == 1


def test_nobody_tells_any_more_what_a_process_does_that_lost_its_recorder() -> None:
    table = a_table()
    table.apply(ProcessDoing(1, (doing("MainThread", "join", None, 1),)))
    change = table.apply(ProcessWatched(1, 12, False, "Its recorder was full."))
    assert change is not None
    assert change.fields == {"watched", "unwatched_reason", "doing"}
    assert table[1].doing == ()
