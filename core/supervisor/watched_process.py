"""One recorder and the process behind it: what its numbers mean in the session.

RecorderFile --records, blocks--> WatchedProcess --operations, changes of counters--> SharedObjects
                                       |-- what its threads are in --> doing
                                       '-- what multiprocessing made it for --> name, role
"""

from __future__ import annotations

from ..observe.recorder_blocks import CounterBlock, Thread
from ..observe.recorder_file import RecorderFile
from ..observe.recorder_layout import ZERO, Record, RecorderError
from ..probe._spawnscope_probe.layout import CODE, OPERATIONS, OUTCOMES
from ..vocabulary.events import Doing, Role
from ..vocabulary.operation import Operation
from .process_record import ProcessRecord
from .recognition import NamedProcess, named_process, role_by_run, role_by_task
from .shared_object import SharedObject
from .shared_objects import SharedObjects

_IDLE_LOOK_SECONDS = 0.25
_MAIN = "MainThread"
_FEED, _START, _TASK = CODE["feed"], CODE["start"], CODE["task"]
_WORKING = (_TASK, CODE["run"])


class WatchedProcess:
    """See the module. `lost`: records that were overwritten before they were read; `doing`: what
    its threads were in at the last `look_into`; `broken`: its recorder is left alone; `role`: what
    multiprocessing made it for, if that is known; `named`: processes that it started, since
    somebody asked."""

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
        self.since = 0.0  # when it was taken in; it is for the caller to say
        self.role: Role | None = None
        self.named: list[NamedProcess] = []
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
        self._own: NamedProcess | None = None
        self._recognised: tuple[NamedProcess | None, Role | None] = (None, None)
        self._without_room = 0  # at the last look; -1 once it was told

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
            self._meet(named_process(definition))
        for record in reading.records:
            shared = self._numbered.get(record.object)
            self._objects.did(shared, self._operation(record, shared))
            if record.operation == _START and record.argument > 0:
                self.started.append(record.argument)
                self.named.append(NamedProcess(record.argument, "", self._text(record.text)))
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
        if self._own is not None and self.role is None:
            function = next((doing.text for doing in self.doing if doing.operation == "run"), "")
            self.role = role_by_run(self._own.name, function)
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

    def new_recognition(self) -> NamedProcess | None:
        """How multiprocessing names it; None unless that, or `role`, is news."""
        now = (self._own, self.role)
        if self._own is None or now == self._recognised:
            return None
        self._recognised = now
        return self._own

    def new_without_room(self, final: bool) -> int:
        """How many objects, and operations on others, its recorder had no room for; once, when
        that number rests, and 0 at any other time."""
        before, number = self._without_room, self._file.without_room
        if before < 0 or not number:
            return 0
        rests = final or before == number
        self._without_room = -1 if rests else number
        return number if rests else 0

    def _meet(self, process: NamedProcess | None) -> None:
        if process is None:
            return
        if process.pid != self.record.pid:
            self.named.append(process)
        else:
            self._own = process
            self.role = self.role or role_by_run(process.name, "")

    def _count(self, block: CounterBlock) -> None:
        shared = self._numbered.get(block.object)
        if shared is None:
            return
        if block.operation == _TASK:
            self.role = self.role or role_by_task(shared.type)
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
            inner = thread.frames[0] if thread.frames else None
            # Whoever runs a task or a process works in it, and waits for nothing.
            if inner is None or inner.operation in _WORKING:
                continue
            shared = self._numbered.get(inner.object)
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
