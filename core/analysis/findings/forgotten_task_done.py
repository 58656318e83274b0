"""Who joins a queue of which not all items are marked as done any more."""

from __future__ import annotations

from ...translation import tr, trn
from .cause import Words
from .closed_group import ClosedGroup
from .closed_words import ended_text, labels_of, names_of, others_text, waiting_text


def never_done(group: ClosedGroup) -> Words:
    """What is to be said of it."""
    queue = group.row.phrase
    put, got, done = (group.total(each) for each in ("put", "get", "task_done"))
    story = [
        waiting_text(group),
        trn(
            "{count} item was put into it, {got} taken out, and {done} marked as done.",
            "{count} items were put into it, {got} taken out, and {done} marked as done.",
            put,
            got=format(got, ","), done=format(done, ","),
        ),
    ]  # fmt: skip
    takers = [row for row in group.users if row.number in group.counts.get("get", {})]
    ended = [row for row in takers if not row.is_live]
    if got > done and takers:
        story.append(
            trn(
                "{names} took {count} item out without a call of `task_done`.",
                "{names} took {count} items out without a call of `task_done`.",
                got - done,
                names=names_of(takers),
            )
        )
    if put > got:
        story.append(
            trn(
                "{count} item is still in it, and nobody takes any out.",
                "{count} items are still in it, and nobody takes any out.",
                put - got,
            )
        )
    if ended:
        story.append(tr("Of its consumers, {ended}.", ended=ended_text(ended)))
    story.append(others_text(group))
    return Words(
        trn(
            "{names} waits in join of {queue} for {count} item that nobody will mark as done",
            "{names} waits in join of {queue} for {count} items that nobody will mark as done",
            max(1, put - done),
            names=labels_of(group.waiters), queue=queue,
        ),
        " ".join(story),
        tr(
            "Call `task_done` once for each item that was got, in a `finally`, also for sentinels "
            "and for items that fail. To go on now, end {names}.",
            names=names_of(group.waiters),
        ),
    )  # fmt: skip
