"""A process that ended inside a lock of a queue or a pool and took it along: nobody can get from
it, or put into it, any more."""

from __future__ import annotations

from collections.abc import Iterator

from ...translation import enumerated, tr, trn
from ...vocabulary.findings import Cure, Remedy
from ...vocabulary.kinds import INNER_LOCKS, ThreadKey, kind_of
from ..waits.inner_locks import lost_lock
from ..waits.situation import how_it_ended, who
from .cause import Cause, Words
from .ends import why_it_ended
from .view import View

_MOST_NAMED = 3


def queues_broken_by_kill(view: View) -> Iterator[Cause]:
    """One for each lock that is lost and that somebody waits for."""
    waits: dict[tuple[int, int], list[ThreadKey]] = {}  # by lock and who took it along
    for wait in view.stuck():
        lost = lost_lock(view.situation, view.deed(wait))
        if lost is not None:
            waits.setdefault((lost[0].number, lost[1]), []).append(wait)
    for (number, process), those in waits.items():
        yield _cause(view, number, process, those)


def _cause(view: View, number: int, process: int, waits: list[ThreadKey]) -> Cause:
    lock, dead = view.store.objects[number], view.row(process)
    wanted = view.object_of(waits[0])
    assert wanted is not None
    reads = lock.type == INNER_LOCKS["read"]
    waiters = [view.row(each) for each in dict.fromkeys(each for each, _ in waits)]
    ender = None if dead.terminated_by is None else view.store.processes.get(dead.terminated_by)

    def words() -> Words:
        names = [who(row, row.number) for row in waiters[:_MOST_NAMED]]
        named = enumerated(names, len(waiters) - len(names))
        title = tr(
            "{process} took the {lock} along: nobody gets from it any more",
            process=dead.label, lock=lock.label,
        ) if reads else tr(
            "{process} took the {lock} along: nothing goes into it any more",
            process=dead.label, lock=lock.label,
        )  # fmt: skip
        told = [
            tr(
                "{process} {ended} while it had the {lock}, which whoever uses {object} needs. "
                "Nobody can give it back.",
                process=who(dead, process), ended=how_it_ended(dead), lock=lock.label,
                object=wanted.phrase,
            ),
            "" if ender is None else tr(
                "It was {ender} that ended it.", ender=who(ender, ender.number)
            ),
            why_it_ended(dead),
            trn(
                "{waiters} waits for {object} and will do so for ever.",
                "{waiters} wait for {object} and will do so for ever.",
                len(waiters),
                waiters=named, object=wanted.phrase,
            ),
        ]  # fmt: skip
        if kind_of(wanted.type).is_pool:
            advice = tr(
                "Do not kill a worker of a pool; where one may die, use a ProcessPoolExecutor, "
                "which finds out. To go on now, end the pool and make a new one."
            )
        else:
            advice = tr(
                "Do not kill a process that uses a queue: let it come to its own end, by a "
                "sentinel or an Event. Its queue is of no use any more: make a new one, with new "
                "processes."
            )
        return Words(title, " ".join(filter(None, told)), advice)

    return Cause(
        code="queue-broken-by-kill",
        which=(number, process),
        words=words,
        since_ns=max(dead.ended_ns or 0, min(view.deed(wait).since_ns for wait in waits)),
        processes=(process, *(row.number for row in waiters)),
        objects=(wanted.number, number),
        evidence=view.evidence(waits),
        waits=frozenset(waits),
        cures=(
            Cure(Remedy.RELEASE, process, number),
            *(Cure(Remedy.TERMINATE, row.number) for row in waiters),
        ),
    )
