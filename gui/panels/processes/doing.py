"""The column Doing of the process tree in words."""

from __future__ import annotations

import time

from spawnscope.core.store.doing import Deed, by_thread, foremost
from spawnscope.core.store.process_row import ProcessRow

from ...kit.text.span import duration_text

NOT_WATCHED = "not instrumented"
_LEAST = 1_000_000_000  # ns; shorter waits come and go faster than they can be read


def doing_text(row: ProcessRow, now_ns: int) -> str:
    """What the process is in, "get from jobs, 3.2 s  +2"; how it ended in it, once it has."""
    if not row.is_live:
        return _end_text(row) or (NOT_WATCHED if row.watched is False else "")
    deed = foremost(row.doing)
    if deed is None:
        return NOT_WATCHED if row.watched is False else ""
    text = deed.phrase
    elapsed = deed.elapsed_ns(now_ns)
    if elapsed >= _LEAST:
        text += f", {duration_text(elapsed)}"
    others = len(by_thread(row.doing)) - 1
    return f"{text}  +{others}" if others else text


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
            lines.append("When it ended:")
        lines += [_line(row, deed, now_ns) for deed in row.doing]
    if row.held:
        lines.append(f"It held {_listed(row.held)}, which nobody can give back.")
    if not lines and row.watched is False:
        reason = row.unwatched_reason
        return f"What it does cannot be seen: {reason}" if reason else "What it does is not seen."
    return "\n".join(lines)


def _end_text(row: ProcessRow) -> str:
    verb = "died" if row.has_failed else "ended"
    deed = foremost(row.doing)
    parts = [f"in {deed.phrase}"] if deed is not None else []
    if row.held:
        parts.append(f"holding {_listed(row.held)}")
    return f"{verb} {', '.join(parts)}" if parts else ""


def _line(row: ProcessRow, deed: Deed, now_ns: int) -> str:
    until = now_ns if row.ended_ns is None else row.ended_ns
    since = time.strftime("%H:%M:%S", time.localtime(deed.since_ns / 1e9))
    where = f", at {deed.site}" if deed.site else ""
    span = duration_text(deed.elapsed_ns(until))
    return f"{deed.thread}: {deed.phrase}, since {since} ({span}){where}"


def _listed(names: tuple[str, ...]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
