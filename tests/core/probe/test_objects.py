"""Each of multiprocessing's objects, used a known number of times, is counted exactly so."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from counted import EXPECTED, sure
from interpreters import VERSIONS, interpreters
from probing import TARGETS, Events, recorded

PROGRAM = TARGETS / "all_objects.py"
METHODS = ("fork", "spawn", "forkserver")


@pytest.fixture(scope="module", params=METHODS)
def events(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Events:
    return recorded(tmp_path_factory.mktemp("run"), PROGRAM, request.param)


@pytest.mark.parametrize("key", EXPECTED, ids=" ".join)
def test_every_operation_is_counted_once(events: Events, key: tuple[str, str]) -> None:
    created = events.object(*key)
    assert sure(events, key) == EXPECTED[key]
    assert created["site"].startswith(str(PROGRAM))


def test_no_inner_object_appears_as_one_of_its_own(events: Events) -> None:
    shown = {(e["type"], e["name"]) for e in events.of("object_created")}
    others = {key for key in shown - set(EXPECTED) if key[0] != "Process"}
    assert others == {("Pool", "pool"), ("Manager", "manager")}


def test_tasks_of_a_pool_have_their_function_and_their_failure(events: Events) -> None:
    pool = events.object("Pool", "pool")["object"]
    tasks = events.of("operation", object=pool, operation="task")
    assert (
        sorted((t["text"], t["outcome"]) for t in tasks)
        == [("fail", "error")] + [("square", "ok")] * 8
    )
    parents = {e["process"]: e["parent"] for e in events.of("process_started")}
    (submitter,) = {e["process"] for e in events.of("operation", object=pool, operation="submit")}
    assert all(task["process"] != submitter for task in tasks)
    assert all(submitter in _ancestors(parents, task["process"]) for task in tasks)
    assert all(task["end_ns"] >= task["start_ns"] for task in tasks)


def _ancestors(parents: dict[int, int | None], process: int) -> Iterator[int]:
    above = parents[process]
    while above is not None:
        yield above
        above = parents[above]


def test_items_have_their_size_and_a_preview(events: Events) -> None:
    tasks = events.object("JoinableQueue", "tasks")["object"]
    put = events.of("operation", object=tasks, operation="put")
    got = events.of("operation", object=tasks, operation="get")
    assert [e["preview"] for e in put] == ["dict of 1"] * 20
    assert all(e["bytes"] for e in put + got)
    assert sum(e["bytes"] for e in put) == sum(e["bytes"] for e in got)
    jobs = events.object("Queue", "jobs")["object"]
    assert [e["preview"] for e in events.of("operation", object=jobs, operation="put")] == [
        str(number) for number in range(20)
    ]
    assert [e["outcome"] for e in events.of("operation", object=jobs)].count("Empty") == 1


def test_operations_name_the_line_of_the_users_code(events: Events) -> None:
    lines = PROGRAM.read_text().splitlines()
    for operation in events.of("operation"):
        if operation["site"] and operation["operation"] in ("put", "get", "send", "recv", "set"):
            path, _, line = operation["site"].rpartition(":")
            assert os.path.samefile(path, PROGRAM)
            assert f".{operation['operation']}(" in lines[int(line) - 1]


RUNS = [(version, METHODS[number % 3]) for number, version in enumerate(VERSIONS)]
RUNS += [("3.14", "forkserver"), ("3.15", "forkserver")]  # it is the default there


@pytest.mark.parametrize(("version", "method"), RUNS)
def test_every_python_is_counted_alike(version: str, method: str, tmp_path: Path) -> None:
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    run = recorded(tmp_path, "--python", interpreters()[version], PROGRAM, method)
    assert not [note for note in run.notes() if "instrumented" in note]
    found = {key: sure(run, key) for key in EXPECTED}
    assert found == EXPECTED
    test_no_inner_object_appears_as_one_of_its_own(run)
