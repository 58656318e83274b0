"""What a cell of a session may hold. SQLite lets any column hold anything, and a file may come from
anybody: each row is checked where it is read, and each event where it is decoded."""

from __future__ import annotations

from functools import cache
from types import GenericAlias
from typing import Annotated, Any, TypeVar

import msgspec

_LARGEST = 1 << 62  # the sum or difference of two such still is an int64

Int = Annotated[int, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)]
Number = Annotated[int, msgspec.Meta(ge=0, le=_LARGEST)]
"""A count, an id, a time."""
Shared = Annotated[str, msgspec.Meta(max_length=1 << 15)]
"""A text that many rows may point to; recorders write no longer ones. A long one would make an
export of any size out of a small file."""
Real = Annotated[float, msgspec.Meta(ge=-1e18, le=1e18)]

E = TypeVar("E")


def checked(rows: list[Any], kind: object) -> list[Any]:
    """The rows as `kind`, a tuple of what each column may hold. Raises msgspec.ValidationError."""
    found: list[Any] = msgspec.convert((rows,), _page_of(kind), builtin_types=(bytes,)).rows
    return found


def decoded(text: str, kind: type[E]) -> E:
    """The event that `text` (JSON) says. Raises msgspec.MsgspecError, ValueError."""
    event = msgspec.json.decode(text, type=kind)
    _check_numbers(event)
    return event


def numbered(row: tuple[int, str], kind: type[E], key: str) -> E:
    """The event in a row whose number it has under the name `key`. Raises as `decoded`."""
    number, text = row
    event = decoded(text, kind)
    if getattr(event, key) != number:
        raise ValueError(f"{key} {number} calls itself {getattr(event, key)}")
    return event


def _check_numbers(value: Any) -> None:
    """A JSON number may be of any size. Events nest as deep as their types do, no deeper."""
    if isinstance(value, int):
        if not -_LARGEST <= value <= _LARGEST:
            raise ValueError("a number is out of range")
    elif isinstance(value, tuple):
        for one in value:
            _check_numbers(one)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            _check_numbers(getattr(value, name))


@cache
def _page_of(kind: Any) -> Any:
    """A struct with rows of a kind. msgspec knows a struct once and for all. Of another type it
    asks for the hash in each call, and that of `Annotated` is Python: what the handler of a signal
    raises just there would be swallowed."""
    rows = GenericAlias(list, (kind,))
    return msgspec.defstruct("Page", [("rows", rows)], array_like=True, gc=False)
