"""No module needs one that needs it, not even for a type; and private names stay at home."""

from __future__ import annotations

import ast
from pathlib import Path

from import_graph import imports_of, modules

ROOT = Path(__file__).resolve().parents[2]


def circles(needs: dict[str, set[str]]) -> set[str]:
    """The modules that are in some circle."""
    left = dict(needs)
    while True:  # who needs nobody, or is needed by nobody, is in no circle
        needed = set().union(*left.values()) if left else set()
        loose = {name for name, others in left.items() if not others & left.keys()}
        loose |= left.keys() - needed
        if not loose:
            return {name for name in left if name in _reached(left, name)}
        left = {name: others for name, others in left.items() if name not in loose}


def _reached(needs: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for other in needs.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def test_no_modules_need_each_other() -> None:
    known = modules(ROOT)
    needs: dict[str, set[str]] = {}
    for name, path in known.items():
        found = {each.module for each in imports_of(path, ROOT)}
        found |= {module.rpartition(".")[0] for module in found}  # a name in a module
        needs[name] = (found & known.keys()) - {name}
        if path.name == "__init__.py":
            needs[name] = set()  # a package says what it is for, and imports nothing
            assert not [each for each in imports_of(path, ROOT) if "spawnscope" in each.module]
    for others in needs.values():  # `from .models import x` needs x, not the package
        others -= {name for name, path in known.items() if path.name == "__init__.py"}
    assert circles(needs) == set()


def test_private_names_stay_at_home() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {alias.name}"
        for path in modules(ROOT).values()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.level or "spawnscope" in (node.module or ""))
        for alias in node.names
        if alias.name.startswith("_")
        if alias.name != "_spawnscope_probe"
    ]
    assert found == []


def test_circles_are_seen() -> None:
    needs = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": set(), "f": {"f2"}, "f2": {"f"}}
    assert circles(needs) == {"a", "b", "c", "f", "f2"}
    assert circles({"a": {"b"}, "b": set()}) == set()


def foreign_emits(source: str) -> list[str]:
    """Where a module emits a signal that is not its own: "canvas.moved.emit"."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr == "emit"
        if not ast.unparse(node).startswith("self.") or ast.unparse(node).count(".") > 2
    ]


def test_nobody_emits_the_signals_of_another() -> None:
    found = {
        f"{path.relative_to(ROOT)}: {emit}"
        for path in (ROOT / "gui").rglob("*.py")
        for emit in foreign_emits(path.read_text())
    }
    # A QRunnable has no signals: its answer has them for it.
    assert found == {"gui/panels/inspector/stacks.py: self.answer.ready.emit"}
    assert foreign_emits("self.moved.emit()") == []
    assert len(foreign_emits("canvas.moved.emit(1)\nself._canvas.moved.emit()")) == 2
