"""Semaphores that processes wait for, found and posted from outside."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from waiting import wait_until

from spawnscope.core.observe import semaphores
from spawnscope.core.observe.semaphores import Waited, waited_for

PROGRAM = """
import multiprocessing, sys

context = multiprocessing.get_context("fork")
lock = getattr(context, sys.argv[1])()
lock.acquire()
child = context.Process(target=lock.acquire, daemon=True)
child.start()
print(child.pid, flush=True)
child.join()
"""
Blocked = tuple["subprocess.Popen[str]", list[Waited]]


@pytest.fixture(params=["Lock", "Semaphore"])
def blocked(request: pytest.FixtureRequest) -> Iterator[Blocked]:
    """A program that ends when its child does, and what that waits for."""
    command = [sys.executable, "-c", PROGRAM, request.param]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        child = int(program.stdout.readline())
        yield program, wait_until(lambda: waited_for(child))
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


@pytest.mark.parametrize("all_of_them", [False, True])
def test_its_waiter_goes_on(blocked: Blocked, all_of_them: bool) -> None:
    program, waits = blocked
    (waited,) = waits
    assert semaphores.value_of(waited) == 0
    semaphores.post(waits, 1, [waited.pid, program.pid] if all_of_them else ())
    assert program.wait(20) == 0


def test_who_is_traced_already_is_left_alone(blocked: Blocked) -> None:
    _, waits = blocked
    with semaphores._stopped([waits[0].tid]), pytest.raises(PermissionError):
        semaphores.post(waits, 1)
    assert semaphores.value_of(waits[0]) == 0


def test_who_runs_waits_for_none() -> None:
    assert waited_for(os.getpid(), os.getpid()) == []
