"""Messages as they lie in the file: many lines in one row.

    body    the lines joined by newlines, byte for byte as they were written
    runs    for consecutive lines of one process, stream, flags and time: how many, and these four
    tally   for each process and stream: how many lines of the block (full blocks only)

    messages() calls --> BlockBuilder --flush--> small blocks --64 KiB--> one full block
                                                 (replaced by the full one)

A row a line would cost 1.8 times the time and 1.2 times the space. A slow program makes a small
block at every flush; as soon as these add up to 64 KiB, one full block takes their place, so a
session holds at most 64 KiB in small ones. A full block never changes again.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby

from ..vocabulary.events import Stream
from ..vocabulary.message import Message

BLOCK_BYTES = 64 * 1024  # a block is full from here on
MAX_RUNS = 4096  # or from here on

_LAST_NS = 1 << 62
_COUNT = struct.Struct("=I")
_STREAM_MASK = 0xFF
_FLAGS_SHIFT = 8
_STREAMS = {int(stream): stream for stream in Stream}

BlockRow = tuple[int, int, int, int, bytes | None, bytes, bytes]
LineTally = tuple[tuple[int, int, int], ...]  # (process, stream, lines)


class LineRuns:
    """The metadata of consecutive lines, as four columns of equal length. `kind` is the stream
    in the low byte and the flags above it."""

    __slots__ = ("kind", "lines", "process", "time")

    def __init__(self) -> None:
        self.lines = array("I")
        self.process = array("I")
        self.kind = array("H")
        self.time = array("q")

    def packed(self, start: int = 0) -> bytes:
        """The runs from index `start` on as bytes, in the machine's byte order."""
        columns = (self.lines, self.process, self.kind, self.time)
        count = _COUNT.pack(len(self.lines) - start)
        return count + b"".join(column[start:].tobytes() for column in columns)

    @classmethod
    def unpacked(cls, packed: bytes) -> LineRuns:
        """The reverse of `packed`. ValueError for bytes that are no runs."""
        if len(packed) < _COUNT.size:
            raise ValueError("no runs")
        runs = cls()
        (count,) = _COUNT.unpack_from(packed)
        position = _COUNT.size
        for column in (runs.lines, runs.process, runs.kind, runs.time):
            end = position + count * column.itemsize
            column.frombytes(packed[position:end])
            position = end
        if position != len(packed) or len(runs.time) != count:
            raise ValueError("torn runs")
        return runs

    @classmethod
    def of_block(cls, packed: bytes, lines: int) -> LineRuns:
        """The runs of a block of so many lines. ValueError for what no block has."""
        runs = cls.unpacked(packed)
        if not lines or sum(runs.lines) != lines or 0 in runs.lines:
            raise ValueError("runs that don't cover the block")
        if min(runs.time) < 0 or max(runs.time) > _LAST_NS:
            raise ValueError("a time that is none")
        if any(kind & _STREAM_MASK not in _STREAMS for kind in set(runs.kind)):
            raise ValueError("a stream that is none")
        return runs

    def tally(self) -> LineTally:
        """How many lines each process has by each stream."""
        counts: dict[tuple[int, int], int] = {}
        # Runs that are alike are counted together first, in C: a flood has many of a few kinds.
        alike = Counter(zip(self.process, self.kind, self.lines, strict=True))
        for (process, kind, lines), count in alike.items():
            key = process, kind & _STREAM_MASK
            counts[key] = counts.get(key, 0) + lines * count
        return tuple((*key, lines) for key, lines in counts.items())


def packed_tally(tally: LineTally) -> bytes:
    """A tally as bytes: three unsigned 32-bit numbers an entry."""
    return array("I", [number for entry in tally for number in entry]).tobytes()


def unpacked_tally(packed: bytes) -> LineTally:
    """The reverse of `packed_tally`."""
    numbers = array("I")
    numbers.frombytes(packed)
    each = iter(numbers)
    return tuple(zip(each, each, each, strict=True))


class BlockBuilder:
    """A block that is being filled. What was stored already, as small blocks, is remembered, so
    that the next flush writes only what is new. Costs nothing per line."""

    __slots__ = (
        "_bodies",
        "_stored_bodies",
        "_stored_lines",
        "_stored_runs",
        "first_id",
        "lines",
        "runs",
        "size",
    )

    def __init__(self, first_id: int) -> None:
        self.first_id = first_id
        self.lines = 0
        self.size = 0  # bytes of the body, and one more
        self.runs = LineRuns()
        self._bodies: list[bytes] = []
        self._stored_bodies = 0
        self._stored_runs = 0
        self._stored_lines = 0

    def add(self, process: int, kind: int, body: bytes, lines: int, time_ns: int) -> None:
        """Append `lines` lines, joined by newlines in `body`, that share their metadata."""
        self._bodies.append(body)
        self.lines += lines
        self.size += len(body) + 1
        runs = self.runs
        last = len(runs.lines) - 1
        if (
            last >= self._stored_runs
            and runs.time[last] == time_ns
            and runs.process[last] == process
            and runs.kind[last] == kind
        ):
            runs.lines[last] += lines
        else:
            runs.lines.append(lines)
            runs.process.append(process)
            runs.kind.append(kind)
            runs.time.append(time_ns)

    def add_mixed(
        self,
        processes: Sequence[int],
        counts: Sequence[int],
        kind: int,
        body: bytes,
        lines: int,
        time_ns: int,
    ) -> None:
        """Append `lines` lines of several processes in turn: `counts[i]` by `processes[i]`."""
        self._bodies.append(body)
        self.lines += lines
        self.size += len(body) + 1
        runs = self.runs
        runs.lines.extend(counts)
        runs.process.extend(processes)
        runs.kind.extend([kind] * len(counts))
        runs.time.extend([time_ns] * len(counts))

    @property
    def full(self) -> bool:
        """Time to begin the next block."""
        return self.size >= BLOCK_BYTES or len(self.runs.lines) >= MAX_RUNS

    @property
    def stored(self) -> bool:
        """Part of it lies in the file as small blocks."""
        return self._stored_lines > 0

    @property
    def first_missing_id(self) -> int:
        """The first message that does not lie in the file."""
        return self.first_id + self._stored_lines

    def new_row(self) -> BlockRow | None:
        """The small block of what was added since `mark_stored`; None if nothing was."""
        if self._stored_lines == self.lines:
            return None
        return self._row(self._stored_bodies, self._stored_runs, self._stored_lines, None)

    def full_row(self) -> BlockRow:
        """The block as a whole, with its tally."""
        return self._row(0, 0, 0, packed_tally(self.runs.tally()))

    def mark_stored(self) -> None:
        """All that was added so far is in the file now."""
        self._stored_bodies = len(self._bodies)
        self._stored_runs = len(self.runs.lines)
        self._stored_lines = self.lines

    def _row(self, bodies: int, runs: int, lines: int, tally: bytes | None) -> BlockRow:
        times = self.runs.time[runs:]
        return (
            self.first_id + lines,
            self.lines - lines,
            min(times),
            max(times),
            tally,
            self.runs.packed(runs),
            b"\n".join(self._bodies[bodies:]),
        )


class MessageBlock:
    """A block as it was read: its messages by index (0: the one with id `first_id`)."""

    __slots__ = ("_ends", "_texts", "body", "first_id", "lines", "runs")

    def __init__(self, first_id: int, lines: int, runs: bytes, body: bytes) -> None:
        """ValueError when the parts don't fit together."""
        self.first_id = first_id
        self.lines = lines
        self.body = body
        self.runs = LineRuns.of_block(runs, lines)
        self._ends = list(accumulate(self.runs.lines))  # by run: the index behind its last line
        self._texts: list[bytes] | None = None
        if body.count(b"\n") + 1 != lines:
            raise ValueError("lines that don't fit the block")

    def texts(self) -> list[bytes]:
        """The raw lines."""
        if self._texts is None:
            self._texts = self.body.split(b"\n")
        return self._texts

    def messages(self, indexes: Iterable[int]) -> Iterator[Message]:
        """The messages at `indexes`, which ascend."""
        texts, runs, first_id = self.texts(), self.runs, self.first_id
        for run, group in groupby(indexes, lambda index: bisect_right(self._ends, index)):
            process, time_ns, kind = runs.process[run], runs.time[run], runs.kind[run]
            stream, flags = stream_and_flags(kind)
            for index in group:
                yield Message(first_id + index, time_ns, process, stream, flags, texts[index])

    def run_at(self, index: int) -> int:
        """The number of the run that the line at `index` belongs to."""
        return bisect_right(self._ends, index)

    def spans(
        self,
        processes: frozenset[int] | None,
        streams: frozenset[Stream] | None,
        without: frozenset[int] = frozenset(),
    ) -> Iterator[range]:
        """The indexes of the lines of these processes and streams (None: all), run by run, but for
        the processes `without`."""
        start = 0
        for end, process, kind in zip(self._ends, self.runs.process, self.runs.kind, strict=True):
            if (
                (processes is None or process in processes)
                and (streams is None or kind & _STREAM_MASK in streams)
                and process not in without
            ):
                yield range(start, end)
            start = end


def run_kind(stream: Stream, flags: int) -> int:
    """Stream and flags in one number."""
    return stream | flags << _FLAGS_SHIFT


def stream_and_flags(kind: int) -> tuple[Stream, int]:
    """The reverse of `run_kind`."""
    return _STREAMS[kind & _STREAM_MASK], kind >> _FLAGS_SHIFT
