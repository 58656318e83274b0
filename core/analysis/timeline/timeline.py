"""All that a session's timeline shows, as far as it has been read.

step(): objects and texts -> operations -> messages, a chunk each
        '--> by process and thread: a Track of operations, and one of the tasks around them
        '--> by process: Ticks
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator

import numpy as np

from ...session.bulk_reader import NUMBER_MASK
from ...session.open_waits import OpenWait
from ...store.object_row import ObjectRow
from ...vocabulary.kinds import MAIN_THREAD
from .growing import Array
from .kinds import Kinds
from .rows import MessageChunk, OperationChunk, SessionRows
from .ticks import Ticks
from .track import Track

_TASK = "task"
_ROWS = 1500  # operations in a chunk: a few ms
_BLOCKS = 16  # blocks of messages in a chunk


class ThreadTracks:
    """One thread: its operations, and the tasks of a pool that they lie in."""

    def __init__(self, kinds: Kinds) -> None:
        self.operations = Track(kinds)
        self.tasks = Track(kinds)


class Timeline:
    """Reads a session bit by bit. `family_of(type)`: to which of `families` families a type of
    object belongs ("" for operations on none). Methods that read raise SessionError."""

    def __init__(self, rows: SessionRows, families: int, family_of: Callable[[str], int]) -> None:
        self._rows = rows
        self._family_of_type = family_of
        self.kinds = Kinds(families, self._family_of_object)
        self.objects: dict[int, ObjectRow] = {}
        self.ticks: dict[int, Ticks] = {}
        self._threads: dict[int, dict[int, ThreadTracks]] = {}
        self._texts: dict[int, str] = {0: ""}
        self._task_text = -1
        self._last_object = 0
        self._last_message = 0
        self._data_version = -1
        self.read = 0  # the last operation that is here, by id: they have no gaps
        self.last_ns = 0  # the latest end of any operation
        self.version = 0  # grows with whatever is added
        self.shape = 0  # grows with each thread that is new, and with its first task

    @property
    def nbytes(self) -> int:
        """The memory that it takes."""
        tracks = sum(track.nbytes for track in self._tracks())
        return tracks + sum(ticks.nbytes for ticks in self.ticks.values())

    def total(self) -> int:
        """How many operations the file holds by now."""
        return self._rows.last_operation()

    def has_more(self) -> bool:
        """Whether anything was written since this was last asked: what was written by then is
        all read when `step` has said so."""
        before, self._data_version = self._data_version, self._rows.data_version()
        return self._data_version != before

    def step(self, budget_seconds: float) -> bool:
        """Read on for about so long; False when there is nothing more for now."""
        deadline = time.perf_counter() + budget_seconds
        more = True
        while more and time.perf_counter() < deadline:
            more = self._read_operations()
            more = self._read_messages() or more
        return more

    def trim(self) -> None:
        """Nothing more comes: give back the memory to spare."""
        for track in self._tracks():
            track.trim()

    def text(self, number: int) -> str:
        """A text of the session by its number."""
        return self._texts.get(number, "")

    def threads(self, process: int) -> list[tuple[str, ThreadTracks]]:
        """The threads of a process that did something, the main thread first, by name."""
        found = [(self.text(each), tracks) for each, tracks in self._threads_of(process).items()]
        return sorted(found, key=lambda pair: (pair[0] != MAIN_THREAD, pair[0]))

    def thread(self, process: int, name: str) -> ThreadTracks | None:
        """One thread of a process."""
        for number, tracks in self._threads_of(process).items():
            if self.text(number) == name:
                return tracks
        return None

    def totals(self, start_ns: int, end_ns: int) -> tuple[Array, Array]:
        """Of all processes, by family: how many operations lie in this span, tasks left out, and
        how many ns of it they waited."""
        count, waited = np.zeros(self.kinds.families), np.zeros(self.kinds.families)
        for threads in self._threads.values():
            for tracks in threads.values():
                counts, waits = tracks.operations.totals(start_ns, end_ns)
                count += counts
                waited += waits
        return count, waited

    def add_open_waits(
        self, waited: Array, waits: Iterable[OpenWait], start_ns: int, end_ns: int
    ) -> None:
        """Add to `waited`, ns by family, what of these waits lies in a span: they have no row."""
        for wait in waits:
            inside = min(wait.until_ns, end_ns) - max(wait.since_ns, start_ns)
            waited[self._family_of_object(wait.object)] += max(0, inside)

    # -- taking in ----------------------------------------------------------------------------

    def add(self, chunk: OperationChunk) -> None:
        """Take in some operations."""
        is_task = chunk.operation == self._task_text
        # A task is a block, however much of it was waiting: the operations in it tell that.
        waited = np.where(is_task, chunk.end - chunk.start, chunk.waited)
        kinds = self.kinds.codes(
            np.minimum(np.maximum(chunk.object, 0), NUMBER_MASK), chunk.operation, chunk.text
        )
        tracks = (chunk.process << 22 | chunk.thread) << 1 | is_task
        order = np.lexsort((chunk.start, tracks))
        keys, firsts = np.unique(tracks[order], return_index=True)
        for key, part in zip(keys.tolist(), np.split(order, firsts[1:]), strict=True):
            who = key >> 1
            pair = self._threads.setdefault(who >> 22, {})
            number = who & (1 << 22) - 1
            if number not in pair:
                pair[number] = ThreadTracks(self.kinds)
                self.shape += 1
            track = pair[number].tasks if key & 1 else pair[number].operations
            self.shape += key & 1 and not len(track)
            track.append(
                chunk.start[part], chunk.end[part], waited[part], kinds[part], chunk.ids[part]
            )
        self.read = int(chunk.ids[-1])
        self.last_ns = max(self.last_ns, int(chunk.end.max()))
        self.version += 1

    def add_messages(self, chunk: MessageChunk) -> None:
        """Take in some messages."""
        keys = chunk.process << 1 | chunk.is_error
        for key in np.unique(keys).tolist():
            chosen = keys == key
            ticks = self.ticks.setdefault(key >> 1, Ticks())
            ticks.append(chunk.time[chosen], chunk.first[chosen], bool(key & 1))
        self._last_message = chunk.last_id
        self.version += 1

    def learn(self, number: int, text: str) -> None:
        """A text of the session has this number."""
        self._texts[number] = text
        if text == _TASK:
            self._task_text = number

    def _read_operations(self) -> bool:
        chunk = self._rows.operations(self.read, _ROWS)
        if chunk is None:
            return False
        # What they speak of was written along with them, or before.
        for event in self._rows.objects(self._last_object):
            self.objects[event.object] = ObjectRow.from_event(event)
        # One whose maker does not show up is told of later than those after it.
        while self._last_object + 1 in self.objects:
            self._last_object += 1
        texts = self._rows.texts()
        for number in range(len(self._texts), len(texts)):
            self.learn(number, texts[number])
        self.add(chunk)
        return len(chunk.ids) == _ROWS

    def _read_messages(self) -> bool:
        chunk = self._rows.messages(self._last_message, _BLOCKS)
        if chunk is None:
            return False
        self.add_messages(chunk)
        return True

    def _threads_of(self, process: int) -> dict[int, ThreadTracks]:
        return self._threads.get(process, {})

    def _tracks(self) -> Iterator[Track]:
        for threads in self._threads.values():
            for tracks in threads.values():
                yield tracks.operations
                yield tracks.tasks

    def _family_of_object(self, number: int) -> int:
        row = self.objects.get(number)
        return self._family_of_type("" if row is None else row.type)
