"""Who waits at a barrier to which nobody else comes."""

from __future__ import annotations

from ...translation import tr, trn
from .cause import Words
from .closed_group import ClosedGroup
from .closed_words import ended_text, labels_of, others_text, waiting_text


def too_few(group: ClosedGroup) -> Words:
    """What is to be said of it."""
    barrier, here, parties = group.row.phrase, len(group.waits), group.row.capacity
    story = [waiting_text(group)]
    if parties:
        story.append(
            trn(
                "{count} of the {parties} that it needs has come.",
                "{count} of the {parties} that it needs have come.",
                here,
                parties=parties,
            )
        )
    ended = [row for row, _ in group.done]
    if ended:
        story.append(tr("Others came before: {ended}.", ended=ended_text(ended)))
    story.append(others_text(group))
    names = labels_of(group.waiters)
    if parties:
        title = trn(
            "{names} waits at {barrier} with {count} of {parties}, and nobody else comes",
            "{names} wait at {barrier} with {count} of {parties}, and nobody else comes",
            here,
            names=names, barrier=barrier, parties=parties,
        )  # fmt: skip
    else:
        title = trn(
            "{names} waits at {barrier}, and nobody else comes",
            "{names} wait at {barrier}, and nobody else comes",
            here,
            names=names, barrier=barrier,
        )  # fmt: skip
    return Words(
        title,
        " ".join(story),
        tr(
            "Make {barrier} for as many as really come, each as often as all others, and call "
            "`abort` where one of them fails. To go on now, end those that wait.",
            barrier=barrier,
        ),
    )
