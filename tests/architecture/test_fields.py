"""The fields of an operation and the totals of a counter are written out once; what stands in their
order elsewhere follows from that."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_SETS = (
    frozenset(("start_ns", "end_ns", "waited_ns", "preview", "outcome", "argument")),
    frozenset(("waits", "waited_ns", "timeouts", "errors")),
)
_MOST = 3  # of a set, side by side
# The classes that have the fields, the columns that hold them, and the words of a recorder.
HOMES = frozenset(
    (
        "core/vocabulary/operation.py",
        "core/vocabulary/events.py",
        "core/session/tables.py",
        "core/observe/recorder_layout.py",
    )
)


def _named(part: ast.expr | ast.keyword) -> str:
    if isinstance(part, ast.Starred):
        part = part.value
    if isinstance(part, ast.keyword):
        return part.arg or ""
    if isinstance(part, ast.Attribute):
        return part.attr
    if isinstance(part, ast.Name):
        return part.id
    return part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else ""


def written_out(source: str) -> Iterator[int]:
    """The lines where more than a few of the fields stand side by side: in a tuple, a call, a
    class, a text that is none of the documentation."""
    tree = ast.parse(source)
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        words: set[str] = set()
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            words = set(map(_named, node.elts))
        elif isinstance(node, ast.Dict):
            words = {_named(key) for key in node.keys if key is not None}
        elif isinstance(node, ast.Call):
            words = set(map(_named, (*node.args, *node.keywords)))
        elif isinstance(node, ast.ClassDef):
            words = {_named(each.target) for each in node.body if isinstance(each, ast.AnnAssign)}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = set() if id(node) in told else set(re.findall(r"\w+", node.value))
        if any(len(words & fields) > _MOST for fields in _SETS):
            yield node.lineno


def test_nobody_writes_the_fields_out_again() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for folder in ("core", "gui")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.relative_to(ROOT).as_posix() not in HOMES
        and "probe" not in path.relative_to(ROOT).parts
        for line in written_out(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "sample",
    [
        "X = 'SELECT id, start_ns, end_ns, waited_ns, outcome FROM operation'",
        "X = (one.start_ns, one.end_ns, one.waited_ns, one.preview)",
        "Operation(start_ns=row[5], end_ns=row[6], waited_ns=row[7], argument=row[13])",
        "count, waited_ns, waits, moved, timeouts, errors = counter",
        "X = {'waits': 1, 'waited_ns': 2, 'timeouts': 3, 'errors': 4}",
        "class Totals:\n    waits: int\n    waited_ns: int\n    timeouts: int\n    errors: int",
    ],
)
def test_the_rule_sees_them_wherever_they_stand(sample: str) -> None:
    assert list(written_out(sample))


@pytest.mark.parametrize(
    "sample",
    [
        "X = (*FIGURES, 'counts')",
        "def f():\n    '''count, waits, waited_ns, timeouts, errors'''",
        "Span(key, one.start_ns, one.end_ns, one.waited_ns)",
    ],
)
def test_and_nothing_else(sample: str) -> None:
    assert not list(written_out(sample))
