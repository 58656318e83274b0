"""Text from a watched process or from a file, made plain for a terminal and for tables.

What could move a cursor, change a colour, break a line or turn the direction of writing is shown as
the escape that stands for it in Python: ESC as "\\x1b", a newline as "\\n".
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"  # of letters and of emoji: they neither hide nor turn anything

T = TypeVar("T")


def plain(text: str, keep: str = "") -> str:
    """`text` on one line, with nothing in it but what is seen, and what is in `keep`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(one if one in keep else _shown(one) for one in text)


def plain_lines(text: str) -> str:
    """The same for a text of several lines."""
    return plain(text, keep="\n")


def plainly(value: T) -> T:
    """The same value (an event, a record, a list of them ...) with every text in it made plain."""
    made: Any = value
    if isinstance(value, str) and type(value) is str:
        made = plain(value)
    elif isinstance(value, (list, tuple)):
        made = type(value)(map(plainly, value))
    elif isinstance(value, dict):
        made = {plainly(key): plainly(one) for key, one in value.items()}
    elif isinstance(value, msgspec.Struct):
        fields = {name: plainly(getattr(value, name)) for name in value.__struct_fields__}
        made = msgspec.structs.replace(value, **fields)
    return made  # type: ignore[no-any-return]


@lru_cache(4096)
def _shown(character: str) -> str:
    if unicodedata.category(character) in _UNSEEN and character not in _JOINERS:
        return character.encode("unicode_escape").decode()
    return character
