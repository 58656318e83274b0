"""What is to be said of a get although, by the counts, there is something in the queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...store.doing import Deed
from ...store.object_row import ObjectRow
from ...translation import trn
from .situation import Situation, who
from .unsent import Unsent, unsent
from .wait import Verdict

_LONG_NS = 1_000_000_000  # after so long an item that is there should have come

Names = Callable[[Sequence[int]], str]
"""Processes in words, by number: "worker-1 (4711) and worker-2 (4712)"."""


def queue_sentence(
    situation: Situation,
    process: int,
    deed: Deed,
    row: ObjectRow,
    names: Names,
) -> str:
    """Why none of the items comes, as far as that is known."""
    where = unsent(situation, row)
    depth = row.depth or 0
    if where.lost and not where.sent and not where.kept:
        return _lost_text(where, names)
    if deed.elapsed_ns(situation.now_ns) < _LONG_NS:
        return trn(
            "{count} item is in it by the counts, so one should come at once.",
            "{count} items are in it by the counts, so one should come at once.",
            depth,
        )
    for each in situation.processes:
        number = each.number
        if number == process or not _gets(situation, number, row):
            continue
        # Where locks inside are known, whoever ended with one has been told of by now.
        if each.signal is not None and not situation.lives(number) and not row.identity:
            return trn(
                "{count} item is in it by the counts, but {process} was killed in the middle of a "
                "get, and may have taken the queue's own lock along.",
                "{count} items are in it by the counts, but {process} was killed in the middle of "
                "a get, and may have taken the queue's own lock along.",
                depth,
                process=who(each, number),
            )
        if situation.is_suspended(number):
            return trn(
                "{count} item is in it by the counts, but {process} is suspended in the middle of "
                "a get, and may have the queue's own lock: nobody gets anything before it resumes.",
                "{count} items are in it by the counts, but {process} is suspended in the middle "
                "of a get, and may have the queue's own lock: nobody gets anything before it "
                "resumes.",
                depth,
                process=who(each, number),
            )
    if where.kept and not where.sent:
        suspended = [number for number in where.kept if situation.is_suspended(number)]
        return _kept_text(where, suspended, names)
    return trn(
        "{count} item is in it by the counts; it is not known why none comes.",
        "{count} items are in it by the counts; it is not known why none comes.",
        depth,
    )


def unpicklable_sentence(situation: Situation, row: ObjectRow, names: Names) -> str:
    """That items put into it could not be pickled, and so never left; "" if all could."""
    failed = {
        process: count.errors
        for process, count in situation.users(row.number, "feed").items()
        if count.errors
    }
    if not failed:
        return ""
    return trn(
        "{count} item that {names} put into it could not be pickled, and was never sent.",
        "{count} items that {names} put into it could not be pickled, and were never sent.",
        sum(failed.values()),
        names=names(list(failed)),
    )


def _kept_text(where: Unsent, suspended: Sequence[int], names: Names) -> str:
    told = suspended or list(where.kept)
    count = sum(where.kept[number] for number in told)
    if suspended and len(told) == 1:
        return trn(
            "{names}, which is suspended, has put {count} item that has not been sent yet.",
            "{names}, which is suspended, has put {count} items that have not been sent yet.",
            count,
            names=names(told),
        )
    if suspended:
        return trn(
            "{names}, which are suspended, have put {count} item that has not been sent yet.",
            "{names}, which are suspended, have put {count} items that have not been sent yet.",
            count,
            names=names(told),
        )
    if len(told) == 1:
        return trn(
            "{names} has put {count} item that has not been sent yet.",
            "{names} has put {count} items that have not been sent yet.",
            count,
            names=names(told),
        )
    return trn(
        "{names} have put {count} item that has not been sent yet.",
        "{names} have put {count} items that have not been sent yet.",
        count,
        names=names(told),
    )


def items_verdict(situation: Situation, process: int, deed: Deed, row: ObjectRow) -> Verdict:
    """How a get may end although it waits by something that is there."""
    if deed.elapsed_ns(situation.now_ns) < _LONG_NS:
        return Verdict.OPEN
    others = [each.number for each in situation.processes if each.number != process]
    if any(situation.is_suspended(each) and _gets(situation, each, row) for each in others):
        return Verdict.PAUSED
    where = unsent(situation, row)
    if where.sent or not where.kept:
        return Verdict.UNKNOWN
    return Verdict.PAUSED if all(map(situation.is_suspended, where.kept)) else Verdict.OPEN


def _gets(situation: Situation, process: int, row: ObjectRow) -> bool:
    return any(
        deed.object == row.number and deed.operation == "get" for deed in situation.deeds(process)
    )


def _lost_text(where: Unsent, names: Names) -> str:
    lost = sum(where.lost.values())
    who_put = names(list(where.lost))
    if len(where.lost) == 1:
        return trn(
            "{count} item put into it was never sent: {names} ended before its feeder thread had "
            "sent it.",
            "{count} items put into it were never sent: {names} ended before its feeder thread had "
            "sent them.",
            lost,
            names=who_put,
        )
    return trn(
        "{count} item put into it was never sent: {names} ended before their feeder threads had "
        "sent it.",
        "{count} items put into it were never sent: {names} ended before their feeder threads had "
        "sent them.",
        lost,
        names=who_put,
    )
