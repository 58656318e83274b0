"""Which modules a source file imports, anywhere in it, read without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Import:
    """`module` is absolute, with dots: "spawnscope.core.session". `where`: "file:line"."""

    module: str
    where: str

    def is_below(self, *packages: str) -> bool:
        """Is it one of `packages`, or a part of one?"""
        return any(
            self.module == package or self.module.startswith(package + ".") for package in packages
        )


def modules(root: Path) -> dict[str, Path]:
    """All modules of `core` and `gui`, by name; what is injected is held by rules of its own."""
    found = {}
    for folder in ("core", "gui"):
        for path in (root / folder).rglob("*.py"):
            parts = path.relative_to(root).with_suffix("").parts
            if "probe" not in parts and "launchpad" not in parts:
                found[".".join(("spawnscope", *parts)).removesuffix(".__init__")] = path
    return found


def imports_of(path: Path, root: Path, package: str = "spawnscope") -> list[Import]:
    """All imports of `path`, which lies below `root`, the folder that stands for `package`.

    Imports inside functions and under TYPE_CHECKING count; so do import_module("...") and
    __import__("...") with a literal name. `from a import b` counts as `a.b`, which may be a
    module or a name in one.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    inside = [package, *path.relative_to(root).parts[:-1]]
    place = path.relative_to(root)
    return [
        Import(module, f"{place}:{node.lineno}")
        for node in ast.walk(tree)
        for module in _modules(node, inside)
    ]


def _modules(node: ast.AST, inside: list[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.name
    elif isinstance(node, ast.ImportFrom):
        start = ".".join(inside[: len(inside) - node.level + 1]) if node.level else ""
        base = ".".join(part for part in (start, node.module) if part)
        for alias in node.names:
            yield base if alias.name == "*" else f"{base}.{alias.name}"
    elif isinstance(node, ast.Call) and node.args:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = node.func.id if isinstance(node.func, ast.Name) else name
        first = node.args[0]
        if name in ("import_module", "__import__") and isinstance(first, ast.Constant):
            yield str(first.value)
