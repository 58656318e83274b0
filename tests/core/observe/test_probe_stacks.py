"""Stacks that a real program writes of itself, and answers that are not to be trusted."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from live import Live

from spawnscope.core.observe.probe_stacks import ProbeStacks, parse_answer
from spawnscope.core.observe.stacks import StackError
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind

PROGRAM = """
import multiprocessing, signal, sys
def busy(jobs):
    print("busy", flush=True)
    while True:
        jobs.put(1)
        jobs.get()
def still():
    print("still", flush=True)
    signal.pause()
if __name__ == "__main__":
    jobs = multiprocessing.Queue()
    busy(jobs) if sys.argv[1] == "busy" else still()
"""


def launched(live: Live, folder: Path, how: str) -> int:
    (folder / "program.py").write_text(PROGRAM)
    spec = LaunchSpec(kind=TargetKind.SCRIPT, target=str(folder / "program.py"), arguments=(how,))
    process = live.launch(spec)[0]
    live.says(process, how)
    return live.started(process).pid


def test_a_program_at_work_answers(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        pid = launched(live, tmp_path, "busy")
        stacks = ProbeStacks(live.client.run_folder, seconds=20)
        found = stacks.read(pid, time.time_ns(), threading.Event())
        again = stacks.read(pid, time.time_ns(), threading.Event())
    assert found.threads[0].name == "MainThread"
    own = [frame.function for frame in found.threads[0].frames if not frame.is_library]
    assert own == ["busy", "<module>"]
    assert {thread.name for thread in again.threads} == {"MainThread", "QueueFeederThread"}


def test_a_program_that_shares_nothing_does_not(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        pid = launched(live, tmp_path, "still")
        with pytest.raises(StackError, match="there was none"):
            ProbeStacks(live.client.run_folder, seconds=0.1).read(
                pid, time.time_ns(), threading.Event()
            )


def test_a_process_without_a_recorder_cannot_be_asked(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="no recorder"):
        ProbeStacks(str(tmp_path)).read(1, time.time_ns(), threading.Event())


@pytest.mark.parametrize("data", [b"\xff", b"F\ta.py\t1\tf", b"T\tname\nF\ta.py\tx\tf", b"X"])
def test_a_damaged_answer_is_said(data: bytes) -> None:
    with pytest.raises(StackError, match="damaged"):
        parse_answer(data)
