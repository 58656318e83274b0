"""Libraries with classes of their own are recorded as the standard library is: the same programs,
the same counts, the same names."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from counted import EXPECTED, sure
from probing import TARGETS, Events, recorded

PROGRAM = TARGETS / "all_objects.py"
COMMON = {key: counts for key, counts in EXPECTED.items() if key[0] != "ProcessPoolExecutor"}
RUNS = [("multiprocess", "spawn"), ("billiard", "fork")]
LOKY = TARGETS / "libraries" / "with_loky.py"
UNSENT = """
import billiard

if __name__ == "__main__":
    queue = billiard.Queue()
    queue.put(lambda: 1)
    queue._thread.join()  # which its feeder ends with
"""
IN_A_WORKER = """
import multiprocessing

def task(number):
    lock = multiprocessing.Lock()
    with lock:
        return number

if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(1) as pool:
        print(pool.map(task, [1]))
"""


def _recorded(folder: Path, library: str, *command: Any) -> Events:
    if importlib.util.find_spec(library) is None:
        pytest.skip(f"NOT CHECKED: {library} is not installed: `make dev` does it")
    events = recorded(folder, *command)
    assert not [note for note in events.notes() if "nstrumented" in note or "outlived" in note]
    plain = subprocess.run(
        [sys.executable, *map(str, command)],
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
        stdout=subprocess.PIPE, text=True, timeout=60,
    )  # fmt: skip
    told = [m["text"] for m in events.of("message", stream="stdout")]
    assert plain.returncode == 0
    assert told == plain.stdout.splitlines()
    return events


def _processes(events: Events) -> list[tuple[str, str, str | None]]:
    """(name, role, start method) of each below the program, as last told."""
    rows: dict[int, dict[str, Any]] = {}
    for event in events.all:
        if event["kind"] in ("process_started", "process_changed"):
            rows.setdefault(event["process"], {}).update(event)
    return [(row["name"], row["role"], row["start_method"]) for row in list(rows.values())[2:]]


@pytest.fixture(scope="module", params=RUNS, ids="-".join)
def events(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Events:
    library, method = request.param
    return _recorded(tmp_path_factory.mktemp("run"), library, PROGRAM, method, library)


@pytest.mark.parametrize("key", COMMON, ids=" ".join)
def test_its_objects_are_counted_as_multiprocessings(events: Events, key: tuple[str, str]) -> None:
    assert sure(events, key) == COMMON[key]
    assert events.object(*key)["site"].startswith(str(PROGRAM))


def test_its_inner_objects_are_not_shown(events: Events) -> None:
    shown = {(e["type"], e["name"]) for e in events.of("object_created") if e["type"] != "Process"}
    assert shown - set(COMMON) == {("Pool", "pool"), ("Manager", "manager")}


def test_its_pool_tells_of_tasks_results_and_workers(events: Events) -> None:
    pool = events.object("Pool", "pool")["object"]
    tasks = events.of("operation", object=pool, operation="task")
    assert sorted((t["text"], t["outcome"]) for t in tasks) == sorted(
        [("fail", "error")] + [("square", "ok")] * 8
    )
    counts = events.totals(pool)
    assert (counts["submit"], counts["task"], counts["result"]) == (2, 8, 9)
    workers = [p for p in _processes(events) if p[1] == "pool worker"]
    assert sorted(name.partition("Pool")[2] for name, *_ in workers) == ["Worker-5", "Worker-6"]
    kinds = {role for _, role, _ in _processes(events)}
    assert kinds <= {"child", "pool worker", "manager server", "resource tracker"}


def test_lokys_executor_workers_and_helpers_have_their_names(tmp_path: Path) -> None:
    events = _recorded(tmp_path, "loky", LOKY)
    assert {e["type"] for e in events.of("object_created")} == {"ProcessPoolExecutor", "Process"}
    found = _processes(events)
    workers = [
        name for name, role, method in found if (role, method) == ("executor worker", "loky")
    ]
    assert sorted(workers) == [f"LokyProcess-{number}" for number in range(1, 5)]
    assert [role for name, role, _ in found if name not in workers] == ["resource tracker"] * 2
    first, second = (e["object"] for e in events.of("object_created", type="ProcessPoolExecutor"))
    counts, later = events.totals(first), events.totals(second)
    assert (counts["submit"], counts["task"], counts["result"]) == (22, 20, 21)
    assert (later["submit"], later["task"], later["result"]) == (1, 1, 1)
    failed = events.of("operation", object=first, operation="task", outcome="error")
    assert [task["text"] for task in failed] == ["divmod"]
    (broken,) = events.of("operation", operation="broken")
    assert broken["preview"].startswith(f"exit code 3 of PID {broken['argument']}")
    assert broken["argument"] in {e["pid"] for e in events.of("process_exited", exit_code=3)}


def test_what_a_feeder_of_billiards_cannot_send_is_told(tmp_path: Path) -> None:
    program = tmp_path / "unsent.py"
    program.write_text(UNSENT)
    events = _recorded(tmp_path, "billiard", program)
    (failed,) = events.of("operation", operation="feed", outcome="error")
    assert failed["preview"].endswith("never sent, function")
    assert failed["site"] == f"{program}:6"


def test_a_lock_that_a_pools_task_makes_is_recorded(tmp_path: Path) -> None:
    program = tmp_path / "locks.py"
    program.write_text(IN_A_WORKER)
    events = recorded(tmp_path, program)
    lock = events.object("Lock", "lock")["object"]
    assert events.totals(lock) == {"acquire": 1, "release": 1}


@pytest.mark.parametrize(
    ("arguments", "role"),
    [
        (["-c", "from billiard.semaphore_tracker import main;main(5)"], "resource tracker"),
        (["-c", "from multiprocess.forkserver import main; main(4, 5, [], **{})"], "forkserver"),
        (["-c", "from mine.forkserver import main; main()"], "other"),
    ],
)
def test_helpers_are_told_by_their_command_lines(arguments: Sequence[str], role: str) -> None:
    from spawnscope.core.supervisor.known_process import identify

    assert identify(("python3", *arguments), "python3", None, True)[1].value == role
