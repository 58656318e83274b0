"""What is wrong follows from a state and nothing else: states that are written down, and the
finding of each, or that there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from written_causes import causes
from written_store import SECOND, WrittenStore, times

from spawnscope.core.vocabulary.events import (
    Making,
    ObjectState,
    OperationCount,
    Raised,
    Role,
)

MAIN, ONE, TWO = 1, 2, 3
FIRST_OF_FIRST, FIRST_OF_SECOND = 1, 1 << 32 | 1
BROKEN = Raised("concurrent.futures.process.BrokenProcessPool", "A process", "shop.py:3")
GONE = "hint crashed-worker: reader crashed: SyncManager-1, which it called, had ended before"
TERMINATED = "error lost-pool-task: main.py waits for a result of pool, which was"
KEY = Raised("KeyError", "'size'", "shop.py:9")


def _pool(store: WrittenStore, type_name: str = "Pool") -> None:
    role = Role.POOL_WORKER if type_name == "Pool" else Role.EXECUTOR_WORKER
    store.process(MAIN, "main.py")
    store.object(1, type_name, "pool")
    for worker in (ONE, TWO):
        store.process(worker, f"worker-{worker}", role, MAIN)
        store.doing(worker, "task", 1, "render", worker - 1)
    store.used(1, {MAIN: [times("submit", 1)], ONE: [times("idle", 1)], TWO: [times("idle", 1)]})


def _count(store: WrittenStore, *counts: OperationCount) -> None:
    store.objects.apply(ObjectState(1, 2 * SECOND, counts, None, (), ()))


def task_lost(store: WrittenStore) -> None:
    _pool(store)
    store.doing(MAIN, "wait", 1, "render")
    store.end(ONE, "SIGKILL")


def task_lost_of_another_submit(store: WrittenStore) -> None:
    _pool(store)
    store.doing(MAIN, "wait", 1, "render", FIRST_OF_SECOND)
    store.end(ONE, "SIGKILL")


def task_lost_as_the_waiter_ended(store: WrittenStore) -> None:
    task_lost(store)
    store.end(MAIN, "SIGTERM", at_ns=40 * SECOND)


def task_of_a_program_that_we_ended(store: WrittenStore) -> None:
    _pool(store)
    store.doing(MAIN, "wait", 1, "render")
    store.end(TWO, "SIGTERM", at_ns=40 * SECOND, sent=True)
    store.end(MAIN, "SIGTERM", at_ns=41 * SECOND, sent=True)


def task_lost_with_a_terminated_pool(store: WrittenStore) -> None:
    task_lost(store)
    _count(store, times("terminate", 1))
    store.used(1, {MAIN: [times("submit", 1), times("terminate", 1)]})


def _terminated(store: WrittenStore, by: int = MAIN, thread: str = "MainThread") -> None:
    """In the second second. The wait of the main thread has lasted since the first one."""
    _pool(store)
    store.done(1, "terminate", by, thread)
    for worker in (ONE, TWO):
        store.end(worker, "SIGTERM", ender=MAIN)


def result_wanted_of_a_terminated_pool(store: WrittenStore) -> None:
    _terminated(store)
    store.doing(MAIN, "wait", 1, "render", since_ns=3 * SECOND)


def result_wanted_as_a_thread_terminated_the_pool(store: WrittenStore) -> None:
    _terminated(store, thread="watchdog")
    store.doing(MAIN, "wait", 1, "render")


def wait_that_a_signal_handler_terminated_the_pool_of(store: WrittenStore) -> None:
    _terminated(store)
    store.doing(MAIN, "wait", 1, "render")


def terminated_in_a_forked_copy(store: WrittenStore) -> None:
    store.process(4, "copy", parent=MAIN)
    _terminated(store, by=4)
    store.doing(MAIN, "wait", 1, "render", since_ns=3 * SECOND)


def result_wanted_until_the_end(store: WrittenStore) -> None:
    result_wanted_of_a_terminated_pool(store)
    store.end(MAIN, "SIGTERM", at_ns=40 * SECOND)


def result_wanted_for_a_while(store: WrittenStore) -> None:
    _terminated(store)
    store.doing(MAIN, "wait", 1, "render", since_ns=3 * SECOND, limited=True)


def tasks_of_workers_that_their_pool_ended(store: WrittenStore) -> None:
    _pool(store)
    store.end(ONE, "SIGTERM", ender=MAIN)


def task_under_way(store: WrittenStore) -> None:
    _pool(store)
    store.doing(MAIN, "wait", 1, "render")


def result_delivered_by_the_last_worker(store: WrittenStore) -> None:
    _pool(store)
    store.doing(MAIN, "wait", 1, "render", FIRST_OF_SECOND)
    store.doing(ONE, "deliver", 1, "render", FIRST_OF_FIRST)
    store.end(ONE, "SIGTERM", ender=MAIN)


def task_lost_in_billiard(store: WrittenStore) -> None:
    store.process(ONE, "worker", Role.POOL_WORKER, MAIN, Making("billiard"))
    _pool(store)
    store.doing(MAIN, "wait", 1, "render", FIRST_OF_SECOND)
    store.end(ONE, "SIGKILL")


def _broken(store: WrittenStore) -> None:
    _pool(store, "ProcessPoolExecutor")
    _count(store, times("broken", 1))
    store.end(ONE, "SIGSEGV")
    store.end(TWO, "SIGTERM", at_ns=4 * SECOND, ender=MAIN)


def executor_broken_and_handled(store: WrittenStore) -> None:
    _broken(store)


def executor_broken(store: WrittenStore) -> None:
    _broken(store)
    store.end(MAIN, at_ns=5 * SECOND, raised=BROKEN)


def executor_broken_and_something_else_soon(store: WrittenStore) -> None:
    _broken(store)
    store.end(MAIN, at_ns=5 * SECOND, raised=KEY)


def executor_broken_and_something_else_later(store: WrittenStore) -> None:
    _broken(store)
    store.end(MAIN, at_ns=50 * SECOND, raised=KEY)


def workers_not_replaced(store: WrittenStore) -> None:
    _pool(store)
    store.doing(MAIN, "wait", 1, "render", FIRST_OF_SECOND)
    for worker in (ONE, TWO):
        store.doing(worker, "idle", 1)
        store.end(worker)
    store.failed(1, "replace", MAIN, "TypeError")


def _initializers_fail(store: WrittenStore, count: int) -> None:
    store.process(MAIN, "main.py")
    store.object(1, "Pool", "pool")
    store.doing(MAIN, "wait", 1, "render")
    for worker in range(2, 2 + count):
        began_ns = (worker - 1) * SECOND if worker > TWO else 0
        store.process(worker, f"worker-{worker}", Role.POOL_WORKER, MAIN, at_ns=began_ns)
        store.doing(worker, "initializer", 1, "connect")
        store.end(worker, at_ns=worker * SECOND, raised=KEY)


def storm(store: WrittenStore) -> None:
    _initializers_fail(store, 8)


def first_workers_fail(store: WrittenStore) -> None:
    _initializers_fail(store, 3)


def deaf(store: WrittenStore) -> None:
    _pool(store)
    store.doing(MAIN, "wait", 1, "render")
    store.failed(1, "task", ONE, "QuotaError", "render", FIRST_OF_FIRST)
    store.failed(1, "result", MAIN, "TypeError", "missing 1 argument: 'limit'")


def result_not_pickled_and_handled(store: WrittenStore) -> None:
    _pool(store)
    store.failed(1, "deliver", ONE, "TypeError: not sent", "render: Table.rows (generator)", 1)


def item_not_pickled(store: WrittenStore) -> None:
    store.process(MAIN, "main.py")
    store.process(ONE, "packer", parent=MAIN)
    store.object(1, "Queue", "orders")
    store.object(2, "Process", "packer", identity=f"process:{10 + MAIN}:{10 + ONE}")
    store.used(1, {MAIN: [times("put", 2)], ONE: [times("get", 1)]})
    store.failed(1, "feed", MAIN, "TypeError: never sent, Order", "Order.wrapping (_thread.lock)")
    store.doing(ONE, "get", 1)
    store.doing(MAIN, "join", 2)


def item_not_pickled_and_nobody_waits(store: WrittenStore) -> None:
    item_not_pickled(store)
    store.doing(ONE, "run", 2)


def item_not_pickled_for_oneself(store: WrittenStore) -> None:
    item_not_pickled_and_nobody_waits(store)
    failed = OperationCount("feed", 1, 0, 0, 0, 0, 1)
    store.used(1, {MAIN: [times("put", 2), times("get", 1), failed]})


def target_not_pickled(store: WrittenStore) -> None:
    store.process(MAIN, "main.py")
    store.object(1, "Process", "reader", identity="unstarted:11:1")
    store.failed(1, "start", MAIN, "TypeError", "read: args[0].lock (_thread.lock)")
    raised = Raised("TypeError", "cannot pickle '_thread.lock' object", "shop.py:7")
    store.end(MAIN, raised=raised)


def target_not_pickled_and_handled(store: WrittenStore) -> None:
    store.process(MAIN, "main.py")
    store.object(1, "Process", "reader", identity="unstarted:11:1")
    store.failed(1, "start", MAIN, "TypeError", "read: args[0].lock (_thread.lock)")


def task_not_pickled_and_executor_closed(store: WrittenStore) -> None:
    store.process(MAIN, "main.py")
    store.process(ONE, "ForkProcess-1", Role.EXECUTOR_WORKER, parent=MAIN)
    store.object(1, "ProcessPoolExecutor", "exe")
    store.failed(1, "feed", MAIN, "PicklingError", "<lambda>: function")
    store.doing(ONE, "idle", 1)
    store.doing(MAIN, "shutdown", 1)


def no_guard(store: WrittenStore) -> None:
    store.process(MAIN, "main.py")
    store.process(ONE, "Process-1", parent=MAIN)
    said = "An attempt has been made to start a new process before the bootstrapping phase"
    store.end(ONE, raised=Raised("RuntimeError", said, "shop.py:12"))


def crashed(store: WrittenStore) -> None:
    store.process(MAIN, "main.py")
    store.process(ONE, "reader", parent=MAIN, making=Making("multiprocessing"))
    store.object(1, "Queue", "records")
    store.used(1, {ONE: [times("put", 2)], MAIN: [times("get", 2)]})
    store.doing(MAIN, "get", 1)
    store.seen(MAIN)
    store.end(ONE, raised=KEY)


def crashed_and_handled(store: WrittenStore) -> None:
    crashed(store)
    store.doing(MAIN, "run", None)


def crashed_and_another_thread_goes_on(store: WrittenStore) -> None:
    crashed(store)
    store.seen(MAIN, threads=2)


def terminated_by_its_parent(store: WrittenStore) -> None:
    store.process(MAIN, "main.py")
    store.process(ONE, "reader", parent=MAIN, making=Making("multiprocessing"))
    store.end(ONE, "SIGTERM", ender=MAIN)


def _called(store: WrittenStore, place: str, ended: bool = True, killed: bool = False) -> None:
    """A child crashes in the third second: as its call fails, or at another place."""
    store.process(MAIN, "main.py")
    store.process(ONE, "SyncManager-1", Role.MANAGER_SERVER, MAIN)
    store.process(TWO, "reader", parent=MAIN, making=Making("multiprocessing"))
    store.object(1, "Manager.dict", "sizes")
    store.failed(1, "call", TWO, "FileNotFoundError")
    if ended:
        store.end(ONE, "SIGKILL" if killed else None, at_ns=2 * SECOND)
    store.end(TWO, raised=Raised("FileNotFoundError", "[Errno 2] No such file", place))


def called_a_manager_that_had_ended(store: WrittenStore) -> None:
    _called(store, "shop.py:7")


def called_a_manager_that_was_killed(store: WrittenStore) -> None:
    _called(store, "shop.py:7", killed=True)


def crashed_elsewhere_as_the_manager_had_ended(store: WrittenStore) -> None:
    _called(store, "shop.py:9")


def crashed_while_the_manager_lives(store: WrittenStore) -> None:
    _called(store, "shop.py:7", ended=False)


@pytest.mark.parametrize(
    ("write", "found"),
    [
        (task_lost, "error lost-pool-task: worker-2 took task 1 (render) of pool along"),
        (task_lost_of_another_submit, "hint lost-pool-task: worker-2 took task 1 (render)"),
        (task_lost_as_the_waiter_ended, "error lost-pool-task: worker-2 took task 1 (render)"),
        (task_of_a_program_that_we_ended, ""),
        (task_lost_with_a_terminated_pool, ""),
        (result_wanted_of_a_terminated_pool, TERMINATED),
        (result_wanted_as_a_thread_terminated_the_pool, TERMINATED),
        (result_wanted_until_the_end, TERMINATED),
        (wait_that_a_signal_handler_terminated_the_pool_of, ""),
        (terminated_in_a_forked_copy, ""),
        (result_wanted_for_a_while, ""),
        (tasks_of_workers_that_their_pool_ended, ""),
        (task_under_way, ""),
        (result_delivered_by_the_last_worker, ""),
        (task_lost_in_billiard, ""),
        (executor_broken_and_handled, "hint broken-pool: worker-2 broke pool in task 1 (render)"),
        (executor_broken, "error broken-pool: worker-2 broke pool in task 1 (render)"),
        (executor_broken_and_something_else_soon, "warning broken-pool: worker-2 broke pool"),
        (executor_broken_and_something_else_later, "hint broken-pool: worker-2 broke pool"),
        (workers_not_replaced, "error pool-worker-not-replaced: Nobody takes the place"),
        (storm, "error respawn-storm: Workers of pool end in their initializer connect"),
        (first_workers_fail, ""),
        (deaf, "error unpicklable-result: A result of pool could not be rebuilt"),
        (result_not_pickled_and_handled, "hint unpicklable-result: The result of render in pool"),
        (item_not_pickled, "error unpicklable-item: 1 item of orders could not be pickled"),
        (item_not_pickled_and_nobody_waits, "warning unpicklable-item: 1 item of orders"),
        (item_not_pickled_for_oneself, "hint unpicklable-item: 1 item of orders"),
        (target_not_pickled, "error unpicklable-target: reader could not be started"),
        (target_not_pickled_and_handled, "hint unpicklable-target: reader could not be started"),
        (task_not_pickled_and_executor_closed, "error unpicklable-target: A task of exe was never"),
        (no_guard, "error missing-main-guard: shop.py starts processes as it is imported"),
        (crashed, "error crashed-worker: reader crashed: KeyError: 'size' (shop.py:9)"),
        (crashed_and_handled, "hint crashed-worker: reader crashed: KeyError"),
        (crashed_and_another_thread_goes_on, "hint crashed-worker: reader crashed: KeyError"),
        (terminated_by_its_parent, ""),
        (called_a_manager_that_had_ended, GONE),
        (called_a_manager_that_was_killed, GONE),
        (crashed_elsewhere_as_the_manager_had_ended, "hint crashed-worker: reader crashed: File"),
        (crashed_while_the_manager_lives, "hint crashed-worker: reader crashed: FileNotFound"),
    ],
)
def test_each_state_has_its_finding(write: Callable[[WrittenStore], None], found: str) -> None:
    store = WrittenStore()
    write(store)
    found_now = causes(store)
    told = [f"{each.weight.value} {each.code}: {each.words().title}" for each in found_now]
    assert len(told) == bool(found), told
    assert not found or told[0].startswith(found), told
    for each in found_now:
        words = each.words()
        assert words.explanation
        assert words.advice
        assert "{" not in f"{words.title}{words.explanation}{words.advice}"


@pytest.mark.parametrize(
    ("ended", "said"),
    [({}, "sys.exit"), ({"sent": True}, "End no worker"), ({"ender": MAIN}, "End no worker")],
)
def test_the_advice_on_a_lost_task_fits_who_ended_its_worker(
    ended: dict[str, Any], said: str
) -> None:
    store = WrittenStore()
    _pool(store)
    store.doing(MAIN, "wait", 1, "render")
    store.end(ONE, "SIGTERM", **ended)
    (found,) = causes(store)
    assert found.code == "lost-pool-task"
    assert said in found.words().advice


@pytest.mark.parametrize(("sent", "said"), [(False, "See why"), (True, "End no worker")])
def test_the_advice_on_a_broken_executor_fits_who_ended_its_worker(sent: bool, said: str) -> None:
    store = WrittenStore()
    _pool(store, "ProcessPoolExecutor")
    _count(store, times("broken", 1))
    store.end(ONE, "SIGTERM", sent=sent)
    (found,) = causes(store)
    assert found.code == "broken-pool"
    assert found.words().advice.startswith(said)
