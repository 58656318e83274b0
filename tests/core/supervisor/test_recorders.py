"""Recorders of several processes become objects, operations, states and last words."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from recorder_writer import RecorderWriter

from spawnscope.core.observe import run_folder_place
from spawnscope.core.observe.recorder_file import RecorderFile
from spawnscope.core.observe.recorder_layout import Counter
from spawnscope.core.probe._spawnscope_probe import layout
from spawnscope.core.supervisor import outcome, recorders
from spawnscope.core.supervisor.process_record import ProcessRecord
from spawnscope.core.supervisor.recorders import Recorders
from spawnscope.core.supervisor.shared_object import SharedObject
from spawnscope.core.supervisor.unwatched import Unwatched, reason_for
from spawnscope.core.vocabulary.events import Role


@dataclass
class Journal:
    """Keeps what it is told, by the name of the method."""

    told: list[tuple[str, Any]] = field(default_factory=list)
    full: bool = False
    texts: list[str] = field(default_factory=lambda: [""])

    def text_id(self, text: str) -> int:
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text)

    def operations_told(self) -> list[tuple[str, int, int, str]]:
        """(operation, process, object, thread) of each, in the order in which they were told."""
        rows = [row for rows in self.of("operations") for row in rows]
        return [(self.texts[row[2]], row[1], row[0], self.texts[row[3]]) for row in rows]

    def __getattr__(self, name: str) -> Any:
        def tell(*what: Any) -> None:
            self.told.append((name, what[0] if len(what) == 1 else what))

        return tell

    def of(self, name: str) -> list[Any]:
        return [what for kind, what in self.told if kind == name]


class World:
    """Recorders with processes that a test makes up."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.journal = Journal()
        self.timers: list[float] = []
        self.records: dict[int, ProcessRecord] = {}
        self.workers: dict[int, ProcessRecord] = {}
        self.recognised: list[tuple[int, str, Role | None, str | None]] = []
        self.now = time.monotonic()
        self.files: list[RecorderWriter] = []
        monkeypatch.setattr(run_folder_place, "SHARED_MEMORY", str(folder))
        monkeypatch.setattr(
            recorders, "time", SimpleNamespace(monotonic=self.monotonic, time_ns=time.time_ns,
                                               monotonic_ns=time.monotonic_ns)
        )  # fmt: skip
        loop: Any = SimpleNamespace(call_later=lambda seconds, call: self.timers.append(seconds))
        self.recorders = Recorders(loop, self, self.journal, self.clock, "test")  # type: ignore[arg-type]

    def monotonic(self) -> float:
        return self.now

    def clock(self) -> int:
        return int(self.now * 1e9)

    def process(self, number: int, name: str = "python", **fields: Any) -> ProcessRecord:
        record = ProcessRecord(
            number, 10_000_000 + number, 0, 0, None, 1, 1, name, Role.WORKER, None, ("python",)
        )
        record.announced = True
        for key, value in fields.items():
            setattr(record, key, value)
        self.records[record.pid] = record
        return record

    def recorder(self, pid: int, created_ns: int = 1, ring: int = 64) -> RecorderWriter:
        made = RecorderWriter(Path(self.recorders.folder), pid, created_ns, ring)
        self.files.append(made)
        return made

    def round(self, seconds: float = 0.3) -> None:
        self.now += seconds
        self.recorders._round()

    def end(self, record: ProcessRecord) -> recorders.LastWords:
        record.ended = True
        record.ended_at_ns = time.monotonic_ns()
        return self.recorders.last_words(record)

    # What the registry offers

    def by_pid(self, pid: int) -> ProcessRecord | None:
        return self.records.get(pid)

    def living(self) -> list[ProcessRecord]:
        return [record for record in self.records.values() if record.alive]

    def search(self) -> None:
        pass

    def announce(self, record: ProcessRecord) -> None:
        record.announced = True

    def recognise(
        self, record: ProcessRecord, name: str, role: Role | None, start_method: str | None
    ) -> None:
        self.recognised.append((record.number, name, role, start_method))

    def writer(self, pid: int, parent: ProcessRecord) -> ProcessRecord:
        record = self.process(pid - 10_000_000)
        record.parent = parent
        return record


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[World]:
    made = World(monkeypatch, tmp_path)
    yield made
    for file in made.files:
        file.close()
    if os.path.exists(made.recorders.folder):
        made.recorders.close()
    assert not os.path.exists(made.recorders.folder)


def test_a_queue_between_two_processes(world: World) -> None:
    producer, consumer = world.process(2), world.process(3)
    one, other = world.recorder(producer.pid), world.recorder(consumer.pid, 2)
    # The consumer's file shows the object first.
    got = other.object("Queue", "q", created=False, hint="")
    reading = other.thread()
    other.record("get", got, reading, 5, 9)
    other.count(reading, "get", got, count=1, waits=1, waited_ns=4)
    other.frame(reading, 0, "get", got)
    world.round()
    assert [event.watched for event in world.journal.of("watched")] == [True, True]
    assert world.journal.of("object_created") == world.journal.of("operations") == []
    put = one.object("Queue", "q", hint="jobs", capacity=4)
    writing = one.thread()
    one.record("put", put, writing, 1, 2)
    one.count(writing, "put", put, count=3, bytes=30)
    world.round(0.1)
    world.round(0.3)
    (made,) = world.journal.of("object_created")
    assert (made.object, made.process, made.type, made.name, made.capacity) == (
        1,
        2,
        "Queue",
        "jobs",
        4,
    )
    assert world.journal.operations_told() == [
        ("put", 2, 1, "MainThread"),
        ("get", 3, 1, "MainThread"),
    ]
    state = world.journal.of("object_state")[-1]
    assert (state.depth, state.waiters, state.holders) == (2, ((3, "MainThread"),), ())
    assert [(c.operation, c.count, c.waits, c.waited_ns) for c in state.counts] == [
        ("put", 3, 0, 0),
        ("get", 1, 1, 4),
    ]
    doing = world.journal.of("doing")[-1]
    assert [(d.thread, d.operation, d.object) for d in doing.doing] == [("MainThread", "get", 1)]


def test_the_history_has_a_state_a_second_and_the_last_one(world: World) -> None:
    record = world.process(2)
    file = world.recorder(record.pid)
    queue, thread = file.object(), file.thread()
    for number in range(1, 17):  # 4 s
        file.count(thread, "put", queue, count=number)
        world.round(0.26)
    states = [state for states in world.journal.of("object_history") for state in states]
    assert 3 <= len(states) <= 5
    assert all(b.time_ns - a.time_ns >= 10**9 for a, b in pairwise(states))
    counters = world.journal.of("counter_history")
    assert 2 <= len(counters) <= 3
    assert all(b[0] - a[0] >= 2 * 10**9 for a, b in pairwise(counters))
    for time_ns, ((number, process, total),) in counters:
        told = [s for s in world.journal.of("object_state") if s.time_ns <= time_ns]
        assert (number, process, total.operation) == (1, 2, "put")
        assert total.count == told[-1].counts[0].count
    for _ in range(5):  # nothing happens, so the last one comes by itself
        world.round(0.26)
    last = world.journal.of("object_history")[-1][-1]
    assert last == world.journal.of("object_state")[-1]
    assert (last.counts[0].count, last.depth) == (16, 16)
    file.count(thread, "put", queue, count=17)
    world.round(0.26)
    file.count(thread, "put", queue, count=18)
    world.end(record)
    world.round(0.1)  # nothing lives any more
    assert world.journal.of("object_history")[-1][-1].counts[0].count == 18
    assert world.journal.of("counter_history")[-1][1][0][2].count == 18


def test_totals_are_told_twice_a_second_while_a_process_lives(world: World) -> None:
    file = world.recorder(world.process(2).pid)
    queue, thread = file.object(), file.thread()
    for number in range(1, 41):  # 2 s
        file.count(thread, "put", queue, count=number)
        world.round(0.05)
    told = [row[2].count for rows in world.journal.of("counters") for row in rows]
    assert 3 <= len(told) <= 5
    assert told[-1] >= 30


def test_a_recorder_without_changes_is_read_twice_a_second(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = world.recorder(world.process(2).pid)
    queue, thread = file.object(), file.thread()
    read: list[float] = []
    original = RecorderFile.read

    def counting(self: RecorderFile, *arguments: Any) -> Any:
        read.append(world.now)
        return original(self, *arguments)

    monkeypatch.setattr(RecorderFile, "read", counting)
    for _ in range(20):
        file.record("put", queue, thread)
        world.round(0.05)
    assert len(read) == 20
    for _ in range(50):
        world.round(0.05)  # 2.5 s: it becomes idle
    read.clear()
    for _ in range(40):
        world.round(0.05)
    assert len(read) == 4
    file.record("put", queue, thread)
    file.count(thread, "put", queue, count=1)
    for _ in range(11):
        world.round(0.05)
    assert len(world.journal.operations_told()) == 21
    read.clear()
    for _ in range(20):
        world.round(0.05)
    assert len(read) == 20


def test_only_counting_is_seen_although_no_record_comes(world: World) -> None:
    file = world.recorder(world.process(2).pid)
    queue, thread = file.object(), file.thread()
    for number in range(200):
        file.count(thread, "put", queue, count=number)
        world.round(0.05)
    assert world.journal.of("object_state")[-1].counts[0].count >= 193


def test_what_is_counted_before_its_object_is_known_counts(world: World) -> None:
    file = world.recorder(world.process(2).pid)
    thread = file.thread()
    file.count(thread, "put", 1, count=3)
    file.count(thread, "acquire", 2, count=2)
    world.round()
    assert world.journal.of("object_state") == []
    file.object("Queue", "q")
    file.object("Lock", "l")
    file.count(thread, "put", 1, count=4)
    world.round()
    states = {state.object: state for state in world.journal.of("object_state")}
    assert states[1].counts[0].count == 4
    assert states[2].counts[0].count == 2
    assert states[2].holders == ((2, "MainThread"),)


def test_an_object_that_was_just_made_has_its_operations_at_once(world: World) -> None:
    record = world.process(2)
    file = world.recorder(record.pid, ring=3000)
    thread = file.thread()
    for _ in range(30):  # it is not young any more
        world.round(0.05)
    queue = file.object("Queue", "q")
    file.record("put", queue, thread)
    world.round(0.05)
    assert world.journal.operations_told() == [("put", 2, 1, "MainThread")]
    assert [event.object for event in world.journal.of("object_created")] == [1]
    start = file.object("Process", "process:1:10000003")
    file.record("start", start, thread, argument=10_000_003)
    world.round(0.05)
    assert world.recorders._parents == {10_000_003: record}


def test_a_thread_with_another_name_is_another_thread(world: World) -> None:
    file = world.recorder(world.process(2).pid)
    lock, thread = file.object("Lock", "l"), file.thread("Thread-1")
    file.record("acquire", lock, thread)
    file.count(thread, "acquire", lock, count=1)
    world.round()
    file.count(thread, "release", lock, count=1)
    world.round()
    # The next thread takes over the block of one that has ended.
    file.word(file.block_at(thread), layout.THREAD << 56 | file.text("Thread-2"))
    world.round()
    file.record("acquire", lock, thread)
    file.count(thread, "acquire", lock, count=2)
    world.round()
    assert [told[3] for told in world.journal.operations_told()] == ["Thread-1", "Thread-2"]
    assert world.journal.of("object_state")[-1].holders == ((2, "Thread-2"),)


def test_an_object_whose_creator_never_shows_is_announced(world: World) -> None:
    file = world.recorder(world.process(2).pid)
    file.object("Lock", "l", created=False, hint="lock")
    world.round(0.1)
    assert world.journal.of("object_created") == []
    world.round(0.6)
    assert [event.name for event in world.journal.of("object_created")] == ["lock"]


def test_last_words_of_a_process_that_holds_a_lock(world: World) -> None:
    record = world.process(2)
    file = world.recorder(record.pid)
    lock, queue = file.object("Lock", "l", hint="results"), file.object("Queue", "q", hint="jobs")
    thread = file.thread()
    file.count(thread, "acquire", lock, count=5)
    file.count(thread, "release", lock, count=4)
    file.frame(thread, 0, "get", queue)
    file.record("acquire", lock, thread)
    words = world.end(record)
    assert words.holding == (1,)
    assert [(d.operation, d.object) for d in words.doing] == [("get", 2)]
    record.status, record.ended_ns = 9, 3_200_000_000
    assert outcome.sentence(record, words.situation) == (
        "Killed by SIGKILL after 3.2 s, in get from jobs, while holding Lock results."
    )
    record.status = 0
    assert outcome.sentence(record, words.situation) == (
        "Ended normally after 3.2 s, while holding Lock results."
    )
    (lost,) = world.journal.of("lost")
    assert (lost.count, lost.only_counted, lost.overwritten) == (8, 8, 0)
    rows = world.journal.of("counters")[-1]
    assert sorted((row[0], row[1], row[2].operation, row[2].count) for row in rows) == [
        (1, 2, "acquire", 5),
        (1, 2, "release", 4),
    ]
    assert not file.path.exists()
    world.round()
    state = next(s for s in world.journal.of("object_state") if s.object == 1)
    assert state.holders == ((2, "MainThread"),)


def test_totals_of_ended_processes_stay(world: World) -> None:
    for number in (2, 3, 4):
        record = world.process(number)
        file = world.recorder(record.pid, number)
        queue = file.object("Queue", "q", created=number == 2)
        file.count(file.thread(), "put", queue, count=10)
        world.round()
        world.end(record)
    world.round()
    state = world.journal.of("object_state")[-1]
    assert (state.counts[0].count, state.depth) == (30, 30)


def test_a_program_after_an_exec_goes_on_in_another_file(world: World) -> None:
    record = world.process(2)
    first = world.recorder(record.pid, 1)
    first.frame(first.thread(), 1, "task")
    world.round()
    world.recorder(record.pid, 2).thread()
    world.round()
    assert world.end(record).doing == ()


def test_a_damaged_recorder_is_told_once(world: World) -> None:
    record = world.process(2)
    file = world.recorder(record.pid)
    world.round()
    file.word(layout.H_BLOCKS_USED * 8, 10**9)
    for _ in range(3):
        world.round()
    assert [event.watched for event in world.journal.of("watched")] == [True, False]
    assert len(world.journal.of("note")) == 1
    world.end(record)


def test_a_full_recorder_is_told_once(world: World) -> None:
    record, other = world.process(2), world.process(3)
    file, brief = world.recorder(record.pid), world.recorder(other.pid)
    brief.word(layout.H_UNWATCHED * 8, 1)
    for number in (3, 1200, 1200, 1300):
        file.word(layout.H_UNWATCHED * 8, number)
        world.round(1.0)
        if number == 3:
            world.end(other)
    world.end(record)
    assert world.journal.of("note") == [
        (other, "1 shared object or operation is not watched: its recorder is full."),
        (record, "1,200 shared objects or operations are not watched: its recorder is full."),
    ]


def test_the_name_of_a_process_is_in_its_own_recorder_and_in_its_parents(world: World) -> None:
    parent, child = world.process(2), world.process(3)
    world.recorder(parent.pid).object("Process", f"process:5:{child.pid}", hint="SpawnProcess-1")
    world.round()
    assert world.recognised == [(3, "SpawnProcess-1", None, "spawn")]
    file = world.recorder(child.pid, 2)
    own = file.object("Process", f"process:5:{child.pid}", created=False, hint="SpawnProcess-1")
    thread = file.thread()
    file.frame(thread, 1, "run", own)
    world.round(0.1)
    executor = file.object("ProcessPoolExecutor", "e", created=False, hint="")
    file.count(thread, "task", executor, count=1)
    world.round(0.1)
    world.round()
    assert world.recognised[1:] == [
        (3, "SpawnProcess-1", None, "spawn"),
        (3, "SpawnProcess-1", Role.EXECUTOR_WORKER, "spawn"),
    ]


def test_what_a_process_was_before_an_exec_does_not_name_it(world: World) -> None:
    record = world.process(2)
    world.recorder(record.pid, 1).object("Process", f"process:5:{record.pid}", hint="before")
    world.recorder(record.pid, 2).thread()
    world.round()
    world.end(record)
    assert world.recognised == []


def test_why_a_process_is_not_watched_is_told(world: World) -> None:
    record = world.process(2)
    folder = Path(world.recorders.folder)
    (folder / f"{record.pid}-5.skipped").write_text("it runs Python 3.7\n")
    world.round()
    (event,) = world.journal.of("watched")
    assert (event.watched, event.reason) == (False, "it runs Python 3.7")
    assert world.journal.of("note") == [(record, "Not instrumented: it runs Python 3.7.")]


def test_a_process_that_nobody_saw_alive_is_taken_in_by_its_recorder(world: World) -> None:
    parent = world.process(2)
    file = world.recorder(parent.pid)
    file.record("start", file.object("Process", "p"), file.thread(), argument=10_000_003)
    unseen = world.recorder(10_000_003, 7)
    unseen.count(unseen.thread(), "put", unseen.object("Queue", "q"), count=1)
    for _ in range(8):
        world.round(0.11)
    assert world.records[10_000_003].parent is parent
    assert world.journal.of("watched")[-1].process == 3


def test_a_python_process_without_a_recorder_is_told_after_a_second() -> None:
    record = ProcessRecord(2, 5, 0, 0, None, 1, 1, "", Role.CHILD, None, ("python3", "-I", "a.py"))
    record.announced = True
    unwatched = Unwatched()
    assert unwatched.find([record], 10.0) == []
    assert unwatched.find([record], 10.5) == []
    ((found, reason),) = unwatched.find([record], 11.0)
    assert found is record
    assert "-I" in reason
    assert unwatched.find([record], 12.0) == []


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("-BIS", "a.py"), "-I"),
        (("-E", "a.py"), "-E"),
        (("-X", "dev", "-S", "a.py"), "-S"),
        (("-Xdev", "-u", "-c", "-I"), "PYTHONPATH"),
        (("a.py", "-I"), "PYTHONPATH"),
        (("-W", "Ignore", "-m", "x"), "PYTHONPATH"),
        ((), "PYTHONPATH"),
    ],
)
def test_the_reason_is_in_the_command_line(arguments: tuple[str, ...], word: str) -> None:
    assert word in reason_for(("python", *arguments))


def _counter(count: int) -> Counter:
    return (count, 0, 0, 0, 0, 0)


def test_what_another_process_released_counts_for_the_oldest_holder() -> None:
    slots = SharedObject(1, "Semaphore")
    acquire, release = layout.CODE["acquire"], layout.CODE["release"]
    slots.count(acquire, _counter(1), (2, "a"))
    slots.count(acquire, _counter(2), (3, "b"))
    slots.count(release, _counter(1), (4, "c"))
    assert slots.holders() == ((3, "b"),)
    slots.count(release, _counter(1), (4, "c"))
    assert slots.holders() == ((3, "b"),)
    slots.count(release, _counter(1), (3, "b"))
    assert slots.holders() == ()


def test_nothing_is_read_while_the_session_cannot_be_written(world: World) -> None:
    record = world.process(2)
    file = world.recorder(record.pid)
    file.object()
    world.journal.full = True
    world.round()
    assert world.journal.told == []
