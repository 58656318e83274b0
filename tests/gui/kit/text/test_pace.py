"""Dear work rests, cheap work and bursts do not."""

from __future__ import annotations

import time

import pytest

from spawnscope.gui.kit.pace import Pace


class Clocks:
    """Stands for both clocks; `spend` is work, `wait` is rest."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = self.used = 100.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(time, "thread_time", lambda: self.used)

    def spend(self, seconds: float) -> None:
        self.now += seconds
        self.used += seconds


def rounds(clocks: Clocks, pace: Pace, cost: float, count: int) -> tuple[float, float]:
    """(the share of the time that went into work, the longest rest in s) of work that is due 20
    times a second."""
    began, used, longest = clocks.now, clocks.used, 0.0
    for _round in range(count):
        pace.begin()
        clocks.spend(cost)
        rest = max(0.05, pace.end() / 1000)
        longest = max(longest, rest)
        clocks.now += rest
    return (clocks.used - used) / (clocks.now - began), longest


def test_cheap_work_is_done_as_often_as_it_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = Clocks(monkeypatch)
    assert rounds(clocks, Pace(), 0.002, 500)[1] == 0.05


def test_dear_work_takes_a_share_of_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks = Clocks(monkeypatch)
    share, longest = rounds(clocks, Pace(), 0.05, 500)
    assert share < 0.12
    assert longest <= 1


def test_a_burst_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    clocks, pace = Clocks(monkeypatch), Pace()
    assert rounds(clocks, pace, 0.05, 5)[1] == 0.05
    assert rounds(clocks, pace, 0.05, 20)[1] > 0.2
    clocks.now += 60
    assert rounds(clocks, pace, 0.05, 5)[1] == 0.05
