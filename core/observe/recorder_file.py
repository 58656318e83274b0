"""Reading one recorder: what a process's probe wrote since the last look.

    most times: pread the next few records --in order--> Reading: records
                    | more, or some are missing
                    v
    else:       pread header, now and then with the blocks --as before--> nothing new
                    | changed
                    v
                pread ring --> header again, if it is full --> definitions --> Reading
                               (who was lapped?)
    blocks():   threads with their frames, counters

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
from struct import Struct
from typing import NamedTuple

from ..probe._spawnscope_probe import layout
from ..translation import tr
from . import pidfds
from .recorder_blocks import Blocks, CounterBlock, ThreadBlock, Threads
from .recorder_layout import (
    HEADER,
    RECORD,
    SIZE,
    WHAT_KIND,
    Fact,
    ObjectDefinition,
    RawRecord,
    RecorderError,
    layout_of,
    parse_definitions,
    whole_definitions,
)

_SHARE = 0.75  # of all descriptors: pidfds come first
_SIZE_SECONDS = 1.0  # how long a record waits for its size
_MOST_WAITING = 1000  # records that wait for their sizes, or to be completed
_IN_FLIGHT = 256  # more than the threads that write records at the same moment
# Far more than a process writes before our next tick: with so much room nobody laps a reading.
_ROOM = 1024
_FURTHEST = 1 << 40  # records between two looks, at the very most
_COMMIT_BYTES = 8
# The byte of a record's kind with the lowest flags: of bits 32 to 47 of its second word.
_FLAGS_AT = 12 if sys.byteorder == "little" else 11
_AHEAD = 12  # records that are read without knowing how many there are
_MOST_DEFINED = 64 << 10  # bytes of definitions that one reading takes in
# What changes in a header; the rest is taken as it was when the file was opened.
_CHANGING = Struct("=56xQ32xQ16xQQ")
_CHANGED_BYTES = _CHANGING.size
_changing = _CHANGING.unpack_from
assert (layout.H_BLOCKS_USED, layout.H_DEFINITIONS_END) == (7, 12)
assert (layout.H_WRITTEN, layout.H_UNWATCHED) == (15, 16)


class Reading(NamedTuple):
    """What is new. `records`: in order, but for those that had to wait; `lost`: how many were
    overwritten before they were read."""

    objects: list[ObjectDefinition]
    records: list[RawRecord]
    lost: int


NOTHING = Reading([], [], 0)
"""Nothing has changed, not even in the blocks if they were read."""


class RecorderFile:
    """A recorder of process `pid`, open. `texts`: all so far, by id (0 is the empty text);
    `facts`: what the process says of itself, by name, see `layout.FACTS`; `written`: how many
    records were ever begun, as far as is known; `without_room`: how many objects and counters found
    no room."""

    def __init__(self, path: str, pid: int, folder: int | None = None) -> None:
        """`folder`: a descriptor of the folder that `path` begins in. Raises RecorderError, and
        OSErrors of the path."""
        flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        self._descriptor = os.open(path, flags, dir_fd=folder)
        self.written = 0
        self.without_room = 0
        try:
            status = os.fstat(self._descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_uid not in (os.getuid(), 0):
                raise RecorderError(tr("It is not a file of this user."))
            if not pidfds.comfortable(self._descriptor, _SHARE):
                raise RecorderError(
                    tr("There are too few descriptors to read it (see `ulimit -n`).")
                )
            header = self._pread(HEADER.size, 0)
            self._shape = layout_of(HEADER.unpack(header), status.st_size, pid)
            self._ring, self._ring_at = self._shape.ring, self._shape.ring_at
            self._take_header(header)
        except BaseException:
            self.close()
            raise
        self.texts = [""]
        self.facts: dict[str, tuple[str, ...]] = {}
        self._header = b""
        self._blocks = Blocks()
        self._image = b""  # header and used blocks, at the last whole reading
        self._defined = 0
        self._next = 0
        self._gaps: list[int] = []  # begun, but not complete when they were passed
        self._unsized: dict[int, tuple[RawRecord, float]] = {}

    @property
    def ring(self) -> int:
        """How many records it holds at a time."""
        return self._ring

    @property
    def size(self) -> int:
        """All of it, in bytes."""
        return self._shape.size

    def close(self) -> None:
        """Give the descriptor back; harmless when closed already."""
        if self._descriptor >= 0:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = -1

    def read(self, now: float, whole: bool = True, final: bool = False) -> Reading:
        """What is new since the last call; `now` in seconds, monotonic. `whole`: the blocks too,
        for `blocks()`. `final`: the writer has ended, so nothing will come any more. Raises
        RecorderError; the file must be left alone then."""
        behind = self._definitions_end > self._defined
        if not (whole or self._gaps or self._unsized or behind):
            records = self._read_next(now)
            if records is not None:
                return Reading([], records, 0) if records else NOTHING
        if whole:
            image = self._read_blocks()
            if image == self._image and not (self._gaps or self._unsized or behind):
                return NOTHING
            self._image = image
            header = image[:_CHANGED_BYTES]
        else:
            header = self._pread(_CHANGED_BYTES, 0)
        changed = header != self._header or behind
        if not (changed or whole or self._gaps or self._unsized):
            return NOTHING
        records = []
        lost = 0
        if self._gaps or self._unsized:
            lost = self._read_again(records, now, final)
        objects: list[ObjectDefinition] = []
        if changed:
            self._header = header
            used = self._used
            self._take_header(header)
            if whole and self._used != used:
                self._image = self._read_blocks()
            if self._definitions_end > self._defined:
                objects = self._read_definitions(layout.LARGEST_DEFINITIONS if final else None)
            # What records name comes first, also where it takes more than one reading.
            if self.written > self._next and self._definitions_end <= self._defined:
                lost += self._read_ring(records, now, final)
        return Reading(objects, records, lost)

    def late_definitions(self) -> list[ObjectDefinition]:
        """What has been defined since the last reading: a record that was read then may name it.
        Raises RecorderError."""
        self._take_header(self._pread(_CHANGED_BYTES, 0))
        return self._read_definitions() if self._definitions_end > self._defined else []

    def blocks(self) -> tuple[Threads, list[CounterBlock]]:
        """All used blocks, as they were at the last reading with `whole`: what has become of the
        threads since the last call, and the counters that have changed. Raises RecorderError."""
        return self._blocks.update(self._image[layout.HEADER_BYTES :])

    @property
    def threads(self) -> dict[int, ThreadBlock]:
        """All threads by the number of their block, as `blocks` found them last."""
        return self._blocks.threads

    def name_of_thread(self, number: int) -> int:
        """The text with the name of the thread whose block has this number; 0: there is none."""
        if not 0 < number <= self._shape.blocks:
            return 0
        at = self._shape.blocks_at + (number - 1) * layout.BLOCK_BYTES
        word = int.from_bytes(self._pread(8, at), sys.byteorder)
        return word & 0xFFFF_FFFF if word >> 56 == layout.THREAD else 0

    def _read_blocks(self) -> bytes:
        """The header, and the blocks that were used when it was last read."""
        return self._pread(layout.HEADER_BYTES + self._used * layout.BLOCK_BYTES, 0)

    def _pread(self, size: int, at: int) -> bytes:
        try:
            data = os.pread(self._descriptor, size, at)
        except OSError as error:
            raise RecorderError(tr("It cannot be read: {error}.", error=error.strerror)) from None
        if len(data) != size:
            raise RecorderError(tr("It was cut short."))
        return data

    def _take_header(self, image: bytes) -> None:
        shape, known = self._shape, self.written
        self._used, self._definitions_end, written, self.without_room = _changing(image)
        # Two threads may note their numbers in the wrong order.
        if written > known:
            self.written = written
        if (
            self._used > shape.blocks
            or self._definitions_end > shape.definitions
            or written > known + _FURTHEST
        ):
            raise RecorderError(tr("Its header holds impossible numbers."))

    def _read_definitions(self, most: int | None = None) -> list[ObjectDefinition]:
        """The next objects, and into `texts` the next texts, from up to `most` bytes."""
        left, most = self._definitions_end - self._defined, most or _MOST_DEFINED
        data = self._pread(min(left, most), self._shape.definitions_at + self._defined)
        if left > most:
            data = data[: whole_definitions(data)]
        self._defined += len(data)
        objects = []
        for definition in parse_definitions(data):
            if isinstance(definition, str):
                self.texts.append(definition)
            elif isinstance(definition, Fact):
                if definition.name.partition(layout.FACT_NUMBER)[0] in layout.FACTS:
                    self.facts[definition.name] = definition.fields
            else:
                objects.append(definition)
        return objects

    def _read_next(self, now: float) -> list[RawRecord] | None:
        """The records that come next, if they are few and in order; None: it takes a closer look.

        The first words of records tell which are there, so the header is not needed. What they name
        may be defined since it was last read: see `late_definitions`.
        """
        slot = self._next % self._ring
        if slot + _AHEAD > self._ring or self._ring < 2 * _ROOM:
            return None
        raw = self._pread(_AHEAD * layout.RECORD_BYTES, self._ring_at + slot * layout.RECORD_BYTES)
        records: list[RawRecord] = []
        unsized: dict[int, tuple[RawRecord, float]] = {}
        commit = self._next
        for record in RECORD.iter_unpack(raw):
            commit += 1
            if record[0] != commit:
                break
            if not record[SIZE] and record[WHAT_KIND][_FLAGS_AT] & layout.SIZE_FOLLOWS:
                unsized[commit - 1] = (record, now + _SIZE_SECONDS)
            else:
                records.append(record)
        if record[0] >= commit:  # there are more than these, or it was lapped
            return None
        self._unsized = unsized
        self._next = commit - 1
        self.written = max(self.written, self._next)
        return records

    def _read_ring(self, records: list[RawRecord], now: float, final: bool) -> int:
        """Sort all records from the next one on into `records` and what has to wait; the number of
        lost ones."""
        ring, lost, written, first = self._ring, 0, self.written, self._next
        if written - first > ring:
            lost = written - ring - first
            first = written - ring
        count, slot, size = written - first, first % ring, layout.RECORD_BYTES
        straight = min(count, ring - slot)
        raw = self._pread(straight * size, self._ring_at + slot * size)
        if count > straight:
            raw += self._pread((count - straight) * size, self._ring_at)
        endangered = -1
        if count + _ROOM > ring:  # who was overwritten while we read?
            self._take_header(self._pread(_CHANGED_BYTES, 0))
            endangered = self.written + _IN_FLIGHT - ring
        self._next = written
        commit = first  # of a record: its sequence number plus 1
        append = records.append
        for record in RECORD.iter_unpack(raw):
            commit += 1
            if record[0] != commit or commit <= endangered:
                lost += self._take_with_care(record, commit - 1, records, now, final)
            elif not record[SIZE] and record[WHAT_KIND][_FLAGS_AT] & layout.SIZE_FOLLOWS:
                self._hand_out(record, commit - 1, records, now, final)
            else:
                append(record)
        if len(self._gaps) > _MOST_WAITING:
            del self._gaps[:-_MOST_WAITING]
        return lost

    def _take_with_care(
        self, record: RawRecord, sequence: int, records: list[RawRecord], now: float, final: bool
    ) -> int:
        """For one that may be incomplete or overwritten: 1 when it is lost."""
        commit = record[0]
        if commit == sequence + 1 and self._commit(sequence) == commit:
            self._hand_out(record, sequence, records, now, final)
        elif commit > sequence or sequence + self._ring < self.written:
            return 1
        elif not final:
            self._gaps.append(sequence)
        return 0

    def _hand_out(
        self, record: RawRecord, sequence: int, records: list[RawRecord], now: float, final: bool
    ) -> None:
        waits = not record[SIZE] and record[WHAT_KIND][_FLAGS_AT] & layout.SIZE_FOLLOWS
        if waits and not final and len(self._unsized) < _MOST_WAITING:
            self._unsized[sequence] = (record, now + _SIZE_SECONDS)
        else:
            records.append(record)

    def _read_again(self, records: list[RawRecord], now: float, final: bool) -> int:
        """Look once more at what had to wait. Returns how many were lost meanwhile."""
        lost = 0
        gaps, self._gaps = self._gaps, []
        for sequence in gaps:
            record = self._record(sequence)
            lost += self._take_with_care(record, sequence, records, now, final)
        for sequence, (before, deadline) in list(self._unsized.items()):
            record = self._record(sequence)
            overwritten = record[0] != sequence + 1 or self._commit(sequence) != sequence + 1
            size = 0 if overwritten else record[SIZE]
            if size or overwritten or final or now >= deadline:
                records.append(record if size else before)
                del self._unsized[sequence]
        return lost

    def _record(self, sequence: int) -> RawRecord:
        record: RawRecord = RECORD.unpack(self._pread(layout.RECORD_BYTES, self._place(sequence)))
        return record

    def _commit(self, sequence: int) -> int:
        return int.from_bytes(self._pread(_COMMIT_BYTES, self._place(sequence)), sys.byteorder)

    def _place(self, sequence: int) -> int:
        return self._ring_at + sequence % self._ring * layout.RECORD_BYTES
