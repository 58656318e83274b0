"""Reading one recorder: what a process's probe wrote since the last look.

    pread header + blocks --as before--> nothing new
           | changed
           v
    pread ring --> pread header again --> pread definitions --> Reading: objects, records, lost
                   (who was lapped?)
                                  blocks(), when asked: threads with their frames, counters

Only pread is used: a file that its writer cuts short would kill a reader that maps it. Nothing in
it is trusted; see `recorder_layout`. Records may be overwritten while they are read. The writer
zeroes a record's first word before and sets it after the rest, so a copy is good if that word is
right in the copy and still right afterwards.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import time
from struct import Struct
from typing import Any, NamedTuple

from ..probe._spawnscope_probe import layout
from .recorder_blocks import Blocks, CounterBlock, Thread
from .recorder_layout import (
    HEADER,
    RECORD,
    ObjectDefinition,
    Record,
    RecorderError,
    parse_definitions,
    parse_record,
    shape_of,
)

IDLE_SECONDS = 2.0
_SIZE_SECONDS = 1.0  # how long a record waits for its size
_MOST_WAITING = 1000  # records that wait for their sizes, or to be completed
_IN_FLIGHT = 256  # more than the threads that write records at the same moment
_FURTHEST = 1 << 40  # records between two looks, at the very most
_SIZED = layout.SIZE_FOLLOWS << 32
_COMMIT_BYTES = 8
# What changes in a header; the rest is taken as it was when the file was opened.
_CHANGING = Struct("=56xQ32xQ16xQQ")
assert (layout.H_BLOCKS_USED, layout.H_DEFINITIONS_END) == (7, 12)
assert (layout.H_WRITTEN, layout.H_UNWATCHED) == (15, 16)


class Reading(NamedTuple):
    """What is new. `records`: in order, but for those that had to wait; `lost`: how many were
    overwritten before they were read; `changed`: the blocks are worth a look."""

    objects: list[ObjectDefinition]
    records: list[Record]
    lost: int
    changed: bool


_NOTHING = Reading([], [], 0, False)


class RecorderFile:
    """A recorder of process `pid`, open. `texts`: all so far, by id (0 is the empty text);
    `written`: how many records were ever begun, as far as is known; `without_room`: how many
    objects and counters found no room."""

    def __init__(self, path: str, pid: int) -> None:
        """Raises RecorderError, and OSErrors of the path."""
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        self._descriptor = os.open(path, flags)
        self.written = 0
        self.without_room = 0
        try:
            status = os.fstat(self._descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_uid not in (os.getuid(), 0):
                raise RecorderError("It is not a file of this user.")
            header = self._pread(HEADER.size, 0)
            self._shape = shape_of(HEADER.unpack(header), status.st_size, pid)
            self._take_header(header)
        except BaseException:
            self.close()
            raise
        self.texts = [""]
        self._image = b""
        self._blocks = Blocks()
        self._changed_at = time.monotonic()
        self._defined = 0
        self._next = 0
        self._gaps: list[int] = []  # begun, but not complete when they were passed
        self._unsized: dict[int, tuple[Record, float]] = {}

    def close(self) -> None:
        """Give the descriptor back; harmless when closed already."""
        if self._descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = -1

    @property
    def idle(self) -> bool:
        """Nothing has changed for a while: it is enough to look now and then."""
        return time.monotonic() - self._changed_at > IDLE_SECONDS and not self._unsized

    def read(self, final: bool = False) -> Reading:
        """What is new since the last call. `final`: the writer has ended, so nothing will come any
        more. Raises RecorderError; the file must be left alone then."""
        now = time.monotonic()
        changed = self._look()
        if changed:
            self._changed_at = now
        elif not (self._gaps or self._unsized):
            return _NOTHING
        records: list[Record] = []
        lost = self._read_again(records, now, final) if self._gaps or self._unsized else 0
        objects: list[ObjectDefinition] = []
        if changed:
            raw, lapped = self._read_ring()
            objects = self._read_definitions()
            lost += lapped + self._take(raw, records, now, final)
        return Reading(objects, records, lost, changed)

    def blocks(self) -> tuple[dict[int, Thread], list[CounterBlock]]:
        """At the last look: all threads by number, and the counters that have changed since the
        last call. Raises RecorderError."""
        at = self._shape.blocks_at
        changed = self._blocks.update(self._image[at : at + self._used * layout.BLOCK_BYTES])
        return self._blocks.threads, changed

    def name_of_thread(self, number: int) -> int:
        """The text with the name of the thread whose block has this number; 0: there is none."""
        if not 0 < number <= self._shape.blocks:
            return 0
        at = self._shape.blocks_at + (number - 1) * layout.BLOCK_BYTES
        word = int.from_bytes(self._pread(8, at), sys.byteorder)
        return word & 0xFFFF_FFFF if word >> 56 == layout.THREAD else 0

    def _pread(self, size: int, at: int) -> bytes:
        try:
            data = os.pread(self._descriptor, size, at)
        except OSError as error:
            raise RecorderError(f"It cannot be read: {error.strerror}.") from None
        if len(data) != size:
            raise RecorderError("It was cut short.")
        return data

    def _look(self) -> bool:
        """Read header and used blocks; whether they differ from the last time."""
        shape = self._shape
        used = self._used
        size = shape.blocks_at + used * layout.BLOCK_BYTES
        image = self._pread(size, 0)
        if image == self._image:
            return False
        self._take_header(image)
        if self._used != used:
            image = self._pread(shape.blocks_at + self._used * layout.BLOCK_BYTES, 0)
            self._take_header(image)
        self._image = image
        return True

    def _take_header(self, image: bytes) -> None:
        used, end, written, self.without_room = _CHANGING.unpack_from(image)
        shape = self._shape
        if used > shape.blocks or end > shape.definitions or written > self.written + _FURTHEST:
            raise RecorderError("Its header holds impossible numbers.")
        self._used, self._definitions_end = used, end
        # Two threads may note their numbers in the wrong order.
        if written > self.written:
            self.written = written

    def _read_definitions(self) -> list[ObjectDefinition]:
        end = self._definitions_end
        if end <= self._defined:
            return []
        data = self._pread(end - self._defined, self._shape.definitions_at + self._defined)
        self._defined = end
        objects = []
        for definition in parse_definitions(data):
            if isinstance(definition, str):
                self.texts.append(definition)
            else:
                objects.append(definition)
        return objects

    def _read_ring(self) -> tuple[bytes, int]:
        """All records from the next one on, in order; and how many were lapped before."""
        ring, lost = self._shape.ring, 0
        written = self.written
        if written - self._next > ring:
            lost = written - ring - self._next
            self._next = written - ring
        count, slot = written - self._next, self._next % ring
        if not count:
            return b"", 0
        first = min(count, ring - slot)
        size = layout.RECORD_BYTES
        raw = self._pread(first * size, self._shape.ring_at + slot * size)
        if count > first:
            raw += self._pread((count - first) * size, self._shape.ring_at)
        # Who was overwritten while we read? Besides, what the records name is defined by now.
        self._take_header(self._pread(_CHANGING.size, 0))
        return raw, lost

    def _take(self, raw: bytes, records: list[Record], now: float, final: bool) -> int:
        """Sort what was read from the ring into `records` and what has to wait; the lost ones."""
        sequence, lost = self._next, 0
        endangered = self.written + _IN_FLIGHT - self._shape.ring
        self._next += len(raw) // layout.RECORD_BYTES
        for words in RECORD.iter_unpack(raw):
            commit = words[0]
            if commit == sequence + 1 and sequence < endangered:
                commit = self._commit(sequence)
            if commit == sequence + 1 and not words[layout.R_HOW] & _SIZED:
                records.append(parse_record(words, sequence))
            elif commit == sequence + 1:
                self._hand_out(words, sequence, records, now, final)
            elif commit > sequence or sequence + self._shape.ring < self.written:
                lost += 1
            elif not final:
                self._gaps.append(sequence)
            sequence += 1
        if len(self._gaps) > _MOST_WAITING:
            del self._gaps[:-_MOST_WAITING]
        return lost

    def _hand_out(
        self,
        words: tuple[Any, ...],
        sequence: int,
        records: list[Record],
        now: float,
        final: bool,
    ) -> None:
        record = parse_record(words, sequence)
        waits = record.size is None and words[layout.R_HOW] & _SIZED
        if waits and not final and len(self._unsized) < _MOST_WAITING:
            self._unsized[sequence] = (record, now + _SIZE_SECONDS)
        else:
            records.append(record)

    def _read_again(self, records: list[Record], now: float, final: bool) -> int:
        """Look once more at what had to wait. Returns how many were lost meanwhile."""
        lost = 0
        gaps, self._gaps = self._gaps, []
        for sequence in gaps:
            words = self._record(sequence)
            if words[0] == sequence + 1 and self._commit(sequence) == sequence + 1:
                self._hand_out(words, sequence, records, now, final)
            elif words[0] > sequence or sequence + self._shape.ring < self.written:
                lost += 1
            elif not final:
                self._gaps.append(sequence)
        for sequence, (record, deadline) in list(self._unsized.items()):
            words = self._record(sequence)
            overwritten = words[0] != sequence + 1 or self._commit(sequence) != sequence + 1
            size = 0 if overwritten else words[layout.R_BYTES]
            if size or overwritten or final or now >= deadline:
                if size:
                    record = parse_record(words, sequence)
                records.append(record)
                del self._unsized[sequence]
        return lost

    def _record(self, sequence: int) -> tuple[Any, ...]:
        return RECORD.unpack(self._pread(layout.RECORD_BYTES, self._place(sequence)))

    def _commit(self, sequence: int) -> int:
        return int.from_bytes(self._pread(_COMMIT_BYTES, self._place(sequence)), sys.byteorder)

    def _place(self, sequence: int) -> int:
        return self._shape.ring_at + sequence % self._shape.ring * layout.RECORD_BYTES
