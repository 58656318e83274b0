"""Where the parts of a recorder's file lie, and which of them are reserved when it is made.

To reserve all of it would take as long as all else that a fork costs us, and most children need
little. The rest is reserved step by step, before it is written: see `Recorder._reserved`.
"""

from _struct import Struct
from sys import hexversion

from . import layout

STEP = 64 << 10  # bytes that are reserved at a time, later
_FIRST_BLOCKS = 16 << 10
_FIRST_DEFINITIONS = 8 << 10
_FIRST_RECORDS = 16 << 10
_SPARE = 2 * layout.RECORD_BYTES  # behind the ring: for what finds no room
_HEAD, _TAIL = Struct("3Q").pack, Struct("10Q").pack


class Shape:
    """Of a file of `size` bytes. `blocks`, `ring_records`: how many there is room for;
    `definitions_at`, `ring_at`, `spare_at`: bytes, `..._ready`: up to which each is reserved at
    first; `parts`: (first byte, length) of all that is; `head`, `tail`: what such a file begins
    with, before and behind its pid and when it was created."""

    __slots__ = (
        "blocks",
        "blocks_ready",
        "definitions_at",
        "definitions_ready",
        "head",
        "parts",
        "ring_at",
        "ring_ready",
        "ring_records",
        "size",
        "spare_at",
        "tail",
    )  # fmt: skip

    def __init__(self, size):
        self.size = size
        self.blocks = (size * 3 // 8) // layout.BLOCK_BYTES
        self.definitions_at = layout.HEADER_BYTES + self.blocks * layout.BLOCK_BYTES
        self.ring_at = self.definitions_at + size // 4 // 8 * 8
        self.spare_at = size - _SPARE
        self.ring_records = (self.spare_at - self.ring_at) // layout.RECORD_BYTES
        self.blocks_ready = min(_FIRST_BLOCKS, self.definitions_at)
        self.definitions_ready = min(self.definitions_at + _FIRST_DEFINITIONS, self.ring_at)
        self.ring_ready = min(self.ring_at + _FIRST_RECORDS, size)
        self.parts = (
            (0, self.blocks_ready),
            (self.definitions_at, self.definitions_ready - self.definitions_at),
            (self.ring_at, self.ring_ready - self.ring_at),
            (self.spare_at, _SPARE),
        )
        self.head = _HEAD(layout.MAGIC, layout.VERSION, size)
        self.tail = _TAIL(
            hexversion, layout.RECORDING, 0, layout.HEADER_BYTES, self.blocks,
            self.definitions_at, self.ring_at - self.definitions_at, 0,
            self.ring_at, self.ring_records,
        )  # fmt: skip
