"""The Python stacks of another process by way of the program py-spy.

    PySpy --command--> Runner (in a child of ours, or of the tracer): py-spy dump --json --> Stacks

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
from collections.abc import Callable

import msgspec

from ..translation import mark, tr
from ..vocabulary.kinds import MAIN_THREAD
from . import ptrace
from .proc_files import read_stat
from .stacks import Cancelled, Frame, StackError, Stacks, ThreadStack, is_library, is_still

LIMIT_SECONDS = 10.0
LOOK_SECONDS = 0.05  # between two looks whether it was cancelled
_INSTALL = mark("py-spy is not installed. Install it with: pip install py-spy")

Runner = Callable[[list[str], float, threading.Event], subprocess.CompletedProcess[bytes]]
"""Runs a command to its end, at most until then (monotonic seconds) or until the event is set.
Raises OSError where it cannot be run, StackError when that takes too long, or Cancelled."""


class PySpy:
    """Stacks by way of the program py-spy."""

    def __init__(
        self,
        program: str | None = None,
        limit_seconds: float = LIMIT_SECONDS,
        run: Runner | None = None,
    ) -> None:
        """`program`: its path; None: where it is found, beside our interpreter or on PATH. `run`:
        who runs it; None: we do."""
        self._program = program
        self._limit = limit_seconds
        self._run = run or run_here

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
            done = self._dump(program, pid, stopped, deadline, cancel)
            if done.returncode and not stopped:
                first = done
                done = self._dump(program, pid, True, deadline, cancel)
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

    def _dump(
        self, program: str, pid: int, nonblocking: bool, deadline: float, cancel: threading.Event
    ) -> subprocess.CompletedProcess[bytes]:
        command = [program, "dump", "--json", "--pid", str(pid)]
        if nonblocking:
            command.append("--nonblocking")
        try:
            return self._run(command, deadline, cancel)
        except OSError as error:
            raise StackError(
                tr("{program} cannot be run: {error}.", program=program, error=error.strerror)
            ) from None


def find_py_spy() -> str | None:
    """The path of py-spy: in the environment that we run in, else on PATH."""
    beside = os.path.join(os.path.dirname(sys.executable), "py-spy")
    return beside if os.access(beside, os.X_OK) else shutil.which("py-spy")


def run_here(
    command: list[str], deadline: float, cancel: threading.Event
) -> subprocess.CompletedProcess[bytes]:
    """See Runner: in a child of this process."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        while True:
            try:
                out, err = process.communicate(timeout=LOOK_SECONDS)
            except subprocess.TimeoutExpired:
                try:
                    check(deadline, cancel)
                except StackError:
                    process.kill()
                    raise
            else:
                return subprocess.CompletedProcess(command, process.returncode, out, err)


def check(deadline: float, cancel: threading.Event) -> None:
    """Raises Cancelled, or StackError when the time is over."""
    if cancel.is_set():
        raise Cancelled("Cancelled.")
    if time.monotonic() >= deadline:
        raise StackError(tr("py-spy gave no answer in time."))


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
        return ptrace.refusal(pid, program)
    if not os.path.exists(f"/proc/{pid}"):
        return tr("The process has ended.")
    if "python version" in text.lower() or "Failed to find" in text:
        return tr("py-spy finds no Python in this process, or not one that it knows.")
    message = lines[-1] if lines else tr("it gave no reason")
    return tr(
        "py-spy cannot read the stack: {removeprefix}.",
        removeprefix=message.removeprefix("0: ").removeprefix("Error: "),
    )
