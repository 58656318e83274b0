"""Who waits for a semaphore that was acquired more often than anybody releases it."""

from __future__ import annotations

from ...store.process_row import ProcessRow
from ...translation import tr, trn
from .cause import Words
from .closed_group import ClosedGroup
from .closed_words import labels_of, names_of, others_text, waiting_text


def exhausted(group: ClosedGroup) -> Words:
    """What is to be said of it."""
    semaphore = group.row.phrase
    taken, back = group.total("acquire"), group.total("release")
    story = [
        waiting_text(group),
        trn(
            "It was acquired {count} time and released {back}.",
            "It was acquired {count} times and released {back}.",
            taken,
            back=format(back, ","),
        ),
    ]
    kept = _kept(group)
    if kept:
        story.append(tr("{names} acquired it and did not release it.", names=names_of(kept)))
    story.append(others_text(group))
    return Words(
        trn(
            "{names} waits for {semaphore}, and nobody is left who releases it",
            "{names} wait for {semaphore}, and nobody is left who releases it",
            len(group.waiters),
            names=labels_of(group.waiters), semaphore=semaphore,
        ),
        " ".join(story),
        tr(
            "Take {semaphore} in a `with` statement, so that it is released on every way out, or "
            "release it as often as it is acquired. To go on now, end those that wait.",
            semaphore=semaphore,
        ),
    )  # fmt: skip


def _kept(group: ClosedGroup) -> list[ProcessRow]:
    """Who acquired it more often than it released it."""
    back = group.counts.get("release", {})
    return [
        row
        for row in group.users
        if (taken := group.counts.get("acquire", {}).get(row.number))
        and taken.count > (back[row.number].count if row.number in back else 0)
    ]
