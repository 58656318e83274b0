"""What is left behind, grows or runs out: pipes, children, memory, descriptors, items."""

from __future__ import annotations

import signal
from types import SimpleNamespace
from typing import Any

import pytest
from written_causes import causes, codes
from written_store import SECOND, WrittenStore, times

from spawnscope.core.analysis.waits.situation import Situation
from spawnscope.core.analysis.waits.unsent import unsent
from spawnscope.core.vocabulary.events import (
    Making,
    ProcessStarted,
    ProcessUnreaped,
    ProcessWatched,
    Role,
)
from spawnscope.core.vocabulary.findings import Remedy, Severity

MAIN, READER, OTHER = 1, 2, 4
SOURCE, SINK, STARTED = 1, 2, 3
TERM = 1 << signal.SIGTERM - 1


def reader(operation: str = "recv") -> WrittenStore:
    """Main joins a reader of a pipe (or a writer into it)."""
    store = WrittenStore()
    store.process(MAIN, "main", Role.WORKER)
    store.process(READER, "reader", parent=MAIN)
    store.process(OTHER, "other", parent=MAIN)
    store.object(SOURCE, "Pipe", "source", identity="pipe:fd:1:2:0")
    store.object(SINK, "Pipe", "sink", identity="pipe:fd:1:2:1")
    store.object(STARTED, "Process", "reader", identity=f"process:11:{10 + READER}")
    store.doing(READER, operation, SOURCE)
    store.doing(MAIN, "join", STARTED)
    store.watched(MAIN)
    store.watched(READER)
    store.end(OTHER)
    return store


@pytest.mark.parametrize("openers", [(READER,), (MAIN,), (MAIN, READER)])
def test_an_end_that_stays_open_keeps_the_end_of_file_away(openers: tuple[int, ...]) -> None:
    store = reader()
    store.counted(SINK, {OTHER: [times("send", 3)]}, open_in=openers)
    (found,) = causes(store)
    assert found.code == "pipe-end-kept-open"
    assert "EOFError" in found.words().explanation
    assert "Nobody sends into it any more: other (14) has ended." in found.words().explanation


def test_it_does_not_where_the_other_may_still_send() -> None:
    store = reader()
    store.counted(SINK, {OTHER: [times("send", 3)]}, open_in=(MAIN,))
    store.doing(MAIN, "join", STARTED, limited=True)
    assert codes(store) == []
    store = reader()
    store.counted(SINK, {OTHER: [times("send", 3)]}, open_in=())  # its end is on the way
    store.object(7, "Event", "go")
    store.doing(MAIN, "wait", 7)
    assert codes(store) == []
    store = reader()
    store.counted(SINK, {OTHER: [times("send", 3)]})  # nobody knows who has it
    assert codes(store) == []


def test_a_pipe_that_nobody_reads_is_full() -> None:
    store = reader("send")
    store.counted(SINK, {}, open_in=(MAIN,))
    (found,) = causes(store)
    assert found.code == "pipe-full"
    assert "waits for reader to end" in found.words().explanation


def family(by_signal: str | None, method: str = "fork") -> WrittenStore:
    """Main has ended at the third second; its child is the reader."""
    store = WrittenStore()
    store.process(MAIN, "main", Role.WORKER)
    making = Making("multiprocessing") if method else Making("os.fork")
    store.processes.apply(
        ProcessStarted(
            READER, 12, 1, 0, MAIN, 1, None, "reader", Role.CHILD, method or "fork", (), making
        )
    )
    store.end(MAIN, by_signal)
    return store


@pytest.mark.parametrize(
    ("by_signal", "weight"), [("SIGTERM", Severity.WARNING), (None, Severity.HINT)]
)
def test_a_child_outlives_its_parent(by_signal: str | None, weight: Severity) -> None:
    store = family(by_signal)
    (found,) = causes(store)
    assert (found.code, found.weight) == ("orphaned-children", weight)
    assert [(cure.remedy, cure.process) for cure in found.cures] == [(Remedy.TERMINATE, READER)]


def test_it_does_not_where_it_ends_soon_or_was_forked_by_hand() -> None:
    store = family("SIGTERM")
    store.end(READER, at_ns=4 * SECOND)
    assert codes(store) == []
    assert codes(family("SIGTERM", "")) == []


class _Asked(WrittenStore):
    """Main has called terminate of the reader so many seconds ago."""

    seconds = 5

    @property
    def reader(self) -> Any:
        end_ns = (60 - self.seconds) * SECOND
        operation = SimpleNamespace(operation="terminate", end_ns=end_ns)
        return SimpleNamespace(
            operations=SimpleNamespace(page=lambda *_args, **_kwargs: [(1, operation)])
        )


def asked(seconds: int, **figures: Any) -> _Asked:
    store = _Asked()
    store.seconds = seconds
    store.process(MAIN, "main", Role.WORKER)
    store.process(READER, "reader", parent=MAIN)
    store.object(STARTED, "Process", "reader", identity=f"process:11:{10 + READER}")
    store.counted(STARTED, {MAIN: [times("start", 1), times("terminate", 1)]})
    store.doing(MAIN, "join", STARTED)
    store.watched(MAIN)
    store.watched(READER, **figures)
    return store


def test_one_that_ignores_its_termination_is_told_with_who_waits() -> None:
    (found,) = causes(asked(4, ignored=TERM))
    assert (found.code, found.waits) == ("terminate-ignored", {(MAIN, "MainThread")})
    assert "ignored there (SIG_IGN)" in found.words().explanation
    (found,) = causes(asked(11, handled=TERM))
    assert "There is a handler for SIGTERM there" in found.words().explanation


def test_one_that_takes_its_time_is_not() -> None:
    assert codes(asked(2, ignored=TERM)) == []
    assert codes(asked(9, handled=TERM)) == []
    assert codes(asked(30)) == []  # it neither handles nor ignores it: it is about to end


def waiting_on(seconds: int, **figures: Any) -> _Asked:
    """The reader is in a get of since long before that."""
    store = asked(seconds, handled=TERM, **figures)
    store.object(7, "Queue", "jobs")
    store.doing(READER, "get", 7, since_ns=-100 * SECOND)
    return store


def test_one_that_waits_on_as_before_ignores_it_unless_its_handler_may_be_at_work() -> None:
    (found,) = causes(waiting_on(95))
    assert (found.code, found.weight) == ("terminate-ignored", Severity.WARNING)
    (found,) = causes(waiting_on(45))  # it may save what it has, amid the get
    assert found.weight is Severity.HINT
    (found,) = causes(waiting_on(95, cpu_percent=30.0))
    assert found.weight is Severity.HINT
    store = waiting_on(95)
    store.doing(READER, "get", 7, since_ns=57 * SECOND)  # it does something since
    (found,) = causes(store)
    assert found.weight is Severity.HINT
    assert codes(waiting_on(9)) == []


def test_who_joins_with_a_limit_knows_what_to_do_then() -> None:
    store = asked(4, ignored=TERM)
    store.doing(MAIN, "join", STARTED, limited=True)
    (found,) = causes(store)
    assert found.weight is Severity.HINT


def test_shared_memory_that_nobody_removes() -> None:
    store = WrittenStore()
    store.process(MAIN, "main", Role.WORKER)
    store.process(READER, "tracker", Role.RESOURCE_TRACKER, parent=MAIN)
    store.object(1, "SharedMemory", "table", identity="shm:/psm_1")
    store.counted(1, {MAIN: [times("create", 1)]})
    store.end(MAIN)
    assert codes(store) == []  # its tracker may do it
    store.end(READER)
    (found,) = causes(store)
    assert found.weight is Severity.WARNING
    assert [(cure.remedy, cure.name) for cure in found.cures] == [(Remedy.UNLINK, "psm_1")]
    store.process(OTHER, "other", parent=MAIN)
    store.processes.apply(ProcessWatched(OTHER, 0, False))
    store.end(OTHER)
    (found,) = causes(store)
    assert found.weight is Severity.HINT
    assert "Unless other (14) removed it" in found.words().explanation
    store.counted(1, {MAIN: [times("create", 1)], READER: [times("unlink", 1)]})
    (found,) = causes(store)
    assert (found.weight, found.cures) == (Severity.HINT, ())
    store.counted(1, {MAIN: [times("create", 1), times("unlink", 1)]})
    assert codes(store) == []


def test_descriptors_run_out() -> None:
    store = WrittenStore()
    store.process(MAIN, "main", Role.WORKER)
    store.watched(MAIN, fds=930, fds_limit=1024)
    assert "930 of 1,024" in causes(store)[0].words().title
    store.watched(MAIN, fds=900, fds_limit=1024)
    assert codes(store) == []


@pytest.mark.parametrize(("capacity", "falls", "found"), [(None, 0, 1), (None, 5, 0), (900, 0, 0)])
def test_a_queue_grows(capacity: int | None, falls: int, found: int) -> None:
    store = WrittenStore()
    store.process(MAIN, "main", Role.WORKER)
    store.object(1, "Queue", "jobs", capacity=capacity)
    for second in range(48, 61):
        depth = 60 * (second - 47) - (200 if falls and second == 60 - falls else 0)
        store.counted(1, {MAIN: [times("put", depth)]}, depth, time_ns=second * SECOND)
    assert codes(store) == ["backlog-growing"] * found


def forking(apart: int, count: int = 12, stays: int = 12) -> WrittenStore:
    """Children that are forked so many seconds apart from the 20th one on, and live for half a
    second; the last ones of them stay as zombies."""
    store = WrittenStore()
    store.process(MAIN, "main", Role.WORKER)
    store.watched(MAIN)
    for number in range(10, 10 + count):
        at_ns = (20 + apart * (number - 10)) * SECOND
        making = Making("os.fork", 1, "/srv/shop.py:7")
        store.process(number, "answer", parent=MAIN, making=making, at_ns=at_ns)
        store.end(number, at_ns=at_ns + SECOND // 2)
    left = tuple(range(10 + count - stays, 10 + count))
    store.processes.apply(ProcessUnreaped(MAIN, left, len(left)))
    return store


def test_children_that_nobody_waits_for_pile_up() -> None:
    (found,) = causes(forking(apart=2))
    assert (found.code, found.weight) == ("zombies", Severity.HINT)
    words = found.words()
    assert words.title == "main does not wait for its children: 12 are zombies"
    assert "the first 39.5 s ago: answer (20), answer (21), answer (22) and 9 more" in (
        words.explanation
    )
    assert "at shop.py:7" in words.explanation
    assert "os.waitpid" in words.advice
    (found,) = causes(forking(apart=1, count=30, stays=30))
    assert found.weight is Severity.WARNING


@pytest.mark.parametrize(
    "store",
    [forking(apart=0), forking(apart=2, stays=4), forking(apart=3, stays=0)],
    ids=["all started at once", "a few", "waited for"],
)
def test_zombies_that_may_be_joined_are_none_of_that(store: WrittenStore) -> None:
    assert codes(store) == []


def test_zombies_are_gone_with_their_parent() -> None:
    store = forking(apart=2)
    store.end(MAIN)
    assert "zombies" not in codes(store)


def test_who_ends_just_after_it_has_sent_an_item_has_not_lost_that_one() -> None:
    store = WrittenStore()
    store.process(1)
    store.process(2, parent=1)
    store.object(1, "Queue", "rows")
    store.used(1, {2: [times("put", 5)], 1: [times("get", 1)]})
    store.end(2)
    where = unsent(Situation(store), store.objects[1])
    assert (where.kept, where.lost, where.sent) == ({}, {2: 4}, 0)
    store.used(1, {2: [times("put", 5)], 1: [times("get", 2)]})
    assert unsent(Situation(store), store.objects[1]).lost == {}  # others send, and are not counted
