"""What is to be said of waits that nobody can end: who waits, and who could have come."""

from __future__ import annotations

from collections.abc import Sequence

from ...sentences.duration import duration
from ...sentences.place import file_and_line
from ...store.process_row import ProcessRow
from ...translation import enumerated, tr, trn
from ..waits.situation import how_it_ended, which_ended, who
from .closed_group import ClosedGroup

_MOST_NAMED = 3


def names_of(rows: Sequence[ProcessRow]) -> str:
    """What to call these in a sentence: "worker-1 (12), worker-2 (13) and 4 more"."""
    named = [who(row, row.number) for row in rows[:_MOST_NAMED]]
    return enumerated(named, len(rows) - len(named))


def labels_of(rows: Sequence[ProcessRow]) -> str:
    """The same, shorter, for a title."""
    if len(rows) > _MOST_NAMED:
        return trn("{count} process", "{count} processes", len(rows))
    return enumerated([row.label for row in rows])


def waiting_text(group: ClosedGroup) -> str:
    """Who waits in what, for how long, and where."""
    names, lasts = names_of(group.waiters), duration(group.seconds)
    deed = group.deed
    if deed.site:
        return trn(
            "{names} has been in {operation} for {time} ({place}).",
            "{names} have been in {operation}, the first for {time} ({place}).",
            len(group.waiters),
            names=names, operation=deed.phrase, time=lasts, place=file_and_line(deed.site),
        )  # fmt: skip
    return trn(
        "{names} has been in {operation} for {time}.",
        "{names} have been in {operation}, the first for {time}.",
        len(group.waiters),
        names=names, operation=deed.phrase, time=lasts,
    )  # fmt: skip


def others_text(group: ClosedGroup) -> str:
    """That nobody else can come."""
    if not group.others and group.gone is not None:
        return tr(
            "No other process of this program lives; the last one was {process}.",
            process=which_ended(group.gone, group.gone.number),
        )
    if not group.others:
        return tr("This program has no other process.")
    waiting = trn(
        "{names}, which lives as well, waits itself and will never get so far.",
        "{names}, which live as well, all wait themselves and will never get so far.",
        len(group.others),
        names=names_of(group.others),
    )
    if not group.kept_out:
        return waiting
    row, lock, holder = group.kept_out[0]
    kept = tr(
        "{process} waits for {lock}, which {holder} holds meanwhile.",
        process=who(row, row.number), lock=lock.phrase, holder=who(holder, holder.number),
    )  # fmt: skip
    return f"{waiting} {kept}"


def ended_text(rows: Sequence[ProcessRow]) -> str:
    """How each of these ended: "writer (12) was killed by SIGKILL and reader (13) has ended"."""
    told = [f"{who(row, row.number)} {how_it_ended(row)}" for row in rows[:_MOST_NAMED]]
    return enumerated(told, len(rows) - len(told))
