"""What a session file is made of is known in `core/session`, and nowhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "core" / "session"
_SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE FROM|PRAGMA|CREATE TABLE)\s")
_ASKS = {"execute", "executemany", "executescript", "define_function"}
_FORMATS = {"sqlite3", "schema", "tables", "session_file", "opening"}
_OPENING = {"trust"}  # what may be asked of `opening` from elsewhere


def faults(source: str) -> Iterator[tuple[int, str]]:
    """(line, what) of SQL, of calls that execute some, of versions of the format, and of modules
    that only `core/session` is to import."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if _SQL.match(node.value):
                yield node.lineno, "SQL"
        elif isinstance(node, ast.Attribute):
            whose = ast.unparse(node.value)
            if node.attr in _ASKS:
                yield node.lineno, node.attr
            elif node.attr == "version" and re.search(r"reader|session|file|lend", whose):
                yield node.lineno, "a version"
        elif isinstance(node, ast.Import):
            if any(alias.name == "sqlite3" for alias in node.names):
                yield node.lineno, "sqlite3"
        elif isinstance(node, ast.ImportFrom) and "session." in f"{node.module}.":
            names = {alias.name for alias in node.names}
            last = (node.module or "").rpartition(".")[2]
            if last in _FORMATS and not names <= _OPENING:
                yield node.lineno, last


def test_only_core_session_knows_the_format() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {what}"
        for folder in ("core", "gui")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if HOME not in path.parents and "probe" not in path.relative_to(ROOT).parts
        for line, what in faults(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    "sample",
    [
        "X = 'SELECT id FROM operation'",
        "X = f'SELECT {id} FROM operation'",
        "connection.execute(statement)",
        "if reader.version < 3: pass",
        "if self._reader.version >= 2: pass",
        "import sqlite3",
        "from ..session.opening import open_session",
        "from spawnscope.core.session.schema import VERSION",
    ],
)
def test_the_rule_sees_it_wherever_it_stands(sample: str) -> None:
    assert list(faults(sample))


@pytest.mark.parametrize(
    "sample",
    [
        "X = 'Select a process'",
        "timeline.version += 1",
        "from ..session.opening import trust",
        "from ..session.reader import SessionReader",
    ],
)
def test_and_nothing_else(sample: str) -> None:
    assert not list(faults(sample))
