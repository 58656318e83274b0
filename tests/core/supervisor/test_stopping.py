"""Ending processes and trees; and what happens when we are killed ourselves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from live import Live, alive, is_gone, state
from waiting import wait_until

from spawnscope.core.sentences.notes import said
from spawnscope.core.sentences.outcome import outcome
from spawnscope.core.vocabulary.codes import StopStep
from spawnscope.core.vocabulary.events import (
    LaunchRefused,
    ProcessStarted,
    Role,
    SessionOpened,
    StopProgress,
    WorkerStarted,
)
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, StartMethod, TargetKind

SLEEPER = LaunchSpec(kind=TargetKind.COMMAND, target="sleep", arguments=("600",), grace_seconds=0.5)


def family(live: Live, *options: str) -> dict[str, int]:
    """Start the family that is hard to end; its members' pids by name."""
    root = live.script("stubborn_family", *options, grace_seconds=0.5)
    count = 5 if options else 4
    live.says(root, "ready")

    def members() -> dict[str, int]:
        told = [t.split() for t in live.texts() if t.startswith("pid ")]
        return {name: int(pid) for _, name, pid in told}

    live.until(lambda: len(members()) == count, what=f"{count} members")
    found = members()
    assert all(alive(pid) for pid in found.values())
    return {**found, "root": live.started(root).pid}


def steps(live: Live, process: int) -> list[StopStep]:
    """The steps told of one termination."""
    return [e.step for e in live.of(StopProgress) if e.process == process]


def test_terminate_asks_and_tells_each_step(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        root = live.launch(SLEEPER)[0]
        live.client.stop(root)
        ended = live.exited(root)
        assert ended.signal == "SIGTERM"
        live.until(lambda: StopStep.ENDED in steps(live, root))
        assert steps(live, root) == [StopStep.ASKED, StopStep.WAITING, StopStep.ENDED]
        notes = live.texts(root)
        assert notes[0].startswith("Asked sleep (PID ")


def test_who_ignores_the_request_is_killed_after_the_grace(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        spec = LaunchSpec(
            kind=TargetKind.COMMAND,
            target="sh",
            arguments=("-c", "trap '' TERM; echo up; while :; do sleep 0.1; done"),
            grace_seconds=0.4,
        )
        root = live.launch(spec)[0]
        live.says(root, "up")
        live.client.stop(root)
        ended = live.exited(root)
        assert ended.signal == "SIGKILL"
        assert "it had not ended 0.4 s after SIGTERM" in outcome(ended)
        assert StopStep.KILLED in steps(live, root)


def test_a_suspended_process_can_be_terminated_politely(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        root = live.launch(SLEEPER)[0]
        pid = live.started(root).pid
        live.client.signal(root, signal.SIGSTOP)
        live.until(lambda: state(pid) == "T")
        live.client.stop(root)
        assert live.exited(root).signal == "SIGTERM"


def test_stopping_a_tree_reaches_daemons_orphans_and_those_who_ignore_it(tmp_path: Path) -> None:
    stranger = subprocess.Popen(["sleep", "600"], start_new_session=True)
    try:
        with Live(tmp_path / "s.spawnscope") as live:
            other = live.launch(SLEEPER)[0]
            pids = family(live, "clean")
            root = next(e.process for e in live.below(1) if e.pid == pids["root"])
            live.client.stop(root, tree=True)
            live.until(lambda: StopStep.ENDED in steps(live, root), what="end of the tree")
            assert all(not alive(pid) for pid in pids.values())
            # Nothing foreign is touched: neither another worker nor a stranger.
            assert alive(live.started(other).pid)
            assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_daemons_and_orphans_keep_their_place_under_what_launched_them(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        pids = family(live)
        root = next(e for e in live.below(1) if e.pid == pids["root"])
        live.until(
            lambda: set(pids.values()) - {root.pid} <= {e.pid for e in live.below(root.process)},
            what="the whole family below its root",
        )
        # An ended worker's tree can still be ended.
        live.client.stop(root.process, grace=0)
        live.exited(root.process)
        assert alive(pids["daemon"])
        live.client.stop(root.process, tree=True, grace=0.1)
        live.until(lambda: not any(map(alive, pids.values())))


def test_a_signal_to_an_ended_process_reaches_nobody(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        first = live.launch(SLEEPER)[0]
        pid = live.started(first).pid
        live.client.stop(first, grace=0)
        live.exited(first)
        taker = _take_over(pid)
        try:
            for number in (signal.SIGTERM, signal.SIGKILL):
                live.client.signal(first, number)
            live.client.stop(first, tree=True, grace=0)
            live.says(first, "SIGKILL was not sent")
            assert taker.poll() is None
        finally:
            taker.kill()
            taker.wait()


def _take_over(pid: int) -> subprocess.Popen[bytes]:
    """Let somebody else have that very pid."""
    for _ in range(50):
        try:
            Path("/proc/sys/kernel/ns_last_pid").write_text(str(pid - 1))
        except PermissionError:
            pytest.skip("NOT TESTED: only root may choose the next pid")
        taker = subprocess.Popen(["sleep", "600"])
        if taker.pid == pid:
            return taker
        taker.kill()
        taker.wait()
    raise AssertionError(f"pid {pid} could not be taken over")


def test_a_worker_is_restarted_with_the_same_spec(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        first = live.launch(SLEEPER)[0]
        live.client.restart(first)
        live.exited(first)
        second = live.until(
            lambda: next((e for e in live.below(1) if e.process != first), None), what="restart"
        )
        assert second.cmdline == live.started(first).cmdline


def test_quitting_ends_everything(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        pids = family(live, "clean")
        live.client.quit()
        live.until(lambda: live.client.lost, what="the supervisor's end")
        assert live.client.join(5)
    assert not any(map(alive, pids.values()))


def test_no_worker_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        pids = family(live, "clean")
        supervisor = live.until(lambda: live.of(SessionOpened))[0].supervisor_pid
        os.kill(supervisor, signal.SIGKILL)
        live.until(lambda: live.client.lost, what="news of the supervisor's end")
        live.client.end_leftovers()
        wait_until(lambda: all(is_gone(pid) for pid in pids.values()), 5)
    # What was flushed can be read.
    assert "ready" in live.texts()


def test_a_window_that_is_killed_takes_its_workers_with_it(tmp_path: Path) -> None:
    program = tmp_path / "window.py"
    program.write_text(
        textwrap.dedent(f"""
        import sys
        sys.path.insert(0, {str(Path(__file__).resolve().parents[2] / "support")!r})
        from pathlib import Path
        from live import Live
        if __name__ == "__main__":
            live = Live(Path({str(tmp_path / "s.spawnscope")!r}))
            live.script("stubborn_family", grace_seconds=0.2)
            live.until(lambda: sum(t.startswith("pid ") for t in live.texts()) == 4)
            told = [t.split()[2] for t in live.texts() if t.startswith("pid ")]
            print(live.client.pid, *told, flush=True)
            sys.stdin.read()
        """)
    )
    window = subprocess.Popen(
        [sys.executable, str(program)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )
    assert window.stdout is not None
    assert window.stdin is not None
    pids = [int(word) for word in window.stdout.readline().split()]
    assert len(pids) == 5
    assert all(map(alive, pids))
    window.kill()
    window.wait()
    window.stdout.close()
    window.stdin.close()
    wait_until(lambda: not any(map(alive, pids)), 15)
    from spawnscope.core.session.reader import SessionReader

    reader = SessionReader(tmp_path / "s.spawnscope")
    assert reader.ended_cleanly
    assert any(m.text == "ready" for m in reader.messages.page(1, 100))
    reader.close()


DEAF = LaunchSpec(
    kind=TargetKind.COMMAND,
    target="sh",
    arguments=("-c", "trap '' TERM; echo up; while :; do sleep 0.1; done"),
    grace_seconds=1.0,
)


def test_quitting_during_a_restart_starts_nothing_again(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        root = live.launch(DEAF)[0]
        live.says(root, "up")
        live.client.restart(root)
        live.until(lambda: StopStep.WAITING in steps(live, root))
        live.client.quit()
        live.until(lambda: live.client.lost, what="the supervisor's end")
        assert len(live.of(WorkerStarted)) == 1


@pytest.mark.parametrize("tree", [True, False])
def test_a_worker_that_is_terminated_during_its_restart_does_not_come_back(
    tmp_path: Path, tree: bool
) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        root = live.launch(DEAF)[0]
        live.says(root, "up")
        live.client.restart(root)
        live.until(lambda: StopStep.WAITING in steps(live, root))
        live.client.stop(root, tree=tree)
        live.says(root, "sh is not started again: it was ended.")
        live.exited(root)
        live.until(lambda: StopStep.ENDED in steps(live, root))
        # What is asked for later is answered later: nothing was on its way.
        other = live.launch(SLEEPER)[0]
        assert {e.process for e in live.of(WorkerStarted)} == {root, other}


def test_a_second_restart_joins_the_first(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        root = live.launch(DEAF)[0]
        live.says(root, "up")
        live.client.restart(root)
        live.client.restart(root)
        refused = live.until(lambda: live.of(LaunchRefused), what="a refusal")
        assert said(refused[0]) == "sh is being restarted already."
        live.until(lambda: len(live.of(WorkerStarted)) == 2, what="the restart")


def test_the_end_of_a_worker_is_known_though_its_forkserver_was_killed(tmp_path: Path) -> None:
    spec = LaunchSpec(
        kind=TargetKind.FUNCTION, target="time:sleep", arguments=(600,),
        start_method=StartMethod.FORKSERVER,
    )  # fmt: skip
    with Live(tmp_path / "s.spawnscope") as live:
        root = live.launch(spec)[0]
        server = live.until(
            lambda: [e for e in live.of(ProcessStarted) if e.role is Role.FORKSERVER]
        )[0]
        assert live.started(root).parent == server.parent  # it belongs below us, as the server does
        os.kill(server.pid, signal.SIGKILL)
        live.exited(server.process)
        live.client.signal(root, signal.SIGTERM)
        ended = live.exited(root)
        # SIGKILL where it had come as far as to ask to die with its parent.
        assert ended.signal in ("SIGTERM", "SIGKILL")
        assert ended.exit_code is None
