"""The arguments, keywords and variables of a spec as the text of form fields, and back."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from ..translation import tr
from .target_text import call_value

_PAIRS = {"(": ")", "[": "]", "{": "}"}


class CallTextError(ValueError):
    """Why a text gives no arguments: one sentence."""


def words(text: str) -> tuple[str, ...]:
    """The arguments of a program, quoted as in a shell. Raises CallTextError."""
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        quote = "quotation" in str(error)
        raise CallTextError(
            tr("A quotation mark is not closed.")
            if quote
            else tr("There is nothing after the last \\.")
        ) from None


def words_text(arguments: Sequence[str]) -> str:
    """The line that `words` reads as `arguments`."""
    return shlex.join(arguments)


def literals(text: str) -> tuple[Any, ...]:
    """The positional arguments of a function: Python literals with commas between.

    `1, 'two', [3]` gives (1, 'two', [3]). Raises CallTextError.
    """
    import ast
    import warnings

    if not text.strip():
        return ()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = ast.literal_eval(f"[\n{text}\n]")  # brackets of its own line: `1 # one` works
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise CallTextError(_literal_fault(text)) from None
    if not isinstance(value, list):
        raise CallTextError(_literal_fault(text))
    return tuple(value)


def literals_text(arguments: Sequence[Any]) -> str:
    """The line that `literals` reads as `arguments`."""
    return ", ".join(map(repr, arguments))


def assignments(text: str) -> dict[str, Any]:
    """The keywords of a function: lines `name=value`, each value a Python literal or, when it is
    none, the text itself. Raises CallTextError."""
    keywords: dict[str, Any] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, equals, value = (part.strip() for part in line.partition("="))
        if not equals:
            raise CallTextError(
                tr(
                    "Line {number}: '{name}' has no value; write {name}=value.",
                    number=number,
                    name=name,
                )
            )
        if not name.isidentifier():
            raise CallTextError(
                tr("Line {number}: '{name}' is not a parameter's name.", number=number, name=name)
            )
        if name in keywords:
            raise CallTextError(
                tr("Line {number}: '{name}' is there twice.", number=number, name=name)
            )
        keywords[name] = call_value(value)
    return keywords


def assignments_text(keywords: Mapping[str, Any]) -> str:
    """The lines that `assignments` reads as `keywords`."""
    return "\n".join(f"{name}={value!r}" for name, value in keywords.items())


def _literal_fault(text: str) -> str:
    open_brackets: list[str] = []
    for character in text:
        if character in _PAIRS:
            open_brackets.append(character)
        elif character in _PAIRS.values() and (
            not open_brackets or _PAIRS[open_brackets.pop()] != character
        ):
            return tr("There is a '{character}' too many.", character=character)
    if open_brackets:
        return tr("The '{open_brackets}' is not closed.", open_brackets=open_brackets[-1])
    bare = text.strip()
    if bare.isidentifier() and bare not in ("None", "True", "False"):
        return tr("'{bare}' is no Python value; text stands in quotes: '{bare}'.", bare=bare)
    return tr("These are no Python values with commas between, such as 1, 'two', [3].")
