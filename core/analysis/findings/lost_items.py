"""Items that were put into a queue and will never come out: who put them took them along.

    put --buffer of the process--> feeder thread --> pipe --> get
             '-- lost with an end by os._exit, by a signal, or after cancel_join_thread

It is an error where somebody waits for them, else a warning; and a hint where it is what was asked
for, by cancel_join_thread, or by an end that the parent or a signal to end brought about.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...store.object_row import ObjectRow
from ...store.process_row import ProcessRow
from ...translation import tr, trn
from ...vocabulary.findings import Severity
from ...vocabulary.kinds import kind_of
from ..waits.unsent import unsent
from .cause import Cause, Words
from .closed_group import ClosedGroup, root_groups
from .closed_words import ended_text, labels_of, names_of, waiting_text
from .view import View

_POLITE = frozenset(("SIGTERM", "SIGINT", "SIGHUP"))  # by which a program is asked to end


def lost_items(view: View) -> Iterator[Cause]:
    """One for each queue that lost some."""
    waited = {group.row.number: group for group in root_groups(view) if group.lost}
    for queue in view.objects:
        if not kind_of(queue.type).buffered or not _may_have_lost(queue):
            continue
        lost = {view.row(each): count for each, count in unsent(view.situation, queue).lost.items()}
        lost = {row: count for row, count in lost.items() if not _by_us(row)}
        if lost and not view.is_told("lost-items", queue.number):
            yield _found(view, queue, lost, waited.get(queue.number))


def _by_us(row: ProcessRow) -> bool:
    """Whether it ended by a signal of ours, or with the session."""
    return row.lost or row.sent or row.stopping is not None


def _may_have_lost(queue: ObjectRow) -> bool:
    """By the totals: more was put than sent."""
    left = 0
    for each in queue.counts:
        if each.operation == "put":
            left += each.count
        elif each.operation == "feed":
            left -= each.count + each.errors
    return left > 0


def _found(
    view: View, queue: ObjectRow, lost: dict[ProcessRow, int], group: ClosedGroup | None
) -> Cause:
    wished = view.situation.users(queue.number, "cancel_join_thread")
    asked = [
        row
        for row in lost
        if row.number in wished or row.terminated_by is not None or row.signal in _POLITE
    ]
    count = sum(lost.values())
    rows = list(lost)
    cancelled = any(row.number in wished for row in rows)
    severity = Severity.HINT if len(asked) == len(rows) else Severity.WARNING
    if group is not None:
        severity = Severity.ERROR
    put = sum(each.count for each in view.situation.users(queue.number, "put").values())

    def words() -> Words:
        story = [
            trn(
                "{count} item of {put} that were put into {queue} was never sent.",
                "{count} items of {put} that were put into {queue} were never sent.",
                count,
                put=format(put, ","), queue=queue.phrase,
            ),
            _how(rows, cancelled),
        ]  # fmt: skip
        if group is not None:
            story.append(waiting_text(group))
            story.append(tr("Nobody is left who could put any more into it."))
        return Words(
            trn(
                "{count} item that {names} put into {queue} was never sent",
                "{count} items that {names} put into {queue} were never sent",
                count,
                names=labels_of(rows), queue=queue.phrase,
            ),
            " ".join(story),
            tr(
                "Let a process that has put something come to its own end, or call `close` and "
                "`join_thread` on {queue} before `os._exit`; do not call `cancel_join_thread` "
                "where items matter.",
                queue=queue.phrase,
            ),
        )  # fmt: skip

    waits = frozenset(group.waits if group is not None else ())
    return Cause(
        code="lost-items",
        which=(queue.number,),
        words=words,
        since_ns=max(row.ended_ns or 0 for row in rows),
        processes=(
            *(row.number for row in rows),
            *(row.number for row in (group.waiters if group is not None else ())),
        ),
        objects=(queue.number,),
        evidence=view.evidence(wait for wait in waits if wait in view.graph.deeds),
        waits=waits,
        entails=group.follows if group is not None else frozenset(),
        proof=tuple((row.number, items) for row, items in lost.items()),
        severity=severity,
    )


def _how(rows: list[ProcessRow], cancelled: bool) -> str:
    """Why they were not sent."""
    if cancelled:
        return trn(
            "{ended}, after a call of `cancel_join_thread`: its feeder thread was not waited for.",
            "{ended}, after a call of `cancel_join_thread`: their feeder threads were not waited "
            "for.",
            len(rows),
            ended=ended_text(rows),
        )
    if all(row.signal is None for row in rows):
        return trn(
            "{names} ended without waiting for its feeder thread, as by `os._exit`.",
            "{names} ended without waiting for their feeder threads, as by `os._exit`.",
            len(rows),
            names=names_of(rows),
        )
    return trn(
        "{ended}, before its feeder thread had sent it all.",
        "{ended}, before their feeder threads had sent it all.",
        len(rows),
        ended=ended_text(rows),
    )
