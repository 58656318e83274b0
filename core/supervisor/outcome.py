"""How a process ended, in codes and values; `sentences.outcome` has the words."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import NamedTuple

from ..vocabulary.events import Circumstances, Doing, ProcessExited, Raised
from ..vocabulary.kinds import MAIN_THREAD, operation_kind
from .known_process import KnownProcess

MOST_NAMED = 3  # objects
_SIDES = ("into", "from", "to")  # words that need no type before a name


class LastWords(NamedTuple):
    """What an ended process was in the middle of, what it held, and what these are called: `inside`
    (see `object_of`) and `held`; `ender`: whose own terminate(), kill() or interrupt() ended it;
    `raised`: the last exception that it told of; `unsent`: the queue with most of what it had
    put and not sent, and how many items; `broken_by`: see Circumstances."""

    doing: tuple[Doing, ...] = ()
    holding: tuple[int, ...] = ()
    inside: str = ""
    held: tuple[str, ...] = ()
    ender: KnownProcess | None = None
    raised: Raised | None = None
    unsent: tuple[str, int] | None = None
    broken_by: tuple[str, int, str] | None = None


def signal_name(number: int) -> str:
    """SIGKILL for 9; real-time and unknown signals by number."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"  # untranslated: a code, as in events


def exit_of(status: int | None) -> tuple[int | None, str | None]:
    """(exit code, signal name) of a wait status; both None when it is unknown."""
    if status is None:
        return None, None
    if os.WIFSIGNALED(status):
        return None, signal_name(os.WTERMSIG(status))
    return os.WEXITSTATUS(status), None


def object_of(
    doing: tuple[Doing, ...], name: Callable[[int], str], label: Callable[[int], str]
) -> str:
    """What the object is called that a main thread was in something on; "" without one. `name`
    and `label` tell what an object is called, shortly and with its type."""
    if not doing or doing[0].thread != MAIN_THREAD or doing[0].object is None:
        return ""
    called = name if operation_kind(doing[0].operation).word in _SIDES else label
    return called(doing[0].object)


def was_interrupted(record: KnownProcess, raised: Raised | None) -> bool:
    """Whether what ended it was the exception that Python makes of SIGINT: the main program dies of
    that signal then, a child of multiprocessing exits with a code."""
    code, by_signal = exit_of(record.status)
    return raised is not None and raised.is_interrupt and (bool(code) or by_signal == "SIGINT")


def exited(record: KnownProcess, words: LastWords, time_ns: int) -> ProcessExited:
    """That `record` has ended, as it is told at `time_ns`."""
    code, by_signal = exit_of(record.status)
    interrupted = was_interrupted(record, words.raised)
    by = "SIGINT" if interrupted else by_signal
    ender, outlived = words.ender, record.outlived
    return ProcessExited(
        process=record.number,
        pid=record.pid,
        time_ns=time_ns,
        exit_code=code,
        signal=by_signal,
        doing=words.doing,
        holding=words.holding,
        terminated_by=None if ender is None or by_signal is None else ender.number,
        raised=words.raised if code or interrupted else None,
        circumstances=Circumstances(
            lived_ns=max(0, record.ended_ns - record.started_ns),
            core_dumped=os.WCOREDUMP(record.status or 0),
            asked=record.asked,
            sent=by is not None and by == signal_name(record.sent),
            late_ns=record.late_ns,
            ender=None if ender is None else (ender.name, ender.pid),
            object=words.inside,
            held=words.held,
            unsent=words.unsent,
            broken_by=words.broken_by,
            outlived=None if outlived is None else (outlived.name, outlived.pid),
        ),
    )
