"""Who waits for an event that nobody is left to set, or for a condition that nobody notifies."""

from __future__ import annotations

from ...translation import tr, trn
from .cause import Words
from .closed_group import ClosedGroup
from .closed_words import ended_text, labels_of, others_text, waiting_text


def never_set(group: ClosedGroup) -> Words:
    """Of an event."""
    event, times = group.row.phrase, group.total("set")
    story = [waiting_text(group)]
    ended = [row for row, _ in group.done]
    if ended:
        story.append(
            trn(
                "It was set {count} time and is clear now; who set it has ended: {ended}.",
                "It was set {count} times and is clear now; who set it has ended: {ended}.",
                times,
                ended=ended_text(ended),
            )
        )
    elif times:
        story.append(tr("Only who waits now has set it so far, and it is clear now."))
    else:
        story.append(tr("Nobody has ever set it."))
    story.append(others_text(group))
    return Words(
        trn(
            "{names} waits for {event}, and nobody is left who sets it",
            "{names} wait for {event}, and nobody is left who sets it",
            len(group.waiters),
            names=labels_of(group.waiters), event=event,
        ),
        " ".join(story),
        tr(
            "Call `set` on {event} on every way out of who is to set it, also where that fails "
            "(`finally`), or wait with a timeout and look whether it still lives. To go on now, "
            "end those that wait.",
            event=event,
        ),
    )  # fmt: skip


def never_notified(group: ClosedGroup) -> Words:
    """Of a condition."""
    condition, times = group.row.phrase, group.total("notify")
    story = [waiting_text(group)]
    ended = [row for row, _ in group.done]
    if times:
        story.append(
            trn(
                "It was notified {count} time in all: whoever came to wait only then is not woken "
                "by it.",
                "It was notified {count} times in all: whoever came to wait only then is not woken "
                "by it.",
                times,
            )
        )
        if ended:
            story.append(tr("Who notified it has ended: {ended}.", ended=ended_text(ended)))
    else:
        story.append(tr("Nobody has ever notified it."))
    story.append(others_text(group))
    return Words(
        trn(
            "{names} waits for {condition}, and nobody is left who notifies it",
            "{names} wait for {condition}, and nobody is left who notifies it",
            len(group.waiters),
            names=labels_of(group.waiters), condition=condition,
        ),
        " ".join(story),
        tr(
            "Write down what is waited for in a shared value, change it while holding the "
            "condition, and use `wait_for`, which looks at it before it waits. To go on now, end "
            "those that wait."
        ),
    )  # fmt: skip
