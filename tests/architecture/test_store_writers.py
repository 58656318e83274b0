"""Only the shell writes to the store: what a panel or the kit has of it, it reads."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from spawnscope.core.store.objects import ObjectTable
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.store.session_store import SessionStore

ROOT = Path(__file__).resolve().parents[2]
STORE_WRITES = frozenset(
    (
        "apply", "load", "open", "end", "mark_lost", "tick", "close", "show", "clear_ended",
        "restore_cleared",
    )
)  # fmt: skip
TABLE_WRITES = frozenset(("apply", "load", "tick", "come_to_rest", "mark_lost", "rename"))
TYPES = frozenset(
    ("Store", "Session", "SessionStore", "MomentStore", "ProcessTable", "ObjectTable")
)
KNOWN = frozenset(("store", "session", "processes", "objects"))


def _name(node: ast.expr | None) -> str:
    """What an expression is called at its end: `self._store.session` is a "session"."""
    if isinstance(node, ast.Call):
        return "store" if _name(node.func) == "at" else ""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _lent(tree: ast.AST) -> set[str]:
    """The names under which a module has stores and tables."""
    found = {*KNOWN, *(f"_{name}" for name in KNOWN)}
    for node in ast.walk(tree):
        if isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation is not None:
            types = {
                _name(each) for each in ast.walk(node.annotation) if isinstance(each, ast.expr)
            }
            if types & TYPES:
                found.add(node.arg if isinstance(node, ast.arg) else _name(node.target))
    while True:  # what is called otherwise here
        before = len(found)
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    pairs = [(target, node.value)]
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                        pairs = list(zip(target.elts, node.value.elts, strict=False))
                    found |= {_name(one) for one, value in pairs if _name(value) in found}
        found.discard("")
        if len(found) == before:
            return found


def writes(source: str) -> list[str]:
    """What in a module writes to a store or to its tables, or to what they hold."""
    tree = ast.parse(source)
    lent = _lent(tree)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _name(node.value) in lent:
            is_set = isinstance(node.ctx, (ast.Store, ast.Del)) and node.attr not in lent
            if is_set or node.attr in STORE_WRITES | TABLE_WRITES:
                found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


def test_no_widget_writes_to_the_store() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{each}"
        for path in sorted((ROOT / "gui").rglob("*.py"))
        if (ROOT / "gui" / "shell") not in path.parents
        for each in writes(path.read_text())
    ]
    assert found == []


def test_the_shell_does_so_that_it_would_be_seen() -> None:
    source = (ROOT / "gui" / "shell" / "session_view.py").read_text()
    found = {each.rpartition(".")[2] for each in writes(source)}
    assert {"apply", "open", "load", "tick", "end", "close", "clear_ended"} <= found


@pytest.mark.parametrize(
    "line",
    ["self.store.tick()", "store.session.objects.apply(event)", "self._people.rename(3)",
     "table = store.processes; table.mark_lost(1)", "store.at(None).objects.load(made, ())",
     "timer.timeout.connect(self._store.tick)", "self.store.scope = None"],
)  # fmt: skip
def test_a_write_is_seen_whatever_the_store_is_called(line: str) -> None:
    assert writes(f"def f(self, store, event):\n self._people = store.processes\n {line}\n")


def test_what_writes_is_named_as_it_is() -> None:
    assert all(hasattr(SessionStore, name) for name in STORE_WRITES)
    for name in TABLE_WRITES:
        assert hasattr(ObjectTable, name) or hasattr(ProcessTable, name), name
