"""Commands wait when the supervisor takes none; none is lost, and nobody waits for them."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from live import Live
from waiting import wait_until

from spawnscope.core.client.command_socket import ClientError
from spawnscope.core.vocabulary.events import ProcessExited, ProcessStarted, SessionOpened
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind

MANY = 2000  # commands; a socket takes some 280


def command(*words: str, **fields: object) -> LaunchSpec:
    return LaunchSpec(kind=TargetKind.COMMAND, target=words[0], arguments=words[1:], **fields)  # type: ignore[arg-type]


@contextmanager
def held(live: Live) -> Iterator[None]:
    """The supervisor is suspended meanwhile."""
    pid = live.until(lambda: live.of(SessionOpened))[0].supervisor_pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def test_thousands_of_commands_for_a_supervisor_that_is_held_are_all_done(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        process = live.launch(command("sleep", "60"))[0]
        with held(live):
            for _ in range(MANY):
                live.client.signal(process, signal.SIGCONT)
            assert live.client.commands.blocked
            assert live.client.commands.unread
        live.until(lambda: len(live.texts(process)) == MANY, what="what was asked, done")
        wait_until(lambda: not live.client.commands.unread)


def test_events_come_though_no_acknowledgement_goes(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        process = live.launch(command("sleep", "60"))[0]
        live.client.launch(command("true", count=20))
        select.select([live.client], [], [])  # events have come; they stay there for now
        with held(live):
            while not live.client.commands.blocked:
                live.client.signal(process, signal.SIGCONT)
            found = live.client.receive()
            live.events += found
            assert found
        live.until(lambda: len(live.of(ProcessExited)) == 20, what="the end of all twenty")
        assert len({event.process for event in live.of(ProcessStarted)}) == 22


def test_one_command_ends_any_number_of_processes(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        processes = live.launch(command("sleep", "60", count=40))
        live.client.stop(processes[:20])
        live.client.signal(processes[20:], signal.SIGKILL)
        for process in processes:
            assert live.exited(process).signal in ("SIGTERM", "SIGKILL")


def test_what_cannot_be_given_any_more_is_refused(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        process = live.launch(command("sleep", "60"))[0]
        with held(live):
            while not live.client.commands.blocked:
                live.client.signal(process, signal.SIGCONT)
            os.kill(live.client.pid, signal.SIGKILL)
            live.until(lambda: live.client.lost, what="news of its end")
            assert not live.client.commands.blocked
            with pytest.raises(ClientError, match="has ended"):
                live.client.signal(process, signal.SIGCONT)
