"""Rows of a file are checked without Python code in the midst of it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import msgspec
import pytest

from spawnscope.core.session.row_types import Int, Number, Shared, checked

KIND = tuple[Number, Int | None, Shared]


def test_rows_are_what_they_are_to_be() -> None:
    assert checked([(1, None, "a"), (2, -3, "b")], KIND) == [(1, None, "a"), (2, -3, "b")]
    assert checked([], KIND) == []
    for wrong in ((-1, 1, "a"), (1, "1", "a"), (1, 1), (1, 1, 1 << 63)):
        with pytest.raises(msgspec.ValidationError):
            checked([wrong], KIND)


def python_calls(what: Callable[[], object]) -> list[str]:
    called: list[str] = []

    def seen(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            called.append(frame.f_code.co_name)

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        what()
    finally:
        sys.setprofile(before)
    return [name for name in called if name == "__hash__"]


def test_no_python_code_runs_that_a_signal_could_meet_unnoticed() -> None:
    """What the handler of a signal raises in what C code has called may be swallowed there. A hash
    that our own cache asks for is not: it hands that on."""
    checked([(1, 1, "a")], KIND)
    ours = python_calls(lambda: hash(KIND))
    assert ours
    assert python_calls(lambda: checked([(1, 1, "a")], KIND)) == ours
