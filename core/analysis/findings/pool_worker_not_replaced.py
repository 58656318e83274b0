"""A pool in which nobody works any more: its workers have ended, and no other one is started."""

from __future__ import annotations

from collections.abc import Iterator

from ...store.object_row import ObjectRow
from ...translation import tr, trn
from ...vocabulary.findings import Cure, Remedy, Severity
from ...vocabulary.kinds import ThreadKey, kind_of
from ..waits.chain import goes_on
from ..waits.pool_members import PoolMembers
from ..waits.situation import how_it_ended, who
from .cause import Cause, Words
from .records import FAILED, count_of, last_records
from .view import View

_FOR_RESULTS = ("wait", "join", "shutdown")
_AT_REST_NS = 5_000_000_000  # without any worker: one that starts is there by then


def workers_not_replaced(view: View) -> Iterator[Cause]:
    """One for each pool. The error of what was to start a worker is certain; where there is none,
    that nobody comes is only likely."""
    waits: dict[int, list[ThreadKey]] = {}
    for wait in view.waiting():
        deed = view.deed(wait)
        if deed.object is not None and deed.operation in _FOR_RESULTS and not goes_on(deed):
            waits.setdefault(deed.object, []).append(wait)
    for pool in view.objects:
        if not kind_of(pool.type).is_pool or count_of(pool, "terminate")[0]:
            continue
        failed = count_of(pool, "replace")[1]
        waiting = waits.get(pool.number, [])
        if failed or (waiting and _may_rest(view, pool)):
            members = view.situation.members(pool)
            if failed or (not members.busy and not members.idle and _is_empty(view, pool, members)):
                yield _found(view, pool, members, waiting, bool(failed))


def _may_rest(view: View, pool: ObjectRow) -> bool:
    """Whether nothing has happened to it for long, and it is not broken."""
    changed = max(pool.state_ns, pool.created_ns)
    return view.now_ns - changed >= _AT_REST_NS and not count_of(pool, "broken")[0]


def _is_empty(view: View, pool: ObjectRow, members: PoolMembers) -> bool:
    """Whether workers that it had have ended, all in order, and no process was started since."""
    ended = [view.row(number) for number in members.ended]
    if not ended or not all(row.exit_code == 0 and row.watched for row in ended):
        return False
    last_ns = max(row.ended_ns or 0 for row in ended)
    if view.now_ns - last_ns < _AT_REST_NS:
        return False
    done = sum(members.tasks.values())
    return done > 0 and not any(row.is_live and row.started_ns >= last_ns for row in view.processes)


def _found(
    view: View,
    pool: ObjectRow,
    members: PoolMembers,
    waits: list[ThreadKey],
    failed: bool,
) -> Cause:
    maker = view.row(pool.creator)
    left = len(members.busy) + len(members.idle)
    last = view.row(members.ended[0]) if members.ended else None
    error = ""
    if failed:
        records = last_records(view, pool.number, "replace", outcome=FAILED)
        error = (records[-1].preview or "") if records else ""
    waiters = [(view.row(number), view.deed((number, thread))) for number, thread in waits]
    stuck = not left and bool(waits)

    def words() -> Words:
        title = tr("Nobody takes the place of workers of {pool} that ended", pool=pool.phrase)
        told = []
        if last is not None:
            told.append(
                tr(
                    "{process}, a worker of {pool}, {ended}.",
                    process=who(last, last.number), pool=pool.phrase, ended=how_it_ended(last),
                )
            )  # fmt: skip
        if failed:
            told.append(
                tr(
                    "To start another one failed with {error} in {maker}, and that ended the "
                    "thread that sees to it: none is started any more.",
                    error=error or tr("an exception"), maker=who(maker, maker.number),
                )
            )  # fmt: skip
        else:
            told.append(
                tr(
                    "None of its workers lives, none has been started since, and {maker} still "
                    "waits: it is likely that none ever will be.",
                    maker=who(maker, maker.number),
                )
            )
        told += [
            trn(
                "{count} worker is left.", "{count} workers are left.", left
            )
            if left
            else tr("No worker is left: tasks that are not done never will be.")
        ]  # fmt: skip
        for row, deed in waiters[:1]:
            told.append(
                tr(
                    "{process} waits in {operation}.",
                    process=who(row, row.number), operation=deed.phrase,
                )
            )  # fmt: skip
        if failed:
            advice = tr(
                "A worker that comes later is given the initializer and its arguments as they are "
                "then: keep them such that they can be pickled for as long as the pool lives, or "
                "do without maxtasksperchild. The traceback of the thread is on stderr."
            )
        else:
            advice = tr(
                "An executor with max_tasks_per_child may fail to start workers for tasks that are "
                "submitted already, in some versions of Python: do without it, or use a newer one."
            )
        return Words(title, " ".join(told), advice)

    return Cause(
        code="pool-worker-not-replaced",
        which=(pool.number,),
        words=words,
        since_ns=max(pool.created_ns, (last.ended_ns or 0) if last is not None else 0),
        processes=(maker.number, *(() if last is None else (last.number,))),
        objects=(pool.number,),
        evidence=view.evidence(waits),
        waits=frozenset(waits) if stuck else frozenset(),
        proof=(left, *(view.deed(wait).since_ns for wait in waits)),
        cures=(Cure(Remedy.TERMINATE_TREE, maker.number),) if stuck else (),
        severity=Severity.ERROR if stuck else Severity.HINT,
    )
