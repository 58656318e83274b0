"""Programs with a known fault have it found, and nothing else; healthy ones have nothing found."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from programs import Trial, programs

ALONE = frozenset(("oversubscribed",))  # it is not, while others compute here: see `programs.main`


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_each_program_has_what_it_says_and_nothing_else(method: str, tmp_path: Path) -> None:
    """Each is tried under one start method here, by turns."""
    all_of = [
        each
        for place, each in enumerate(programs())
        if each.methods[place % len(each.methods)] == method and ALONE.isdisjoint(each.finds)
    ]
    assert all_of
    with Trial(tmp_path / "s.spawnscope", method, sys.executable) as trial:
        trial.run(all_of)
    assert trial.faults == []
