"""Every concept has one name, and every name one concept."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from import_graph import modules

ROOT = Path(__file__).resolve().parents[2]


def names_in(source: str) -> Iterator[str]:
    """The classes that a module defines, those within functions too; its aliases of types; and its
    public functions."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node.name
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp | ast.Subscript):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id[0].isupper():
                    yield from () if target.id.isupper() else (target.id,)


def test_no_name_is_defined_twice() -> None:
    homes = defaultdict(list)
    for path in modules(ROOT).values():
        for name in set(names_in(path.read_text())):
            homes[name].append(str(path.relative_to(ROOT)))
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}


def test_names_are_seen_wherever_they_stand() -> None:
    source = """
Look = tuple[int, str]
Index = One | Other
LIMIT = WIDE | 2
T = TypeVar("T")
def look(): pass
def _look():
    class Inner: pass
class _Hidden:
    def find(self): pass
"""
    assert sorted(names_in(source)) == ["Index", "Inner", "Look", "_Hidden", "look"]
