"""What a person calls a shared object: the name that the source gives it where it is made.

    "pool.py:212", Queue --> the statement there --> its calls of Queue --> what each is
                                                         |                  assigned to --> jobs
                                                         '-- nothing --> Queue at pool.py:212

Sources belong to watched programs and may hold anything; whatever goes wrong costs a name only. And
what they cost us is bounded: see `source_statements`, and the allowance below.
"""

from __future__ import annotations

import ast
import os
import time
from collections import OrderedDict
from typing import NamedTuple

from ..vocabulary.kinds import CONNECTION, POPEN
from .source_statements import SourceStatements

_PLACES_KEPT = 1000
_LONGEST_NAME = 60
_BURST_SECONDS = 0.1  # of processor time, that looking up may take at once,
_SHARE = 0.1  # and in the long run
# A statement that is not whole by itself: what has to stand around it.
_AROUND = (
    ("", ""), ("", "\n pass"), ("if 1: pass\n", ""), ("if 1: pass\n", "\n pass"),
    ("try: pass\n", ""), ("try: pass\n", "\n pass"),  # untranslated: source
    ("", "\nfinally: pass"), ("", "\ndef f(): pass"),  # untranslated: source
)  # fmt: skip


_MADE_BY = {
    POPEN: ("Popen", "create_subprocess_exec", "create_subprocess_shell"),
    CONNECTION: ("Client", "accept"),
}


class _Made(NamedTuple):
    """A call in the source: what it calls, and the names of what it makes."""

    function: str
    first_line: int
    last_line: int
    names: tuple[str, ...]


class ObjectNames:
    """Looks names up, while its allowance lasts; keeps what it found in the last few places."""

    def __init__(self) -> None:
        self._sources = SourceStatements()
        self._places: OrderedDict[tuple[str, int, int], list[_Made]] = OrderedDict()
        self._allowance = _BURST_SECONDS
        self._allowed_at = time.monotonic()

    def name(
        self, kind: str, site: str, occurrence: int = 0, end: int = 0, otherwise: str = ""
    ) -> str:
        """The name of an object of type `kind` that was made at `site` ("file:line"), as the
        number `occurrence` (from 0) of its type there; of a pipe's ends the number `end`.
        `otherwise`: what to call it where the source gives it no name."""
        path, _, line = site.rpartition(":")
        if not path or not line.isdecimal() or len(line) > 9:
            return otherwise or kind
        calls = self._calls(path, int(line)) if self._may_look() else []
        made_by = _MADE_BY.get(kind)
        if made_by is not None:  # by others, as `run`, it has no name: theirs is that of a result
            calls = [c for c in calls if c.function in made_by]
        else:
            calls = _calls_of(kind.rpartition(".")[2], calls)  # of a manager's, "Manager.list"
        if kind == "Pipe":  # each call makes two ends
            names = [_end_name(call.names, end) for call in calls]
            occurrence //= 2
        else:
            names = [name for call in calls for name in call.names or ("",)]
        name = names[occurrence % len(names)] if names else ""
        place = f"{os.path.basename(path)}:{line}"
        return name or otherwise or f"{kind} at {place}"  # untranslated: a name, as in the session

    def _may_look(self) -> bool:
        now = time.monotonic()
        gained = (now - self._allowed_at) * _SHARE
        self._allowance = min(_BURST_SECONDS, self._allowance + gained)
        self._allowed_at = now
        return self._allowance > 0

    def _calls(self, path: str, line: int) -> list[_Made]:
        """The calls that cover a line; those that begin there first."""
        begin = time.thread_time()
        try:
            version = self._sources.version(path)
            found = self._places.get((path, version, line))
            if found is None:
                # Also what cannot be parsed is remembered: as a place without calls.
                found = self._places[path, version, line] = []
                if len(self._places) > _PLACES_KEPT:
                    self._places.popitem(last=False)
                text, first_line = self._sources.around(path, line)
                found += _calls_at(text, line - first_line + 1)
            return found
        except (OSError, ValueError):
            return []
        finally:
            self._allowance -= time.thread_time() - begin


def _calls_of(kind: str, calls: list[_Made]) -> list[_Made]:
    """Those that make such an object, as far as what they call is called so."""
    word = kind.casefold()
    return (
        [call for call in calls if call.function == kind]
        or [call for call in calls if word in call.function.casefold() and call.names]
        or [call for call in calls if call.names]
    )


def _calls_at(text: str, line: int) -> list[_Made]:
    """The calls in a statement that cover one of its lines."""
    for before, behind in _AROUND:
        try:
            tree = ast.parse(f"{before}{text}{behind}")
            at = line + before.count("\n")
            calls = [c for c in _calls_in(tree) if c.first_line <= at <= c.last_line]
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        calls.sort(key=lambda call: call.first_line != at)  # stable: by place in the line
        return calls
    return []


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
