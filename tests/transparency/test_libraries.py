"""Programs that use other libraries for processes print with the probe what they print without it.

The libraries are looked for in each Python that is here, and in those that the variable
TRANSPARENCY_PYTHONS names, separated by colons.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from interpreters import interpreters
from probing import TARGETS, Events, recorded
from transparency import run

pytestmark = pytest.mark.transparency

LIBRARIES = (
    "joblib", "loky", "pebble", "billiard", "sklearn", "dask", "celery", "distributed", "torch",
)  # fmt: skip
# What is in the record: types of shared objects; tasks by the names of their functions; how many
# processes of which role, and how their names begin.
RECORDED: dict[str, tuple[set[str], set[str], dict[tuple[str, str], int]]] = {
    "joblib": (
        {"ProcessPoolExecutor", "Pool"},
        {"square", "fail"},
        # The second pool of each backend is the first again, but for multiprocessing's.
        {("executor worker", "LokyProcess-"): 2, ("pool worker", "Fork"): 4},
    ),
    "sklearn": (
        {"ProcessPoolExecutor"}, {"_fit_and_score"}, {("executor worker", "LokyProcess-"): 2},
    ),
    "celery": (
        {"Pool", "Popen"},
        {"sums.square", "sums.fail"},
        {("pool worker", "ForkPoolWorker-"): 2},
    ),
    "dask": ({"ProcessPoolExecutor"}, {"square"}, {("executor worker", "SpawnProcess-"): 2}),
    "distributed": ({"Queue", "Pipe"}, set(), {("dask worker", "Dask Worker process"): 2}),
    "torch": (
        {"Queue", "Event"},
        set(),
        {("loader worker", "Process-"): 4, ("child", "SpawnProcess-"): 2},
    ),
}  # fmt: skip
# Of objects that the program itself makes; and of what its library makes without a name.
NAMES = {"torch": {"tensors", "received"}, "joblib": {"Pool at with_joblib.py:16"}}


def _pythons() -> list[str]:
    named = os.environ.get("TRANSPARENCY_PYTHONS", "")
    return [*filter(None, named.split(os.pathsep)), sys.executable, *interpreters().values()]


def _has(python: str, library: str) -> bool:
    return subprocess.run([python, "-c", f"import {library}"], capture_output=True).returncode == 0


def _with(library: str) -> list[str]:
    found = [python for python in dict.fromkeys(_pythons()) if _has(python, library)]
    if not found:
        pytest.skip(f"NOT CHECKED: {library} is not installed in any Python here")
    return found


@pytest.mark.parametrize("library", RECORDED)
def test_what_they_share_is_in_the_record(library: str, tmp_path: Path) -> None:
    types, functions, workers = RECORDED[library]
    for number, python in enumerate(_with(library)):
        folder = tmp_path / str(number)
        folder.mkdir()
        program = TARGETS / "libraries" / f"with_{library}.py"
        events = recorded(folder, "--python", python, program, timeout=300)
        assert not [note for note in events.notes() if "instrumented" in note]
        assert {e["type"] for e in events.of("object_created")} - {"Process"} == types
        tasks = events.of("operation", operation="task")
        assert {task["text"] for task in tasks} == functions
        assert {each["name"] for each in events.of("object_created")} >= NAMES.get(library, set())
        roles = [(row["role"], row["name"]) for row in _processes(events)]
        for (role, prefix), count in workers.items():
            assert sum(r == role and name.startswith(prefix) for r, name in roles) == count, roles


def _processes(events: Events) -> list[dict[str, Any]]:
    rows: dict[int, dict[str, Any]] = {}
    for event in events.all:
        if event["kind"] in ("process_started", "process_changed"):
            rows.setdefault(event["process"], {}).update(event)
    return list(rows.values())


@pytest.mark.parametrize("library", LIBRARIES)
def test_output_is_the_same(library: str, tmp_path: Path) -> None:
    program = TARGETS / "libraries" / f"with_{library}.py"
    for number, python in enumerate(_with(library)):
        recorders = tmp_path / str(number)
        without = run(python, program, cwd=tmp_path, probe=None, timeout=300)
        with_it = run(python, program, cwd=tmp_path, probe=recorders, timeout=300)
        assert without.returncode == 0, without.stdout
        assert (with_it.stdout, with_it.returncode) == (without.stdout, 0)
        assert len(list(recorders.glob("*.rec"))) > 1, "only one process was watched"
        assert [path.read_text() for path in recorders.glob("*.fault")] == []
