"""What threads wait in, as the kernel tells it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from waiting import wait_until

from spawnscope.core.observe.blocking import states_of
from spawnscope.core.sentences.blocking import blocking, processor_time
from spawnscope.core.vocabulary.blocked import Blocked, ThreadState


@contextmanager
def running(code: str) -> Iterator[int]:
    """A Python that has come as far as its last line; its pid."""
    code = f"import fcntl, os, signal, socket, sys, threading, time\n{code}"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe) as process:
        try:
            yield process.pid
        finally:
            process.kill()


def said(pid: int) -> str:
    states = states_of(pid)
    return blocking(states[0]) if states else ""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("while True: pass", "computes"),
        ("time.sleep(600)", "sleeps"),
        ("sys.stdin.read()", "waits in a read of a pipe"),
        ("while True: os.write(1, bytes(65536))", "waits in a write to a pipe that is full"),
        ("a, b = socket.socketpair(); a.recv(1)", "waits in a read of a socket"),
        ("a = socket.socket(); a.listen(); a.accept()", "waits for a connection"),
        ("os.fork() or os._exit(len(os.read(0, 1))); os.wait()", "waits for a child to end"),
        ("lock = threading.Lock(); lock.acquire(); lock.acquire()",
         "waits for a lock, or for another thread"),
        ("signal.pause()", "waits for a signal"),
    ],
)  # fmt: skip
def test_what_the_main_thread_waits_in(code: str, expected: str) -> None:
    with running(code) as pid:
        wait_until(lambda: said(pid) == expected, 20)


def test_other_threads_are_told_as_well() -> None:
    code = "threading.Thread(target=time.sleep, args=(600,), daemon=True).start(); os.read(0, 1)"
    with running(code) as pid:
        wait_until(lambda: [s.blocked for s in states_of(pid)] == [Blocked.READS, Blocked.SLEEPS])
        state = states_of(pid)[0]
        assert state[:3] == (pid, Blocked.READS, "pipe")


def test_the_time_that_a_thread_has_computed_is_told() -> None:
    with running("while True: pass") as pid:
        wait_until(lambda: any(state.cpu_seconds > 0.1 for state in states_of(pid)), 20)


def test_where_a_thread_waits_in_the_kernel_is_told_where_nothing_else_is_known() -> None:
    state = ThreadState(7, Blocked.OTHER, channel="do_msgrcv")
    assert blocking(state) == "waits in the kernel (do_msgrcv)"
    assert processor_time(ThreadState(7, Blocked.OTHER, "", 1.25)) == "1.2 s of CPU time"


def test_a_lock_on_a_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    code = f"file = open({str(path)!r}, 'w'); fcntl.flock(file, fcntl.LOCK_EX); time.sleep(600)"
    with running(code) as first:
        wait_until(lambda: said(first) == "sleeps", 20)
        with running(code) as second:
            wait_until(lambda: said(second) == "waits for a lock on a file", 20)


def test_nothing_is_said_of_one_that_is_gone() -> None:
    with running("time.sleep(0)") as pid:
        pass
    assert states_of(pid) == []


def test_it_costs_little_to_ask() -> None:
    with running("time.sleep(600)") as pid:
        wait_until(lambda: said(pid) == "sleeps", 20)
        took = []
        for _ in range(5):
            begin = time.process_time()
            for _ in range(20):
                states_of(pid)
            took.append(time.process_time() - begin)
        assert min(took) / 20 < 0.002
