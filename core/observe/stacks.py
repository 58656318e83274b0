"""The Python stacks of another process, asked for once.

    StackReader --each source in turn--> the probe (if the process carries one that answers)
                                     '-> py-spy dump --json, from outside
                        Stacks <---------'  or StackError, a sentence that says what to do

py-spy stops the process for some milliseconds. Where that fails, it is asked to read without
stopping. Whatever happens, the process is let go on afterwards if it ran before.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

import msgspec

from ..translation import mark, tr
from ..vocabulary.kinds import MAIN_THREAD
from .proc_files import TICKS_PER_SECOND, read_stat

LIMIT_SECONDS = 10.0
_LOOK_SECONDS = 0.05  # between two looks whether it was cancelled
_MOST_BYTES = 64 << 20
_SLACK_NS = 2_000_000_000  # between what we and the kernel take for the start of a process
_INSTALL = mark("py-spy is not installed. Install it with: pip install py-spy")


class StackError(Exception):
    """There are no stacks: `str()` is one sentence (or two) that says why, and what to do."""


class Cancelled(StackError):
    """Somebody asked to stop."""


class Frame(msgspec.Struct, frozen=True, gc=False):
    """A call. `file` is a path, `line` counts from 1, 0 when unknown. `is_library`: it belongs to
    Python or to an installed package, not to the user's own program."""

    function: str
    file: str
    line: int
    is_library: bool


class ThreadStack(msgspec.Struct, frozen=True):
    """A thread: the innermost call first. `active`: it was running on a processor, as far as can be
    told."""

    name: str
    native_id: int
    active: bool
    frames: tuple[Frame, ...]


class Stacks(msgspec.Struct, frozen=True):
    """All threads of a process at about `time_ns` (Unix time). `source`: who read them; `note`: a
    sentence on how far they can be trusted, "" without reservations."""

    pid: int
    time_ns: int
    source: str
    threads: tuple[ThreadStack, ...]
    note: str = ""


class StackSource(Protocol):
    """A way to learn stacks."""

    def read(self, pid: int, started_ns: int, cancel: threading.Event) -> Stacks:
        """Raises StackError. `started_ns`: when the process started (Unix time), so that one that
        took over its pid is not taken for it."""


class StackReader:
    """Asks its sources in turn, until one answers. For any thread, and blocks it."""

    def __init__(self, sources: Sequence[StackSource]) -> None:
        self._sources = tuple(sources)

    def read(self, pid: int, started_ns: int, cancel: threading.Event) -> Stacks:
        """The stacks from the first source that has them. Raises StackError, with what the last
        source said."""
        last = StackError(tr("Nobody can read the stack of a process here."))
        for source in self._sources:
            try:
                return source.read(pid, started_ns, cancel)
            except Cancelled:
                raise
            except StackError as error:
                last = error
        raise last


class PySpy:
    """Stacks by way of the program py-spy."""

    def __init__(self, program: str | None = None, limit_seconds: float = LIMIT_SECONDS) -> None:
        """`program`: its path; None: where it is found, beside our interpreter or on PATH."""
        self._program = program
        self._limit = limit_seconds

    def read(self, pid: int, started_ns: int, cancel: threading.Event) -> Stacks:
        """See StackSource."""
        program = self._program or find_py_spy()
        if program is None:
            raise StackError(_INSTALL)
        if not is_still(pid, started_ns):
            raise StackError(tr("The process has ended."))
        deadline = time.monotonic() + self._limit
        stopped = _is_stopped(pid)
        note = tr("The process is suspended; its stack was read as it stands.") if stopped else ""
        try:
            # py-spy cannot attach to a stopped process, and need not stop it either.
            done = _run(program, pid, stopped, deadline, cancel)
            if done.returncode and not stopped:
                first = done
                done = _run(program, pid, True, deadline, cancel)
                note = tr("Read without stopping the process, so calls may not fit together.")
                if done.returncode:
                    done = first
        except StackError:
            if not stopped:
                _let_go_on(pid, started_ns)
            raise
        if done.returncode:
            if not stopped:
                _let_go_on(pid, started_ns)
            raise StackError(_reason(done.stderr.decode("utf-8", "replace"), pid, program))
        return Stacks(pid, time.time_ns(), "py-spy", parse_dump(done.stdout), note)


def find_py_spy() -> str | None:
    """The path of py-spy: in the environment that we run in, else on PATH."""
    beside = os.path.join(os.path.dirname(sys.executable), "py-spy")
    return beside if os.access(beside, os.X_OK) else shutil.which("py-spy")


def is_still(pid: int, started_ns: int) -> bool:
    """Whether `pid` is a process that started until `started_ns`, so nobody who took it over."""
    stat = read_stat(pid)
    if stat is None or stat.state in "ZX":
        return False
    age_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    age_ns -= stat.start_ticks * 1_000_000_000 // TICKS_PER_SECOND
    return time.time_ns() - age_ns <= started_ns + _SLACK_NS


def parse_dump(data: bytes) -> tuple[ThreadStack, ...]:
    """The threads of `py-spy dump --json`, the main thread first. Raises StackError."""
    try:
        found = msgspec.json.decode(data, type=list[_DumpedThread])
    except msgspec.MsgspecError as error:
        raise StackError(
            tr("What py-spy wrote cannot be understood: {error}.", error=error)
        ) from None
    threads = [
        ThreadStack(
            each.thread_name or tr("Thread {value}", value=each.os_thread_id or each.thread_id),
            each.os_thread_id or 0,
            each.active,
            tuple(
                Frame(one.name, one.filename, max(0, one.line), is_library(one.filename))
                for one in each.frames
                if not _is_ours(one.filename)
            ),
        )
        for each in found
    ]
    threads.sort(key=lambda thread: (thread.name != MAIN_THREAD, thread.name))
    return tuple(threads)


def is_library(path: str) -> bool:
    """Whether a source belongs to Python itself or to an installed package."""
    if not path or path.startswith("<"):
        return path != "<stdin>" and path != "<string>"
    folders = path.split("/")
    if "site-packages" in folders or "dist-packages" in folders:
        return True
    # .../lib/python3.11/threading.py: of the standard library
    return any(
        folder.startswith(("python3", "pypy3")) and before in ("lib", "lib64")
        for before, folder in pairwise(folders)
    )


class _Frame(msgspec.Struct):
    name: str
    filename: str
    line: int = 0


class _DumpedThread(msgspec.Struct):
    thread_id: int
    frames: list[_Frame]
    thread_name: str | None = None
    os_thread_id: int | None = None
    active: bool = False


def _is_ours(path: str) -> bool:
    return path.startswith("<spawnscope ")


def _run(
    program: str, pid: int, nonblocking: bool, deadline: float, cancel: threading.Event
) -> subprocess.CompletedProcess[bytes]:
    """Run py-spy to its end. Raises StackError when that takes too long, or Cancelled."""
    command = [program, "dump", "--json", "--pid", str(pid)]
    if nonblocking:
        command.append("--nonblocking")
    try:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except OSError as error:
        raise StackError(
            tr("{program} cannot be run: {error}.", program=program, error=error.strerror)
        ) from None
    with process:
        while True:
            try:
                out, err = process.communicate(timeout=_LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                if cancel.is_set():
                    process.kill()
                    raise Cancelled("Cancelled.") from None
                if time.monotonic() >= deadline:
                    process.kill()
                    raise StackError(tr("py-spy gave no answer in time.")) from None
            else:
                return subprocess.CompletedProcess(command, process.returncode, out, err)


def _is_stopped(pid: int) -> bool:
    stat = read_stat(pid)
    return stat is not None and stat.state in "Tt"


def _let_go_on(pid: int, started_ns: int) -> None:
    """A tracer that is killed at the wrong moment leaves a stopped process behind."""
    if not _is_stopped(pid):
        return
    try:
        descriptor = os.pidfd_open(pid)
    except OSError:
        return
    try:
        if is_still(pid, started_ns) and _is_stopped(pid):
            signal.pidfd_send_signal(descriptor, signal.SIGCONT)
    except OSError:
        pass
    finally:
        os.close(descriptor)


def _reason(said: str, pid: int, program: str) -> str:
    """What to tell of a failure, from what py-spy wrote."""
    lines = [line.strip() for line in said.split("Stack backtrace")[0].splitlines() if line.strip()]
    text = " ".join(lines)
    if "ermission" in text or "os error 1)" in text or "os error 13)" in text:
        return tr(
            "The kernel does not let py-spy look into this process. Allow it once "
            "with: sudo setcap cap_sys_ptrace=eip {program}",
            program=program,
        )
    if not os.path.exists(f"/proc/{pid}"):
        return tr("The process has ended.")
    if "python version" in text.lower() or "Failed to find" in text:
        return tr("py-spy finds no Python in this process, or not one that it knows.")
    message = lines[-1] if lines else tr("it gave no reason")
    return tr(
        "py-spy cannot read the stack: {removeprefix}.",
        removeprefix=message.removeprefix("0: ").removeprefix("Error: "),
    )
