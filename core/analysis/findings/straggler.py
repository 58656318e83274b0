"""A task of a pool that takes far longer than the others, while the workers beside it have nothing
to do and somebody waits.

How long each task took is not kept. All that the others did lies between the making of the pool and
now, so they took at most that long on average.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.duration import duration
from ...store.doing import Deed
from ...store.object_row import ObjectRow
from ...translation import tr, trn
from ...vocabulary.kinds import kind_of
from ..waits.pool_members import LostTask
from ..waits.pool_sentence import task_phrase
from ..waits.situation import who
from .cause import Cause, Words
from .view import View

_LONG_NS = 5_000_000_000
_TIMES = 10  # as long as the others took at most
_TASKS = 20  # of the others: with fewer, none is an exception
_WAITS = ("wait", "join", "result")


def stragglers(view: View) -> Iterator[Cause]:
    """One for each pool of which a single worker works."""
    if view.over:
        return
    for pool in view.objects:
        if kind_of(pool.type).worker is None or not _is_waited_for(view, pool):
            continue
        members = view.situation.members(pool)
        if len(members.busy) != 1 or not members.idle or members.unproven or members.lost:
            continue
        worker, thread = members.busy[0]
        deed = next((one for one in view.situation.deeds(worker) if one.operation == "task"), None)
        done = sum(count for number, count in members.tasks.items() if number != worker)
        if deed is None or deed.thread != thread or done < _TASKS:
            continue
        # At least so many shared the work; those that ended since make the bound no lower.
        peers = len(members.idle) + len(members.ended)
        usual_ns = peers * (view.now_ns - pool.created_ns) // done
        takes_ns = deed.elapsed_ns(view.now_ns)
        if takes_ns >= max(_LONG_NS, _TIMES * usual_ns):
            yield _found(view, pool, worker, deed, usual_ns)


def _is_waited_for(view: View, pool: ObjectRow) -> bool:
    waits = (wait for wait in view.waiting() if view.deed(wait).object == pool.number)
    return any(view.deed(wait).operation in _WAITS for wait in waits)


def _found(view: View, pool: ObjectRow, worker: int, deed: Deed, usual_ns: int) -> Cause:
    row, members = view.row(worker), view.situation.members(pool)
    idle = len(members.idle)
    takes_ns = deed.elapsed_ns(view.now_ns)

    def words() -> Words:
        task = task_phrase(LostTask(worker, deed.text, deed.number))
        return Words(
            tr(
                "All wait for {task} of {pool}, in {process}",
                task=task, pool=pool.phrase, process=row.label,
            ),
            tr(
                "{process} has been in {task} of {pool} for {time}; the others took {usual} each "
                "at most, on average.",
                process=who(row, worker), task=task, pool=pool.phrase,
                time=duration(takes_ns / 1e9), usual=duration(usual_ns / 1e9),
            )
            + " "
            + trn(
                "{count} worker has nothing to do meanwhile.",
                "{count} workers have nothing to do meanwhile.",
                idle,
            )
            + " "
            + tr(
                "Cut up and spread over all of them, it would take 1/{share} of the time.",
                share=str(idle + 1),
            ),
            tr(
                "Cut such a task into smaller ones, or submit the longest first. With `map`, a "
                "smaller `chunksize` keeps one worker from getting many slow tasks."
            ),
        )  # fmt: skip

    return Cause(
        code="straggler",
        which=(pool.number, worker, deed.number),
        words=words,
        since_ns=deed.since_ns,
        processes=(worker,),
        objects=(pool.number,),
    )
