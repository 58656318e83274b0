"""What a person writes after `run` and `record`, or into the target's field, as a launch spec.

script.py [ARG...] | -m package.module [ARG...] | package.module:function [ARG...]
                   | -- command [ARG...]
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from typing import Any

from ..translation import mark, tr
from ..vocabulary.launch_spec import LaunchSpec, TargetKind

FORMS = mark("script.py, -m package.module, package.module:function or -- command")
_SCRIPT_SUFFIXES = (".py", ".pyw", ".pyc", ".pyz")


class TargetError(Exception):
    """Why a text names no target: one sentence."""


def parse_target(argv: Sequence[str], base: str = "") -> LaunchSpec:
    """The spec that `argv` describes; files are looked up from the folder `base` ("": ours).

    Arguments of a function are taken by `call_value`. Raises TargetError.
    """
    if not argv:
        raise TargetError(tr("There is no target; write {forms}.", forms=tr(FORMS)))
    first, *rest = argv
    if first == "--":
        if not rest:
            raise TargetError(tr("There is no command after --."))
        return LaunchSpec(kind=TargetKind.COMMAND, target=rest[0], arguments=tuple(rest[1:]))
    if first.startswith("-m"):
        joined = first[2:]
        if not joined and not rest:
            raise TargetError(tr("There is no module after -m."))
        module, arguments = (joined, rest) if joined else (rest[0], rest[1:])
        return LaunchSpec(kind=TargetKind.MODULE, target=module, arguments=tuple(arguments))
    if first.startswith("-"):
        raise TargetError(
            tr("'{first}' is no target; write {forms}.", first=first, forms=tr(FORMS))
        )
    kind = _kind_of(first, base)
    arguments_of: tuple[Any, ...] = tuple(rest)
    if kind is TargetKind.FUNCTION:
        arguments_of = tuple(call_value(text) for text in rest)
    return LaunchSpec(kind=kind, target=first, arguments=arguments_of)


def parse_text(text: str, base: str = "") -> LaunchSpec:
    """The same for one line, with words quoted as in a shell. Raises TargetError."""
    try:
        words = shlex.split(text)
    except ValueError:
        raise TargetError(tr("A quotation mark is not closed.")) from None
    return parse_target(words, base)


def call_value(text: str) -> Any:
    """The value that `text` is as a Python literal; the text itself when it is none."""
    import ast
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return text


def _kind_of(first: str, base: str) -> TargetKind:
    path = os.path.join(base, os.path.expanduser(first))
    if os.path.isdir(path):
        raise TargetError(tr("'{first}' is a folder; write {forms}.", first=first, forms=tr(FORMS)))
    if first.endswith(_SCRIPT_SUFFIXES):
        return TargetKind.SCRIPT
    if os.path.exists(path):
        if _asks_for_python(path):
            return TargetKind.SCRIPT
        raise TargetError(
            tr(
                "'{first}' is no Python script; to run it as a command write -- {first}",
                first=first,
            )
        )
    module, colon, _ = first.partition(":")
    if colon and os.sep not in module:
        return TargetKind.FUNCTION
    if os.sep in first:
        return TargetKind.SCRIPT  # the pre-flight check says that it is missing
    raise TargetError(
        tr(
            "There is no file '{first}'; write -m {first} for a module, -- {first} for a command.",
            first=first,
        )
    )


def _asks_for_python(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            first = file.readline(256)
    except OSError:
        return False
    return first.startswith(b"#!") and b"python" in first
