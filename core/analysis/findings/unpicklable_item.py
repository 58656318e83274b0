"""What was put into a queue and could not be pickled: put() returned, and the queue's feeder thread
gave the item up."""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.place import file_and_line
from ...store.object_row import ObjectRow
from ...translation import enumerated, tr, trn
from ...vocabulary.findings import Evidence, Severity
from ...vocabulary.kinds import ThreadKey, kind_of
from ...vocabulary.operation import Operation
from ..waits.chain import goes_on
from ..waits.situation import who
from ..waits.unsent import unsent
from .cause import Cause, Words
from .records import FAILED, count_of, last_records
from .view import View

_MOST_NAMED = 3
_NEVER_SENT = ": never sent, "  # untranslated: what the record says


def unpicklable_items(view: View) -> Iterator[Cause]:
    """One for each queue: an error while somebody waits for what never comes, a hint where it would
    have gone to nobody else, else a warning."""
    for row in view.objects:
        if kind_of(row.type).buffered and (failed := count_of(row, "feed")[1]):
            waits = _waits(view, row)
            yield _found(view, row, failed, waits)


def _waits(view: View, row: ObjectRow) -> list[ThreadKey]:
    """Who waits for what is gone: who gets from it although nothing is on its way, and who waits
    until all that was put is done."""
    found = []
    for wait in view.stuck():
        deed = view.deed(wait)
        if deed.object == row.number and deed.operation == "get" and not goes_on(deed):
            where = unsent(view.situation, row)
            if not where.kept and not where.sent:
                found.append(wait)
    for wait in view.waiting():
        deed = view.deed(wait)
        if deed.object == row.number and deed.operation == "join":
            put, done = count_of(row, "put")[0], count_of(row, "task_done")[0]
            if put - done <= count_of(row, "feed")[1]:
                found.append(wait)
    return found


def _found(view: View, row: ObjectRow, failed: int, waits: list[ThreadKey]) -> Cause:
    records = last_records(view, row.number, "feed", outcome=FAILED)
    first = records[0] if records else None
    putters = [
        view.row(number)
        for number, count in view.situation.users(row.number, "feed").items()
        if count.errors
    ]
    waiters = [view.row(number) for number, _ in waits]
    own = {each.number for each in putters}
    others = [each for each in view.situation.users(row.number, "get") if each not in own]

    def words() -> Words:
        names = enumerated([who(each, each.number) for each in putters[:_MOST_NAMED]])
        title = trn(
            "{count} item of {queue} could not be pickled and is gone",
            "{count} items of {queue} could not be pickled and are gone",
            failed,
            queue=row.phrase,
        )
        told = []
        if first is not None and first.site:
            told.append(
                tr(
                    "{process} put an item ({item}) into {queue} at {place}.",
                    process=names, item=_item(first), queue=row.phrase,
                    place=file_and_line(first.site),
                )
            )  # fmt: skip
        else:
            told.append(
                tr("{process} put it into {queue}.", process=names, queue=row.phrase)
            )  # fmt: skip
        if first is not None:
            told.append(tr("It could not be pickled, by {error}.", error=_why(first)))
        told.append(
            tr(
                "put() had returned by then: the queue's feeder thread gave the item up, and its "
                "traceback on stderr has no line of the program in it."
            )
        )
        if waiters:
            waiting = enumerated([who(each, each.number) for each in waiters[:_MOST_NAMED]])
            told.append(
                trn(
                    "{processes} waits for what will never come.",
                    "{processes} wait for what will never come.",
                    len(waiters),
                    processes=waiting,
                )
            )
        advice = tr(
            "Put plain data: leave out locks, files, connections, generators and lambdas, or drop "
            "such attributes in __getstate__. pickle.dumps(item) before put() raises where the "
            "item is made."
        )
        return Words(title, " ".join(told), advice)

    return Cause(
        code="unpicklable-item",
        which=(row.number,),
        words=words,
        since_ns=min((each.end_ns for each in records), default=row.created_ns),
        processes=(
            *(each.number for each in putters), *dict.fromkeys(each.number for each in waiters)
        ),
        objects=(row.number,),
        evidence=(*(map(_evidence, records)), *view.evidence(waits)),
        waits=frozenset(waits),
        proof=(failed, *(view.deed(wait).since_ns for wait in waits)),
        severity=Severity.ERROR if waits else Severity.WARNING if others else Severity.HINT,
    )  # fmt: skip


def _item(record: Operation) -> str:
    return (record.preview or "").partition(_NEVER_SENT)[2] or tr("an object")


def _why(record: Operation) -> str:
    error = (record.preview or "").partition(":")[0]
    return f"{error}: {record.text}" if record.text else error


def _evidence(record: Operation) -> Evidence:
    return Evidence(
        record.process, record.thread, record.operation, record.object, record.start_ns,
        record.site, record.preview or "",
    )  # fmt: skip
