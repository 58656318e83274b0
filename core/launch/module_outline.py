"""What a module defines at its top level, read from its source without running it.

Names count wherever a statement of the module's own level binds them, in `if`, `try`, `with` and
loops too. A module that may gain names in ways that the source does not show is `open`.
"""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from ..translation import tr

SOURCE_LIMIT = 1 << 20  # bytes: a longer source takes too long to read before a start

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Outline:
    """The names that a module (or a class) binds, each with the statements that bind it."""

    names: dict[str, list[ast.AST]] = field(default_factory=dict)
    open: bool = False

    def function(self, name: str) -> _Function | None:
        """The one plain function that `name` must be: undecorated, and bound only there."""
        bound = self.names.get(name, [])
        if len(bound) == 1 and isinstance(bound[0], _Function) and not bound[0].decorator_list:
            return bound[0]
        return None

    def inside(self, name: str) -> Outline | None:
        """The outline of the class `name`; None when it is no class whose body tells all."""
        bound = self.names.get(name, [])
        if len(bound) != 1 or not isinstance(bound[0], ast.ClassDef):
            return None
        node = bound[0]
        plain = all(isinstance(base, ast.Name) and base.id == "object" for base in node.bases)
        return _outline(node.body, opened=not plain or bool(node.decorator_list or node.keywords))


@dataclass(frozen=True)
class SourceError:
    """Python's own complaint about a source: `line` counts from 1 (0: unknown)."""

    line: int
    reason: str

    def __str__(self) -> str:
        return (
            tr("line {line}: {reason}", line=self.line, reason=self.reason)
            if self.line
            else self.reason
        )


def outline_of_file(path: str) -> Outline | SourceError | None:
    """The outline of the module in `path`; None when it is too long. Raises OSError.

    Kept until the file changes.
    """
    state = os.stat(path)
    if state.st_size > SOURCE_LIMIT:
        return None
    return _outline_of_state(path, state.st_mtime_ns, state.st_size, state.st_ino)


def outline_of_text(source: str | bytes) -> Outline | SourceError | None:
    """The outline of a module given as source; None when it is nested too deeply to be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
    except (SyntaxError, ValueError) as error:
        return _complaint(error)
    except (RecursionError, MemoryError):
        return None
    return _outline(tree.body)


def error_of_script(path: str) -> SourceError | None:
    """What Python would say about the source of a script before it runs a line of it.

    Raises OSError when it cannot be read. Kept until the file changes.
    """
    state = os.stat(path)
    return _error_of_state(path, state.st_mtime_ns, state.st_size, state.st_ino)


@lru_cache(maxsize=64)
def _outline_of_state(path: str, *state: int) -> Outline | SourceError | None:
    with open(path, "rb") as file:
        return outline_of_text(file.read())


@lru_cache(maxsize=64)
def _error_of_state(path: str, *state: int) -> SourceError | None:
    with open(path, "rb") as file:
        source = file.read(SOURCE_LIMIT + 1)
    if len(source) > SOURCE_LIMIT:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        import zipfile

        # Python also runs an archive with a __main__ under any name.
        return None if zipfile.is_zipfile(path) else _complaint(error)
    except (RecursionError, MemoryError):
        return None
    return None


def _complaint(error: BaseException) -> SourceError:
    if isinstance(error, SyntaxError):
        return SourceError(error.lineno or 0, error.msg)
    return SourceError(0, str(error))


def _outline(body: list[ast.stmt], opened: bool = False) -> Outline:
    names: dict[str, list[ast.AST]] = {}
    for name, node in _bindings(body):
        names.setdefault(name, []).append(node)
    return Outline(names, opened or "*" in names or "__getattr__" in names or _writes_itself(body))


def _bindings(body: list[ast.stmt]) -> Iterator[tuple[str, ast.AST]]:
    """Each name that the statements bind in their own scope, with the binding statement."""
    waiting: list[ast.AST] = list(reversed(body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, node
            for inner in ast.walk(node):  # a function may bind names of the module
                if isinstance(inner, ast.Global):
                    for name in inner.names:
                        yield name, inner
        elif isinstance(node, ast.ClassDef):
            yield node.name, node
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield alias.asname or alias.name.partition(".")[0], node
        elif isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                yield node.id, node
        elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
            yield node.name, node
        elif isinstance(node, ast.AnnAssign) and node.value is None:
            continue  # `x: int` binds nothing
        elif not isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def _writes_itself(body: list[ast.stmt]) -> bool:
    """Whether the code may bind names in ways that no statement shows."""
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                called = node.func.id
                if called in ("globals", "exec") or (
                    called in ("vars", "locals") and not node.args
                ):
                    return True
            if isinstance(node, ast.Attribute) and node.attr == "modules":
                return True
    return False
