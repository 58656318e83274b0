"""What is to be known of a kind of object or operation stands in one row, and nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from spawnscope.core.probe._spawnscope_probe import layout
from spawnscope.core.vocabulary.kinds import (
    OBJECTS,
    OPERATIONS,
    WORKING,
    Family,
    Holding,
    kind_of,
    operation_kind,
)

ROOT = Path(__file__).resolve().parents[2]
_HOME = ROOT / "core" / "vocabulary" / "kinds.py"
_ARTICLES = (ast.Set, ast.Tuple, ast.List, ast.Dict)


def lists_of_kinds(source: str) -> Iterator[int]:
    """The lines on which several types of objects stand together, or the operations of work."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, _ARTICLES):
            parts = node.keys if isinstance(node, ast.Dict) else node.elts
            texts = [part.value for part in parts if isinstance(part, ast.Constant)]
            kinds = [text for text in texts if text in OBJECTS]
            if len(kinds) > 1 or set(texts) == WORKING:
                yield node.lineno


def test_kinds_are_listed_in_one_place() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for folder in ("core", "gui")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path != _HOME and "probe" not in path.relative_to(ROOT).parts
        for line in lists_of_kinds(path.read_text())
    ]
    assert found == []


def test_the_rule_sees_lists_wherever_they_stand() -> None:
    assert list(lists_of_kinds('A = frozenset(("Queue", "Pipe"))')) == [1]
    assert list(lists_of_kinds('def f(x):\n    return {"Lock": 1, "Event": 2}[x]')) == [2]
    assert list(lists_of_kinds(f"W = {set(WORKING)}")) == [1]
    assert not list(lists_of_kinds('A = ("Name", "Value")\nB = x == "Pipe"'))


def test_what_the_probe_records_has_a_row() -> None:
    apart = {"", "start", "terminate", "kill", "interrupt", "exception"}  # they tell of processes
    assert set(layout.OPERATIONS) - apart == set(OPERATIONS)


def test_rows_fit_together() -> None:
    for kind in OPERATIONS.values():
        assert not kind.serves or kind.serves in OPERATIONS
        assert not (kind.inward and kind.outward)
    for row in OBJECTS.values():
        for waiting, (_, ending) in row.ended_by.items():
            assert {waiting, ending} <= set(OPERATIONS), row.type
    assert kind_of("RLock").holding is Holding.ONE
    assert kind_of("ListProxy").picture == "manager"
    assert kind_of("what nobody knows").family is Family.KEEPS
    assert operation_kind("something new").name == "something new"
