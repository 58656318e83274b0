"""Who takes items out of a queue that nobody fills any more, or fills one that nobody empties."""

from __future__ import annotations

from ...sentences.duration import duration
from ...translation import tr, trn
from .cause import Words
from .closed_group import ClosedGroup
from .closed_words import ended_text, labels_of, names_of, others_text, waiting_text


def nothing_comes(group: ClosedGroup) -> Words:
    """Of those who get."""
    queue = group.row.phrase
    put, got = group.total("put"), group.total("get")
    ended = [row for row, _ in group.done if not row.is_live]
    living = [row for row, _ in group.done if row.is_live]  # they join those who get
    story = [waiting_text(group)]
    if living:
        story.append(
            trn(
                "{count} item was put into it and {got} taken out.",
                "{count} items were put into it and {got} taken out.",
                put,
                got=format(got, ","),
            )
        )
        story.append(
            trn(
                "{names}, which put into it, waits for the end of those who get from it.",
                "{names}, which put into it, wait for the end of those who get from it.",
                len(living),
                names=names_of(living),
            )
        )
    elif ended:
        story.append(
            trn(
                "{count} item was put into it and {got} taken out; nobody puts into it any "
                "more: {ended}.",
                "{count} items were put into it and {got} taken out; nobody puts into it any "
                "more: {ended}.",
                put,
                got=format(got, ","), ended=ended_text(ended),
            )
        )  # fmt: skip
    elif put:
        story.append(tr("Only who waits now has put anything into it so far."))
    else:
        story.append(tr("Nobody has ever put anything into it."))
    story.append(others_text(group))
    fed = _fed_to_the_end(group)
    if fed:
        story.append(
            trn(
                "{count} other consumer has come to its end, so it is likely that there were fewer "
                "sentinels than consumers.",
                "{count} other consumers have come to their ends, so it is likely that there were "
                "fewer sentinels than consumers.",
                fed,
            )
        )
    return Words(
        trn(
            "{names} waits for {queue}, and nobody is left who puts into it",
            "{names} wait for {queue}, and nobody is left who puts into it",
            len(group.waiters),
            names=labels_of(group.waiters), queue=queue,
        ),
        " ".join(story),
        tr(
            "When the last item is in, put a sentinel, such as None, into {queue} for each "
            "consumer, also where a producer fails (`finally`). To go on now, end those that wait.",
            queue=queue,
        ),
    )  # fmt: skip


def _fed_to_the_end(group: ClosedGroup) -> int:
    """How many that took items out have come to an end in order."""
    gets = group.counts.get("get", {})
    return sum(
        row.exit_code == 0
        for row in group.users
        if row.number in gets and row.signal is None and not row.is_live
    )


def nothing_goes(group: ClosedGroup) -> Words:
    """Of those who put into a full queue."""
    queue, row = group.row.phrase, group.row
    ended = [each for each, _ in group.done]
    story = [waiting_text(group)]
    story.append(
        tr(
            "It is full, with {depth} of {capacity} items in it.",
            depth=format(row.depth or 0, ","), capacity=format(row.capacity or 0, ","),
        )
    )  # fmt: skip
    if ended:
        story.append(tr("Nobody takes items out of it any more: {ended}.", ended=ended_text(ended)))
    else:
        story.append(tr("Nobody has ever taken anything out of it."))
    story.append(others_text(group))
    return Words(
        trn(
            "{names} waits to put into {queue}, which is full, and nobody is left who takes "
            "anything out",
            "{names} wait to put into {queue}, which is full, and nobody is left who takes "
            "anything out",
            len(group.waiters),
            names=labels_of(group.waiters), queue=queue,
        ),
        " ".join(story),
        tr(
            "Let whoever empties {queue} go on until all producers are done, also where an item "
            "fails, or give the put a timeout. To go on now, end {names}.",
            queue=queue, names=names_of(group.waiters),
        ),
    )  # fmt: skip


def nothing_leaves(group: ClosedGroup) -> Words:
    """Of who waits at its end until all that it put has been sent."""
    queue = group.row.phrase
    ended = [each for each, _ in group.done]
    story = [
        trn(
            "{names} has come to its end, and has waited for {time} for its feeder thread to send "
            "what it put into {queue}; the pipe is full.",
            "{names} have come to their ends, and have waited, the first for {time}, for their "
            "feeder threads to send what they put into {queue}; the pipe is full.",
            len(group.waiters),
            names=names_of(group.waiters), queue=queue, time=duration(group.seconds),
        )
    ]  # fmt: skip
    if ended:
        story.append(tr("Nobody takes items out of it any more: {ended}.", ended=ended_text(ended)))
    else:
        story.append(tr("Nobody has ever taken anything out of it."))
    story.append(others_text(group))
    if ended:
        title = tr(
            "{names} cannot end before {queue} is emptied, and nobody is left who does that",
            names=labels_of(group.waiters), queue=queue,
        )  # fmt: skip
        advice = tr(
            "Take everything out of {queue} before the last consumer ends; where the rest does not "
            "matter, call `cancel_join_thread` on it. To go on now, end {names}.",
            queue=queue, names=names_of(group.waiters),
        )  # fmt: skip
    else:
        title = tr(
            "{names} cannot end before {queue} is emptied, and nobody takes anything out",
            names=labels_of(group.waiters), queue=queue,
        )  # fmt: skip
        advice = tr(
            "Let somebody take everything out of {queue} before {names} ends, such as a "
            "QueueListener where it is for logging; where the rest does not matter, call "
            "`cancel_join_thread` on it. To go on now, end {names}.",
            queue=queue, names=names_of(group.waiters),
        )  # fmt: skip
    return Words(title, " ".join(story), advice)
