"""The specs that were launched last."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from spawnscope.core.launch.recent import LIMIT, RecentSpecs
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind


def _spec(target: str, **others: Any) -> LaunchSpec:
    return LaunchSpec(kind=TargetKind.SCRIPT, target=target, **others)


@pytest.fixture
def recent(tmp_path: Path) -> RecentSpecs:
    return RecentSpecs(tmp_path / "state" / "recent.json")


def test_the_newest_comes_first_and_each_once(recent: RecentSpecs) -> None:
    for target in ("a.py", "b.py", "a.py"):
        assert recent.add(_spec(target))
    assert [spec.target for spec in recent.specs()] == ["a.py", "b.py"]


def test_only_the_last_ones_are_kept(recent: RecentSpecs) -> None:
    for number in range(LIMIT + 5):
        recent.add(_spec(f"{number}.py"))
    targets = [spec.target for spec in recent.specs()]
    assert len(targets) == LIMIT
    assert targets[0] == f"{LIMIT + 4}.py"


def test_a_call_keeps_the_types_of_its_values(recent: RecentSpecs) -> None:
    spec = LaunchSpec(
        kind=TargetKind.FUNCTION, target="a:b", arguments=(None, b"x", (1, 2), {3}),
        keywords={"k": {1: [True]}},
    )  # fmt: skip
    assert recent.add(spec)
    assert recent.specs() == [spec]


def test_a_call_that_no_literal_describes_is_not_kept(recent: RecentSpecs) -> None:
    spec = LaunchSpec(kind=TargetKind.FUNCTION, target="a:b", arguments=(datetime.date.max,))
    assert not recent.add(spec)
    assert recent.specs() == []


@pytest.mark.parametrize("damage", [b"", b"{}", b"[1, 2", b"\xff\xfe", b"[1, {}]", b"null"])
def test_a_damaged_file_counts_as_empty_and_is_replaced(damage: bytes, recent: RecentSpecs) -> None:
    recent.path.parent.mkdir()
    recent.path.write_bytes(damage)
    assert recent.specs() == []
    assert recent.add(_spec("a.py"))
    assert recent.specs() == [_spec("a.py")]


def test_one_damaged_entry_leaves_the_others(recent: RecentSpecs) -> None:
    recent.add(_spec("a.py"))
    recent.path.write_bytes(recent.path.read_bytes().replace(b"[", b'[{"spec": 1},', 1))
    assert recent.specs() == [_spec("a.py")]


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    recent = RecentSpecs(tmp_path / "file" / "recent.json")
    assert not recent.add(_spec("a.py"))


def test_an_entry_can_be_forgotten(recent: RecentSpecs) -> None:
    recent.add(_spec("a.py"))
    recent.add(_spec("b.py"))
    recent.remove(_spec("a.py"))
    assert recent.specs() == [_spec("b.py")]
    recent.clear()
    assert recent.specs() == []


def test_only_the_owner_may_read_it(recent: RecentSpecs) -> None:
    recent.add(_spec("a.py", environment={"TOKEN": "x"}))
    assert recent.path.stat().st_mode & 0o777 == 0o600
