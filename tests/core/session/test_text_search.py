"""Searching a block finds the lines that a look at each line would find."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spawnscope.core.session.text_search import required_literals, text_search

LINE = st.text(alphabet="abAB1 éÉ.x\r", max_size=8).map(str.encode) | st.binary(max_size=5).map(
    lambda raw: raw.replace(b"\n", b"")
)
BODY = st.lists(LINE, min_size=1, max_size=200).map(b"\n".join)
NEEDLE = st.text(alphabet="abAB1 éÉ.", min_size=1, max_size=3)

PATTERNS = [
    "a", "ab", "a+b", "a*b", "ab?", "a.b", "^a", "b$", "^$", "^a.*b$", r"\d", r"\s", r"\S\s\S",
    r"\ba", r"a\b", r"\Ba", r"\Aa", r"b\Z", "[^a]", "[^a]b", "[ab]1", "[]a]b", "[^]a]", "a|1",
    "(a)b", r"(a)\1", "a(?=b)", "a(?!b)", "(?<=a)b", "(?<!a)b", "(?i)ab", "(?s)a.b", "(?m)^b",
    "a{2}", "a{1,}", "(?:ab)+", "(?>a+)b", "a++b", "é", "É.", r"a\.b", r"\.", "", ".*",
    "(?s).*b", r"a\nb", "(?x) a b", "b{", "a{x}", "b+1", "b??1", r"\x61b", "[^x]+1", "x*",
]  # fmt: skip


@pytest.mark.parametrize("case", [False, True])
@given(body=BODY, needle=NEEDLE)
def test_plain_text_is_found_in_every_line_that_holds_it(
    case: bool, body: bytes, needle: str
) -> None:
    search = text_search(needle, regex=False, case=case)
    assert search is not None

    def holds(line: bytes) -> bool:
        if case:
            return needle.encode() in line
        forms = line.decode("utf-8", "surrogateescape").lower()
        return needle.lower() in forms

    expected = [index for index, line in enumerate(body.split(b"\n")) if holds(line)]
    assert search.lines(body) == expected


@given(body=BODY, pattern=st.sampled_from(PATTERNS), case=st.booleans())
@example(body=b"a\nb\na b", pattern=r"a\sb", case=True)
@example(body=b"a x\n1", pattern="[^x]+1", case=True)
@example(body=b"\n1\n1 1", pattern=r"\S\s\S", case=False)
def test_a_pattern_is_found_as_if_each_line_stood_alone(
    body: bytes, pattern: str, case: bool
) -> None:
    search = text_search(pattern, regex=True, case=case)
    alone = re.compile(pattern, re.NOFLAG if case else re.IGNORECASE)
    lines = body.decode("utf-8", "surrogateescape").split("\n")
    expected = [index for index, line in enumerate(lines) if alone.search(line)]
    assert (search.lines(body) if search is not None else list(range(len(lines)))) == expected


@given(st.sampled_from(PATTERNS), st.text(alphabet="abAB1 é.x", max_size=8))
def test_required_literals_are_in_all_that_matches(pattern: str, text: str) -> None:
    match = re.search(pattern, text, re.IGNORECASE)
    if match is not None:
        found = match.group().lower().encode()
        assert all(literal in found for literal in required_literals(pattern))


def test_simple_patterns_have_required_literals() -> None:
    assert required_literals(r"Zebra-unicorn \w+ is gone\.") == (b"zebra-unicorn ", b" is gone.")
    assert required_literals("colou?r") == (b"colo", b"r")
    assert required_literals("[abc]def{2}") == (b"de",)
    assert required_literals("this|that") == ()


@pytest.mark.parametrize("text", ["a\nb", "\n"])
def test_a_needle_never_spans_lines(text: str) -> None:
    search = text_search(text, regex=False, case=False)
    assert search is not None
    assert search.lines(b"a\nb\nc") == []


@pytest.mark.parametrize("pattern", ["(", "[", "*", "a{2,1}", "(?P<x>a)(?P<x>b)", "\\"])
def test_a_bad_pattern_is_told_in_one_sentence(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"^The regular expression is wrong: .*\.$"):
        text_search(pattern, regex=True, case=False)


def test_no_text_is_no_search() -> None:
    assert text_search("", regex=False, case=False) is None
    assert text_search("", regex=True, case=False) is None


def test_dense_and_sparse_hits_are_counted_alike() -> None:
    lines = [b"hit" if number % 3 else b"miss" for number in range(1000)]
    search = text_search("HIT", regex=False, case=False)
    assert search is not None
    assert search.lines(b"\n".join(lines)) == [n for n, line in enumerate(lines) if line == b"hit"]
