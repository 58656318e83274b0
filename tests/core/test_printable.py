"""What may be drawn of a name on one line."""

from __future__ import annotations

import time

import pytest

from spawnscope.core.printable import LONGEST_NAME, printable


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("worker-1", "worker-1"),
        ("Ärger 工 👩\u200d💻", "Ärger 工 👩\u200d💻"),
        ("two\nlines\r\nand\ta tab", "two lines and a tab"),
        ("bell\x07 \x85\x9f \x7f", "bell^G  \\x9f ^?"),
        ("safe\u202egpj.exe", "safe\\u202egpj.exe"),
        ("\u2066isolated\u2069", "\\u2066isolated\\u2069"),
        ("half \udc80", "half \\udc80"),
        ("z" + "\u0301" * 50 + "!", "z\u0301\u0301\u0301!"),
        ("", ""),
    ],
)
def test_names_are_one_line_and_show_what_they_hide(name: str, shown: str) -> None:
    assert printable(name) == shown


def test_an_endless_name_ends() -> None:
    for letter in ("x", "\x07", "\u0301", "\u202e"):
        before = time.thread_time()
        shown = printable(letter * 1_000_000)
        assert len(shown) <= LONGEST_NAME
        assert time.thread_time() - before < 0.1
    assert printable("x" * 300).endswith("x…")
