"""Processes of multiprocessing bear its names for them, and what they are for."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from live import Live
from probing import TARGETS, recorded

from spawnscope.core.observe.recorder_layout import ObjectDefinition
from spawnscope.core.observe.session_clock import SessionClock
from spawnscope.core.supervisor.loop import EventLoop
from spawnscope.core.supervisor.naming import Naming
from spawnscope.core.supervisor.process_registry import ProcessRegistry
from spawnscope.core.supervisor.recognition import (
    NamedProcess,
    named_process,
    role_by_run,
    role_by_task,
)
from spawnscope.core.vocabulary.events import Making, ProcessChanged, Role

PREFIX = {"fork": "Fork", "spawn": "Spawn", "forkserver": "ForkServer"}


@pytest.mark.parametrize("method", PREFIX)
def test_names_and_roles_of_a_whole_program(method: str, tmp_path: Path) -> None:
    events = recorded(tmp_path, TARGETS / "all_objects.py", method)
    started = events.of("process_started", start_method=method)
    roles = {event["name"]: event["role"] for event in started}
    prefix = PREFIX[method]
    assert roles["producer"] == "child"
    assert roles[f"{prefix}Process-2"] == "child"
    assert roles["SyncManager-9"] == "manager server"
    assert roles[f"{prefix}PoolWorker-5"] == roles[f"{prefix}PoolWorker-6"] == "pool worker"
    counted = Counter(roles.values())
    assert counted["pool worker"] == 2
    # One of the two may have come and gone without a task.
    assert counted["executor worker"] in (1, 2)
    assert len(started) == 9
    assert events.of("process_started", role="worker")[0]["name"] == "all_objects.py"


def test_it_is_told_while_they_live_and_not_again(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import multiprocessing, time\n"
        "from concurrent.futures import ProcessPoolExecutor\n"
        "def idle(): time.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    context = multiprocessing.get_context('spawn')\n"
        "    context.Process(target=idle, name='idler', daemon=True).start()\n"
        "    executor = ProcessPoolExecutor(1, mp_context=context)\n"
        "    executor.submit(time.sleep, 60)\n"
        "    pool = context.Pool(1)\n"
        "    time.sleep(60)\n"
    )
    expected = {
        ("idler", Role.CHILD),
        ("SpawnProcess-2", Role.EXECUTOR_WORKER),
        ("SpawnPoolWorker-3", Role.POOL_WORKER),
    }
    with Live(tmp_path / "session") as live:
        root = live.script(str(program.with_suffix("")))

        def found() -> bool:
            described = [live.described(event.process) for event in live.below(root)]
            return expected <= {(event.name, event.role) for event in described}

        live.until(found, what="names and roles")
        changes = Counter(event.process for event in live.of(ProcessChanged))
        # At most: the exec, the name, the role.
        assert max(changes.values()) <= 3
        assert live.described(root).role is Role.WORKER


def test_what_its_parent_says_of_a_process_is_told_at_once() -> None:
    """However late that is read, when the process has been told already."""
    loop = EventLoop(lambda error: None)
    registry = ProcessRegistry(loop, "session", SessionClock())
    with subprocess.Popen(["sleep", "60"]) as process:
        record = registry._discover(process.pid, registry.root, 0)
        record.worker, record.announced = 1, True
        told: list[tuple[object, ...]] = []
        registry.on_changed = lambda record: told.append(record.description)
        said: Any = SimpleNamespace(
            record=registry.root, started=[], named=[NamedProcess(process.pid, "mine")]
        )
        registry.root.worker = 1
        Naming(registry, SimpleNamespace()).children(said)  # type: ignore[arg-type]
        process.kill()
    record.close()
    loop.close()
    assert told == [record.description]
    assert (record.name, record.making) == ("mine", Making("multiprocessing"))


def _definition(identity: str, hint: str = "", kind: str = "Process") -> ObjectDefinition:
    return ObjectDefinition(1, kind, identity, True, "", hint, 0, 0)


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("ForkProcess-1", "fork"),
        ("ForkServerPoolWorker-1:2", "forkserver"),
        ("SpawnProcess-3", "spawn"),
        ("LokyProcess-3", "loky"),
        ("LokyInitMainProcess-1", "loky"),
        ("Process-1", None),
        ("Forked by me", None),
        ("", None),
    ],
)
def test_an_automatic_name_tells_the_start_method(name: str, method: str | None) -> None:
    process = named_process(_definition("process:12:34", name))
    assert process is not None
    assert (process.pid, process.name, process.start_method) == (34, name, method)


def test_nothing_but_a_process_names_one() -> None:
    assert named_process(_definition("process:12:34", "jobs", "Queue")) is None
    for identity in ("process:12:", "process:1:2:3", "process:1:-2", f"process:1:{10**12}", ""):
        assert named_process(_definition(identity)) is None
    long = named_process(_definition("process:1:2", "x" * 5000))
    assert long is not None
    assert len(long.name) == 200


def test_what_a_process_is_for() -> None:
    assert role_by_run("SyncManager-1", "") is Role.MANAGER_SERVER
    assert role_by_run("MyManager-1", "BaseManager._run_server") is Role.MANAGER_SERVER
    assert role_by_run("ForkPoolWorker-1", "") is Role.POOL_WORKER
    assert role_by_run("SpawnProcess-1", "_process_worker") is Role.EXECUTOR_WORKER
    assert role_by_run("Process-1", "DataLoader worker 11") is Role.LOADER_WORKER
    assert role_by_run("Dask Worker process (from Nanny)", "Dask worker") is Role.DASK_WORKER
    assert role_by_run("Process-1", "_worker_loop") is None  # a function of the user's
    assert role_by_run("worker", "worker") is None
    assert role_by_task("Pool") is Role.POOL_WORKER
    assert role_by_task("ProcessPoolExecutor") is Role.EXECUTOR_WORKER
    assert role_by_task("Queue") is None
