"""A pool that was terminated although somebody still wants a result of it: that never comes.

terminate(), the end of a `with` block --> workers are ended --> what has not come never will
"""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.place import file_and_line
from ...store.doing import Deed
from ...store.object_row import ObjectRow
from ...translation import tr
from ...vocabulary.events import Role
from ...vocabulary.findings import Cure, Remedy, Severity
from ...vocabulary.kinds import MAIN_THREAD, ThreadKey, kind_of
from ...vocabulary.operation import Operation
from ..waits.chain import SETTLED_NS, goes_on
from ..waits.pool_members import AT_WORK, LostTask
from ..waits.pool_sentence import task_phrase
from ..waits.situation import who
from .cause import Cause, Words
from .lost_pool_task import NOTICES, waiters_text
from .records import count_of, last_records
from .view import View


def terminated_pools(view: View) -> Iterator[Cause]:
    """One for each pool whose own program waits for it, without a limit, after it has ended all
    workers of it: an error if its main thread does. Raises SessionError."""
    waits: dict[tuple[int, int], dict[ThreadKey, Deed]] = {}
    for wait, deed in _waits(view):
        if deed.object is not None and deed.operation == "wait" and not goes_on(deed):
            waits.setdefault((deed.object, wait[0]), {})[wait] = deed
    for (number, process), deeds in waits.items():
        pool = view.store.objects.get(number)
        if pool is None or not _is_terminated(view, pool):
            continue
        for record in last_records(view, number, "terminate", processes=(process,))[-1:]:
            late = {
                wait: deed for wait, deed in deeds.items() if _is_late(view, wait, deed, record)
            }
            if late and record.process == process:
                yield _found(view, pool, record, late)


def _waits(view: View) -> Iterator[tuple[ThreadKey, Deed]]:
    """Those that go on, and those in which somebody's main thread has ended."""
    yield from ((wait, view.deed(wait)) for wait in view.waiting())
    for row in view.processes:
        if not row.is_live:
            yield from (
                ((row.number, deed.thread), deed)
                for deed in row.doing
                if deed.thread == MAIN_THREAD
            )


def _is_terminated(view: View, pool: ObjectRow) -> bool:
    """Whether that is done, and none of its workers lives: it does nothing in a forked copy."""
    if kind_of(pool.type).worker is not Role.POOL_WORKER or not count_of(pool, "terminate")[0]:
        return False
    members = view.situation.members(pool)
    by_library = {making.by for each in members.ended if (making := view.row(each).making)}
    return not (members.busy or members.idle or by_library & NOTICES)


def _is_late(view: View, wait: ThreadKey, deed: Deed, record: Operation) -> bool:
    """Whether it is sure to go on after the pool was terminated. A signal handler may do that in
    the midst of the wait, and then leave by other ways."""
    until_ns = view.row(wait[0]).ended_ns or view.now_ns
    in_midst = deed.thread == record.thread and deed.since_ns < record.end_ns
    return not in_midst and until_ns - max(deed.since_ns, record.end_ns) >= SETTLED_NS


def _found(view: View, pool: ObjectRow, record: Operation, deeds: dict[ThreadKey, Deed]) -> Cause:
    maker = view.row(record.process)
    jobs = {deed.number >> 32 for deed in deeds.values()}
    worker, task = next(
        (
            (row, LostTask(row.number, deed.text, deed.number))
            for row in view.processes
            if not row.is_live
            for deed in row.doing
            if deed.operation in AT_WORK
            and deed.object == pool.number
            and deed.number >> 32 in jobs
        ),
        (None, None),
    )
    place = file_and_line(record.site)

    def words() -> Words:
        name = who(maker, maker.number)
        title = tr(
            "{process} waits for a result of {pool}, which was terminated",
            process=maker.label, pool=pool.phrase,
        )  # fmt: skip
        told = [
            tr(
                "{process} terminated {pool} at {place}, by terminate() or as it left the `with` "
                "block of the pool: that ends its workers at once.",
                process=name, pool=pool.phrase, place=place,
            ) if place else tr(
                "{process} terminated {pool}, by terminate() or as it left the `with` block of "
                "the pool: that ends its workers at once.",
                process=name, pool=pool.phrase,
            )
        ]  # fmt: skip
        if worker is not None and task is not None:
            told.append(
                tr(
                    "{process} was in the middle of {task} then.",
                    process=who(worker, worker.number), task=task_phrase(task),
                )
            )  # fmt: skip
        told.append(tr("The result of a task that was not done by then never comes."))
        told.append(waiters_text([(view.row(number), deed) for (number, _), deed in deeds.items()]))
        advice = tr(
            "Ask for all results within the `with` block, or before terminate(); or call close() "
            "and join() first, which wait until all tasks are done. To go on now, end the program."
        )
        return Words(title, " ".join(told), advice)

    waits = frozenset(wait for wait in deeds if maker.is_live)
    in_main = any(thread == MAIN_THREAD for _, thread in deeds)
    return Cause(
        code="lost-pool-task",
        which=(pool.number,),
        words=words,
        since_ns=max(record.end_ns, min(deed.since_ns for deed in deeds.values())),
        processes=(maker.number, *(() if worker is None else (worker.number,))),
        objects=(pool.number,),
        evidence=view.evidence(waits),
        waits=waits,
        proof=(record.end_ns, tuple(deed.since_ns for deed in deeds.values())),
        cures=(Cure(Remedy.TERMINATE_TREE, maker.number),) if waits else (),
        severity=Severity.ERROR if in_main else Severity.WARNING,
    )
