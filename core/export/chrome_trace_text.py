"""The text of trace events, as far as it can be made once and used for many.

(operation, object, function) --> "ph", "name", "cat"      kept, since few differ
(outcome, place, text)        --> the end of "args"        kept
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..vocabulary.events import ObjectCreated

_MOST_KEPT = 20_000
_LONGEST_TEXT = 4000  # of a traceback
_NAMED_AFTER_FUNCTION = frozenset({"task", "submit"})
_encode = msgspec.json.Encoder().encode


NANOSECONDS = tuple(f".{ns:03d}" for ns in range(1000))
"""The decimals of a time in microseconds."""


def quoted(text: str) -> str:
    """A JSON string."""
    return _encode(text).decode()


def stamp(ns: int) -> str:
    """A time in microseconds, with all its nanoseconds."""
    return f"{ns // 1000}{NANOSECONDS[ns % 1000]}"


class _Heads(dict[tuple[str, int, str], str]):
    def __init__(self, objects: dict[int, ObjectCreated]) -> None:
        super().__init__()
        self._objects = objects

    def __missing__(self, key: tuple[str, int, str]) -> str:
        operation, number, text = key
        if len(self) > _MOST_KEPT:
            self.clear()
        made = self._objects.get(number)
        kind = made.type if made else "object"
        what = text if operation in _NAMED_AFTER_FUNCTION and text else made.name if made else ""
        name = f"{operation} {what}".rstrip()
        head = self[key] = f',\n{{"ph":"X","name":{quoted(name)},"cat":{quoted(kind)},'
        return head


class _Tails(dict[tuple[str, str, str], str]):
    def __missing__(self, key: tuple[str, str, str]) -> str:
        outcome, site, text = key
        if len(self) > _MOST_KEPT:
            self.clear()
        tail = f',"outcome":{quoted(outcome)}'
        if site:
            tail += f',"place":{quoted(site)}'
        if text:
            tail += f',"text":{quoted(text[:_LONGEST_TEXT])}'
        self[key] = tail
        return tail


class Texts:
    """See the module. `heads`: by operation, number of the object and text of the operation;
    `tails`: by outcome, site and text."""

    def __init__(self, objects: Iterable[ObjectCreated]) -> None:
        self.heads = _Heads({made.object: made for made in objects})
        self.tails = _Tails()
