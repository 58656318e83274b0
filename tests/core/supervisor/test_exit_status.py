"""How a process ended is known, however short the moment in which it can be asked for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from waiting import wait_until
from weak import NOBODY

from spawnscope.core.observe import kernel, proc_files
from spawnscope.core.observe.fork_events import Exited
from spawnscope.core.observe.session_clock import SessionClock
from spawnscope.core.supervisor.known_process import KnownProcess
from spawnscope.core.supervisor.loop import EventLoop
from spawnscope.core.supervisor.process_registry import ProcessRegistry
from spawnscope.core.supervisor.process_watch import ProcessWatch

# A program whose child kills itself, and is reaped when a line comes.
PARENT = """
import os, signal
child = os.fork()
if not child:
    os.kill(os.getpid(), signal.SIGKILL)
print(child, flush=True)
input()
os.waitpid(child, 0)
print("reaped", flush=True)
input()
"""


class Journal:
    def __getattr__(self, name: str) -> object:
        return lambda *arguments: None


class Output:
    def settle(self, record: object) -> None:
        pass


class Forks:
    """What the kernel announced and nobody has read."""

    def __init__(self) -> None:
        self.waiting: list[Exited] = []
        self.most = 1000  # at a time

    def read(self) -> tuple[list[Exited], bool, bool]:
        found, self.waiting = self.waiting[: self.most], self.waiting[self.most :]
        return found, False, not self.waiting


class Family:
    """A watch, and the zombie of a parent that is not ours to reap."""

    def __init__(self, parent: subprocess.Popen[str], watch: ProcessWatch, pid: int) -> None:
        self.parent = parent
        self.watch = watch
        self.forks = Forks()
        registry = watch._registry
        self.record: KnownProcess = registry._discover(pid, registry.root, 0)
        watch._forks = self.forks  # type: ignore[assignment]

    def reap(self) -> None:
        assert self.parent.stdin is not None
        assert self.parent.stdout is not None
        self.parent.stdin.write("\n")
        self.parent.stdin.flush()
        assert self.parent.stdout.readline() == "reaped\n"


@pytest.fixture
def family() -> Iterator[Family]:
    def fail(error: BaseException) -> None:
        raise error

    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    loop, clock = EventLoop(fail), SessionClock()
    with subprocess.Popen([sys.executable, "-c", PARENT], text=True, **pipes) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        wait_until(lambda: (stat := proc_files.read_stat(pid)) and stat.state == "Z")
        watch = ProcessWatch(loop, ProcessRegistry(loop, "session", clock), Journal(), clock)  # type: ignore[arg-type]
        watch.output = Output()  # type: ignore[assignment]
        found = Family(parent, watch, pid)
        yield found
        found.record.close()
        parent.kill()
    loop.close()


def test_an_end_that_was_announced_but_not_read_yet(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "exit_status", lambda pidfd: None)  # as kernels before 6.15
    family.reap()
    family.forks.waiting = [Exited(family.record.pid, signal.SIGKILL)]
    family.watch._on_exit(family.record)
    assert family.record.status == signal.SIGKILL


@pytest.mark.parametrize("why", ["a flood", "many before it", "it comes later"])
def test_an_end_that_is_announced_behind_others(
    why: str, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told when its turn has come, and no sooner: then it is known."""
    monkeypatch.setattr(kernel, "exit_status", lambda pidfd: None)  # as kernels before 6.15
    family.reap()
    family.forks.waiting = [Exited(1, 0), Exited(family.record.pid, signal.SIGKILL)]
    family.forks.most = 1
    family.watch._registry.overrun = why == "a flood"
    late = family.forks.waiting.pop() if why == "it comes later" else None
    family.watch._on_exit(family.record)
    assert not family.record.ended
    family.forks.waiting += [late] if late else []
    while not family.record.ended:
        assert family.forks.waiting
        family.watch._on_forks(0)
    assert family.record.status == signal.SIGKILL


def test_one_whose_end_is_never_announced_is_told_with_the_session(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "exit_status", lambda pidfd: None)
    family.reap()
    family.forks.waiting = [Exited(1, 0), Exited(1, 0)]
    family.forks.most = 1
    family.watch._on_exit(family.record)
    assert not family.record.ended
    family.watch.await_ends([family.record])  # as at the end of a session
    assert family.record.ended
    assert family.record.status is None


def test_one_that_is_reaped_between_two_questions(
    family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    with subprocess.Popen(["true"]) as ended:
        pidfd = os.pidfd_open(ended.pid)
    known = kernel.exit_status(pidfd)
    os.close(pidfd)
    if known is None:
        pytest.skip("NOT TESTED: this kernel tells nobody of others' ends (before 6.15)")
    read, zombies = proc_files.read_stat, [family.record.pid]

    def reaped_just_before(pid: int) -> proc_files.ProcessStat | None:
        if pid in zombies:
            zombies.remove(pid)
            family.reap()
        return read(pid)

    monkeypatch.setattr(proc_files, "read_stat", reaped_just_before)
    family.watch._on_exit(family.record)
    assert not zombies
    assert family.record.status == signal.SIGKILL


def test_what_the_kernel_does_not_show_is_no_good_end() -> None:
    if os.getuid() != 0:
        pytest.skip("NOT TESTED: only root can become somebody else")
    child = os.fork()
    if not child:
        os._exit(3)
    wait_until(lambda: (stat := proc_files.read_stat(child)) and stat.state == "Z")
    stat = proc_files.read_stat(child)
    assert stat is not None
    body = (
        "import os\n"
        "from spawnscope.core.observe.proc_files import read_exit_status as read\n"
        f"os.setgroups([]); os.setuid({NOBODY})\n"  # it need not be able to run our Python
        f"print(read({child}, {stat.start_ticks}))"
    )
    try:
        assert proc_files.read_exit_status(child, stat.start_ticks) == 3 << 8
        assert proc_files.read_exit_status(child, stat.start_ticks + 1) is None
        nobody = [sys.executable, "-c", body]
        told = subprocess.run(nobody, capture_output=True, text=True, cwd="/")
        assert told.stdout == "None\n", told.stderr
    finally:
        os.waitpid(child, 0)
