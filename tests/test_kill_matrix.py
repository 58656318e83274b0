"""The short form of the kill matrix; `python tests/support/kill_matrix.py` is the long one."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from kill_matrix import METHODS, MOMENTS, OURS, THEIRS, Trial, run

# One trial for each process of ours, and one that suspends what is being stopped. What is spawned
# has named semaphores, which must be gone as well.
SHORT = [
    Trial(1, "record", "supervisor", signal.SIGKILL, "load", "spawn", 0.05),
    Trial(2, "record", "guardian", signal.SIGKILL, "stopping", "spawn", 0.02),
    Trial(3, "record", "front", signal.SIGKILL, "load", "forkserver", 0.1),
    Trial(4, "record", "supervisor", signal.SIGSTOP, "stopping", "fork", 0.0),
    Trial(5, "record", "child", signal.SIGKILL, "start", "fork", 0.2),
]


@pytest.mark.parametrize("trial", SHORT, ids=str)
def test_nothing_is_left_and_nothing_lost(trial: Trial, tmp_path: Path) -> None:
    run(trial, tmp_path)


def test_the_long_form_reaches_everything() -> None:
    trials = [Trial.of(seed) for seed in range(200)]
    reached = {(t.victim, t.signum, t.moment) for t in trials}
    assert len(reached) == 2 * len(MOMENTS) * len(OURS + THEIRS)
    assert {t.method for t in trials} == set(METHODS)
    assert Trial.of(7) == Trial.of(7)
