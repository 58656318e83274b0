"""The guard of the other tests is tested by leaving things behind on purpose."""

from __future__ import annotations

import subprocess
import sys
import threading
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import pytest
from leaks import Snapshot
from processes import command_line, descendants, is_alive
from waiting import wait_until


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left here stays for good, so there is nothing to wait for."""
    monkeypatch.setattr("leaks.PATIENCE", 0.05)


def test_a_quiet_test_leaves_nothing() -> None:
    assert Snapshot.take().leaks() == []


def test_a_running_process_is_found_and_ended() -> None:
    before = Snapshot.take()
    with subprocess.Popen(["sleep", "600"]) as process:
        assert before.leaks() == [f"process {process.pid}: sleep 600"]
        process.kill()


def test_an_orphan_of_a_dead_parent_is_found_and_ended() -> None:
    before = Snapshot.take()
    subprocess.run(["sh", "-c", "setsid sleep 601 >/dev/null 2>&1 &"])
    wait_until(lambda: before.leaks() and before.leaks()[0].endswith("sleep 601"))
    (orphan,) = [pid for pid in descendants() if command_line(pid) == "sleep 601"]
    before.clean_up()
    assert not is_alive(orphan)
    assert before.leaks() == []


def test_a_thread_is_found() -> None:
    before = Snapshot.take()
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="forgotten")
    thread.start()
    try:
        assert before.leaks() == ["thread forgotten"]
    finally:
        end.set()
        thread.join()


def test_an_open_file_is_found(tmp_path: Path) -> None:
    before = Snapshot.take()
    with open(tmp_path / "open.txt", "w"):
        assert before.leaks() == [f"open file {tmp_path / 'open.txt'}"]
    assert before.leaks() == []


def test_shared_memory_is_found() -> None:
    before = Snapshot.take()
    memory = SharedMemory(create=True, size=64)
    try:
        assert any(leak.endswith(f"/dev/shm/{memory.name}") for leak in before.leaks())
    finally:
        memory.close()
        memory.unlink()
    assert before.leaks() == []


def test_shared_memory_of_strangers_is_not_ours() -> None:
    before = Snapshot.take()
    code = (
        "import os, sys\n"
        "from multiprocessing.shared_memory import SharedMemory\n"
        "memory = SharedMemory(create=True, size=64)\n"
        "print(memory.name, flush=True)\n"
        "sys.stdin.read(); memory.close(); memory.unlink()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as stranger:
        assert stranger.stdout is not None
        name = stranger.stdout.readline().strip()
        # It is a child of ours, so both it and its memory are found ...
        assert f"shared memory or semaphore /dev/shm/{name}" in before.leaks()
        # ... but not once it is nobody we know.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("processes.descendants", list)
            assert not [leak for leak in before.leaks() if name in leak]
        stranger.communicate("")


def test_a_window_is_found_until_it_is_deleted(qapp: object) -> None:
    from PySide6.QtWidgets import QWidget

    before = Snapshot.take()
    widget = QWidget()
    widget.setObjectName("forgotten")
    assert any("forgotten" in leak for leak in before.leaks())
    widget.deleteLater()
    del widget
    assert before.leaks() == []


def test_a_leaking_test_fails_in_a_run_of_its_own(tmp_path: Path) -> None:
    root = Path(__file__).parent
    pythonpath = f"pythonpath={root / 'support'}"
    (tmp_path / "conftest.py").write_text((root / "conftest.py").read_text())
    (tmp_path / "test_it.py").write_text(
        "import subprocess\n"
        "def test_it():\n"
        "    global process\n"
        "    process = subprocess.Popen(['sleep', '602'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-o", pythonpath, "test_it.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "left behind:" in done.stdout
    assert "sleep 602" in done.stdout
