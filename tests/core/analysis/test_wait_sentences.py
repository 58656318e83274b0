"""What is said of a wait follows from a state and nothing else: states that are written down, and
the sentence of each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from written_store import SECOND, WrittenStore, times

from spawnscope.core.analysis.waits.chain import waits_of
from spawnscope.core.analysis.waits.situation import Situation
from spawnscope.core.analysis.waits.wait import Verdict
from spawnscope.core.vocabulary.events import OperationCount, Role

WHO = 1  # waits in object 1


def lock_held(store: WrittenStore) -> None:
    store.object(1, "Lock", "door")
    store.held(1, by=2)
    store.doing(WHO, "acquire", 1)


def lock_held_by_a_dead_one(store: WrittenStore) -> None:
    store.object(1, "Lock", "door")
    store.end(2, "SIGKILL", holding=[1])
    store.doing(WHO, "acquire", 1)


def lock_held_by_a_suspended_one(store: WrittenStore) -> None:
    lock_held(store)
    store.suspend(2)


def lock_held_by_one_that_waits(store: WrittenStore) -> None:
    lock_held(store)
    store.object(2, "Event", "go", maker=3)
    store.doing(2, "wait", 2)


def two_locks_crossed(store: WrittenStore) -> None:
    lock_held(store)
    store.object(2, "RLock", "gate")
    store.held(2, by=WHO)
    store.doing(2, "acquire", 2)


def semaphore_as_a_signal(store: WrittenStore) -> None:
    store.object(1, "Semaphore", "slots")
    store.used(1, {2: [times("release", 3)]})
    store.doing(WHO, "acquire", 1)


def queue_fed_by_two(store: WrittenStore) -> None:
    store.object(1, "Queue", "jobs")
    store.used(1, {2: [times("put", 1)], 3: [times("put", 5)]})
    store.doing(WHO, "get", 1)


def queue_of_the_dead(store: WrittenStore) -> None:
    queue_fed_by_two(store)
    store.end(2)
    store.end(3, "SIGSEGV")


def queue_that_nobody_empties(store: WrittenStore) -> None:
    store.object(1, "JoinableQueue", "jobs")
    store.doing(WHO, "put", 1)


def queue_with_what_cannot_be_pickled(store: WrittenStore) -> None:
    store.object(1, "Queue", "jobs")
    failed = OperationCount("feed", 2, 0, 0, 0, 0, 1)
    store.used(1, {2: [times("put", 3), failed], WHO: [times("get", 2)]})
    store.doing(WHO, "get", 1)


def feeder_in_a_full_pipe(store: WrittenStore) -> None:
    store.object(1, "Queue", "jobs")
    store.used(1, {WHO: [times("put", 3)], 2: [times("get", 1)]})
    store.doing(WHO, "feed", 1)


def map_with_a_lost_task(store: WrittenStore) -> None:
    store.object(1, "Pool", "Pool")
    for worker in (4, 5):
        store.process(worker, f"ForkPoolWorker-{worker}", Role.POOL_WORKER, parent=WHO)
    store.used(1, {WHO: [times("submit", 2)], 4: [times("idle", 1)], 5: [times("idle", 1)]})
    store.doing(4, "task", 1, "render", 1 << 32 | 3)
    store.end(4, "SIGKILL")
    store.doing(5, "task", 1, "render", 2 << 32 | 1)
    store.doing(WHO, "wait", 1, "render", 1 << 32)


def map_that_lost_nothing(store: WrittenStore) -> None:
    map_with_a_lost_task(store)
    store.doing(WHO, "wait", 1, "render", 2 << 32)


def pool_whose_results_are_not_taken_in(store: WrittenStore) -> None:
    pool_at_work(store)
    failed = OperationCount("result", 3, 0, 0, 0, 0, 1)
    store.used(1, {WHO: [times("submit", 1), failed], 4: [times("idle", 1)]})


def pool_that_could_not_replace_its_worker(store: WrittenStore) -> None:
    store.object(1, "Pool", "Pool")
    store.process(4, "ForkPoolWorker-4", Role.POOL_WORKER, parent=WHO)
    store.end(4)
    failed = OperationCount("replace", 0, 0, 0, 0, 0, 1)
    store.used(1, {WHO: [times("submit", 2), failed], 4: [times("idle", 1), times("task", 1)]})
    store.doing(WHO, "wait", 1)


def pool_of_failing_initializers(store: WrittenStore) -> None:
    store.object(1, "Pool", "Pool")
    for worker in (4, 5):
        store.process(worker, f"ForkPoolWorker-{worker}", Role.POOL_WORKER, parent=WHO)
        store.doing(worker, "initializer", 1, "open_map")
        store.end(worker, "SIGBUS")
    store.used(1, {WHO: [times("submit", 1)], 4: [times("idle", 1)], 5: [times("idle", 1)]})
    store.doing(WHO, "wait", 1)


def queue_whose_read_lock_is_lost(store: WrittenStore) -> None:
    store.object(1, "Queue", "jobs", identity="fd:1:2")
    store.used(1, {3: [times("put", 5)]})
    store.object(2, "read lock", "read lock of jobs", identity="lock:read:fd:1:2")
    store.end(2, "SIGKILL", holding=[2])
    store.doing(WHO, "get", 1)


def pool_whose_read_lock_is_lost(store: WrittenStore) -> None:
    store.object(1, "Pool", "pool", identity="pool:1")
    for worker in (4, 5):
        store.process(worker, f"ForkPoolWorker-{worker}", Role.POOL_WORKER, parent=WHO)
        store.doing(worker, "idle", 1)
    store.object(2, "read lock", "read lock of pool", identity="lock:read:pool:1")
    store.end(4, "SIGKILL", holding=[2])
    store.doing(WHO, "wait", 1)


def event_set_before(store: WrittenStore) -> None:
    store.object(1, "Event", "go")
    store.used(1, {2: [times("set", 1)]})
    store.doing(WHO, "wait", 1)


def barrier(store: WrittenStore) -> None:
    store.object(1, "Barrier", "line")
    store.used(1, {2: [times("wait", 4)], 3: [times("wait", 4)]})
    store.doing(WHO, "wait", 1)


def joined_child(store: WrittenStore) -> None:
    store.object(1, "Process", "p2")
    store.doing(2, "run", 1)
    store.doing(WHO, "join", 1)


def pool_at_work(store: WrittenStore) -> None:
    store.object(1, "Pool", "Pool")
    store.process(4, "ForkPoolWorker-1", Role.POOL_WORKER, parent=WHO)
    store.used(1, {WHO: [times("submit", 1)]})
    store.doing(4, "task", 1, "work")
    store.doing(WHO, "wait", 1)


def call_to_a_manager(store: WrittenStore) -> None:
    store.object(1, "SyncManager", "")
    store.process(4, "SyncManager-1", Role.MANAGER_SERVER, parent=WHO)
    store.doing(WHO, "call", 1)


STATES: list[tuple[Callable[[WrittenStore], None], Verdict, str]] = [
    (lock_held, Verdict.OPEN, "Held by p2 (12)."),
    (
        lock_held_by_a_dead_one, Verdict.NOBODY,
        "Held by p2 (12), which was killed by SIGKILL: nobody can release it.",
    ),
    (
        lock_held_by_a_suspended_one, Verdict.PAUSED,
        "Held by p2 (12), which is suspended: nothing happens until it resumes.",
    ),
    (lock_held_by_one_that_waits, Verdict.LATER, "Held by p2 (12), which waits itself."),
    (
        two_locks_crossed, Verdict.DEADLOCK,
        "Deadlock: p1 waits for p2 (lock door), and p2 waits for p1 (RLock gate).",
    ),
    (semaphore_as_a_signal, Verdict.OPEN, "p2 (12) releases it."),
    (queue_fed_by_two, Verdict.OPEN, "p3 (13) and p2 (12) put into it."),
    (
        queue_of_the_dead, Verdict.NOBODY,
        "Both processes that ever put into it have ended: nothing more comes from there.",
    ),
    (queue_that_nobody_empties, Verdict.UNKNOWN, "Nobody has taken anything out so far."),
    (
        queue_with_what_cannot_be_pickled, Verdict.OPEN,
        ("p2 (12) puts into it. 1 item that p2 (12) put into it could not be pickled, and was "
        "never sent."),
    ),
    (feeder_in_a_full_pipe, Verdict.OPEN, "p2 (12) gets from it."),
    (
        map_with_a_lost_task, Verdict.NOBODY,
        ("ForkPoolWorker-4 (14) was killed by SIGKILL in the middle of task 2.3 (render): its "
        "result never comes, and nobody else works on it."),
    ),
    (map_that_lost_nothing, Verdict.OPEN, "ForkPoolWorker-5 (15) works on its tasks."),
    (
        pool_whose_results_are_not_taken_in, Verdict.NOBODY,
        ("A result could not be rebuilt from its pickle, and that ended the thread of the pool "
        "that takes results in: none comes any more."),
    ),
    (
        pool_that_could_not_replace_its_worker, Verdict.NOBODY,
        ("A worker could not be replaced, and that ended the thread of the pool that starts "
        "workers: nobody takes its place any more."),
    ),
    (
        pool_of_failing_initializers, Verdict.UNKNOWN,
        ("2 of its workers have ended in the initializer open_map, before any task; the last one, "
        "ForkPoolWorker-5 (15), was killed by SIGBUS."),
    ),
    (
        queue_whose_read_lock_is_lost, Verdict.NOBODY,
        ("p2 (12) was killed by SIGKILL while it had the read lock of jobs: nobody can give that "
        "back, and whoever needs it waits for ever."),
    ),
    (
        pool_whose_read_lock_is_lost, Verdict.NOBODY,
        ("ForkPoolWorker-4 (14) was killed by SIGKILL while it had the read lock of pool: nobody "
        "can give that back, and whoever needs it waits for ever."),
    ),
    (event_set_before, Verdict.OPEN, "p2 (12) sets it."),
    (barrier, Verdict.OPEN, "p2 (12) and p3 (13) come to it as well."),
    (joined_child, Verdict.OPEN, "It ends when p2 (12) ends."),
    (pool_at_work, Verdict.OPEN, "ForkPoolWorker-1 (14) works on its tasks."),
    (
        call_to_a_manager, Verdict.OPEN,
        "SyncManager-1 (14) answers its calls; what this one waits for there is not known.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "verdict", "sentence"), STATES, ids=[state.__name__ for state, *_ in STATES]
)
def test_a_state_says_how_a_wait_ends(
    state: Callable[[WrittenStore], None], verdict: Verdict, sentence: str
) -> None:
    store = WrittenStore()
    for number in (1, 2, 3):
        store.process(number)
    state(store)
    (wait,) = waits_of(Situation(store), WHO)
    assert (wait.sentence, wait.verdict) == (sentence, verdict)


def test_who_ended_together_with_others_is_told_as_if_they_lived() -> None:
    store = WrittenStore()
    for number in (1, 2, 3):
        store.process(number)
    lock_held(store)
    store.end(2, "SIGKILL", holding=[1])
    store.end(WHO, "SIGKILL", at_ns=3 * SECOND + SECOND // 10)
    (last,) = waits_of(Situation(store, 3 * SECOND + SECOND // 10), WHO)
    assert (last.verdict, last.sentence) == (Verdict.OPEN, "Held by p2 (12).")
    (later,) = waits_of(Situation(store, 4 * SECOND), WHO)
    assert later.verdict is Verdict.NOBODY
