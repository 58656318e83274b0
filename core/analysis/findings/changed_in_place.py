"""Whether a statement of a program changes an item of something in place, and does no more with it.

    ledger["orders"].append(5)    ledger["orders"][0] = 5    ledger["orders"].state = 5

Of what gives a copy of its items, such as a manager's dict, nothing of that stays.
"""

from __future__ import annotations

import ast
from functools import lru_cache

from ..source_text import source_text

_CHANGING = frozenset((
    "add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem",
    "remove", "reverse", "setdefault", "sort", "update",
))  # fmt: skip


@lru_cache(maxsize=256)
def change_at(site: str, key: str, name: str, before_ns: int) -> str:
    """How the item of this key, of what is called `name`, is changed in place by a statement at a
    place: ".append()", "[...] ="; "" where it is not, or the file is not to be had, or newer."""
    path, _, number = site.rpartition(":")
    found = source_text(path) if number.isdigit() else None
    if found is None or found[1] > before_ns:
        return ""
    try:
        tree = ast.parse(found[0])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    line = int(number)
    there = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
    )
    return next((how for node in there if (how := _changed(node, key, name))), "")


def _changed(node: ast.stmt, key: str, name: str) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called = node.value.func
        if isinstance(called, ast.Attribute) and called.attr in _CHANGING:
            return f".{called.attr}()" if _is_item(called.value, key, name) else ""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    for target in targets:
        if isinstance(target, ast.Subscript) and _is_item(target.value, key, name):
            return "[...] ="
        if isinstance(target, ast.Attribute) and _is_item(target.value, key, name):
            return f".{target.attr} ="
    return ""


def _is_item(node: ast.expr, key: str, name: str) -> bool:
    """Whether this is an item of the object: by its key, or by what the object is called."""
    if not isinstance(node, ast.Subscript):
        return False
    if isinstance(node.slice, ast.Constant):
        return repr(node.slice.value) == key
    return bool(name) and ast.unparse(node.value).rpartition(".")[2] == name
