"""Whoever of us is killed, in whatever company: nothing that was launched lives on."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from live import Live, alive, is_gone
from waiting import wait_until

from spawnscope.core.vocabulary.events import SessionOpened


def family(live: Live) -> list[int]:
    """A family of the worst kind; its pids."""
    root = live.script("stubborn_family", "clean", grace_seconds=0.5)
    live.says(root, "ready")

    def members() -> list[int]:
        return [int(t.split()[2]) for t in live.texts() if t.startswith("pid ")]

    live.until(lambda: len(members()) == 5, what="the whole family")
    return members()


@pytest.mark.parametrize("killed", ["supervisor", "guardian", "both"])
def test_killing_us_ends_what_we_launched(tmp_path: Path, killed: str) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        pids = family(live)
        supervisor = live.until(lambda: live.of(SessionOpened))[0].supervisor_pid
        guardian = live.client._process.pid
        assert guardian is not None
        assert guardian != supervisor
        if killed in ("guardian", "both"):
            os.kill(guardian, signal.SIGKILL)
        if killed in ("supervisor", "both"):
            os.kill(supervisor, signal.SIGKILL)
            live.until(lambda: live.client.lost, what="news of the supervisor's end")
            live.client.end_leftovers()
        else:
            # The supervisor goes on without its guardian, and ends all when it is asked to.
            assert all(map(alive, pids))
            live.client.quit()
            live.until(lambda: live.client.lost, what="the supervisor's end")
        wait_until(lambda: all(is_gone(pid) or not alive(pid) for pid in pids), 10)
    wait_until(lambda: not alive(supervisor), 10)


def test_a_supervisor_that_hangs_is_ended_with_all_below_it(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        pids = family(live)
        supervisor = live.until(lambda: live.of(SessionOpened))[0].supervisor_pid
        os.kill(supervisor, signal.SIGSTOP)
    assert not any(map(alive, [supervisor, *pids]))
