"""What lies in a recorder, as values: definitions and records; and the check of its header.

    bytes of the file --parsed here, never trusted--> Shape, ObjectDefinition, RawRecord

The file is written by a process that may do anything. Whatever does not hold together raises
RecorderError, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import Final, NamedTuple

from ..probe._spawnscope_probe import layout
from ..translation import tr

LARGEST_NUMBER = 1 << 62  # of times and totals: what a session can hold, with room to add
_LONGEST_NAME = 200  # characters of what an object is called, and of its type

HEADER = Struct(f"={layout.HEADER_WORDS}Q")
RECORD = Struct(f"=4Q24sQqQ{layout.PREVIEW_BYTES}s")
KIND = Struct("=3Q")
# RECORD and KIND rely on this order.
assert (layout.R_WHAT, layout.R_HOW, layout.R_PLACE, layout.R_BYTES) == (4, 5, 6, 7)
assert (layout.R_ARGUMENT, layout.R_PREVIEW, layout.R_PREVIEW_AT) == (8, 9, 10)
_ENTRY = Struct("=II")
LOW = 0xFFFF_FFFF

Counter = tuple[int, int, int, int, int, int]
"""A counter's words, see COUNTER_WORDS."""
COUNTER_WORDS = ("count", "waited_ns", "waits", "bytes", "timeouts", "errors")
COUNT, ERRORS = COUNTER_WORDS.index("count"), COUNTER_WORDS.index("errors")

RawRecord = tuple[int, int, int, int, bytes, int, int, int, bytes]
"""What RECORD unpacks: the sequence number plus 1, start, end and waited time, the kind, size plus
1 (0: unknown), argument, length of the preview and its bytes. The kind is the words R_WHAT, R_HOW
and R_PLACE, which KIND unpacks; a process has few of them, so what they mean needs to be found only
once. Only the sequence number is checked; whether the others can be is for who makes something of
them to check, so that each record is touched once."""
START_NS: Final = 1
END_NS: Final = 2
WHAT_KIND: Final = 4
SIZE: Final = 5
ARGUMENT: Final = 6
PREVIEW_LENGTH: Final = 7
PREVIEW: Final = 8
"""Places in a RawRecord."""


ZERO: Counter = (0, 0, 0, 0, 0, 0)


class RecorderError(Exception):
    """A recorder cannot be read any further; `str()` is a sentence."""


class Shape(NamedTuple):
    """Where things lie in a recorder, in bytes, and how many of them fit."""

    size: int
    blocks_at: int
    blocks: int
    definitions_at: int
    definitions: int
    ring_at: int
    ring: int


class ObjectDefinition(NamedTuple):
    """An object as one process knows it. `capacity`: 0 for none; `time_ns`: monotonic. With number
    0: what other processes know by `identity` is a part of the object whose identity is `hint`."""

    number: int
    type: str
    identity: str
    created: bool
    site: str
    hint: str
    capacity: int
    time_ns: int


def layout_of(header: tuple[int, ...], size: int, pid: int) -> Shape:
    """Where things lie, by the header of a file of `size` bytes. Raises RecorderError."""
    if header[layout.H_MAGIC] != layout.MAGIC:
        raise RecorderError(tr("It is not a recorder."))
    if header[layout.H_VERSION] != layout.VERSION:
        raise RecorderError(
            tr("Its layout has the version {header}.", header=header[layout.H_VERSION])
        )
    if header[layout.H_PID] != pid:
        raise RecorderError(tr("It is the recorder of another process."))
    shape = Shape(
        header[layout.H_BYTES],
        header[layout.H_BLOCKS_AT],
        header[layout.H_BLOCKS],
        header[layout.H_DEFINITIONS_AT],
        header[layout.H_DEFINITIONS],
        header[layout.H_RING_AT],
        header[layout.H_RING],
    )
    parts = (
        (shape.blocks_at, shape.blocks * layout.BLOCK_BYTES),
        (shape.definitions_at, shape.definitions),
        (shape.ring_at, shape.ring * layout.RECORD_BYTES),
    )
    if not (layout.HEADER_BYTES <= shape.size <= min(size, layout.LARGEST_BYTES)):
        raise RecorderError(tr("It is shorter than it says, or larger than a recorder is."))
    for at, length in parts:
        if at < layout.HEADER_BYTES or at + length > shape.size:
            raise RecorderError(tr("Its parts do not lie inside of it."))
    # So what a reading can cost is bounded by the size alone.
    if layout.HEADER_BYTES + sum(length for _, length in parts) > shape.size:
        raise RecorderError(tr("Its parts lie over one another."))
    if shape.definitions > layout.LARGEST_DEFINITIONS:
        raise RecorderError(tr("It has more room for definitions than a recorder has."))
    if shape.blocks_at != layout.HEADER_BYTES:  # both are read at once
        raise RecorderError(tr("Its blocks do not follow its header."))
    if not shape.ring:
        raise RecorderError(tr("It has no room for operations."))
    return shape


class Fact(NamedTuple):
    """What a process says of itself: see `layout.FACTS`."""

    name: str
    fields: tuple[str, ...]


def whole_definitions(data: bytes) -> int:
    """How many of the first bytes are whole definitions. Raises RecorderError if none are."""
    at, end = 0, len(data)
    while at + _ENTRY.size <= end:
        length, _ = _ENTRY.unpack_from(data, at)
        behind = at + _ENTRY.size + (length + 7) // 8 * 8
        if behind > end:
            break
        at = behind
    if not at:
        raise RecorderError(tr("A definition in it is cut off."))
    return at


def parse_definitions(data: bytes) -> Iterator[str | ObjectDefinition | Fact]:
    """Texts, objects and facts in the order of their definition. Raises RecorderError."""
    at, end = 0, len(data)
    while at < end:
        if at + _ENTRY.size > end:
            raise RecorderError(tr("A definition in it is cut off."))
        length, kind = _ENTRY.unpack_from(data, at)
        at += _ENTRY.size
        if at + length > end:
            raise RecorderError(tr("A definition in it is cut off."))
        if length > layout.LONGEST_TEXT:
            raise RecorderError(tr("A definition in it is longer than any is."))
        text = data[at : at + length].decode("utf-8", "backslashreplace")
        at += (length + 7) // 8 * 8
        if kind == layout.TEXT:
            yield text
        elif kind == layout.OBJECT:
            yield _parse_object(text)
        elif kind == layout.PART:
            part, _, owner = text.partition(layout.SEPARATOR)
            yield ObjectDefinition(0, "", part, False, "", owner, 0, 0)
        elif kind == layout.FACT:
            name, *fields = text.split(layout.SEPARATOR)
            # The last one may have been cut off, and others with it.
            count = layout.FACTS.get(name.partition(layout.FACT_NUMBER)[0], 0)
            yield Fact(name, (*fields, *[""] * count)[:count])


def _parse_object(text: str) -> ObjectDefinition:
    fields = text.split(layout.SEPARATOR)
    try:
        number, kind, identity, created, site, *hint_parts, capacity, time_ns = fields
        hint = layout.SEPARATOR.join(hint_parts)[:_LONGEST_NAME]  # the program's own text
        found = ObjectDefinition(
            int(number),
            kind[:_LONGEST_NAME],
            identity,
            created == "1",
            site,
            hint,
            int(capacity),
            int(time_ns),
        )  # fmt: skip
    except ValueError:
        raise RecorderError(tr("An object's definition in it is damaged.")) from None
    if not (0 < found.number <= LOW and 0 <= found.time_ns < LARGEST_NUMBER):
        raise RecorderError(tr("An object's definition in it is damaged."))
    if not (0 <= found.capacity < LARGEST_NUMBER):
        return found._replace(capacity=0)
    return found


def added(one: Counter, other: tuple[int, ...]) -> Counter:
    """The sum of two counters."""
    a, b, c, d, e, f = one
    u, v, w, x, y, z = other
    return a + u, b + v, c + w, d + x, e + y, f + z
