"""One sentence that says how a process ended."""

from __future__ import annotations

import os
import signal

from .process_record import ProcessRecord


def signal_name(number: int) -> str:
    """SIGKILL for 9; real-time and unknown signals by number."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def exit_of(status: int | None) -> tuple[int | None, str | None]:
    """(exit code, signal name) of a wait status; both None when it is unknown."""
    if status is None:
        return None, None
    if os.WIFSIGNALED(status):
        return None, signal_name(os.WTERMSIG(status))
    return os.WEXITSTATUS(status), None


def sentence(record: ProcessRecord) -> str:
    """How `record` ended, for a person."""
    after = duration((record.ended_ns - record.started_ns) / 1e9)
    code, by_signal = exit_of(record.status)
    if by_signal is not None:
        reason = f": {record.reason}" if record.reason else ""
        dumped = " and left a core dump" if os.WCOREDUMP(record.status or 0) else ""
        return f"Killed by {by_signal} after {after}{reason}{dumped}."
    if code is None:
        return f"Ended after {after}; its exit status went to another process."
    if code == 0:
        return f"Ended normally after {after}."
    return f"Exited with code {code} after {after}."


def duration(seconds: float) -> str:
    """3.2 s, 4 min 05 s, 2 h 10 min."""
    if seconds < 1:
        return f"{max(0.0, seconds) * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"
