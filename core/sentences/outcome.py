"""One sentence that says how a process ended."""

from __future__ import annotations

from ..translation import enumerated, tr, trn
from ..vocabulary.events import Circumstances, Doing, ProcessExited, Raised
from ..vocabulary.kinds import MAIN_THREAD
from .doing import on_object
from .duration import duration

_LONGEST_TEXT = 160  # characters of what an exception says


def outcome(event: ProcessExited) -> str:
    """How a process ended, for a person. Sessions of before hold the sentence itself."""
    ending = event.circumstances
    if ending is None:
        return event.outcome
    sentence = _ended(event, ending)
    if ending.unsent is not None:
        queue, count = ending.unsent
        remark = trn(
            "{count} item that it had put into {queue} was never sent.",
            "{count} items that it had put into {queue} were never sent.",
            count,
            queue=queue,
        )
        sentence = f"{sentence} {remark}"
    if ending.outlived is None:
        if not ending.asked or event.signal is not None:
            return sentence
        return " ".join((sentence, tr("Spawnscope had asked it to end.")))
    remark = tr(
        "It had outlived {process}, and was ended with the session.",
        process=named(*ending.outlived),
    )
    return f"{sentence} {remark}"


def exception(raised: Raised) -> str:
    """An exception in some words: "KeyError: 'size' (photos.py:31)"."""
    text = raised.text if len(raised.text) <= _LONGEST_TEXT else f"{raised.text[:_LONGEST_TEXT]}…"
    said = f"{raised.type}: {text.rstrip('.')}" if text else raised.type
    return f"{said} ({raised.place.rpartition('/')[2]})" if raised.place else said


def named(name: str, pid: int) -> str:
    """A process by its name: "worker-1 (PID 4711)"."""
    return tr("{name} (PID {pid})", name=name, pid=pid)


def _ended(event: ProcessExited, ending: Circumstances) -> str:
    when = _when(event, ending)
    if event.raised is not None and event.raised.is_interrupt:
        return _interrupted(event, ending, when, exception(event.raised))
    if event.signal is not None:
        return _killed(event, ending, when)
    if event.exit_code is None:
        return tr("Ended {when}; its exit status went to another process.", when=when)
    if event.exit_code == 0:
        return tr("Ended normally {when}.", when=when)
    if event.raised is not None:
        return tr(
            "Exited with code {code} {when}: {exception}.",
            code=event.exit_code, when=when, exception=exception(event.raised),
        )  # fmt: skip
    return tr("Exited with code {code} {when}.", code=event.exit_code, when=when)


def _interrupted(event: ProcessExited, ending: Circumstances, when: str, error: str) -> str:
    if ending.ender is not None:
        name, pid = ending.ender
        return tr(
            "Interrupted by its parent {name} ({pid}) {when}: {exception}.",
            name=name, pid=pid, when=when, exception=error,
        )  # fmt: skip
    if ending.sent:
        return tr("Interrupted by Spawnscope {when}: {exception}.", when=when, exception=error)
    if event.signal is not None:
        return tr("Interrupted by SIGINT {when}: {exception}.", when=when, exception=error)
    return tr("Interrupted {when}: {exception}.", when=when, exception=error)


def _killed(event: ProcessExited, ending: Circumstances, when: str) -> str:
    by_signal = event.signal
    taken_along = ending.outlived is not None and (ending.asked or ending.sent)
    if taken_along and ending.late_ns:
        reason = tr(
            "ended by Spawnscope, since its worker had ended; it was still there {seconds:.1f} s "
            "after SIGTERM",
            seconds=ending.late_ns / 1e9,
        )
    elif taken_along and ending.ender is None:
        reason = tr("ended by Spawnscope, since its worker had ended")
    elif ending.late_ns:
        reason = tr("it had not ended {seconds:.1f} s after SIGTERM", seconds=ending.late_ns / 1e9)
    elif ending.asked and by_signal == "SIGTERM":
        reason = tr("Spawnscope asked it to end")
    elif ending.broken_by is not None:
        reason = _of_broken(*ending.broken_by)
    elif ending.ender is not None:
        name, pid = ending.ender
        if by_signal == "SIGKILL":
            return tr("Killed by its parent {name} ({pid}) {when}.", name=name, pid=pid, when=when)
        if by_signal == "SIGINT":
            return tr(
                "Interrupted by its parent {name} ({pid}) {when}.", name=name, pid=pid, when=when
            )
        return tr("Terminated by its parent {name} ({pid}) {when}.", name=name, pid=pid, when=when)
    elif ending.sent:
        reason = tr("Spawnscope sent it")
    elif ending.core_dumped:
        return tr("Killed by {signal} {when} and left a core dump.", signal=by_signal, when=when)
    else:
        return tr("Killed by {signal} {when}.", signal=by_signal, when=when)
    return tr("Killed by {signal} {when}: {reason}.", signal=by_signal, when=when, reason=reason)


def _of_broken(name: str, pid: int, how: str) -> str:
    """Why the other workers of an executor end that was broken by the end of this one."""
    process = named(name or tr("a worker"), pid)
    if not how.isdecimal():
        return tr(
            "ended by its executor, since {process} had been killed by {signal}",
            process=process, signal=how,
        )  # fmt: skip
    return tr(
        "ended by its executor, since {process} had exited with code {code}",
        process=process, code=how,
    )  # fmt: skip


def _when(event: ProcessExited, ending: Circumstances) -> str:
    """After how long, in the middle of what, and what it kept; a part of a sentence."""
    time = duration(ending.lived_ns / 1e9)
    # A program that ended by itself was in nothing that matters, but may have kept something.
    inside = "" if event.exit_code == 0 else _inside(event.doing[:1], ending.object)
    if inside and event.doing[0].operation == "idle":
        idle = tr("idle in {object}", object=ending.object)
        return tr("after {time}, {idle}", time=time, idle=idle)
    if ending.held:
        objects = enumerated(list(ending.held), len(event.holding) - len(ending.held))
        if inside:
            return tr(
                "after {time}, in {operation}, while holding {objects}",
                time=time, operation=inside, objects=objects,
            )  # fmt: skip
        return tr("after {time}, while holding {objects}", time=time, objects=objects)
    if inside:
        return tr("after {time}, in {operation}", time=time, operation=inside)
    return tr("after {time}", time=time)


def _inside(doing: tuple[Doing, ...], name: str) -> str:
    for first in doing:
        if first.thread != MAIN_THREAD or first.operation == "run":  # just its own code
            return ""
        if first.object is not None:
            return on_object(first.operation, name, "of", first.text, first.number)
        return f"{first.operation} {first.text}".rstrip()
    return ""
