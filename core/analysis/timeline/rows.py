"""What a timeline is made of, as columns: many rows of a session at a time."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np

from ...session.bulk_reader import NUMBER_BITS, NUMBER_MASK, PACKED_WIDTH
from ...session.reader import SessionReader
from ...vocabulary.events import Stream
from .growing import Array

_MASK, _TWICE = NUMBER_MASK, 2 * NUMBER_BITS


@dataclass(frozen=True)
class OperationChunk:
    """Some operations in order of their ids: columns of one length, int64. Texts and objects are
    numbers."""

    ids: Array
    start: Array
    end: Array
    waited: Array
    process: Array
    operation: Array
    thread: Array
    object: Array
    text: Array


@dataclass(frozen=True)
class MessageChunk:
    """Some messages: those of a row share a process, a stream and a time, and begin with `first`.
    `last_id`: of the last message looked at."""

    first: Array
    process: Array
    is_error: Array  # bool
    time: Array
    last_id: int


class SessionRows:
    """A session that is read in bulk, by a reader that others may use as well. All methods raise
    SessionError."""

    def __init__(self, reader: SessionReader) -> None:
        self._reader = reader
        self.data_version = reader.data_version
        self.last_operation = reader.operations.last_id
        self.objects = reader.objects.all
        self.texts = reader.texts.read

    def operations(self, after: int, limit: int) -> OperationChunk | None:
        """The first `limit` operations behind this id; None when there are none."""
        rows = self._reader.bulk.operations(after, limit)
        if not rows:
            return None
        flat = np.fromiter(chain.from_iterable(rows), np.int64, len(rows) * PACKED_WIDTH)
        ids, start, took, waited, who, what = flat.reshape(-1, PACKED_WIDTH).T
        return OperationChunk(
            ids=ids,
            start=start,
            end=start + took,
            waited=waited,
            process=who >> _TWICE,
            operation=who >> NUMBER_BITS & _MASK,
            thread=who & _MASK,
            object=what >> NUMBER_BITS,
            text=what & _MASK,
        )

    def messages(self, after: int, blocks: int) -> MessageChunk | None:
        """The messages behind this id, out of at most so many blocks; None when there are none."""
        parts = []
        last_id = after
        for first_id, lines, runs in self._reader.bulk.runs(after, blocks):
            lengths = np.array(runs.lines, np.int64)
            first = first_id + np.concatenate(([0], np.cumsum(lengths)[:-1]))
            kinds = np.array(runs.kind, np.int64) & 0xFF
            part = np.array(
                [first, runs.process, kinds == Stream.STDERR, runs.time, first + lengths - 1]
            )
            parts.append(part[:, part[4] > after])
            last_id = first_id + lines - 1
        if not parts:
            return None
        first, process, is_error, time, _ = np.concatenate(parts, axis=1)
        return MessageChunk(
            np.maximum(first, after + 1), process, is_error.astype(bool), time, last_id
        )
