"""A child that was forked while its parent had other threads, and waits for a lock that one of them
had: the lock was copied as it was, and the thread was not."""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.duration import duration
from ...translation import tr, trn
from ...vocabulary.findings import Cure, Remedy, Severity
from ...vocabulary.kinds import ThreadKey
from ..waits.chain import is_left_behind
from ..waits.situation import who
from .cause import Cause, Words
from .closed_words import labels_of, names_of
from .view import View


def forks_with_lock_held(view: View) -> Iterator[Cause]:
    """One for each parent of such children: an error while others wait for them, else a hint."""
    left = [wait for wait in view.stuck() if is_left_behind(view.deed(wait))]
    families: dict[int | None, list[ThreadKey]] = {}
    for wait in left:
        families.setdefault(view.row(wait[0]).parent, []).append(wait)
    for waits in families.values():
        waiting = [
            other
            for other in view.stuck()
            if other not in waits and any(link.node in waits for link in view.links(other))
        ]
        run = view.row(waits[0][0]).worker
        closed = frozenset(
            other
            for other in view.closed.waits
            if other not in left and view.row(other[0]).worker == run
        )
        yield _found(view, waits, waiting, closed)


def _found(
    view: View, waits: list[ThreadKey], waiting: list[ThreadKey], closed: frozenset[ThreadKey]
) -> Cause:
    rows = [view.row(process) for process, _ in waits]
    first = min((view.deed(wait) for wait in waits), key=lambda deed: deed.since_ns)
    threads = max(0 if row.making is None else row.making.threads for row in rows)
    number = rows[0].parent or 0
    parent = view.store.processes.get(number)
    others = dict.fromkeys(number for number, _ in (waiting or sorted(closed)))
    waiters = [view.row(number) for number in others]
    now_ns = view.now_ns

    def words() -> Words:
        title = trn(
            "{names} waits for ever for a lock, likely held when it was forked",
            "{names} wait for ever for locks, likely held when they were forked",
            len(rows),
            names=labels_of(rows),
        )
        told = [
            trn(
                "{names} has waited for {time} for a lock of its own, and has no other thread "
                "that could give it back: it will wait for ever.",
                "{names} have waited, the first for {time}, each for a lock of its own, and have "
                "no other thread that could give it back: they will wait for ever.",
                len(rows),
                names=names_of(rows), time=duration(first.elapsed_ns(now_ns) / 1e9),
            ),
            trn(
                "{parent} forked while it had {count} thread.",
                "{parent} forked while it had {count} threads: likely one of them held that lock, "
                "of logging, a library or the program, and only the thread that forks goes on in "
                "the child. (It may as well be an Event or a queue of threading, which other "
                "processes cannot set or fill.)",
                threads,
                parent=who(parent, number),
            ),
        ]  # fmt: skip
        if waiters:
            told.append(
                trn(
                    "{processes} waits because of that.",
                    "{processes} wait because of that.",
                    len(waiters),
                    processes=names_of(waiters),
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
        which=(number,),
        words=words,
        since_ns=first.since_ns,
        processes=(*(row.number for row in rows), *others),
        evidence=view.evidence(waits),
        waits=frozenset(waits),
        entails=closed,
        proof=(tuple(waits), first.since_ns, tuple(waiting), len(closed)),
        cures=tuple(Cure(Remedy.TERMINATE, row.number) for row in rows),
        severity=Severity.ERROR if waiters else Severity.HINT,
    )
