"""A pool whose workers end before their first task, again and again: each is replaced by one that
does as well."""

from __future__ import annotations

from collections.abc import Iterator

from ...store.object_row import ObjectRow
from ...store.process_row import ProcessRow
from ...translation import tr, trn
from ...vocabulary.events import Role
from ...vocabulary.findings import Cure, Evidence, Remedy, Severity
from ...vocabulary.kinds import ThreadKey, kind_of
from ..waits.situation import how_it_ended, who
from .cause import Cause, Words
from .ends import why_it_ended
from .view import View

_FEWEST = 4  # that end so: by then it goes on and on
_FOR_RESULTS = ("wait", "join")


def respawn_storms(view: View) -> Iterator[Cause]:
    """One for each pool: an error while somebody waits for it, else a warning."""
    for number in _pools(view):
        pool = view.store.objects.get(number)
        if pool is None or kind_of(pool.type).worker is not Role.POOL_WORKER:
            continue
        ended = _ended(view, number)
        if not _goes_on_and_on(ended):
            continue
        members = view.situation.members(pool)
        if not members.tasks and not members.busy:
            waits = [
                wait
                for wait in view.waiting()
                if view.deed(wait).object == number
                and view.deed(wait).operation in _FOR_RESULTS
            ]  # fmt: skip
            yield _found(view, pool, ended, waits)


def _goes_on_and_on(ended: list[ProcessRow]) -> bool:
    """Whether those failed as well that took the place of those that took somebody's place."""
    first_ns = min((row.ended_ns or 0 for row in ended), default=0)
    began = sum(row.started_ns <= first_ns for row in ended)
    return len(ended) >= max(_FEWEST, 2 * began + 1)


def _pools(view: View) -> list[int]:
    """Those of which a worker has failed in its initializer."""
    return sorted({
        deed.object
        for row in view.processes
        if row.has_failed
        for deed in row.doing
        if deed.operation == "initializer" and deed.object is not None
    })  # fmt: skip


def _ended(view: View, pool: int) -> list[ProcessRow]:
    """Its workers that have failed in their initializer, the first one first."""
    found = [
        row
        for row in view.processes
        if row.has_failed
        and any(deed.operation == "initializer" and deed.object == pool for deed in row.doing)
    ]
    return sorted(found, key=lambda row: (row.ended_ns or 0, row.number))


def _found(view: View, pool: ObjectRow, ended: list[ProcessRow], waits: list[ThreadKey]) -> Cause:
    first, last = ended[0], ended[-1]
    maker = view.row(pool.creator)
    function = next(deed.text for deed in last.doing if deed.operation == "initializer")
    waiters = [view.row(number) for number, _ in waits]
    count = len(ended)

    def words() -> Words:
        title = tr(
            "Workers of {pool} end in their initializer {function}, again and again",
            pool=pool.phrase, function=function,
        )  # fmt: skip
        told = [
            trn(
                "{count} worker of {pool} has ended in the initializer {function} so far, before "
                "any task, and each was replaced by another one.",
                "{count} workers of {pool} have ended in the initializer {function} so far, before "
                "any task, and each was replaced by another one.",
                count,
                pool=pool.phrase, function=function,
            ),
            tr("The last one, {process}, {ended}.",
               process=who(last, last.number), ended=how_it_ended(last)),
            why_it_ended(last),
            tr("No task was begun."),
        ]  # fmt: skip
        for row in waiters[:1]:
            told.append(
                tr(
                    "{process} waits for results that never come.", process=who(row, row.number)
                )
            )  # fmt: skip
        advice = tr(
            "Let the initializer not fail: catch what it raises, or do what may fail in main "
            "before the pool is made. A ProcessPoolExecutor raises BrokenProcessPool instead."
        )
        return Words(title, " ".join(told), advice)

    return Cause(
        code="respawn-storm",
        which=(pool.number,),
        words=words,
        since_ns=first.ended_ns or view.now_ns,
        processes=(maker.number, first.number),  # not the last one, which is another one each time
        objects=(pool.number,),
        evidence=tuple(
            Evidence(
                first.number, deed.thread, deed.operation, deed.object, deed.since_ns, deed.site,
                deed.phrase,
            )
            for deed in first.doing
            if deed.operation == "initializer"
        ),
        waits=frozenset(waits),
        proof=(first.number, bool(waits)),
        cures=(Cure(Remedy.TERMINATE_TREE, maker.number),) if maker.is_live else (),
        severity=Severity.ERROR if waits or not maker.is_live else Severity.WARNING,
    )  # fmt: skip
