"""Children that have ended are told of as zombies until their parent waits for them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

import pytest
from waiting import wait_until

from spawnscope.core.observe import proc_files
from spawnscope.core.supervisor import unreaped as module
from spawnscope.core.supervisor.known_process import KnownProcess
from spawnscope.core.supervisor.unreaped import Unreaped
from spawnscope.core.vocabulary.events import ProcessUnreaped, Role


class Loop:
    """Calls what is due when it is told to."""

    def __init__(self) -> None:
        self.due: list[Callable[[], None]] = []

    def call_later(self, seconds: float, callback: Callable[[], None]) -> None:
        self.due.append(callback)

    def turn(self) -> None:
        due, self.due = self.due, []
        for callback in due:
            callback()


def known(number: int, pid: int, parent: KnownProcess | None) -> KnownProcess:
    stat = proc_files.read_stat(pid)
    assert stat is not None
    return KnownProcess(
        number, pid, stat.start_ticks, 0, parent, stat.ppid, 1, "", Role.CHILD, None, ()
    )


def test_a_zombie_is_told_of_until_it_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.0)
    loop, told = Loop(), list[ProcessUnreaped]()
    unreaped = Unreaped(loop, told.append)  # type: ignore[arg-type]
    parent = known(1, os.getpid(), None)
    with subprocess.Popen(["true"]) as one, subprocess.Popen(["cat"], stdin=-1) as other:
        wait_until(lambda: (stat := proc_files.read_stat(one.pid)) and stat.state == "Z")
        unreaped.ended(known(2, one.pid, parent))
        unreaped.ended(known(3, other.pid, parent))  # lives, as one with its pid might
        loop.turn()
        assert told == [ProcessUnreaped(1, (2,), 1)]
        loop.turn()
        assert len(told) == 1
        one.wait()
        loop.turn()
        assert told[1:] == [ProcessUnreaped(1, (), 0)]
        assert loop.due == [], "nothing is looked at any more"
        assert other.stdin is not None
        other.stdin.close()
