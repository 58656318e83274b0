"""Targets and calls as people type them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawnscope.core.launch.call_text import (
    CallTextError,
    assignments,
    assignments_text,
    literals,
    literals_text,
    words,
    words_text,
)
from spawnscope.core.launch.target_text import TargetError, call_value, parse_target, parse_text
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _file(path: Path, text: str = "") -> None:
    path.write_text(text)


@pytest.mark.parametrize(
    ("argv", "kind", "target", "arguments"),
    [
        (["a.py"], TargetKind.SCRIPT, "a.py", ()),
        (["a.py", "-v", "--", "x"], TargetKind.SCRIPT, "a.py", ("-v", "--", "x")),
        (["../b/a.py", "1"], TargetKind.SCRIPT, "../b/a.py", ("1",)),
        (["./missing"], TargetKind.SCRIPT, "./missing", ()),
        (["-m", "http.server", "8000"], TargetKind.MODULE, "http.server", ("8000",)),
        (["-mhttp.server", "8000"], TargetKind.MODULE, "http.server", ("8000",)),
        (["etl.jobs:work"], TargetKind.FUNCTION, "etl.jobs:work", ()),
        (["etl:work", "1", "two", "[3]"], TargetKind.FUNCTION, "etl:work", (1, "two", [3])),
        (["--", "ls", "-l"], TargetKind.COMMAND, "ls", ("-l",)),
        (["--", "-m"], TargetKind.COMMAND, "-m", ()),
    ],
)
def test_the_four_forms(argv: list[str], kind: TargetKind, target: str, arguments: Any) -> None:
    assert parse_target(argv) == LaunchSpec(kind=kind, target=target, arguments=arguments)


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        ([], "There is no target"),
        (["--"], "no command after --"),
        (["-m"], "no module after -m"),
        (["--verbose", "a.py"], "'--verbose' is no target"),
        (["folder"], "'folder' is a folder"),
        (["plain"], "write -m plain for a module, -- plain for a command"),
        (["tool"], "to run it as a command write -- tool"),
    ],
)
def test_what_names_no_target_is_refused(argv: list[str], sentence: str, folder: Path) -> None:
    (folder / "folder").mkdir()
    _file(folder / "tool", "#!/bin/sh\n")
    with pytest.raises(TargetError, match=sentence):
        parse_target(argv)


def test_a_file_with_a_colon_is_the_file_when_it_exists(folder: Path) -> None:
    assert parse_target(["a:b"]).kind is TargetKind.FUNCTION
    _file(folder / "a:b", "#!/usr/bin/env python3\n")
    assert parse_target(["a:b"]).kind is TargetKind.SCRIPT


def test_a_file_is_a_script_when_its_first_line_says_python(folder: Path) -> None:
    _file(folder / "tool", "#!/usr/bin/python3 -u\n")
    assert parse_target(["tool"]).kind is TargetKind.SCRIPT


def test_files_are_looked_for_from_a_folder(folder: Path) -> None:
    (folder / "there").mkdir()
    _file(folder / "there" / "tool", "#!/usr/bin/env python\n")
    assert parse_target(["tool"], str(folder / "there")).kind is TargetKind.SCRIPT


def test_a_typed_line_has_quotes_as_in_a_shell() -> None:
    assert parse_text("'my script.py' \"a b\" c") == LaunchSpec(
        kind=TargetKind.SCRIPT, target="my script.py", arguments=("a b", "c")
    )
    with pytest.raises(TargetError, match="A quotation mark is not closed"):
        parse_text("'my script.py")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3), ("-1.5", -1.5), ("None", None), ("'a b'", "a b"),
        ("[1, {'a': 2}]", [1, {"a": 2}]),
        ("two", "two"), ("a b", "a b"), ("", ""), (" padded", " padded"), ("f()", "f()"),
        ("__import__('os')", "__import__('os')"), ("1 +", "1 +"), ("\0", "\0"),
        ("(" * 500, "(" * 500), ("{[]: 1}", "{[]: 1}"), ("'\\d'", "\\d"),
    ],
)  # fmt: skip
def test_a_value_is_a_literal_or_the_text_itself(text: str, value: Any) -> None:
    assert call_value(text) == value


@given(st.lists(st.text(st.characters(exclude_characters="\0"), max_size=10)))
def test_words_survive_their_line(arguments: list[str]) -> None:
    assert words(words_text(arguments)) == tuple(arguments)


literal = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.floats(
        allow_nan=False, allow_infinity=False
    ),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)  # fmt: skip


@given(st.lists(literal).map(tuple))
def test_literals_survive_their_line(arguments: tuple[Any, ...]) -> None:
    assert literals(literals_text(arguments)) == arguments


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), literal))
def test_assignments_survive_their_lines(keywords: dict[str, Any]) -> None:
    assert assignments(assignments_text(keywords)) == keywords


def test_the_fields_read_what_people_write() -> None:
    assert literals(" 1, 'two', [3], ") == (1, "two", [3])
    assert literals("") == ()
    assert assignments("a = 1\n\n b=two words \nc=x=y") == {"a": 1, "b": "two words", "c": "x=y"}


@pytest.mark.parametrize(
    ("read", "text", "sentence"),
    [
        (words, "a 'b", "A quotation mark is not closed."),
        (words, "a \\", "There is nothing after the last"),
        (literals, "[1, 2", r"The '\[' is not closed"),
        (literals, "1)", r"There is a '\)' too many"),
        (literals, "1], [2", r"There is a '\]' too many"),
        (literals, "two", "'two' is no Python value; text stands in quotes: 'two'"),
        (literals, "f(1)", "no Python values"),
        (literals, ",", "no Python values"),
        (assignments, "a=1\nb", "Line 2: 'b' has no value"),
        (assignments, "1a=1", "'1a' is not a parameter's name"),
        (assignments, "a=1\na=2", "Line 2: 'a' is there twice"),
    ],
)
def test_what_cannot_be_read_is_explained(read: Any, text: str, sentence: str) -> None:
    with pytest.raises(CallTextError, match=sentence):
        read(text)


def test_nothing_is_executed(folder: Path) -> None:
    with pytest.raises(CallTextError):
        literals("open('made', 'w')")
    call_value("open('made', 'w')")
    assert os.listdir(folder) == []
