"""Shared memory that was left is removed: by its exact name, and only if nobody needs it."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from spawnscope.core.observe.left_memory import NotRemoved, remove_left


@pytest.fixture
def left() -> Iterator[Path]:
    path = Path(f"/dev/shm/spawnscope_test_{os.getpid()}")
    path.write_bytes(bytes(4096))
    yield path
    path.unlink(missing_ok=True)


def test_what_nobody_has_is_removed(left: Path) -> None:
    remove_left(left.name)
    assert not left.exists()
    with pytest.raises(NotRemoved, match="is gone already"):
        remove_left(left.name)


def test_what_is_open_or_mapped_stays(left: Path) -> None:
    with left.open("r+b") as file:
        with pytest.raises(NotRemoved, match=f"process {os.getpid()} has it open"):
            remove_left(left.name)
        shared = mmap.mmap(file.fileno(), 0)
    with shared, pytest.raises(NotRemoved, match=f"process {os.getpid()} has it open"):
        remove_left(left.name)
    assert left.exists()


@pytest.mark.parametrize("name", ["", ".", "..", "../null", "a/b"])
def test_no_other_name_is_taken(name: str) -> None:
    with pytest.raises(NotRemoved, match="is no name of shared memory"):
        remove_left(name)


def test_what_is_another_s_stays(left: Path) -> None:
    if os.geteuid():
        pytest.skip("NOT CHECKED: only root can give a file away")
    os.chown(left, 65534, 65534)
    with pytest.raises(NotRemoved, match="belongs to another user"):
        remove_left(left.name)
    assert left.exists()
