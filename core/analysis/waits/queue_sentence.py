"""What is to be said of a get although, by the counts, there is something in the queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ...store.doing import Deed
from ...store.object_row import ObjectRow
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
    there = f"{_items(row.depth or 0)} {'is' if row.depth == 1 else 'are'} in it by the counts"
    if where.lost and not where.sent and not where.kept:
        return _lost_text(where, names)
    if deed.elapsed_ns(situation.now_ns) < _LONG_NS:
        return f"{there}, so one should come at once."
    for each in situation.processes:
        number = each.number
        if number == process or not _gets(situation, number, row):
            continue
        if each.signal is not None and not situation.lives(number):
            return (
                f"{there}, but {who(each, number)} was killed in the middle of a get, and may "
                "have taken the queue's own lock along."
            )
        if situation.is_suspended(number):
            return (
                f"{there}, but {who(each, number)} is suspended in the middle of a get, and may "
                "have the queue's own lock: nobody gets anything before it resumes."
            )
    if where.kept and not where.sent:
        suspended = [number for number in where.kept if situation.is_suspended(number)]
        told = suspended or list(where.kept)
        is_one = len(told) == 1
        state = f", which {'is' if is_one else 'are'} suspended," if suspended else ""
        verb = "has" if is_one else "have"
        count = sum(where.kept[number] for number in told)
        return f"{names(told)}{state} {verb} put {_items(count)} that {verb} not been sent yet."
    return f"{there}; it is not known why none comes."


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
    lost, one = sum(where.lost.values()), len(where.lost) == 1
    were, they = ("was", "it") if lost == 1 else ("were", "them")
    feeders = "its feeder thread" if one else "their feeder threads"
    return (
        f"{_items(lost)} put into it {were} never sent: {names(list(where.lost))} ended before "
        f"{feeders} had sent {they}."
    )


def _items(count: int) -> str:
    return f"{count:,} {'item' if count == 1 else 'items'}"
