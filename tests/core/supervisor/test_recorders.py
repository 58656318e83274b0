"""Recorders of several processes become objects, operations, states and last words."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from recorder_world import World

from spawnscope.core.observe.recorder_layout import Counter
from spawnscope.core.probe._spawnscope_probe import layout
from spawnscope.core.sentences.outcome import outcome
from spawnscope.core.sentences.watching import unwatched as why
from spawnscope.core.supervisor.known_process import KnownProcess
from spawnscope.core.supervisor.outcome import exited
from spawnscope.core.supervisor.shared_object import SharedObject
from spawnscope.core.supervisor.unwatched import UnwatchedFinder, Why, reason_for
from spawnscope.core.vocabulary.codes import Unwatched
from spawnscope.core.vocabulary.events import ProcessWatched, Role
from spawnscope.core.vocabulary.kinds import OBJECTS, Holding


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
    assert outcome(exited(record, words, 9)) == (
        "Killed by SIGKILL after 3.2 s, in get from jobs, while holding Lock results."
    )
    record.status = 0
    assert outcome(exited(record, words, 9)) == (
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
    unseen = world.recorder(10_000_003, time.monotonic_ns())
    unseen.count(unseen.thread(), "put", unseen.object("Queue", "q"), count=1)
    for _ in range(8):
        world.round(0.11)
    assert world.records[10_000_003].parent is parent
    assert world.journal.of("watched")[-1].process == 3


def test_a_python_process_without_a_recorder_is_told_after_a_second() -> None:
    record = KnownProcess(2, 5, 0, 0, None, 1, 1, "", Role.CHILD, None, ("python3", "a.py"))
    record.announced = True
    unwatched = UnwatchedFinder()
    assert unwatched.find([record], 10.0) == []
    assert unwatched.find([record], 10.5) == []
    assert unwatched.find([record], 11.0) == [(record, Why(Unwatched.NO_PATH))]
    assert unwatched.find([record], 12.0) == []


def test_one_whose_command_line_says_so_is_told_at_once() -> None:
    record = KnownProcess(2, 5, 0, 0, None, 1, 1, "", Role.CHILD, None, ("python3", "-I", "a.py"))
    record.announced = True
    unwatched = UnwatchedFinder()
    assert unwatched.find([record], 10.0) == [(record, Why(Unwatched.ISOLATED))]
    assert unwatched.find([record], 12.0) == []


def test_one_that_has_ended_is_told_if_it_must_have_come_to_begin_a_recorder() -> None:
    def ended(*command: str, well: bool = True, method: str | None = None) -> Why | None:
        record = KnownProcess(2, 5, 0, 0, None, 1, 1, "", Role.OTHER, method, command)
        return UnwatchedFinder().forget(record, well)

    assert ended("python3", "a.py") == Why(Unwatched.NO_PATH)
    assert ended("python3", "-E", "a.py", well=False) == Why(Unwatched.NO_ENVIRONMENT)
    assert ended("python3", "a.py", well=False) is None
    assert ended("python3", "a.py", method="fork") is None
    assert ended("python3", "--version") is None
    assert ended("sh", "a.sh") is None


def test_a_fork_of_a_process_without_a_recorder_has_none_for_the_same_reason() -> None:
    parent = KnownProcess(2, 5, 0, 0, None, 1, 1, "", Role.WORKER, None, ("python3", "a.py"))
    child = KnownProcess(3, 6, 0, 0, parent, 5, 1, "", Role.CHILD, "fork", ("python3", "a.py"))
    other = KnownProcess(4, 7, 0, 0, parent, 5, 1, "", Role.CHILD, None, ("python3", "b.py"))
    unwatched = UnwatchedFinder()
    unwatched.known[2] = Why(None, reason="there is no room")
    for record in (child, other):
        record.announced = True
        ((_, reason),) = unwatched.find([record], 10.0) + unwatched.find([record], 11.0)
        assert ("no room" in reason.reason) == (record is child)


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
    event = ProcessWatched(1, 1, False, code=reason_for(("python", *arguments)))
    assert word in why(event)


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


@pytest.mark.parametrize(
    "kind", [kind.type for kind in OBJECTS.values() if kind.holding is Holding.ONE]
)
def test_what_one_thread_at_a_time_holds_has_one_holder(kind: str) -> None:
    shared = SharedObject(1, kind)
    acquire, release = layout.CODE["acquire"], layout.CODE["release"]
    shared.count(acquire, _counter(1), (2, "a"))
    shared.count(acquire, _counter(1), (3, "b"))  # counters are not all read at once
    assert shared.holders() == ((3, "b"),)
    shared.count(release, _counter(1), (2, "a"))
    assert shared.holders() == ((3, "b"),)


def test_never_more_is_in_a_queue_than_it_takes() -> None:
    shared = SharedObject(1, "Queue")
    shared.count(layout.CODE["put"], _counter(9), (2, "a"))
    shared.count(layout.CODE["get"], _counter(3), (3, "b"))
    assert shared.state(1).depth == 6
    shared.capacity = 5
    assert shared.state(1).depth == 5


def test_how_much_a_queue_takes_is_known_of_it(world: World) -> None:
    record = world.process(2)
    file = world.recorder(record.pid)
    file.object(kind="Queue", capacity=5)
    world.round()
    assert [shared.capacity for shared in world.recorders._objects._by_number.values()] == [5]


def test_nothing_is_read_while_the_session_cannot_be_written(world: World) -> None:
    record = world.process(2)
    file = world.recorder(record.pid)
    file.object()
    world.journal.full = True
    world.round()
    assert world.journal.told == []


def _counted(world: World, number: int) -> dict[int, int]:
    """What the totals say of each process's puts, by its number."""
    rows = [row for rows in world.journal.of("counters") for row in rows]
    return {row[1]: row[2].count for row in rows if row[0] == number}


@pytest.mark.parametrize("ended_first", [True, False])
def test_who_ends_while_others_are_looked_for_keeps_what_it_counted(
    world: World, monkeypatch: pytest.MonkeyPatch, ended_first: bool
) -> None:
    """A file of nobody known makes the registry search, and that tells of ends."""
    one, other = world.process(2), world.process(3)
    # The oldest and the latest file are of a process that nobody knows yet.
    world.recorder(10_000_009, 1)
    for record in (one, other):
        file = world.recorder(record.pid, record.number)
        queue = file.object("Queue", "q", created=record is one)
        file.count(file.thread(), "put", queue, count=10)
    world.recorder(10_000_010, 4)

    def search() -> None:
        monkeypatch.setattr(world, "search", lambda: None)
        world.end(other)

    if ended_first:
        monkeypatch.setattr(world, "search", search)
        world.end(one)
    else:
        monkeypatch.setattr(world, "search", lambda: None)
        owner = world.recorders.strangers._owner
        # Nobody knows the last one either, and by then the search is due again.
        monkeypatch.setattr(
            world.recorders.strangers, "_owner",
            lambda found: (found.created_ns == 4 and not other.ended and search()) or owner(found),
        )  # fmt: skip
        world.round()
        world.end(one)
    assert _counted(world, 1) == {2: 10, 3: 10}


def test_a_part_that_a_child_names_first_belongs_to_its_owner(world: World) -> None:
    parent = world.process(2)
    made = world.recorder(parent.pid)
    world.round()
    child = world.process(3, parent=parent)
    file = world.recorder(child.pid)
    lock = file.object("RLock", "sem:1", created=False)
    file.count(file.thread(), "acquire", lock, count=10)
    made.object("Value", "arena:1", hint="total")
    made.part("sem:1", "arena:1")
    world.end(child)
    assert [event.type for event in world.journal.of("object_created")] == ["Value"]
