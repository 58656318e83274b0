"""Who made a process, and how many threads lived in its parent then; the main thread of a process
that another thread forked."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from interpreters import interpreters
from probing import TARGETS, recorded

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.store.processes import ProcessTable

MAKES = TARGETS / "makes_all_kinds.py"
OWN = "own"


def python(version: str) -> str:
    path = sys.executable if version == OWN else interpreters().get(version)
    if path is None:
        pytest.skip(f"NOT TESTED: there is no Python {version}")
    return path


def described(folder: Path) -> list[ProcessRow]:
    """The processes of what was `recorded`, as they were at the end of the session."""
    reader = SessionReader(folder / "session.spawnscope")
    table = ProcessTable()
    table.load(reader.processes.all())
    reader.close()
    return list(table)


@pytest.mark.parametrize("version", [OWN, "3.15"])
def test_who_made_a_process_is_told(version: str, tmp_path: Path) -> None:
    recorded(tmp_path, "--python", python(version), MAKES)
    processes = described(tmp_path)
    made: dict[tuple[str, str], list[Any]] = {}
    for one in processes:
        found = one.making
        told = found and (found.by, found.threads, Path(found.place).name)
        made.setdefault((one.name, one.role.value), []).append(told)
    line = MAKES.read_text().splitlines().index("    child = os.fork()") + 1
    assert made["makes_all_kinds.py", "child"] == [("os.fork", 4, f"makes_all_kinds.py:{line}")]
    assert made["fork", "child"] == [("multiprocessing", 4, "")]
    (forkserver,) = made["forkserver", "child"]
    assert forkserver[0] == "multiprocessing"
    assert forkserver[1] <= 1  # its own parent had one thread
    assert made["sh", "other"] == [("subprocess", 0, "")]
    assert ("subprocess", 4, "") in made["true", "other"]
    (shell,) = [one for one in processes if one.name == "sh"]
    (below,) = [one for one in processes if one.parent == shell.number]  # whatever it is called
    assert below.making is not None
    assert below.making.by == "another program"


TWO_FORKS = """
import multiprocessing, os, signal, sys, threading
def work(lock):
    with lock:
        os.kill(os.getpid(), signal.SIGKILL)
def start():
    threading.current_thread().name = "starter"
    if sys.argv[1] == "Process":
        child = multiprocessing.get_context("fork").Process(target=work, args=(lock,))
        child.start()
        child.join()
    else:
        child = os.fork()
        if not child:
            work(lock)
        os.waitpid(child, 0)
lock = multiprocessing.get_context("fork").Lock()
thread = threading.Thread(target=start)
thread.start()
thread.join()
"""


@pytest.mark.parametrize(
    ("version", "way"), [(OWN, "Process"), (OWN, "os.fork"), ("3.15", "Process")]
)
def test_the_thread_that_goes_on_after_a_fork_is_the_main_thread(
    version: str, way: str, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(TWO_FORKS)
    events = recorded(tmp_path, "--python", python(version), program, way)
    (died,) = events.of("process_exited", signal="SIGKILL")
    assert "while holding Lock lock" in died["outcome"]
    threads = {event["thread"] for event in events.of("operation", process=died["process"])}
    assert threads == {"MainThread"}
    assert {doing["thread"] for doing in died["doing"]} <= {"MainThread"}


POOL = """
import multiprocessing, os, signal, threading, time
def job(n):
    threading.current_thread().name = "worker"
    if n == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    if n == 3:
        os.kill(os.getppid(), signal.SIGUSR1)
    return n
if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, lambda number, frame: os._exit(0))
    with multiprocessing.get_context("fork").Pool(1, maxtasksperchild=1) as pool:
        pool.map_async(job, range(4), chunksize=1)
        while True:  # a signal that meets another thread interrupts no wait of this one
            time.sleep(0.05)
"""


def test_a_worker_that_replaced_another_says_in_which_task_it_was_killed(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(POOL)
    events = recorded(tmp_path, program)
    (died,) = events.of("process_exited", signal="SIGKILL")
    assert ", in task" in died["outcome"]
    (row,) = [one for one in described(tmp_path) if one.number == died["process"]]
    assert row.making is not None
    assert row.making.threads > 1
