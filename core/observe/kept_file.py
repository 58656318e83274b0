"""Reading the file in which a worker keeps the task that it has in hand: see the probe's
`kept_layout`. Nothing in it is trusted, and nothing of it is unpickled.
"""

from __future__ import annotations

import os
from struct import Struct
from typing import Any, NamedTuple, get_origin, get_type_hints

import msgspec

from ..probe._spawnscope_probe import kept_layout as layout
from ..vocabulary.kept_task import CallContext
from .run_folder_place import open_file

_HEADER = Struct("=16Q")
_MOST_NUMBER = 2**62
_LISTS = {name for name, kind in get_type_hints(CallContext).items() if get_origin(kind) is tuple}
assert set(CallContext.__struct_fields__) == set(layout.CONTEXT)
assert _HEADER.size == layout.HEADER_BYTES


class KeptFile(NamedTuple):
    """What such a file holds. `state`: of `kept_layout`; `function`, `error`: texts of the
    recorder, and `object` an object in it; `pickled`: None where the task was too large."""

    state: int
    size: int
    number: int
    function: int
    error: int
    object: int
    context: CallContext
    pickled: bytes | None


def read_kept(name: str, folder: int) -> KeptFile | None:
    """The task in the file of this name in a run folder; None where there is none, or nothing that
    holds together."""
    try:
        file = open_file(name, os.O_RDONLY, folder)
        try:
            return _read(file)
        finally:
            os.close(file)
    except OSError:
        return None


def _read(file: int) -> KeptFile | None:
    header = os.pread(file, _HEADER.size, 0)
    if len(header) < _HEADER.size:
        return None
    words = _HEADER.unpack(header)
    state, size, kept = words[layout.STATE], words[layout.SIZE], words[layout.KEPT]
    length = words[layout.CONTEXT_BYTES]
    if (
        words[layout.MAGIC_AT] != layout.MAGIC
        or state not in (layout.IN_HAND, layout.RAISED)
        or length > layout.LARGEST_CONTEXT
        or kept not in (0, size)
        or kept > layout.LARGEST_TASK
        or size > _MOST_NUMBER
    ):
        return None
    begin = _HEADER.size + (length + 7) // 8 * 8
    context, pickled = os.pread(file, length, _HEADER.size), os.pread(file, kept, begin)
    if len(context) < length or len(pickled) < kept:
        return None
    number = words[layout.NUMBER]
    return KeptFile(
        state,
        size,
        number if number <= _MOST_NUMBER else 0,
        words[layout.FUNCTION],
        words[layout.ERROR],
        words[layout.OBJECT],
        _context(context),
        pickled if kept else None,
    )


def _context(data: bytes) -> CallContext:
    parts = data.decode("utf-8", "replace").split("\0")
    found: dict[str, Any] = {name: [] for name in _LISTS}
    for name, value in zip(parts[::2], parts[1::2], strict=False):
        if name in _LISTS:
            found[name].append(value)
        elif name in layout.CONTEXT:
            found[name] = value
    return msgspec.convert(found, CallContext)
