"""What pools and executors do is recorded whole: their workers from the start, tasks by number,
results that come in, waits for futures, and what broke them; with every Python."""

from __future__ import annotations

import re
from typing import Any

import pytest
from interpreters import EDGES, interpreters
from probing import TARGETS, Events, recorded

PROGRAM = TARGETS / "pool_facts.py"
METHODS = ("fork", "spawn", "forkserver")
LINES = PROGRAM.read_text().splitlines()


@pytest.fixture(scope="module", params=EDGES)
def events(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Events:
    if request.param not in interpreters():
        pytest.skip(f"there is no Python {request.param} here")
    method = METHODS[EDGES.index(request.param) % 3]
    python = interpreters()[request.param]
    return recorded(tmp_path_factory.mktemp("run"), "--python", python, PROGRAM, method)


def done(events: Events, kind: str, name: str, **fields: Any) -> list[dict[str, Any]]:
    number = events.object(kind, name)["object"]
    return events.of("operation", object=number, **fields)


def test_a_pool_tells_of_its_workers_tasks_and_results(events: Events) -> None:
    totals = events.totals(events.object("Pool", "pool")["object"])
    assert totals["idle"] == totals["initializer"] == totals["replace"] + 1 >= 3
    assert totals["task"] == totals["result"] == 5
    assert totals["join"] == 1
    submits = done(events, "Pool", "pool", operation="submit")
    assert [each["preview"] for each in submits] == ["4 items", None]
    job, other = (each["argument"] >> 32 for each in submits)
    tasks = done(events, "Pool", "pool", operation="task")
    numbers = [job << 32 | place for place in (1, 2, 3, 4)] + [other << 32 | 1]
    assert sorted(each["argument"] for each in tasks) == numbers
    (dear,) = (each for each in tasks if each["argument"] >> 32 == other)
    handled = re.fullmatch(r"unpickled \d+\.\d{3} ms, pickled (\d+\.\d{3}) ms", dear["preview"])
    assert handled is not None
    assert float(handled[1]) >= 200.0
    assert dear["end_ns"] - dear["start_ns"] < 200_000_000, "its task was over before"
    results = done(events, "Pool", "pool", operation="result")
    assert sorted(each["argument"] for each in results) == numbers
    assert all(each["bytes"] > 0 for each in tasks + results)
    main = events.object("Pool", "pool")["process"]
    assert {each["process"] for each in results} == {main}
    assert {each["text"] for each in done(events, "Pool", "pool", operation="initializer")} == {
        "prepare"
    }
    waits = done(events, "Pool", "pool", operation="wait", outcome="ok")
    assert {(each["text"], each["argument"] >> 32) for each in waits} >= {("square", job)}


def test_workers_that_a_pool_begins_with_take_nobodys_place(events: Events) -> None:
    never = events.object("Pool", "never")["object"]
    assert not events.of("operation", object=never, operation="replace")


def test_an_executor_tells_of_its_tasks_by_number(events: Events) -> None:
    of = ("ProcessPoolExecutor", "own")
    totals = events.totals(events.object(*of)["object"])
    assert totals["submit"] == 13
    assert totals["cancel"] >= 1
    assert totals["broken"] == totals["shutdown"] == 1
    submits = {each["argument"]: each["text"] for each in done(events, *of, operation="submit")}
    assert list(submits) == [number << 32 | 1 for number in range(13)]
    tasks = done(events, *of, operation="task", outcome="ok")
    assert len(tasks) >= 6
    assert all(submits[each["argument"]] == each["text"] for each in tasks)
    (large,) = [each for each in done(events, *of, operation="result") if each["bytes"] > 100_000]
    assert large["argument"] == 2 << 32 | 1
    (unsent,) = done(events, *of, operation="feed")
    assert (unsent["argument"], unsent["text"], unsent["outcome"]) == (
        5 << 32 | 1,
        "square: args[0] (_thread.lock)",
        "error",
    )


def test_waits_for_futures_have_their_place_and_their_task(events: Events) -> None:
    of = ("ProcessPoolExecutor", "own")
    waits = done(events, *of, operation="wait", outcome="ok")
    found = {LINES[int(each["site"].rpartition(":")[2]) - 1]: each for each in waits}

    def at(text: str) -> dict[str, Any]:
        return next(each for line, each in found.items() if text in line)

    assert at("# the result")["argument"] == 2 << 32 | 1
    assert at("# the result")["text"] == "slowly"
    assert at("# the first")["waited_ns"] > 100_000_000
    assert at("# completed")["waited_ns"] > 100_000_000
    assert at("run_in_executor")["waited_ns"] > 100_000_000
    assert at("dies.exception")["text"] == "leave"


def test_a_broken_executor_says_by_whom(events: Events) -> None:
    of = ("ProcessPoolExecutor", "own")
    (broken,) = done(events, *of, operation="broken")
    pid = broken["argument"]
    assert broken["preview"] == f"exit code 7 of PID {pid}"
    (ended,) = events.of("process_exited", pid=pid)
    assert ended["exit_code"] == 7
    assert "in task 13 of ProcessPoolExecutor own (leave)" in ended["outcome"]
