"""One recorder and the process behind it: what its numbers mean in the session.

RecorderFile --records, blocks--> WatchedProcess --operations, changes of counters--> SharedObjects
                                       '-- what its threads are in --> doing
"""

from __future__ import annotations

from ..observe.recorder_blocks import CounterBlock, Thread
from ..observe.recorder_file import RecorderFile
from ..observe.recorder_layout import ZERO, Record, RecorderError
from ..probe._spawnscope_probe.layout import CODE, OPERATIONS, OUTCOMES
from ..vocabulary.events import Doing
from ..vocabulary.operation import Operation
from .process_record import ProcessRecord
from .shared_object import SharedObject
from .shared_objects import SharedObjects

_IDLE_LOOK_SECONDS = 0.25
_MAIN = "MainThread"
_FEED, _START = CODE["feed"], CODE["start"]


class WatchedProcess:
    """See the module. `lost`: records that were overwritten before they were read; `doing`: what
    its threads were in at the last `look_into`; `broken`: its recorder is left alone."""

    def __init__(
        self,
        record: ProcessRecord,
        file: RecorderFile,
        path: str,
        objects: SharedObjects,
        offset_ns: int,
    ) -> None:
        self.record = record
        self.path = path
        self.lost = 0
        self.doing: tuple[Doing, ...] = ()
        self.broken = False
        self.due = 0.0  # when to look again; it is for the caller to heed
        self.started: list[int] = []  # pids that it says it started, since somebody asked
        self._file = file
        self._objects = objects
        self._offset_ns = offset_ns
        self._numbered: dict[int, SharedObject] = {}
        self._counters: dict[int, CounterBlock] = {}  # by number of their block
        self._threads: dict[int, Thread] = {}
        self._names: dict[int, str] = {}
        self._waiting: dict[str, SharedObject] = {}
        self._changed = False

    def read(self, now: float, final: bool = False) -> bool:
        """Take in what is new; whether there was anything. Raises RecorderError."""
        reading = self._file.read(final)
        if not reading.changed and self._file.idle:
            self.due = now + _IDLE_LOOK_SECONDS
        self.lost += reading.lost
        self._changed = self._changed or reading.changed
        for definition in reading.objects:
            shared = self._objects.define(definition, self.record, now)
            if shared is not None:
                self._numbered[definition.number] = shared
        for record in reading.records:
            shared = self._numbered.get(record.object)
            self._objects.did(shared, self._operation(record, shared))
            if record.operation == _START and record.argument > 0:
                self.started.append(record.argument)
        return reading.changed or bool(reading.records)

    def look_into(self, now_ns: int) -> bool:
        """Take in counters and threads; whether `doing` has changed. Raises RecorderError."""
        if not self._changed:
            return False
        self._changed = False
        threads, counters = self._file.blocks()
        if threads != self._threads:
            self._names = {number: self._text(thread.name) for number, thread in threads.items()}
        for block in counters:
            self._count(block)
        if threads == self._threads:
            return False
        self._threads = dict(threads)
        before_doing, self.doing = self.doing, self._now_doing(now_ns)
        self._wait()
        return before_doing != self.doing

    def rest(self) -> None:
        """Its threads do nothing any more."""
        self.doing = ()
        self._threads = {}
        self._wait()

    def only_counted(self) -> int:
        """How many operations have been counted, but never had a record."""
        done = sum(
            # The feeder's part of a put has no record of its own, unless it failed.
            (0 if block.operation == _FEED else block.counter[0])
            + block.counter[4]
            + block.counter[5]
            for block in self._counters.values()
        )
        return max(0, done - self._file.written)

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def _count(self, block: CounterBlock) -> None:
        shared = self._numbered.get(block.object)
        if shared is None:
            return
        before = self._counters.get(block.block)
        known = before is not None and before[:4] == block[:4]
        u, v, w, x, y, z = before.counter if before is not None and known else ZERO
        a, b, c, d, e, f = block.counter
        delta = (a - u, b - v, c - w, d - x, e - y, f - z)
        if any(delta):
            self._counters[block.block] = block
            thread = self._thread(block.thread)
            self._objects.count(shared, block.operation, delta, self.record.number, thread)

    def _operation(self, record: Record, shared: SharedObject | None) -> Operation:
        offset, texts = self._offset_ns, self._file.texts
        code, outcome = record.operation, record.outcome
        site, text, thread = record.site, record.text, record.thread
        return Operation(
            process=self.record.number,
            object=shared.number if shared else 0,
            operation=OPERATIONS[code] if code < len(OPERATIONS) else str(code),
            thread=self._names.get(thread) or self._thread(thread),
            start_ns=record.start_ns + offset,
            end_ns=record.end_ns + offset,
            waited_ns=record.waited_ns,
            bytes=record.size,
            preview=record.preview.decode("utf-8", "ignore") if record.preview else None,
            outcome=OUTCOMES[outcome] if outcome < len(OUTCOMES) else str(outcome),
            site=texts[site] if site < len(texts) else "",
            text=texts[text] if text < len(texts) else "",
            argument=record.argument,
        )

    def _now_doing(self, now_ns: int) -> tuple[Doing, ...]:
        known = {(d.thread, d.operation, d.object): d.since_ns for d in self.doing}
        found: list[Doing] = []
        threads = [(self._thread(number), thread) for number, thread in self._threads.items()]
        threads.sort(key=lambda entry: entry[0] != _MAIN)
        for name, thread in threads:
            for frame in thread.frames:
                if frame.operation >= len(OPERATIONS):
                    continue
                operation = OPERATIONS[frame.operation]
                shared = self._numbered.get(frame.object)
                number = shared.number if shared else None
                since = frame.since_ns + self._offset_ns
                if not frame.since_ns:  # not told: since we first saw it
                    since = known.get((name, operation, number), now_ns)
                site, text = self._text(frame.site), self._text(frame.text)
                found.append(Doing(name, operation, number, since, site, text))
        return tuple(found)

    def _wait(self) -> None:
        """Tell the objects which threads wait on them."""
        waiting: dict[str, SharedObject] = {}
        for number, thread in self._threads.items():
            shared = self._numbered.get(thread.frames[0].object) if thread.frames else None
            if shared is not None:
                waiting[self._thread(number)] = shared
        process = self.record.number
        for name, shared in self._waiting.items():
            if waiting.get(name) is not shared:
                self._objects.waits(shared, (process, name), False)
        for name, shared in waiting.items():
            if self._waiting.get(name) is not shared:
                self._objects.waits(shared, (process, name), True)
        self._waiting = waiting

    def _thread(self, number: int) -> str:
        name = self._names.get(number)
        if name is None:
            try:
                text = self._file.name_of_thread(number)
            except RecorderError:
                text = 0
            name = self._text(text)
            if name:
                self._names[number] = name
        return name

    def _text(self, number: int) -> str:
        texts = self._file.texts
        return texts[number] if number < len(texts) else ""
