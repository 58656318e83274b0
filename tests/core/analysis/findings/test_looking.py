"""When it is looked: soon after a change, and never not again."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import cast

import pytest

from spawnscope.core.analysis.findings import looking as module
from spawnscope.core.analysis.findings.finder import Finder
from spawnscope.core.analysis.findings.looking import Looking
from spawnscope.core.store.change import StoreChange


def silences(monkeypatch: pytest.MonkeyPatch, stands: bool, seconds: float) -> list[float]:
    """How long after the last change it is looked, within so many seconds."""
    clock = SimpleNamespace(now=1000.0)
    times = SimpleNamespace(monotonic=lambda: clock.now, thread_time=lambda: 0.0)
    monkeypatch.setattr(module, "time", times)
    finder = SimpleNamespace(is_needed=stands, look=lambda: None)
    looking, looks = Looking(cast(Finder, finder)), []
    looking.note(StoreChange(opened=True))
    while (due := looking.due_in) is not None and clock.now + due < 1000 + seconds:
        clock.now += due
        looks.append(clock.now - 1000)
        looking.look()
    return looks


def test_what_is_only_told_by_its_age_is_told_however_long_nothing_changes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = silences(monkeypatch, False, 3600)
    assert looks[:8] == pytest.approx([0.25, 0.35, 1.1, 2.6, 6.0, 9.0, 13.5, 20.25])
    assert looks[-1] >= 3500
    assert len(looks) < 80, "a silent program costs next to nothing"
    standing = silences(monkeypatch, True, 60)
    assert max(b - a for a, b in pairwise(standing)) <= 5.001
