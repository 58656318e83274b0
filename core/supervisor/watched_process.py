"""One recorder and the process behind it: what its numbers mean in the session.

RecorderFile --records--> OperationRows --> rows --.
             --blocks---> changes of counters -----+--> SharedObjects
                    |---> what its threads are in --> doing
                    '---> what multiprocessing made it for --> name, role
"""

from __future__ import annotations

from collections.abc import Mapping

from ..observe.recorder_blocks import CounterBlock, Threads, head_of
from ..observe.recorder_file import NOTHING, RecorderFile
from ..observe.recorder_layout import (
    ARGUMENT,
    COUNT,
    ERRORS,
    KIND,
    LARGEST_NUMBER,
    LOW,
    WHAT_KIND,
    ZERO,
    Counter,
    ObjectDefinition,
    RawRecord,
    RecorderError,
)
from ..probe._spawnscope_probe import layout
from ..probe._spawnscope_probe.layout import CODE, OPERATIONS
from ..vocabulary.events import Doing, Role
from ..vocabulary.kinds import MAIN_THREAD, NUMBERED, POPEN, STARTED, UNTOLD, WORKING
from ..vocabulary.operation import placed
from .inner_locks import inner_locks, is_inside
from .known_process import KnownProcess
from .operation_rows import OperationRows
from .process_totals import Tally
from .recognition import NamedProcess, named_process, role_by_run, role_by_task
from .shared_object import Holder, SharedObject, code_of_method
from .shared_objects import SharedObjects

_IDLE_SECONDS = 2.0
_IDLE_LOOK_SECONDS = 0.5
_FAST = 2000  # records a second; more than a process writes, whatever it does
_MOST_FRAMES = 300  # of all its threads, that are told
_MOST_CHARACTERS = 8000  # of all their texts: what fits into one event
_MOST_NAMED = 5000  # processes that wait to be looked up
_MOST_WAITING = 1000  # threads that are known to wait
_YOUNG_SECONDS = 1.0
_OTHERS = "..."
_OBJECT_ALONE = (1 << layout.METHOD_SHIFT) - 1
_METHODS = len(OPERATIONS)  # codes from here on are those of methods
_CALL = CODE["call"]
_START, _BROKEN, _TASK = CODE["start"], CODE["broken"], CODE["task"]
_IDLE, _FEED = CODE["idle"], CODE["feed"]
_WORKING = frozenset(CODE[name] for name in WORKING)
_NUMBERED = frozenset(CODE[name] for name in NUMBERED)
_TOLD = frozenset(range(_METHODS)) - {CODE[name] for name in UNTOLD}


class _Counted:
    """A counter as it was at the last look, and what it counts."""

    __slots__ = ("counter", "head", "shared", "tally", "who")

    def __init__(self, head: int, shared: SharedObject, tally: Tally, who: Holder) -> None:
        self.head = head
        self.shared = shared
        self.tally = tally
        self.who = who
        self.counter: Counter = ZERO


class WatchedProcess:
    """See the module. `lost`: records that were overwritten before they were read; `doing`: what
    its threads were in at the last `look_into`; `broken`: its recorder is left alone; `due`: when
    to read it again, 0 unless it is idle; `stirred`: `look_into` may find news; `role`: what
    multiprocessing made it for, if that is known; `named`: processes that it started, since
    somebody asked; `dear_until`: it has had its share of our time until then; `owed`: processor
    time beyond it, in seconds, at `owed_at`."""

    def __init__(
        self,
        record: KnownProcess,
        file: RecorderFile,
        name: str,
        objects: SharedObjects,
        offset_ns: int,
    ) -> None:
        self.record = record
        self.name = name
        self.lost = 0
        self.doing: tuple[Doing, ...] = ()
        self.broken = False
        self.due = 0.0
        self.dear_until = self.owed = self.owed_at = 0.0
        self.stirred = False
        self.since = 0.0  # when it was taken in; it is for the caller to say
        self.role: Role | None = None
        self.named: list[NamedProcess] = []
        self.started: list[int] = []  # pids that it says it started, since somebody asked
        self._file = file
        self._idle_look = min(_IDLE_LOOK_SECONDS, file.ring / _FAST / 2)
        self._objects = objects
        self._offset_ns = offset_ns
        self._numbered: dict[int, SharedObject] = {}
        self._rows = OperationRows(
            record.number, offset_ns, self._text, self._thread, objects.text_id, self._catch_up
        )
        self._counted: dict[int, _Counted] = {}  # by number of their block
        self._unplaced: dict[int, CounterBlock] = {}  # of objects that are not defined yet
        self._names: dict[int, str] = {}
        self._waiting: dict[str, SharedObject] = {}
        # (thread's block, object) of feeders that sent, or began to, since the last look: no wait.
        self._moving: set[tuple[int, int]] = set()
        self._changed_at = 0.0
        self._programs: dict[int, str] = {}  # what subprocess ran, by number of the object
        self._starts = False  # it knows of processes, so it may start some
        self._own: NamedProcess | None = None
        self._recognised: tuple[NamedProcess | None, Role | None] = (None, None)
        self._without_room = 0  # at the last look; -1 once it was told

    def young(self, now: float) -> bool:
        """It may be anything yet: look into it as often as it is read."""
        return self.role is None and now - self.since < _YOUNG_SECONDS

    def read(self, now: float, whole: bool = True, final: bool = False) -> None:
        """Take in what is new. `now`: seconds, monotonic; `whole`: for `look_into`; `final`: the
        process has ended. Raises RecorderError."""
        reading = self._file.read(now, whole, final)
        if reading is NOTHING:
            self.stirred = self.stirred or (whole and bool(self._moving))
            if whole and now - self._changed_at > _IDLE_SECONDS:
                self.due = now + self._idle_look
            return
        self._changed_at, self.due = now, 0.0
        self.stirred = self.stirred or whole
        self.lost += reading.lost
        if reading.objects:
            self._define(reading.objects)
        if reading.records:
            self._objects.did(self._rows.of(reading.records))
            if self._starts:
                for record in reading.records:
                    self._note_start(record)

    def look_into(self, now_ns: int, final: bool = False) -> bool:
        """Take in counters and threads as they were read; whether `doing` has changed. Raises
        RecorderError."""
        self.stirred = False
        moved, self._moving = self._moving, set()
        threads, counters = self._file.blocks()
        if threads is Threads.RENAMED:
            self._take_names()
        if self._unplaced:
            latest = self._unplaced | {block.block: block for block in counters}
            counters = list(latest.values())
            self._unplaced = {}
        for block in counters:
            self._count(block)
        if threads is Threads.SAME and moved == self._moving and not final:
            return False
        if final:  # whoever was sending has died of it
            self._moving.clear()
        before, self.doing = self.doing, self._now_doing(now_ns)
        if self._own is not None and self.role is None:
            function = next((doing.text for doing in self.doing if doing.operation == "run"), "")
            self.role = role_by_run(self._own.name, function)
        self._wait()
        return before != self.doing

    def took_along(self) -> list[tuple[SharedObject, str, str]]:
        """The locks inside of objects that it had when it ended: the object, the side (see
        `inner_locks`), and the thread."""
        return [
            (self._numbered[numbered], side, self._thread(thread))
            for numbered, side, thread in inner_locks(self._file.threads)
            if numbered in self._numbered
        ]

    def rest(self) -> None:
        """Its threads do nothing any more."""
        self.doing = ()
        self._wait_for({})

    def only_counted(self) -> int:
        """How many operations have been counted, but never had a record."""
        done = sum(
            # Some have no record of their own, unless they failed; nor has the count of a method's
            # calls beside that of all.
            (one.counter[COUNT] if one.tally.operation in _TOLD else 0)
            + one.counter[4]
            + one.counter[ERRORS]
            for one in self._counted.values()
        )
        return max(0, done - self._file.written)

    @property
    def facts(self) -> Mapping[str, tuple[str, ...]]:
        """What it says of itself: see `layout.FACTS`."""
        return self._file.facts

    def resolved(self, number: int, *texts: int) -> tuple[int | None, list[str]]:
        """Which object of the session that of this number in its recorder is, and texts there."""
        shared = self._numbered.get(number)
        return shared.number if shared else None, [self._text(text) for text in texts]

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
        if process is None or len(self.named) >= _MOST_NAMED:
            return
        if process.pid != self.record.pid:
            self.named.append(process)
        else:
            self._own = process
            self.role = self.role or role_by_run(process.name, "")

    def _define(self, definitions: list[ObjectDefinition]) -> None:
        for definition in definitions:
            shared = self._objects.define(definition, self.record, self._changed_at)
            if shared is not None:
                self._numbered[definition.number] = shared
                self._rows.objects[definition.number] = shared.number
            if definition.type in STARTED:
                self._starts = True
                if definition.type == POPEN:
                    self._programs[definition.number] = definition.hint
                self._meet(named_process(definition))

    def _catch_up(self) -> None:
        self._define(self._file.late_definitions())

    def _note_start(self, record: RawRecord) -> None:
        what, _, place = KIND.unpack(record[WHAT_KIND])
        pid = record[ARGUMENT]
        if what >> 32 == _BROKEN and what & LOW in self._numbered:
            self._objects.broken.note(self._numbered[what & LOW].number, self.record, record)
        elif what >> 32 == _START and 0 < pid <= LOW and len(self.named) < _MOST_NAMED:
            self.started.append(pid)
            program = self._programs.get(what & LOW)
            if program is None:
                self.named.append(NamedProcess(pid, "", self._text(place & LOW)))
            else:
                self.named.append(NamedProcess(pid, program, by_library=False))

    def _count(self, block: CounterBlock) -> None:
        operation, thread, number = head_of(block.head)
        if operation == _FEED:
            self._moving.add((thread, number))
        known = self._counted.get(block.block)
        if known is None or known.head != block.head:
            known = self._place(block)
            if known is None:
                return
        if block.status and known.tally.operation == _START:
            known.shared.status = block.status - 1
        a, b, c, d, e, f = block.counter
        u, v, w, x, y, z = known.counter
        delta = (a - u, b - v, c - w, d - x, e - y, f - z)
        if any(delta):
            known.counter = block.counter
            self._objects.count(known.shared, known.tally, delta, known.who)

    def _place(self, block: CounterBlock) -> _Counted | None:
        """What a counter counts that was not seen before; None while that is not known."""
        operation, thread, number = head_of(block.head)
        method = 0
        if operation == _CALL:
            method, number = number >> layout.METHOD_SHIFT, number & _OBJECT_ALONE
        shared = self._numbered.get(number)
        name = "" if method == layout.OTHER_METHODS else self._text(method)
        if shared is None or (0 < method < layout.OTHER_METHODS and not name):
            self._unplaced[block.block] = block
            return None
        if operation in (_IDLE, _TASK):
            self.role = self.role or role_by_task(shared.type)
        if not 0 < operation < len(OPERATIONS):
            return None
        if method:
            operation = code_of_method(name or _OTHERS)
        process = self.record.number
        tally = self._objects.totals.tally(process, shared.number, operation)
        made = _Counted(block.head, shared, tally, (process, self._thread(thread)))
        self._counted[block.block] = made
        return made

    def _take_names(self) -> None:
        """Threads are new, or others by now."""
        threads = self._file.threads
        if any(thread.name >= len(self._file.texts) for thread in threads.values()):
            self._catch_up()
        names = {number: self._text(thread.name) for number, thread in threads.items()}
        self._names = {number: name for number, name in names.items() if name}
        self._rows.forget()
        for one in self._counted.values():
            one.who = (one.who[0], self._thread(head_of(one.head)[1]))

    def _now_doing(self, now_ns: int) -> tuple[Doing, ...]:
        found: list[Doing] = []
        characters = 0
        for number, thread in self._file.threads.items():
            if not thread.frames:
                continue
            if len(found) >= _MOST_FRAMES:
                break
            name = self._thread(number)
            place = 0 if name == MAIN_THREAD else len(found)
            for frame in thread.frames:
                if frame.operation >= len(OPERATIONS):
                    continue
                if frame.operation == _FEED and (number, frame.object) in self._moving:
                    continue
                operation = OPERATIONS[frame.operation]
                shared = self._numbered.get(frame.object)
                target = shared.number if shared else None
                if frame.since_ns:
                    since = frame.since_ns + self._offset_ns
                else:  # not told: since we first saw it
                    since = self._seen_since(name, operation, target, now_ns)
                site, via = placed(self._text(frame.site))
                text = self._text(frame.text)
                characters += len(name) + len(site) + len(text) + len(via)
                if characters > _MOST_CHARACTERS:
                    return tuple(found)
                task = frame.argument if frame.operation in _NUMBERED else 0
                task = task if task < LARGEST_NUMBER else 0
                of = since, site, text, task, via, frame.limited, is_inside(thread, *frame[:2])
                found.insert(place, Doing(name, operation, target, *of, frame.ready))
                place += 1
        return tuple(found)

    def _seen_since(self, thread: str, operation: str, number: int | None, now_ns: int) -> int:
        for one in self.doing:
            if (one.thread, one.operation, one.object) == (thread, operation, number):
                return one.since_ns
        return now_ns

    def _wait(self) -> None:
        """Tell the objects which threads wait on them."""
        waiting: dict[str, SharedObject] = {}
        for number, thread in self._file.threads.items():
            inner = thread.frames[0] if thread.frames else None
            # Whoever runs a task or a process works in it, and waits for nothing.
            if inner is None or inner.operation in _WORKING:
                continue
            if inner.operation == _FEED and (number, inner.object) in self._moving:
                continue
            shared = self._numbered.get(inner.object)
            if shared is not None:
                waiting[self._thread(number)] = shared
            if len(waiting) >= _MOST_WAITING:
                break
        self._wait_for(waiting)

    def _wait_for(self, waiting: dict[str, SharedObject]) -> None:
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
