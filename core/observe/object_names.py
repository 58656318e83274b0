"""What a person calls a shared object: the name that the source gives it where it is made.

    "pool.py:212", Queue --> the line's calls of Queue --> what each is assigned to --> jobs
                                                                     '-- nothing --> Queue at
                                                                                     pool.py:212

Sources belong to watched programs and may hold anything; whatever goes wrong costs a name only.
"""

from __future__ import annotations

import ast
import os
import stat
from collections import OrderedDict
from typing import NamedTuple

_LARGEST_SOURCE = 1_000_000  # bytes
_FILES_KEPT = 64
_LONGEST_NAME = 60


class _Made(NamedTuple):
    """A call in the source: what it calls, and the names of what it makes."""

    function: str
    first_line: int
    last_line: int
    names: tuple[str, ...]


class ObjectNames:
    """Looks names up; keeps what it found in the last few files."""

    def __init__(self) -> None:
        self._files: OrderedDict[tuple[str, int], dict[int, list[_Made]]] = OrderedDict()

    def name(self, kind: str, site: str, occurrence: int = 0, end: int = 0) -> str:
        """The name of an object of type `kind` that was made at `site` ("file:line"), as the
        number `occurrence` (from 0) of its type there; of a pipe's ends the number `end`."""
        path, _, line = site.rpartition(":")
        if not path or not line.isdigit():
            return kind
        try:
            calls = self._calls(path).get(int(line), [])
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            calls = []
        calls = [c for c in calls if c.function == kind] or [c for c in calls if c.names]
        if kind == "Pipe":  # each call makes two ends
            names = [_end_name(call.names, end) for call in calls]
            occurrence //= 2
        else:
            names = [name for call in calls for name in call.names or ("",)]
        name = names[occurrence % len(names)] if names else ""
        return name or f"{kind} at {os.path.basename(path)}:{line}"

    def _calls(self, path: str) -> dict[int, list[_Made]]:
        """By line, the calls that cover it; those that begin there first."""
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with open(descriptor, "rb") as source:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST_SOURCE:
                return {}
            key = (path, status.st_mtime_ns)
            known = self._files.get(key)
            if known is not None:
                self._files.move_to_end(key)
                return known
            # Also a file that cannot be parsed is remembered: as one without calls.
            self._files[key] = {}
            if len(self._files) > _FILES_KEPT:
                self._files.popitem(last=False)
            found: dict[int, list[_Made]] = {}
            for call in _calls_in(ast.parse(source.read(_LARGEST_SOURCE + 1))):
                for line in range(call.first_line, min(call.last_line, call.first_line + 50) + 1):
                    found.setdefault(line, []).append(call)
        for line, calls in found.items():
            calls.sort(key=lambda call: call.first_line != line)  # stable: by place in the line
        self._files[key] = found
        return found


def _end_name(names: tuple[str, ...], end: int) -> str:
    """Of `here, there = Pipe()` the name of one end; of `ends = Pipe()`, "ends[0]"."""
    if len(names) == 2:
        return names[end]
    return f"{names[0]}[{end}]" if names else ""


def _calls_in(tree: ast.AST) -> list[_Made]:
    """All calls with what they are assigned to, in the order of the source."""
    found: list[tuple[int, int, _Made]] = []
    waiting: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(tree, ())]
    while waiting:
        node, parents = waiting.pop()
        if isinstance(node, ast.Call):
            last = node.end_lineno or node.lineno
            made = _Made(_function(node), node.lineno, last, _names(node, parents))
            found.append((node.lineno, node.col_offset, made))
        # Only the nearest few can name a call.
        above = (node, *parents[:5])
        waiting += [(child, above) for child in ast.iter_child_nodes(node)]
    found.sort(key=lambda entry: entry[:2])
    return [made for _, _, made in found]


def _function(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _names(call: ast.Call, parents: tuple[ast.AST, ...]) -> tuple[str, ...]:
    """What the value of a call is called; several, where it is taken apart."""
    node: ast.AST = call
    path: list[tuple[int, int]] = []  # index in a tuple or list, and its length; innermost first
    suffix = ""
    for parent in parents:
        if isinstance(parent, (ast.Tuple, ast.List)):
            elements = parent.elts
            path.append((next(i for i, e in enumerate(elements) if e is node), len(elements)))
        elif isinstance(parent, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
            if parent.elt is not node:
                return ()
            suffix = "[...]"
        elif isinstance(parent, ast.DictComp):
            if parent.value is not node:
                return ()
            suffix = "[...]"
        elif isinstance(parent, ast.Dict):
            key = next(
                (k for k, v in zip(parent.keys, parent.values, strict=True) if v is node), None
            )
            if key is None:
                return ()
            suffix = f"[{ast.unparse(key)}]{suffix}"
        elif isinstance(parent, (ast.IfExp, ast.BoolOp, ast.Await)):
            pass
        elif isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
            target = parent.targets[0] if isinstance(parent, ast.Assign) else parent.target
            return () if parent.value is not node else _target_names(target, path, suffix)
        elif isinstance(parent, ast.keyword):
            return (parent.arg + suffix,) if parent.arg and not path else ()
        elif isinstance(parent, ast.withitem):
            if parent.optional_vars is None or parent.context_expr is not node:
                return ()
            return _target_names(parent.optional_vars, path, suffix)
        else:
            return ()
        node = parent
    return ()


def _target_names(target: ast.expr, path: list[tuple[int, int]], suffix: str) -> tuple[str, ...]:
    for index, length in reversed(path):
        if isinstance(target, (ast.Tuple, ast.List)):
            if len(target.elts) != length or any(isinstance(e, ast.Starred) for e in target.elts):
                return ()
            target = target.elts[index]
        else:
            suffix = f"[{index}]{suffix}"
    if isinstance(target, (ast.Tuple, ast.List)) and not suffix:
        return tuple(_shortened(ast.unparse(element)) for element in target.elts)
    return (_shortened(ast.unparse(target) + suffix),)


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
