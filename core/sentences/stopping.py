"""How far the termination of a process, or of a tree, has come: one sentence for each step."""

from __future__ import annotations

from ..translation import enumerated, tr, trn
from ..vocabulary.codes import StopResult, StopStep
from ..vocabulary.events import Refusal, StopProgress
from .outcome import named


def stopping(event: StopProgress) -> str:
    """The step that was taken, for a person."""
    process = _title(event, event.tree)
    if event.step is StopStep.ASKED:
        return tr("Asked {process} to end (SIGTERM).", process=process)
    if event.step is StopStep.WAITING:
        return tr(
            "Waiting up to {seconds:g} s for {process} to end.",
            seconds=event.grace_ns / 1e9, process=process,
        )  # fmt: skip
    if event.step is StopStep.KILLED:
        return trn(
            "Killed {process}: SIGKILL to {count} process.",
            "Killed {process}: SIGKILL to {count} processes.",
            event.signalled,
            process=process,
        )
    return _failed(event) if event.step is StopStep.FAILED else _ended(event, process)


def refused(refusal: Refusal) -> str:
    """Why a process takes no signal from us, as a part of a sentence."""
    if refusal.error:
        return tr("no signal can be sent to it ({error})", error=refusal.error)
    if refusal.owner:
        return tr("it runs as {owner}, and you may not send signals to it", owner=refusal.owner)
    return tr("you may not send signals to it")


def _ended(event: StopProgress, process: str) -> str:
    if event.result is StopResult.ALREADY:
        return tr("{process} had ended already.", process=process)
    if event.result is StopResult.LATE:
        return tr(
            "{process} did not end within {seconds:g} s and was killed.",
            process=process, seconds=event.grace_ns / 1e9,
        )  # fmt: skip
    if event.result is StopResult.KILLED:
        return tr("{process} was killed.", process=process)
    return tr(
        "{process} ended when asked, after {seconds:.1f} s.",
        process=process, seconds=event.took_ns / 1e9,
    )  # fmt: skip


def _failed(event: StopProgress) -> str:
    why = _why(event)
    if not event.left:
        return tr("{process} could not be ended: {why}.", process=_title(event, False), why=why)
    names = [named(*each) for each in event.left]
    sentence = tr(
        "Of {process}, {names} could not be ended: {why}.",
        process=_title(event, event.tree),
        names=enumerated(names, event.left_count - len(names)),
        why=why,
    )
    if event.result is StopResult.REFUSED and event.tree:
        rest = tr("All else has ended.")
        return f"{sentence} {rest}"
    return sentence


def _why(event: StopProgress) -> str:
    seconds = event.took_ns / 1e9
    if event.result is StopResult.BREEDS:
        return tr(
            "it starts processes faster than they can be ended, for {seconds:g} s", seconds=seconds
        )
    if event.result is StopResult.HELD:
        return tr("the kernel still holds it {seconds:g} s after SIGKILL", seconds=seconds)
    return refused(event.refusal) if event.refusal is not None else ""


def _title(event: StopProgress, tree: bool) -> str:
    if not event.pid:
        return tr("all that was started")
    process = named(event.name, event.pid)
    return tr("{process} and all below it", process=process) if tree else process
