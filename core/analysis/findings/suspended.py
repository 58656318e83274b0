"""A process that is stopped, by a signal or a debugger, while others wait for it."""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.duration import duration
from ...translation import enumerated, tr, trn
from ...vocabulary.findings import Cure, Remedy
from ...vocabulary.kinds import ThreadKey
from ..waits.situation import who
from ..waits.wait import State
from .cause import Cause, Words
from .view import View

_MOST_NAMED = 3
_LEAST_NS = 2_200_000_000  # two samples tell so: who looks at a stack stops it for milliseconds


def suspended(view: View) -> Iterator[Cause]:
    """One for each such process that somebody waits for who has nobody else to wait for."""
    stopped = {
        row.number
        for row in view.processes
        if row.suspended_ns is not None and view.now_ns - row.suspended_ns >= _LEAST_NS
    }
    waits: dict[int, list[ThreadKey]] = {}
    for wait in view.waiting() if stopped else ():
        states = {link.state for link in view.links(wait)}
        if wait[0] not in stopped and states & {State.FREE, State.UNSEEN} == set():
            for link in view.links(wait):
                if link.state is State.SUSPENDED and link.candidate.process in stopped:
                    waits.setdefault(link.candidate.process, []).append(wait)
    for process, those in sorted(waits.items()):
        yield _cause(view, process, those)


def _cause(view: View, process: int, waits: list[ThreadKey]) -> Cause:
    row = view.row(process)
    waiters = [view.row(each) for each in dict.fromkeys(each for each, _ in waits)]
    since_ns = row.suspended_ns or view.now_ns
    traced = row.sampled_status == "traced"

    def words() -> Words:
        names = [who(each, each.number) for each in waiters[:_MOST_NAMED]]
        named = enumerated(names, len(waiters) - len(names))
        time = duration((view.now_ns - since_ns) / 1e9)
        how = tr(
            "{process} has been held by a debugger, or by who looks at its memory, for {time}.",
            process=who(row, process), time=time,
        ) if traced else tr(
            "{process} has been stopped for {time}, by SIGSTOP, Ctrl+Z or the like.",
            process=who(row, process), time=time,
        )  # fmt: skip
        waiting = trn(
            "{names} waits for it, in {operation}.",
            "{names} wait for it, the first one in {operation}.",
            len(waiters),
            names=named, operation=view.deed(waits[0]).phrase,
        )  # fmt: skip
        return Words(
            tr("{process} is suspended, and others wait for it", process=row.label),
            f"{how} {waiting}",
            tr("Resume it, or send it SIGCONT: all goes on then."),
        )

    return Cause(
        code="suspended",
        which=(process, since_ns),
        words=words,
        since_ns=max(since_ns, min(view.deed(wait).since_ns for wait in waits)),
        processes=(process, *(each.number for each in waiters)),
        evidence=view.evidence(waits),
        waits=frozenset(waits),
        cures=(Cure(Remedy.RESUME, process),),
    )
