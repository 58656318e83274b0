"""Stacks that a real program writes of itself, and answers that are not to be trusted."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest
from live import Live
from waiting import wait_until

from spawnscope.core.observe import run_folder_place
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


# Makes a run folder for another user's process, and answers in its place all the time.
FORGER = r"""
umask 0
mkdir "$1"
: > "$1/$2-1.rec"
head -c 4096 /dev/zero > "$1/tick"
echo ready
while true; do
    printf 'T\tMainThread\nF\t/home/you/a.py\t1\tforged\n' > "$1/$2-1.stack.new"
    mv "$1/$2-1.stack.new" "$1/$2-1.stack"
    sleep 0.02
done
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


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT CHECKED: only root can be another user as well")
def test_another_user_cannot_answer_for_it(tmp_path: Path) -> None:
    """By a folder that is called as this user's would be."""
    forged = Path(run_folder_place.base(), f"{run_folder_place.prefix()}00000000")
    with Live(tmp_path / "s.spawnscope") as live:
        pid = launched(live, tmp_path, "busy")
        forger = subprocess.Popen(
            ["sh", "-c", FORGER, "sh", str(forged), str(pid)],
            user=65534, stdout=subprocess.PIPE, cwd="/",
        )  # fmt: skip
        try:
            assert forger.stdout is not None
            assert forger.stdout.readline() == b"ready\n"
            source = ProbeStacks(live.client.run_folder, seconds=20)
            for _ in range(3):
                found = source.read(pid, time.time_ns(), threading.Event())
                functions = [frame.function for thread in found.threads for frame in thread.frames]
                assert "busy" in functions
                assert "forged" not in functions
        finally:
            with forger:
                forger.kill()
            shutil.rmtree(forged)


def test_a_page_that_is_cut_short_ends_nobody(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        pid = launched(live, tmp_path, "still")
        page = Path(live.client.run_folder, "tick")
        source = ProbeStacks(live.client.run_folder, seconds=0.1)
        os.truncate(page, 0)
        with pytest.raises(StackError, match="there was none"):
            source.read(pid, time.time_ns(), threading.Event())
        wait_until(lambda: any(page.read_bytes()[:8]))  # rounds are counted as before
        page.unlink()
        with pytest.raises(StackError, match="cannot be asked"):
            source.read(pid, time.time_ns(), threading.Event())


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
