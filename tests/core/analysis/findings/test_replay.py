"""Where the task that a worker ended in was kept, running it alone is what can be done about it."""

from __future__ import annotations

import pytest
from written_causes import causes
from written_store import WrittenStore, times

from spawnscope.core.analysis.findings.cause import Cause
from spawnscope.core.vocabulary.events import ObjectState, Role
from spawnscope.core.vocabulary.findings import Cure, Remedy
from spawnscope.core.vocabulary.kept_task import CallContext, KeptTask

MAIN, ONE, TWO = 1, 2, 3
POOL = 1
CODES = ("lost-pool-task", "broken-pool")


def cause(type_name: str, *tasks: KeptTask) -> Cause:
    """Of the end of worker ONE in a task of a pool, of which these are kept."""
    role = Role.POOL_WORKER if type_name == "Pool" else Role.EXECUTOR_WORKER
    store = WrittenStore()
    store.process(MAIN, "main.py")
    store.object(POOL, type_name, "pool")
    for worker in (ONE, TWO):
        store.process(worker, f"worker-{worker}", role, MAIN)
        store.doing(worker, "task", POOL, "render", worker - 1)
    store.used(POOL, {MAIN: [times("submit", 1)], ONE: [times("idle", 1)], TWO: [times("idle", 1)]})
    if type_name == "Pool":
        store.doing(MAIN, "wait", POOL, "render")
    else:
        store.objects.apply(ObjectState(POOL, 2, (times("broken", 1),), None, (), ()))
    for task in tasks:
        store.kept.apply(task)
    store.end(ONE, "SIGSEGV")
    (one,) = [each for each in causes(store) if each.code in CODES]
    return one


def kept(
    number: int, process: int = ONE, pool: int = POOL, error: str = "", kept: bool = True
) -> KeptTask:
    return KeptTask(number, process, 5, pool, 1, "render", error, 9, kept, CallContext())


@pytest.mark.parametrize(
    ("type_name", "code"), [("Pool", "lost-pool-task"), ("ProcessPoolExecutor", "broken-pool")]
)
def test_the_task_that_ended_the_worker_is_offered(type_name: str, code: str) -> None:
    others = kept(1, error="KeyError"), kept(2, TWO), kept(3, pool=2), kept(5, kept=False)
    one = cause(type_name, *others, kept(4))
    assert one.code == code
    offered = [cure for cure in one.cures if cure.remedy is Remedy.RUN_ALONE]
    assert offered == [Cure(Remedy.RUN_ALONE, ONE, POOL, "4")]
    assert "Its task was kept: run it alone" in one.words().advice


@pytest.mark.parametrize("type_name", ["Pool", "ProcessPoolExecutor"])
def test_without_one_it_is_said_how_to_have_it(type_name: str) -> None:
    one = cause(type_name)
    assert all(cure.remedy is not Remedy.RUN_ALONE for cure in one.cures)
    assert "With `--keep-failed-tasks`" in one.words().advice
