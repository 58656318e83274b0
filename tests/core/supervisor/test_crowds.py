"""More processes than there are descriptors, or than anybody could follow."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from building import built
from live import TARGETS, Live, alive
from recording import spawnscope
from waiting import wait_until

from spawnscope.core.observe.fork_events import Exited
from spawnscope.core.observe.session_clock import SessionClock
from spawnscope.core.sentences.outcome import outcome
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.records import ProcessRecord
from spawnscope.core.supervisor.known_process import KnownProcess
from spawnscope.core.supervisor.loop import EventLoop
from spawnscope.core.supervisor.process_registry import ProcessRegistry
from spawnscope.core.supervisor.process_watch import ProcessWatch
from spawnscope.core.vocabulary.codes import StopStep
from spawnscope.core.vocabulary.events import (
    Problem,
    ProcessExited,
    ProcessStarted,
    SessionOpened,
    StopProgress,
)
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind

FEW = 64  # descriptors
MANY = 80  # children
SLEEPER = LaunchSpec(kind=TargetKind.COMMAND, target="sleep", arguments=("600",))


def with_few_descriptors(path: Path, *options: str) -> subprocess.Popen[bytes]:
    """`record` of a program with many children, under a limit that is too low for them."""
    limited = ("sh", "-c", f'ulimit -n {FEW} && exec "$@"', "sh")
    program = spawnscope("record", "--no-probe", "--quiet", *options, "-o", path)
    return subprocess.Popen(
        [*limited, *program, str(TARGETS / "many_children.py"), str(MANY)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def children_in(path: Path) -> list[ProcessRecord]:
    reader = SessionReader(path)
    try:
        return [p for p in reader.processes.all() if p.started.parent not in (None, 1)]
    finally:
        reader.close()


@pytest.mark.usefixtures("home")
def test_who_lives_is_not_taken_for_ended_for_want_of_descriptors(tmp_path: Path) -> None:
    path = tmp_path / "s.spawnscope"
    with with_few_descriptors(path) as program:
        assert program.stdout is not None
        assert program.stdin is not None
        pids = set(map(int, program.stdout.readline().split()[1:]))
        wait_until(lambda: {p.started.pid for p in children_in(path)} == pids, 20)
        released_ns = time.time_ns()
        program.stdin.write(b"\n")
        program.stdin.close()
        assert program.wait(30) == 0, program.stderr and program.stderr.read()
    ends = {p.started.pid: p.exited for p in children_in(path)}
    assert len(ends) == MANY
    for place, pid in enumerate(sorted(pids)):
        end = ends[pid]
        assert end is not None, place
        assert end.time_ns >= released_ns, outcome(end)


@pytest.mark.usefixtures("home")
def test_all_of_a_tree_are_ended_for_want_of_descriptors(tmp_path: Path) -> None:
    with with_few_descriptors(tmp_path / "s.spawnscope", "--timeout", "1") as program:
        assert program.stdout is not None
        pids = list(map(int, program.stdout.readline().split()[1:]))
        assert len(pids) == MANY
        program.wait(30)
        assert not any(map(alive, pids))
        assert program.stderr is not None
        assert b"There are more processes than descriptors for them" in program.stderr.read()


def test_orphans_that_end_at_once_are_all_told(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        opened = live.until(lambda: live.of(SessionOpened))[0]
        if opened.lacks:
            pytest.skip("NOT TESTED: the kernel announces no forks here")
        root = live.script("short_orphans", "60")
        live.exited(root)
        live.client.quit()
        live.until(lambda: live.client.lost)
        started = {e.process for e in live.of(ProcessStarted)}
        ended = {e.process for e in live.of(ProcessExited)}
        assert len(live.below(root)) == 120
        assert started - ended == {1}  # the supervisor itself
        assert not live.of(Problem)


def test_many_ends_among_the_announced_forks_are_told_one_after_the_other() -> None:
    class Forks:
        """Each look brings one more end."""

        def read(self) -> tuple[list[Exited], bool, bool]:
            return ([Exited(waiting.pop().pid, 0)] if waiting else []), False, True

    class Journal:
        def __getattr__(self, name: str) -> object:
            return lambda *arguments: None

    class Output:
        def settle(self, record: object) -> None:
            pass

    def fail(error: BaseException) -> None:
        raise error

    loop, clock = EventLoop(fail), SessionClock()
    registry = ProcessRegistry(loop, "session", clock)
    watch = ProcessWatch(loop, registry, Journal(), clock)  # type: ignore[arg-type]
    watch.output = Output()  # type: ignore[assignment]
    above = 1 << 22  # no process has such a pid
    records = [_found(registry, above + number) for number in range(1500)]
    waiting = list(records)
    watch._forks = Forks()  # type: ignore[assignment]
    watch._on_vanished(records[0])
    while waiting:
        watch._on_forks(0)
    assert all(record.ended for record in records)
    loop.close()


def _found(registry: ProcessRegistry, pid: int) -> KnownProcess:
    record = registry._discover(pid, registry.root, 0)
    registry.announce(record)
    return record


@pytest.mark.parametrize("families", [1, 4])
def test_a_tree_that_forks_for_ever_is_ended_while_others_have_their_turn(
    tmp_path: Path, families: int
) -> None:
    program = built("forks_for_ever", tmp_path)
    arguments = (str(families), "1")
    spec = LaunchSpec(kind=TargetKind.COMMAND, target=str(program), arguments=arguments)
    with Live(tmp_path / "s.spawnscope") as live:
        root = live.launch(spec)[0]
        other = live.launch(SLEEPER)[0]
        live.until(lambda: len(live.below(root)) > families + 3, what="a few generations")
        live.client.stop(root, tree=True, grace=0)
        live.client.stop(other, grace=0)
        live.exited(other, timeout=60)
        steps = [StopStep.ENDED, StopStep.FAILED]
        last = live.until(
            lambda: [e for e in live.of(StopProgress) if e.process == root and e.step in steps],
            timeout=60,
            what="the end of the tree",
        )
        assert last[0].step is StopStep.ENDED
    pids = map(int, filter(str.isdigit, os.listdir("/proc")))
    assert not [pid for pid in pids if _name(pid) == "forks_for_ever" and alive(pid)]


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""
