"""A process that its parent has asked to end, and that lives on.

    terminate was called --the process behind it--> lives, and handles or ignores SIGTERM
                                                     '--> who waits for its end

Some take their time to end in order. So it is told soon only where that cannot be: it ignores the
signal, or is a pool's worker with its parent's handler. Later it is a hint, and so it is where the
parent waits with a limit. A handler that saves something does so amid what was waited in before,
and nobody can tell it from one that has returned: a warning comes of that only after the longest
time that such a handler is commonly given, and not while it computes.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator

from ...sentences.duration import duration
from ...store.doing import Deed
from ...store.object_row import ObjectRow
from ...store.process_row import ProcessRow
from ...translation import tr, trn
from ...vocabulary.events import SUSPENDED, Role
from ...vocabulary.findings import Cure, Remedy, Severity
from ...vocabulary.kinds import MAIN_THREAD, ThreadKey, kind_of, operation_kind
from .cause import Cause, Words
from .closed_words import labels_of, names_of
from .closed_world import asked_to_end
from .view import View

_SOON_NS = 3_000_000_000
_LATE_NS = 10_000_000_000
_TOO_LATE_NS = 90_000_000_000
_BUSY = 1.0  # per cent of a core
_SIGTERM = 1 << (signal.SIGTERM - 1)


def terminates_ignored(view: View) -> Iterator[Cause]:
    """One for each parent whose children live on."""
    if view.over:
        return
    by_parent: dict[int, list[tuple[ProcessRow, ObjectRow, int]]] = {}
    for number, row in asked_to_end(view.situation).items():
        process = view.row(number)
        asked_ns = _asked_ns(view, row) if _lives_on(process) else None
        if asked_ns is not None and _has_had_time(view, process, asked_ns):
            by_parent.setdefault(row.creator, []).append((process, row, asked_ns))
    for parent, children in by_parent.items():
        yield _found(view, view.row(parent), children)


def _lives_on(process: ProcessRow) -> bool:
    sample = process.sample
    if not process.is_live or process.stopping is not None or sample is None:
        return False
    return bool((sample.handled | sample.ignored) & _SIGTERM) and sample.status not in SUSPENDED


def _asked_ns(view: View, row: ObjectRow) -> int | None:
    """When terminate was first called."""
    reader = view.store.reader
    if reader is None:
        return None
    for _, operation in reader.operations.page(row.number, limit=100, newest=True):
        if operation.operation == "terminate":
            return operation.end_ns
    return None


def _has_had_time(view: View, process: ProcessRow, asked_ns: int) -> bool:
    age = view.now_ns - asked_ns
    return age >= _LATE_NS or (age >= _SOON_NS and _cannot_end(view, process))


def _cannot_end(view: View, process: ProcessRow) -> bool:
    """Whether the signal changes nothing there, as is known at once."""
    if process.sample is not None and process.sample.ignored & _SIGTERM:
        return True
    return process.role is Role.POOL_WORKER and _handles(_parent(view, process))


def _waits_on(view: View, process: ProcessRow, asked_ns: int) -> bool:
    """Whether it waits in what it waited in before, and its handler, if still at work amid that,
    has had more time than is commonly given."""
    if view.now_ns - asked_ns < _TOO_LATE_NS or _is_busy(process):
        return False
    deed = _main_deed(view, process.number)
    if deed is None or deed.limited or operation_kind(deed.operation).works:
        return False
    return deed.since_ns < asked_ns


def _is_busy(process: ProcessRow) -> bool:
    return process.sample is not None and process.sample.cpu_percent >= _BUSY


def _main_deed(view: View, process: int) -> Deed | None:
    waits = view.situation.waits(process)
    return next((deed for deed in waits if deed.thread == MAIN_THREAD), None)


def _parent(view: View, process: ProcessRow) -> ProcessRow | None:
    return None if process.parent is None else view.store.processes.get(process.parent)


def _handles(row: ProcessRow | None) -> bool:
    return row is not None and row.sample is not None and bool(row.sample.handled & _SIGTERM)


def _found(
    view: View, parent: ProcessRow, children: list[tuple[ProcessRow, ObjectRow, int]]
) -> Cause:
    rows = [process for process, _, _ in children]
    asked_ns = min(each for _, _, each in children)
    age_ns = view.now_ns - asked_ns
    waits = _waits(view, parent, {row.number for _, row, _ in children})
    inherited = all(
        _handles(row) and _handles(parent) and row.start_method in (None, "fork") for row in rows
    )
    ignored = all(row.sample is not None and row.sample.ignored & _SIGTERM for row in rows)
    joined = view.deed(waits[0]) if waits else None
    patient = not waits or any(not view.deed(wait).limited for wait in waits)
    grave = patient and any(
        _cannot_end(view, row) or _waits_on(view, row, since_ns) for row, _, since_ns in children
    )
    deeds = [deed.phrase for row in rows if (deed := _main_deed(view, row.number)) is not None]
    works = [
        deed.phrase
        for row in rows
        for deed in view.situation.deeds(row.number)
        if deed.operation == "task"
    ]

    def words() -> Words:
        story = [
            trn(
                "{parent} asked {names} to end (SIGTERM, by terminate) {time} ago, and it lives "
                "on.",
                "{parent} asked {names} to end (SIGTERM, by terminate) {time} ago, and they live "
                "on.",
                len(rows),
                parent=names_of([parent]), names=names_of(rows), time=duration(age_ns / 1e9),
            )
        ]  # fmt: skip
        if works or deeds:
            what = (works or deeds)[0]
            story.append(tr("It is still in {operation}.", operation=what))
        if ignored:
            story.append(tr("The signal is ignored there (SIG_IGN)."))
        elif inherited:
            story.append(
                tr(
                    "There is a handler for SIGTERM there, inherited by the fork from {parent}, "
                    "which has one: it runs, and then they go on.",
                    parent=parent.label,
                )
            )
        else:
            story.append(tr("There is a handler for SIGTERM there: it has not ended it so far."))
        if joined is not None:
            story.append(
                tr(
                    "{parent} waits for that in {operation}.",
                    parent=parent.label, operation=joined.phrase,
                )
            )  # fmt: skip
        return Words(
            trn(
                "{names} was asked to end by {parent}, and lives on",
                "{names} were asked to end by {parent}, and live on",
                len(rows),
                names=labels_of(rows), parent=parent.label,
            ),
            " ".join(story),
            tr(
                "Install the handler in the parent only after its children have been started, or "
                "reset it in them: `signal.signal(SIGTERM, SIG_DFL)`, in a pool by its "
                "`initializer`. To go on now, kill {names}.",
                names=names_of(rows),
            ),
        )  # fmt: skip

    return Cause(
        code="terminate-ignored",
        which=(parent.number,),
        words=words,
        since_ns=asked_ns,
        processes=(*(row.number for row in rows), parent.number),
        objects=tuple(row.number for _, row, _ in children),
        evidence=view.evidence(waits),
        waits=frozenset(waits),
        proof=(asked_ns,),
        severity=None if grave else Severity.HINT,
        cures=tuple(Cure(Remedy.TERMINATE, row.number) for row in rows),
    )


def _waits(view: View, parent: ProcessRow, objects: set[int]) -> list[ThreadKey]:
    """The waits of the parent that end when these do: joins of them, and of its pools."""
    found = []
    for wait in view.waiting():
        deed, row = view.deed(wait), view.object_of(wait)
        if wait[0] != parent.number or row is None:
            continue
        ends = kind_of(row.type).is_pool and deed.operation in ("join", "terminate", "shutdown")
        if row.number in objects or ends:
            found.append(wait)
    return found
