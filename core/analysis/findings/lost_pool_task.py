"""A worker of a pool that ended in the middle of a task: its result never comes. multiprocessing's
pools put another worker in its place, and say nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.duration import duration
from ...sentences.place import file_and_line
from ...store.doing import Deed
from ...store.object_row import ObjectRow
from ...store.process_row import ProcessRow
from ...translation import enumerated, tr, trn
from ...vocabulary.events import Role
from ...vocabulary.findings import Cure, Evidence, Remedy, Severity
from ...vocabulary.kinds import ThreadKey, kind_of
from ..waits.pool_members import AT_WORK, LostTask, PoolMembers
from ..waits.pool_sentence import task_phrase
from ..waits.situation import how_it_ended, who
from .cause import Cause, Words
from .ends import why_it_ended
from .replay import replay_advice, replays
from .view import View

NOTICES = frozenset(("billiard",))
"""Libraries whose pools find out, and say so to whoever waits."""
_MOST_NAMED = 3


def lost_pool_tasks(view: View) -> Iterator[Cause]:
    """One for each pool: an error while somebody waits for what never comes, else a hint."""
    for number in _pools(view):
        pool = view.store.objects.get(number)
        if pool is None or kind_of(pool.type).worker is not Role.POOL_WORKER:
            continue
        members = view.situation.members(pool)
        if _ended_with_session(view, pool, members):
            continue
        waits = [
            wait
            for wait in view.stuck()
            if view.deed(wait).object == number and members.lost_of(view.deed(wait)) is not None
        ]
        last = {} if waits else _last_words(view, pool, members)
        if waits or last or _may_matter(view, pool, members):
            deeds = last or {wait: view.deed(wait) for wait in waits}
            yield _found(view, pool, members, deeds, frozenset(waits))


def _pools(view: View) -> list[int]:
    """Those of which a worker has ended in a task."""
    return sorted({
        deed.object
        for row in view.processes
        if not row.is_live
        for deed in row.doing
        if deed.operation in AT_WORK and deed.object is not None
        and not _went_with_all(view, row, deed.object)
        and (row.making is None or row.making.by not in NOTICES)
    })  # fmt: skip


def _went_with_all(view: View, worker: ProcessRow, number: int) -> bool:
    """Whether we ended it along with who made its pool."""
    pool = view.store.objects.get(number)
    maker = None if pool is None else view.store.processes.get(pool.creator)
    return worker.sent and maker is not None and (maker.sent or maker.is_stopping)


def _last_words(view: View, pool: ObjectRow, members: PoolMembers) -> dict[ThreadKey, Deed]:
    """The waits for what was lost that somebody has ended in."""
    return {
        (row.number, deed.thread): deed
        for row in view.processes
        if not row.is_live
        for deed in row.doing
        if deed.object == pool.number and members.lost_of(deed) is not None
    }


def _ended_with_session(view: View, pool: ObjectRow, members: PoolMembers) -> bool:
    """Whether Spawnscope ended the workers together with whoever made the pool: a stop of all."""
    maker = view.store.processes.get(pool.creator)
    everybody = [view.row(task.process) for task in members.lost]
    return maker is not None and maker.sent and all(row.sent for row in everybody)


def _may_matter(view: View, pool: ObjectRow, members: PoolMembers) -> bool:
    """Whether somebody may yet wait for it: of what its own program ended, nobody does."""
    maker = view.store.processes.get(pool.creator)
    return (
        maker is not None
        and maker.is_live
        and any(view.row(task.process).terminated_by is None for task in members.lost)
    )


def _found(
    view: View,
    pool: ObjectRow,
    members: PoolMembers,
    deeds: dict[ThreadKey, Deed],
    waits: frozenset[ThreadKey],
) -> Cause:
    waited = [task for deed in deeds.values() if (task := members.lost_of(deed)) is not None]
    # Of several that were lost, the first one: it may have brought the others about.
    lost = min(
        [task for task in members.lost if not waited or _is_of(task, waited)] or waited,
        key=lambda task: (view.row(task.process).ended_ns or 0, task.process),
    )
    worker = view.row(lost.process)
    began_ns = next(deed.since_ns for deed in worker.doing if deed.operation in AT_WORK)
    ended_ns = worker.ended_ns or view.now_ns
    more = len(members.lost) - 1
    waiting = [(view.row(number), deed) for (number, _), deed in deeds.items()]
    replay = replays(view, lost.process, pool.number)

    def words() -> Words:
        process, task, ended = who(worker, worker.number), task_phrase(lost), how_it_ended(worker)
        title = tr(
            "{process} took {task} of {pool} along",
            process=worker.label, task=task, pool=pool.phrase,
        )  # fmt: skip
        told = [
            tr(
                "{process} {ended} in the middle of {task} of {pool}, {time} after it had begun.",
                process=process, ended=ended, task=task, pool=pool.phrase,
                time=duration((ended_ns - began_ns) / 1e9),
            ),
            why_it_ended(worker),
            tr(
                "A pool puts another worker into its place, but gives nobody the task again: its "
                "result never comes."
            ),
            waiters_text(waiting),
        ]  # fmt: skip
        if more:
            told.append(
                trn(
                    "{count} more task was lost in such a way.",
                    "{count} more tasks were lost in such a way.",
                    more,
                )
            )
        if _was_meant(worker):
            first = tr(
                "End no worker of a pool that has a task in hand, or give the pool that task again."
            )
        else:
            first = tr(
                "See why the worker ended, and let the task not end its process: no sys.exit or "
                "os._exit in it, less memory at a time."
            )
        then = tr(
            "ProcessPoolExecutor raises BrokenProcessPool where a Pool waits; with a Pool, wait by "
            "get(timeout=...). To go on now, end the program."
        )
        last = "" if _was_meant(worker) and not replay else replay_advice(replay)
        advice = " ".join(filter(None, (first, then, last)))
        return Words(title, " ".join(filter(None, told)), advice)

    return Cause(
        code="lost-pool-task",
        which=(pool.number,),
        words=words,
        since_ns=ended_ns,
        processes=(lost.process, *dict.fromkeys(number for number, _ in deeds)),
        objects=(pool.number,),
        evidence=(
            *(
                Evidence(
                    worker.number, deed.thread, deed.operation, deed.object, deed.since_ns,
                    deed.site, deed.phrase,
                )
                for deed in worker.doing
                if deed.operation in AT_WORK
            ),
            *view.evidence(waits),
        ),
        waits=waits,
        proof=(lost, tuple(deed.since_ns for deed in deeds.values())),
        cures=(
            *(Cure(Remedy.TERMINATE_TREE, number) for number, _ in list(deeds)[:1] if waits),
            *replay,
        ),
        severity=Severity.ERROR if deeds else Severity.HINT,
    )  # fmt: skip


def _was_meant(worker: ProcessRow) -> bool:
    """Whether somebody ended it on purpose: the user here, or its own program."""
    return worker.sent or worker.terminated_by is not None


def _is_of(task: LostTask, waited: list[LostTask]) -> bool:
    """Whether it is of a submit that somebody waits for."""
    return any(task.number >> 32 == one.number >> 32 for one in waited)


def waiters_text(waiting: list[tuple[ProcessRow, Deed]]) -> str:
    """A sentence on who waits for a result, and where."""
    if not waiting:
        return tr("Nobody waits for it without a limit just now.")
    names = []
    for row, deed in waiting[:_MOST_NAMED]:
        name = who(row, row.number)
        names.append(
            tr("{process} (at {place})", process=name, place=file_and_line(deed.site))
            if deed.site
            else name
        )
    named = enumerated(names, len(waiting) - len(names))
    return trn(
        "{processes} waits for it and will do so for ever.",
        "{processes} wait for it and will do so for ever.",
        len(waiting),
        processes=named,
    )
