"""Whatever is raised on its way, the window goes on hearing its supervisor, and being heard."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from live import Live
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.events import Event, ProcessExited, SessionOpened, WorkerStarted
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind
from spawnscope.gui.shell.bridge import Bridge
from spawnscope.gui.shell.live_session import LiveSession

MANY = 320  # a socket takes some 280


def command(*words: str, count: int = 1) -> LaunchSpec:
    return LaunchSpec(kind=TargetKind.COMMAND, target=words[0], arguments=words[1:], count=count)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    with Live(tmp_path / "s.spawnscope") as live:
        live.until(lambda: live.of(SessionOpened))
        yield live


@pytest.fixture
def session(live: Live) -> Iterator[LiveSession]:
    session = LiveSession(live.client, ProcessTable())
    session.events_received.connect(live.events.extend)
    yield session
    session.close()


def test_the_next_events_come_whatever_the_last_ones_led_to(
    live: Live, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[Exception] = [KeyError("receive"), OSError("receive")]
    receive = live.client.receive

    def failing() -> list[Event]:
        if faults:
            raise faults.pop()
        return receive()

    def failing_slot(events: list[Event]) -> None:
        raise ValueError("slot")

    monkeypatch.setattr(live.client, "receive", failing)
    bridge = Bridge(live.client)
    bridge.batch_received.connect(failing_slot)
    bridge.batch_received.connect(live.events.extend)
    with capture_exceptions() as told:
        live.client.launch(command("true"))
        qtbot.waitUntil(lambda: bool(live.of(ProcessExited)))
    assert {kind for kind, _, _ in told} == {KeyError, OSError, ValueError}  # none was swallowed
    bridge.close()


def test_hundreds_of_processes_are_ended_by_one_command(
    live: Live, session: LiveSession, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.launch(command("sleep", "60", count=40))
    qtbot.waitUntil(lambda: len(live.of(WorkerStarted)) == 40, timeout=20_000)
    given = []
    put = live.client.commands.put
    monkeypatch.setattr(live.client.commands, "put", lambda each: (given.append(each), put(each)))
    processes = [event.process for event in live.of(WorkerStarted)]
    for process in processes[:20]:
        session.stop(process, False)
    for process in processes[20:]:
        session.send_signal(process, signal.SIGKILL)
    qtbot.waitUntil(lambda: len(live.of(ProcessExited)) == 40, timeout=20_000)
    assert [each.processes for each in given] == [tuple(processes[:20]), tuple(processes[20:])]


def test_it_is_said_that_commands_wait_and_taken_back_when_they_do_not(
    live: Live, session: LiveSession, qtbot: QtBot
) -> None:
    supervisor = live.of(SessionOpened)[0].supervisor_pid
    told: list[bool] = []
    session.held_changed.connect(told.append)
    os.kill(supervisor, signal.SIGSTOP)
    for _ in range(MANY):
        session.launch(command("true"))
    assert live.client.commands.blocked
    qtbot.waitUntil(lambda: told == [True], timeout=20_000)
    os.kill(supervisor, signal.SIGCONT)
    qtbot.waitUntil(lambda: len(live.of(ProcessExited)) == MANY, timeout=30_000)
    qtbot.waitUntil(lambda: told[-1] is False)
