"""A child that was forked while its parent had other threads, and waits for a lock that one of them
had: the lock was copied as it was, and the thread was not."""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.duration import duration
from ...store.process_row import ProcessRow
from ...translation import enumerated, tr, trn
from ...vocabulary.findings import Cure, Remedy, Severity
from ...vocabulary.kinds import ThreadKey
from ..waits.chain import is_left_behind
from ..waits.situation import who
from .cause import Cause, Words
from .view import View

_MOST_NAMED = 3


def forks_with_lock_held(view: View) -> Iterator[Cause]:
    """One for each such child: an error while others wait for it, else a hint."""
    left = [wait for wait in view.stuck() if is_left_behind(view.deed(wait))]
    for wait in left:
        row = view.row(wait[0])
        waiting = [
            other
            for other in view.stuck()
            if other != wait and any(link.node == wait for link in view.links(other))
        ]
        closed = frozenset(
            other
            for other in view.closed.waits
            if other not in left and view.row(other[0]).worker == row.worker
        )
        yield _found(view, wait, row, waiting, closed)


def _found(
    view: View,
    wait: ThreadKey,
    row: ProcessRow,
    waiting: list[ThreadKey],
    closed: frozenset[ThreadKey],
) -> Cause:
    deed = view.deed(wait)
    threads = row.making.threads if row.making is not None else 0
    parent = view.store.processes.get(row.parent or 0)
    others = dict.fromkeys(number for number, _ in (waiting or sorted(closed)))
    waiters = [view.row(number) for number in others]
    now_ns = view.now_ns

    def words() -> Words:
        process = who(row, row.number)
        title = tr(
            "{process} waits for ever for a lock, likely held when it was forked", process=row.label
        )
        told = [
            tr(
                "{process} has waited for {time} for a lock of its own, and has no other thread "
                "that could give it back: it will wait for ever.",
                process=process, time=duration(deed.elapsed_ns(now_ns) / 1e9),
            ),
            trn(
                "It was forked while {parent} had {count} thread.",
                "It was forked while {parent} had {count} threads: likely one of them held that "
                "lock, of logging, a library or the program, and only the thread that forks goes "
                "on in the child. (It may as well be an Event or a queue of threading, which other "
                "processes cannot set or fill.)",
                threads,
                parent=who(parent, row.parent or 0),
            ),
        ]  # fmt: skip
        if waiters:
            names = [who(one, one.number) for one in waiters[:_MOST_NAMED]]
            told.append(
                trn(
                    "{processes} waits for it.",
                    "{processes} wait for it.",
                    len(waiters),
                    processes=enumerated(names, len(waiters) - len(names)),
                )
            )
        advice = tr(
            "Start processes before threads, or use the start method forkserver or spawn. Its "
            "Python stack shows which lock it is. To go on now, end the child; the task of a Pool "
            "that it has in hand is lost then, and who waits for that waits on."
        )
        return Words(title, " ".join(told), advice)

    return Cause(
        code="fork-with-lock-held",
        which=(row.number,),
        words=words,
        since_ns=deed.since_ns,
        processes=(row.number, *others),
        evidence=view.evidence((wait,)),
        waits=frozenset((wait,)),
        entails=closed,
        proof=(deed.since_ns, tuple(waiting), len(closed)),
        cures=(Cure(Remedy.TERMINATE, row.number),),
        severity=Severity.ERROR if waiters else Severity.HINT,
    )
