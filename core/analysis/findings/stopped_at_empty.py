"""Items that nobody took, since the consumers ended as soon as the queue said that it is empty.

    put --buffer--> feeder thread, later --> pipe          empty(), get_nowait(): "nothing is there"
                                                           '--> the consumer ends; the rest stays

What `empty` says is about the pipe, so it says so as well before the first item has been sent. That
it is the reason shows where each consumer asked once more than it got, and ended then.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...store.object_row import ObjectRow
from ...store.process_row import ProcessRow
from ...translation import tr, trn
from ...vocabulary.events import OperationCount
from ...vocabulary.findings import Severity
from ...vocabulary.kinds import kind_of
from .cause import Cause, Words
from .closed_words import names_of
from .view import View

_AT_ONCE_NS = 1_000_000  # in which a get that does not block comes back


def stopped_at_empty(view: View) -> Iterator[Cause]:
    """One for each queue with items that all its consumers left."""
    for queue in view.objects:
        if not kind_of(queue.type).buffered or not _may_concern(queue):
            continue
        counts = {each.operation: view.situation.users(queue.number, each.operation)
                  for each in queue.counts}  # fmt: skip
        put = sum(each.count for each in counts.get("put", {}).values())
        gets, asks = counts.get("get", {}), counts.get("empty", {})
        left = put - sum(each.count for each in gets.values())
        consumers = [view.row(each) for each in dict.fromkeys((*gets, *asks))]
        stopped = [row for row in consumers if _stopped(row, gets, asks)]
        if left > 0 and stopped and len(stopped) == len(consumers):
            yield _found(queue, stopped, put, left, bool(asks))


def _may_concern(queue: ObjectRow) -> bool:
    names = {each.operation for each in queue.counts}
    vain = any(each.operation == "get" and each.timeouts for each in queue.counts)
    return "put" in names and ("empty" in names or vain)


def _stopped(
    row: ProcessRow, gets: dict[int, OperationCount], asks: dict[int, OperationCount]
) -> bool:
    """Whether it ended in order after it was told once that there is nothing."""
    if row.is_live or row.exit_code != 0 or row.signal is not None:
        return False
    got, asked = gets.get(row.number), asks.get(row.number)
    count = got.count if got is not None else 0
    if asked is not None:
        return asked.count == count + 1
    return got is not None and got.timeouts == 1 and got.waited_ns <= _AT_ONCE_NS * (count + 1)


def _found(
    queue: ObjectRow, consumers: list[ProcessRow], put: int, left: int, asked: bool
) -> Cause:
    def words() -> Words:
        how = "empty()" if asked else "get_nowait()"
        return Words(
            trn(
                "{count} item was left in {queue} by consumers that ended too soon",
                "{count} items were left in {queue} by consumers that ended too soon",
                left,
                queue=queue.phrase,
            ),
            trn(
                "{put} items were put into {queue}, and {count} was left when all that took items "
                "out had ended: {names}. Each ended when {how} told it that nothing was there, "
                "which it says as well while items have not been sent yet.",
                "{put} items were put into {queue}, and {count} were left when all that took items "
                "out had ended: {names}. Each ended when {how} told it that nothing was there, "
                "which it says as well while items have not been sent yet.",
                left,
                put=format(put, ","), queue=queue.phrase, names=names_of(consumers), how=how,
            ),
            tr(
                "Put a sentinel, such as None, into {queue} for each consumer when the last item "
                "is in, and let consumers go on until they get one.",
                queue=queue.phrase,
            ),
        )  # fmt: skip

    return Cause(
        code="lost-items",
        which=(queue.number, "empty"),
        words=words,
        since_ns=max(row.ended_ns or 0 for row in consumers),
        processes=tuple(row.number for row in consumers),
        objects=(queue.number,),
        proof=(left,),
        severity=Severity.WARNING,
    )
