"""Python stacks of real processes, by py-spy, and what is said when there are none."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from live import state
from waiting import wait_until

from spawnscope.core.observe.py_spy import PySpy, find_py_spy, parse_dump
from spawnscope.core.observe.stacks import (
    Cancelled,
    StackError,
    StackReader,
    Stacks,
    is_library,
    is_still,
)

PROGRAM = """
import queue, sys, threading
def idle_here(jobs):
    return jobs.get()
def outer():
    threading.Thread(target=idle_here, args=(queue.Queue(),), name="idler", daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()
outer()
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[bytes]]:
    path = tmp_path_factory.mktemp("stacks") / "program.py"
    path.write_text(PROGRAM)
    process = subprocess.Popen(
        [sys.executable, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        syscall = Path(f"/proc/{process.pid}/syscall")
        wait_until(lambda: syscall.read_text().split()[1:2] == ["0x0"])  # reads standard input
        yield process
        process.kill()


def read(pid: int, spy: PySpy | None = None, cancel: threading.Event | None = None) -> Stacks:
    reader = StackReader([spy or PySpy()])
    return reader.read(pid, time.time_ns(), cancel or threading.Event())


def a_script(folder: Path, text: str) -> str:
    path = folder / "py-spy"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_all_threads_have_their_calls(program: subprocess.Popen[bytes]) -> None:
    def come() -> Stacks | None:
        """The other thread has begun, but need not have come to its wait yet."""
        found = read(program.pid)
        called = [frame.function for frame in found.threads[-1].frames]
        return found if "idle_here" in called else None

    found = wait_until(come)
    assert (found.pid, found.source, found.note) == (program.pid, "py-spy", "")
    assert [thread.name for thread in found.threads] == ["MainThread", "idler"]
    main, idler = found.threads
    assert [frame.function for frame in main.frames] == ["outer", "<module>"]
    assert main.frames[0].line == 8
    assert main.native_id == program.pid
    own = [frame.function for frame in idler.frames if not frame.is_library]
    assert own == ["idle_here"]
    assert idler.frames[-1].is_library
    wait_until(lambda: state(program.pid) == "S")  # it goes on, and comes to its wait again


BUSY = """
import sys, threading, time
def waits():
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
def computes():
    while True:
        pass
def sleeps():
    time.sleep(3600)
for each in (waits, computes, sleeps):
    threading.Thread(target=each, name=each.__name__, daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
"""


def test_every_python_is_read_whatever_it_does(interpreter: str, tmp_path: Path) -> None:
    """Waits for a lock, computes, sleeps: none of them comes to an operation and answers itself."""
    path = tmp_path / "program.py"
    path.write_text(BUSY)
    with subprocess.Popen(
        [interpreter, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"

        def own() -> dict[str, list[tuple[str, int]]]:
            return {
                thread.name: [(f.function, f.line) for f in thread.frames if not f.is_library]
                for thread in read(process.pid).threads
            }

        def settled() -> dict[str, list[tuple[str, int]]] | None:
            """All have begun, and the main thread, which has printed, has come to its last line.

            It may wait there for the interpreter's lock, which the computing one holds.
            """
            now = own()
            come = len(now) == 4 and all(now.values())
            return now if come and now["MainThread"] == [("<module>", 15)] else None

        found = wait_until(settled)
        process.kill()
    assert found["waits"] == [("waits", 6)]
    assert found["computes"][0][0] == "computes"
    assert found["sleeps"] == [("sleeps", 11)]


def test_a_suspended_process_is_read_and_stays_suspended(
    program: subprocess.Popen[bytes],
) -> None:
    os.kill(program.pid, signal.SIGSTOP)
    try:
        wait_until(lambda: state(program.pid) == "T")
        found = read(program.pid)
        assert found.threads[0].frames[0].function == "outer"
        assert "suspended" in found.note
        assert state(program.pid) == "T"
    finally:
        os.kill(program.pid, signal.SIGCONT)
    wait_until(lambda: state(program.pid) == "S")


def test_a_process_that_was_left_stopped_is_let_go_on(
    program: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    """Somebody who stops the process for reading, and is ended before it lets go."""
    spy = PySpy(a_script(tmp_path, 'kill -STOP "$4"; exec sleep 60'), limit_seconds=0.3)
    with pytest.raises(StackError, match="in time"):
        read(program.pid, spy)
    wait_until(lambda: state(program.pid) == "S")


def test_where_stopping_fails_it_is_read_without(
    program: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    script = 'case "$*" in *--nonblocking*) exec "%s" "$@";; *) echo no >&2; exit 1;; esac'
    found = read(program.pid, PySpy(a_script(tmp_path, script % find_py_spy())))
    assert found.threads[0].frames[0].function == "outer"
    assert "without stopping" in found.note


def test_it_is_cancelled_at_once(program: subprocess.Popen[bytes], tmp_path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    begin = time.monotonic()
    with pytest.raises(Cancelled):
        read(program.pid, PySpy(a_script(tmp_path, "exec sleep 60")), cancel)
    assert time.monotonic() - begin < 5


def test_sentences_say_why_there_is_no_stack(
    program: subprocess.Popen[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    denied = a_script(tmp_path, 'echo "Permission Denied: Try running again" >&2; exit 1')
    with pytest.raises(StackError, match=r"does not let py-spy look .* sudo setcap"):
        read(program.pid, PySpy(denied))
    with pytest.raises(StackError, match="cannot be run"):
        read(program.pid, PySpy(str(tmp_path / "missing")))
    monkeypatch.setattr("spawnscope.core.observe.py_spy.find_py_spy", lambda: None)
    with pytest.raises(StackError, match=r"not installed.*pip install py-spy"):
        read(program.pid)


def test_another_process_with_the_same_pid_is_not_read(program: subprocess.Popen[bytes]) -> None:
    assert is_still(program.pid, time.time_ns())
    long_before = time.time_ns() - 3600 * 1_000_000_000
    assert not is_still(program.pid, long_before)
    with pytest.raises(StackError, match="has ended"):
        PySpy().read(program.pid, long_before, threading.Event())


def test_the_first_source_that_answers_is_taken(program: subprocess.Popen[bytes]) -> None:
    class Silent:
        def read(self, pid: int, started_ns: int, cancel: threading.Event) -> Stacks:
            raise StackError("It does not answer.")

    class Knowing:
        def read(self, pid: int, started_ns: int, cancel: threading.Event) -> Stacks:
            return Stacks(pid, 1, "the probe", ())

    now, never = time.time_ns(), threading.Event()
    assert StackReader([Silent(), Knowing()]).read(1, now, never).source == "the probe"
    with pytest.raises(StackError, match="does not answer"):
        StackReader([Silent()]).read(1, now, never)


@pytest.mark.parametrize(
    ("path", "library"),
    [
        ("/srv/shop/app.py", False),
        ("/usr/lib/python3.11/threading.py", True),
        ("/opt/env/lib/python3.12/site-packages/requests/api.py", True),
        ("/usr/lib/python3/dist-packages/apt/cache.py", True),
        ("<frozen runpy>", True),
        ("<stdin>", False),
    ],
)
def test_the_users_own_code_is_told_from_libraries(path: str, library: bool) -> None:
    assert is_library(path) is library


def test_what_is_no_dump_is_a_sentence() -> None:
    with pytest.raises(StackError, match="cannot be understood"):
        parse_dump(b"{]")
    with pytest.raises(StackError, match="cannot be understood"):
        parse_dump(b'[{"thread_id": "x"}]')
