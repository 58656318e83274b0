"""One sentence that says how a process ended."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import NamedTuple

from ..vocabulary.events import Doing
from ..vocabulary.kinds import MAIN_THREAD, operation_kind
from .known_process import KnownProcess

_MOST_NAMED = 3  # objects


class LastPhrases(NamedTuple):
    """What a process was in when it ended, and what it held, as parts of a sentence."""

    doing: str
    holding: str


NOTHING = LastPhrases("", "")
_SIDES = ("into", "from", "to")  # words that need no type before a name


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


def last_phrases(
    doing: tuple[Doing, ...],
    holding: tuple[int, ...],
    name: Callable[[int], str],
    label: Callable[[int], str],
) -> LastPhrases:
    """`name` and `label` tell what an object is called, shortly and with its type."""
    inside = ""
    if doing and doing[0].thread == MAIN_THREAD:
        first = doing[0]
        if first.operation == "run":
            pass  # just its own code
        elif first.object is not None:
            word = operation_kind(first.operation).word
            called = name if word in _SIDES else label
            inside = f", in {first.operation} {word or 'of'} "
            inside += called(first.object)
        else:
            inside = f", in {first.operation}" + (f" {first.text}" if first.text else "")
    held = ""
    if holding:
        held = f", while holding {' and '.join(map(label, holding[:_MOST_NAMED]))}"
        if len(holding) > _MOST_NAMED:
            held += f" and {len(holding) - _MOST_NAMED} more"
    return LastPhrases(inside, held)


def outcome_sentence(
    record: KnownProcess,
    phrases: LastPhrases = NOTHING,
    ender: KnownProcess | None = None,
) -> str:
    """How `record` ended, for a person. `ender`: the process whose own terminate() or kill() sent
    the signal that ended it."""
    remark = f" {record.remark}" if record.remark else ""
    return _ended(record, phrases, ender) + remark


def _ended(record: KnownProcess, phrases: LastPhrases, ender: KnownProcess | None) -> str:
    after = duration((record.ended_ns - record.started_ns) / 1e9)
    code, by_signal = exit_of(record.status)
    # A program that ended by itself was in nothing that matters, but may have kept something.
    after += phrases.holding if code == 0 else phrases.doing + phrases.holding
    if by_signal is not None:
        asked = "Spawnscope asked it to end" if record.asked and by_signal == "SIGTERM" else ""
        reason = f": {record.reason or asked}" if record.reason or asked else ""
        if ender is not None and not reason:
            verb = "Killed" if by_signal == "SIGKILL" else "Terminated"
            return f"{verb} by its parent {ender.name} ({ender.pid}) after {after}."
        dumped = " and left a core dump" if os.WCOREDUMP(record.status or 0) else ""
        return f"Killed by {by_signal} after {after}{reason}{dumped}."
    if code is None:
        return f"Ended after {after}; its exit status went to another process."
    if code == 0:
        return f"Ended normally after {after}."
    return f"Exited with code {code} after {after}."


def clock_step(seconds: float) -> str:
    """That the system's clock was set, or stood still with the machine."""
    way = "ahead" if seconds > 0 else "back"
    slept = ", or the machine slept" if seconds > 0 else ""
    return (
        f"The system's clock was set {way} by {duration(abs(seconds))}{slept}; the times of this "
        "session go on without a step."
    )


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
