"""What more there is to say of the column Doing: how it sorts, and its tooltip."""

from __future__ import annotations

from spawnscope.core.store.doing import Deed, foremost
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.translation import enumerated, tr

from ...kit.text.clock import clock_text
from ...kit.text.span import duration_text


def doing_value(row: ProcessRow, now_ns: int) -> int | None:
    """Sorts by how long it has been in it; what has ended comes after, then what does nothing."""
    deed = foremost(row.doing)
    if not row.is_live:
        return -1 if deed is not None or row.held else None
    return None if deed is None else deed.elapsed_ns(now_ns)


def is_unwatched(row: ProcessRow) -> bool:
    """Whether the cell says only that nobody can say anything."""
    return row.watched is False and not row.doing and not row.held


def doing_tooltip(row: ProcessRow, now_ns: int) -> str:
    """Each thread with what it is in, since when, and where; or why nobody knows."""
    lines = []
    if row.doing:
        if not row.is_live:
            lines.append(tr("When it ended:"))
        lines += [_line(row, deed, now_ns) for deed in row.doing]
    if row.held:
        lines.append(
            tr(
                "It held {objects}, which nobody can give back.",
                objects=enumerated(list(row.held)),
            )
        )
    if not lines and row.watched is False:
        reason = row.unwatched_reason
        if reason:
            return tr("What it does cannot be seen: {reason}", reason=reason)
        return tr("What it does is not seen.")
    return "\n".join(lines)


def _line(row: ProcessRow, deed: Deed, now_ns: int) -> str:
    until = now_ns if row.ended_ns is None else row.ended_ns
    values = {
        "thread": deed.thread,
        "doing": deed.phrase,
        "since": clock_text(deed.since_ns),
        "span": duration_text(deed.elapsed_ns(until)),
    }
    if deed.site:
        return tr(
            "{thread}: {doing}, since {since} ({span}), at {place}", **values, place=deed.site
        )
    return tr("{thread}: {doing}, since {since} ({span})", **values)
