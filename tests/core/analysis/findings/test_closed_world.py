"""A wait for what anybody could bring is over for good only where nobody can act any more."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest
from written_causes import causes, codes
from written_store import SECOND, WrittenStore, times

from spawnscope.core.analysis.waits.chain import waits_of
from spawnscope.core.analysis.waits.situation import Situation
from spawnscope.core.vocabulary.events import Doing, ProcessDoing, ProcessWatched, Raised, Role
from spawnscope.core.vocabulary.findings import Severity

MAIN, READER, WRITER, OTHER = 1, 2, 3, 4
JOBS, GO, READER_STARTED = 1, 2, 3


def starved(by_signal: str | None = None) -> WrittenStore:
    """The writer has ended; the reader waits for more, and main for the reader."""
    store = WrittenStore()
    store.process(MAIN, "main", Role.WORKER)
    for number, name in ((READER, "reader"), (WRITER, "writer"), (OTHER, "other")):
        store.process(number, name, parent=MAIN)
    store.object(JOBS, "Queue", "jobs")
    store.object(GO, "Event", "go")
    store.object(READER_STARTED, "Process", "reader", identity=f"process:11:{10 + READER}")
    store.counted(JOBS, {WRITER: [times("put", 4), times("feed", 4)], READER: [times("get", 4)]}, 0)
    store.doing(READER, "get", JOBS)
    store.doing(MAIN, "join", READER_STARTED)
    store.watched(MAIN)
    store.watched(READER)
    store.end(WRITER, by_signal)
    store.end(OTHER)
    return store


def test_a_reader_is_starved_where_all_who_live_wait_for_good() -> None:
    (found,) = causes(starved())
    words = found.words()
    assert (found.code, found.weight) == ("starved-consumers", Severity.ERROR)
    assert "reader waits for jobs" in words.title
    assert "4 items were put into it and 4 taken out" in words.explanation
    assert "writer (13) has ended" in words.explanation
    assert "main (11), which lives as well, waits itself" in words.explanation
    assert found.entails == {(MAIN, "MainThread")}


def _lives(store: WrittenStore) -> None:
    store.process(5, "late", parent=MAIN)
    store.watched(5)


def _told_to_end(store: WrittenStore) -> None:
    store.counted(READER_STARTED, {MAIN: [times("start", 1), times("terminate", 1)]})
    store.doing(MAIN, "wait", GO)


def _unwatched(store: WrittenStore) -> None:
    store.process(5, "late", parent=MAIN)
    store.watched(5)
    store.processes.apply(ProcessWatched(5, 0, False))
    store.doing(5, "get", JOBS)


def _just_ended(store: WrittenStore) -> None:
    store.process(5, "late", parent=MAIN)
    store.end(5, at_ns=59 * SECOND)


def _closed_another(store: WrittenStore) -> None:
    store.object(4, "Queue", "greetings")
    store.counted(4, {MAIN: [times("put", 1), times("feed", 1), times("closed", 1)]}, 0)
    store.watched(MAIN, threads=2)


OPEN: dict[str, Callable[[WrittenStore], None]] = {
    "somebody else lives and waits for nothing": _lives,
    "somebody else cannot be seen": _unwatched,
    "main has one more thread": lambda store: store.watched(MAIN, threads=2),
    "nobody knows how many threads the reader has": lambda store: store.watched(READER, threads=9),
    "main waits with a timeout": lambda store: store.doing(
        MAIN, "join", READER_STARTED, limited=True
    ),
    "the reader waits with a timeout": lambda store: store.doing(READER, "get", JOBS, limited=True),
    "the reader has only just begun": lambda store: store.doing(
        READER, "get", JOBS, since_ns=59 * SECOND
    ),
    "main answers others": lambda store: store.doing(MAIN, "accept", GO),
    "main works": lambda store: store.doing(MAIN, "run", READER_STARTED),
    "a signal may come": lambda store: store.watched(MAIN, handled=1 << signal.SIGTERM - 1),
    "somebody has just ended": _just_ended,
    "the thread of a queue that main has closed is not the one that it has": _closed_another,
    "main is suspended": lambda store: store.suspend(MAIN),
    "an item is on its way": lambda store: store.counted(
        JOBS, {WRITER: [times("put", 5), times("feed", 5)], READER: [times("get", 4)]}, 1
    ),
    "not all who use the queue are seen": lambda store: store.counted(
        JOBS, {WRITER: [times("put", 4), times("feed", 4)], READER: [times("get", 4)]}, None
    ),
    "the reader was told to end": _told_to_end,
}


@pytest.mark.parametrize("why", OPEN)
def test_it_is_not_while_somebody_may_act(why: str) -> None:
    store = starved()
    OPEN[why](store)
    assert codes(store) == []


def _by_a_pipe(store: WrittenStore) -> None:
    store.counted(7, {MAIN: [times("send", 1)]}, open_in=(MAIN,), peer=6)
    store.counted(6, {READER: [times("recv", 1)]}, open_in=(READER,), peer=7)
    store.doing(READER, "recv", 6)


def _in_a_circle(store: WrittenStore) -> None:
    store.counted(GO, {MAIN: [times("set", 1), times("clear", 1)], READER: [times("wait", 1)]})
    store.doing(READER, "wait", GO)


def _one_lock_each(store: WrittenStore) -> None:
    store.object(8, "Lock", "left")
    store.object(9, "Lock", "right")
    store.held(8, MAIN)
    store.held(9, READER)
    store.doing(READER, "acquire", 8)
    store.doing(MAIN, "acquire", 9, ready=True)


def _never_marked(store: WrittenStore) -> None:
    done = [times("get", 5), times("task_done", 3)]
    store.object(9, "JoinableQueue", "todo")
    store.counted(9, {MAIN: [times("put", 5), times("feed", 5)], READER: done}, 0)
    store.doing(READER, "get", 9)
    store.doing(MAIN, "join", 9, ready=True)
    store.watched(MAIN, threads=2)


def _crash(store: WrittenStore) -> None:
    """Of somebody who had used nothing so far."""
    store.process(5, "late", parent=MAIN)
    store.end(5, raised=Raised("KeyError", "'size'", "shop.py:3", ""))
    store.doing(READER, "wait", GO)


Write = Callable[[WrittenStore], object]
MEANT: dict[str, tuple[Write, str]] = {
    "a get": (bool, "starved-consumers"),
    "an event": (lambda store: store.doing(READER, "wait", GO), "event-never-set"),
    "a recv": (_by_a_pipe, "pipe-end-kept-open"),
    "a circle": (_in_a_circle, "deadlock"),
    "a crash": (_crash, "crashed-worker"),
}
NEVER_MEANT: dict[str, tuple[Write, str]] = {
    "a lock each": (_one_lock_each, "deadlock"),
    "items that are not marked": (_never_marked, "forgotten-task-done"),
}


@pytest.mark.parametrize("what", MEANT)
def test_what_waits_for_ctrl_c_may_be_meant(what: str) -> None:
    write, code = MEANT[what]
    store = starved()
    store.object(6, "Pipe", "orders [0]")
    store.object(7, "Pipe", "orders [1]")
    write(store)
    assert [(each.code, each.weight) for each in causes(store)] == [(code, Severity.ERROR)]
    store.doing(READER, *_in(store, READER), ready=True)  # how a child ends is its own matter
    assert [each.weight for each in causes(store)] == [Severity.ERROR]
    store.doing(MAIN, *_in(store, MAIN), ready=True)
    (found,) = causes(store)
    assert (found.code, found.weight) == (code, Severity.HINT)
    told = [wait for process in (MAIN, READER) for wait in waits_of(Situation(store), process)]
    assert not any(wait.verdict.is_bad for wait in told), "the Inspector agrees"
    assert "main (11) takes Ctrl-C where it waits" in found.words().explanation


@pytest.mark.parametrize("what", NEVER_MEANT)
def test_that_ctrl_c_is_taken_excuses_no_plain_fault(what: str) -> None:
    write, code = NEVER_MEANT[what]
    store = starved()
    write(store)
    assert [(each.code, each.weight) for each in causes(store)] == [(code, Severity.ERROR)]


def _in(store: WrittenStore, process: int) -> tuple[str, int | None]:
    (deed,) = store.processes[process].doing
    return deed.operation, deed.object


def test_threads_of_queues_and_helpers_are_nobody() -> None:
    store = starved()
    puts = [times("put", 2), times("feed", 2)]
    counts = {WRITER: puts, MAIN: puts, READER: [times("get", 4)]}
    store.counted(JOBS, counts, 0)
    store.watched(MAIN, threads=2)  # one feeds jobs
    store.process(5, "tracker", Role.RESOURCE_TRACKER, parent=MAIN)
    assert codes(store) == ["starved-consumers"]
    assert "reader waits for jobs" in causes(store)[0].words().title


def test_an_event_that_nobody_sets_is_why_the_rest_waits() -> None:
    store = starved()
    store.counted(JOBS, {}, 0)
    store.doing(MAIN, "wait", GO)
    (found,) = causes(store)
    assert found.code == "event-never-set"
    assert "Nobody has ever set it." in found.words().explanation
    assert found.entails == {(READER, "MainThread")}


def test_words_agree_with_how_many_there_are() -> None:
    store = starved()
    for process in (MAIN, READER):
        store.doing(process, "flush", JOBS)
    (found,) = causes(store)
    assert "main (11) and reader (12) have come to their ends" in found.words().explanation
    store.end(READER)
    (found,) = causes(store)
    assert "main (11) has come to its end" in found.words().explanation


def test_a_place_is_told_without_its_folders() -> None:
    store = starved()
    told = Doing("MainThread", "get", JOBS, SECOND, "/srv/shop/orders.py:7", "")
    store.processes.apply(ProcessDoing(READER, (told,)))
    (found,) = causes(store)
    assert "(orders.py:7)" in found.words().explanation


def test_a_writer_that_waits_is_not_why() -> None:
    store = starved()
    store.doing(MAIN, "wait", GO)
    counts = {MAIN: [times("put", 4), times("feed", 4)], READER: [times("get", 4)]}
    store.counted(JOBS, counts, 0)
    store.watched(MAIN, threads=2)
    assert codes(store) == ["event-never-set"]


def test_a_barrier_says_how_many_are_there() -> None:
    store = starved()
    store.object(7, "Barrier", "meeting", capacity=3)
    store.doing(READER, "wait", 7)
    store.doing(MAIN, "wait", 7)
    (found,) = causes(store)
    assert found.code == "barrier-short"
    assert "2 of 3" in found.words().title


def test_a_semaphore_that_those_keep_who_want_more() -> None:
    store = starved()
    store.object(7, "Semaphore", "slots")
    counts = {READER: [times("acquire", 2), times("release", 1)], MAIN: [times("acquire", 1)]}
    store.counted(7, counts, holders=((READER, "MainThread"), (MAIN, "MainThread")))
    store.doing(READER, "acquire", 7)
    store.doing(MAIN, "acquire", 7)
    (found,) = causes(store)
    assert found.code == "semaphore-exhausted"
    assert "acquired 3 times and released 1" in found.words().explanation


def test_items_that_were_not_marked_as_done_count() -> None:
    store = starved()
    store.object(7, "JoinableQueue", "todo")
    done = [times("get", 5), times("task_done", 3)]
    store.counted(7, {MAIN: [times("put", 5), times("feed", 5)], READER: done}, 0)
    store.doing(READER, "get", 7)
    store.doing(MAIN, "join", 7)
    store.watched(MAIN, threads=2)
    (found,) = causes(store)
    assert found.code == "forgotten-task-done"
    assert "reader (12) took 2 items out without a call of" in found.words().explanation


def test_an_item_may_still_be_marked_by_who_waits_for_something_else() -> None:
    store = starved()
    store.object(7, "JoinableQueue", "todo")
    done = [times("get", 5), times("task_done", 4)]
    store.counted(7, {MAIN: [times("put", 5), times("feed", 5)], READER: done}, 0)
    store.doing(READER, "wait", GO)
    store.doing(MAIN, "join", 7)
    store.watched(MAIN, threads=2)
    assert codes(store) == ["event-never-set"]


@pytest.mark.parametrize(
    ("by_signal", "cancelled", "waits", "weight"),
    [
        (None, False, False, Severity.WARNING),
        (None, True, False, Severity.HINT),
        ("SIGKILL", False, False, Severity.WARNING),
        ("SIGTERM", False, False, Severity.HINT),
        (None, True, True, Severity.ERROR),
    ],
)
def test_items_that_were_never_sent(
    by_signal: str | None, cancelled: bool, waits: bool, weight: Severity
) -> None:
    store = starved(by_signal)
    more = [times("cancel_join_thread", 1)] if cancelled else []
    counts = {WRITER: [times("put", 6), times("feed", 4), *more], READER: [times("get", 4)]}
    store.counted(JOBS, counts, 2)
    if not waits:
        store.doing(MAIN, "run", READER_STARTED)
    (found,) = causes(store)
    assert (found.code, found.weight) == ("lost-items", weight)
    assert "2 items that writer put into jobs were never sent" in found.words().title
    assert bool(found.waits) is waits


def test_consumers_that_ask_whether_it_is_empty_leave_the_rest() -> None:
    store = WrittenStore()
    store.process(MAIN, "main", Role.WORKER)
    store.process(READER, "reader", parent=MAIN)
    store.object(JOBS, "Queue", "jobs")
    reads = [times("get", 1), times("empty", 2)]
    store.counted(JOBS, {MAIN: [times("put", 8), times("feed", 8)], READER: reads}, 7)
    assert codes(store) == []  # it may go on
    store.end(READER)
    (found,) = causes(store)
    assert "7 items were left in jobs" in found.words().title
    reads = [times("get", 1), times("empty", 9)]  # it looked now and then
    store.counted(JOBS, {MAIN: [times("put", 8), times("feed", 8)], READER: reads}, 7)
    assert codes(store) == []
