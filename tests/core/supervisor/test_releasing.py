"""What a killed process holds is given back from outside, once, when the user asks for it."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from live import Live

from spawnscope.core.sentences.notes import said
from spawnscope.core.vocabulary.events import (
    ObjectCreated,
    ObjectState,
    Problem,
    ProcessDoing,
    ProcessStarted,
)


def number_of(live: Live, name: str) -> int:
    """The latest process called so."""
    return live.until(
        lambda: next(
            (e.process for e in reversed(live.of(ProcessStarted)) if named(live, e) == name), 0
        ),
        what=name,
    )


def named(live: Live, event: ProcessStarted) -> str:
    return live.described(event.process).name


def state_of(live: Live, number: int) -> ObjectState | None:
    return next((e for e in reversed(live.of(ObjectState)) if e.object == number), None)


def held_by(live: Live, process: int, waiting: int) -> int:
    """The number of what a process holds, once so many wait for it."""

    def found() -> int:
        for each in live.of(ObjectCreated):
            state = state_of(live, each.object)
            holders = [] if state is None else [number for number, _ in state.holders]
            if state is not None and process in holders and len(state.waiters) == waiting:
                return each.object
        return 0

    return live.until(found, what=f"held by {process}")


def refusals(live: Live) -> list[str]:
    return [said(each) for each in live.of(Problem)]


@pytest.mark.parametrize(
    ("method", "kinds"),
    [("fork", ("lock", "rlock", "condition", "semaphore")), ("spawn", ("lock",))],
)
def test_the_waiter_goes_on_and_only_one(
    method: str, kinds: tuple[str, ...], tmp_path: Path
) -> None:
    with Live(tmp_path / "a.spawnscope") as live:
        live.script("held_by_dead", method, *kinds)
        for kind in kinds:
            live.says(None, f"taken {kind}")
            hungry = number_of(live, f"{kind}-hungry")
            lock = held_by(live, hungry, 2)
            live.client.release(lock, hungry)
            live.until(lambda: [t for t in refusals(live) if "which holds it, lives" in t])
            live.events = [e for e in live.events if not isinstance(e, Problem)]
            live.client.signal(hungry, signal.SIGKILL)
            live.exited(hungry)
            live.client.release(lock, hungry)
            entered = live.says(None, f"entered {kind}").split()[-1]
            assert not refusals(live)
            (other,) = {f"{kind}-clerk-1", f"{kind}-clerk-2"} - {entered}
            assert live.says(hungry, "was released by Spawnscope")
            live.client.release(lock, hungry)
            live.until(lambda: [t for t in refusals(live) if "does not hold it any more" in t])
            held_by(live, number_of(live, entered), 1)
            assert not [t for t in live.texts() if f"entered {kind} {other}" in t]
            live.client.signal(number_of(live, entered), signal.SIGUSR1)
            live.says(None, f"entered {kind} {other}")
            live.events = [e for e in live.events if not isinstance(e, Problem)]


def test_a_queue_s_own_lock(tmp_path: Path) -> None:
    with Live(tmp_path / "a.spawnscope") as live:
        live.script("held_by_dead", "fork", "queue")
        hungry = number_of(live, "queue-hungry")
        live.until(
            lambda: any(
                doing.inside
                for event in live.of(ProcessDoing)
                if event.process == hungry
                for doing in event.doing
            ),
            what="that it is inside",
        )
        live.says(None, "taken queue")
        live.client.signal(hungry, signal.SIGKILL)
        live.exited(hungry)
        live.client.release(held_by(live, hungry, 0), hungry)
        live.says(None, "got queue first")
        assert not refusals(live)
