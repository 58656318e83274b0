"""A lock, semaphore or condition that somebody held who has ended: nobody gives it back."""

from __future__ import annotations

from collections.abc import Iterator

from ...store.object_row import ObjectRow
from ...translation import enumerated, tr, trn
from ...vocabulary.findings import Cure, Remedy
from ...vocabulary.kinds import Holding, Relation, kind_of
from ..waits.situation import how_it_ended, who
from ..waits.wait import State
from .cause import Cause, Words
from .view import View

_MOST_NAMED = 3


def locks_held_by_dead(view: View) -> Iterator[Cause]:
    """One for each lock that others wait for; they are explained by it."""
    waits: dict[tuple[int, int], list[tuple[int, str]]] = {}  # by lock and its dead holder
    for wait in view.stuck():
        row = view.object_of(wait)
        if row is None or kind_of(row.type).holding is Holding.NOBODY:
            continue
        dead = [
            link.candidate.process
            for link in view.links(wait)
            if link.candidate.relation is Relation.HOLDS and link.state is State.ENDED
        ]
        if dead and not (_may_be_meant(view, row, dead[0]) and view.is_handed_on(wait)):
            waits.setdefault((row.number, dead[0]), []).append(wait)
    for (number, process), those in waits.items():
        yield _found(view, number, process, those)


def _may_be_meant(view: View, row: ObjectRow, dead: int) -> bool:
    """Whether it may have left it for others to release: who ends in order may, and a semaphore may
    count what others bring."""
    if kind_of(row.type).holding is Holding.SEVERAL:
        return True
    holder = view.row(dead)
    return holder.exit_code == 0 and holder.signal is None


def _found(view: View, number: int, process: int, waits: list[tuple[int, str]]) -> Cause:
    lock, holder = view.store.objects[number], view.row(process)
    waiters = [view.row(each) for each, _ in waits]

    def words() -> Words:
        names = [who(row, row.number) for row in waiters[:_MOST_NAMED]]
        named = enumerated(names, len(waiters) - len(names))
        return Words(
            tr("{process} ended while it held {lock}", process=holder.label, lock=lock.phrase),
            trn(
                "{holder} {ended} while it held {lock}, so nobody can release it any more. "
                "{waiters} waits for it and will do so for ever.",
                "{holder} {ended} while it held {lock}, so nobody can release it any more. "
                "{waiters} wait for it and will do so for ever.",
                len(waiters),
                holder=who(holder, process), ended=how_it_ended(holder), lock=lock.phrase,
                waiters=named,
            ),
            tr(
                "Take the lock in a `with` statement, and do not kill a process that may hold it: "
                "let it come to its own end, by an Event or a sentinel. To go on now, end those "
                "that wait, or have the lock released."
            ),
        )  # fmt: skip

    return Cause(
        code="lock-held-by-dead-process",
        which=(number, process),
        words=words,
        since_ns=max(holder.ended_ns or 0, min(view.deed(wait).since_ns for wait in waits)),
        processes=(process, *dict.fromkeys(each for each, _ in waits)),
        objects=(number,),
        evidence=view.evidence(waits),
        waits=frozenset(waits),
        cures=(Cure(Remedy.RELEASE, process, number),),
    )
