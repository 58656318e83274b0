"""Shared memory that a program made and never removed.

SharedMemory: created, never unlinked --all processes of its run have ended--> left behind
              unlinked by a resource tracker alone --> a hint: that is its emergency
              somebody in its run was not watched --> a hint: it may be gone
"""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.place import file_and_line
from ...store.object_row import ObjectRow
from ...translation import tr, trn
from ...vocabulary.events import Role
from ...vocabulary.findings import Cure, Remedy, Severity
from ..waits.situation import who
from .cause import Cause, Words
from .closed_words import names_of
from .view import View

_TYPE, _IDENTITY = "SharedMemory", "shm:"
_MOST_NAMED = 3


def leaked_memory(view: View) -> Iterator[Cause]:
    """One for all that the processes of a run left, and one for what its tracker had to remove."""
    living = {row.worker for row in view.processes if row.is_live}
    left: dict[tuple[int | None, bool], list[ObjectRow]] = {}
    for row in view.objects:
        if row.type != _TYPE or not row.identity.startswith(_IDENTITY):
            continue
        worker = view.row(row.creator).worker
        made = any(each.operation == "create" and each.count for each in row.counts)
        if worker in living or not made or _is_used(view, row):
            continue
        by = list(view.situation.users(row.number, "unlink"))
        removed = bool(by)
        if all(view.row(each).role is Role.RESOURCE_TRACKER for each in by):
            left.setdefault((worker, removed), []).append(row)
    for (_, removed), rows in left.items():
        yield _found(view, rows, removed)


def _is_used(view: View, row: ObjectRow) -> bool:
    """Whether somebody of another run has it."""
    return any(map(view.situation.lives, view.situation.users(row.number, "attach")))


def _found(view: View, rows: list[ObjectRow], removed: bool) -> Cause:
    makers = list(dict.fromkeys(row.creator for row in rows))
    maker = view.row(makers[0])
    size = sum(each.bytes for row in rows for each in row.counts if each.operation == "create")
    names = [row.identity.removeprefix(_IDENTITY).lstrip("/") for row in rows]
    here = [row for row in view.processes if row.worker == maker.worker]
    unseen = [] if removed else [row for row in here if row.is_unseen]

    def words() -> Words:
        first = rows[0]
        place = file_and_line(first.site) or tr("an unknown place")
        told = ", ".join(names[:_MOST_NAMED])
        story = [
            trn(
                "{maker} made {count} block of shared memory ({object}, at {place}; {size:,.1f} MB "
                "in all), and nobody called `unlink` for it.",
                "{maker} made {count} blocks of shared memory (the first is {object}, at {place}; "
                "{size:,.1f} MB in all), and nobody called `unlink` for them.",
                len(rows),
                maker=who(maker, maker.number), object=first.phrase, place=place, size=size / 1e6,
            )
        ]  # fmt: skip
        if removed:
            story.append(
                tr(
                    "A resource tracker removed it in the end: that of its maker, or that of a "
                    "program of its own that attached to it, as soon as that had ended."
                )
            )
        elif unseen:
            story.append(
                trn(
                    "Unless {unseen} removed it, which was not watched, it takes memory in "
                    "/dev/shm: {names}.",
                    "Unless {unseen} removed them, which was not watched, they take memory in "
                    "/dev/shm: {names}.",
                    len(rows),
                    names=told, unseen=names_of(unseen),
                )
            )  # fmt: skip
        else:
            story.append(
                trn(
                    "It takes memory in /dev/shm until somebody removes it: {names}.",
                    "They take memory in /dev/shm until somebody removes them: {names}.",
                    len(rows),
                    names=told,
                )
            )
        return Words(
            trn(
                "{maker} left {object} in shared memory",
                "{maker} left {count} blocks in shared memory",
                len(rows),
                maker=maker.label, object=first.phrase,
            ),
            " ".join(story),
            tr(
                "Let everybody `close` it and its maker `unlink` it in the end, in a `finally`; or "
                "use a SharedMemoryManager, which does so. Where a program that multiprocessing "
                "did not start attaches to it, give `track=False` there (Python 3.13 or newer), "
                "or its tracker removes the block, and others look for it in vain."
            ),
        )  # fmt: skip

    return Cause(
        code="leaked-shared-memory",
        which=(maker.worker or 0, "removed" if removed else "left"),
        words=words,
        since_ns=max(view.row(each).ended_ns or 0 for each in makers),
        processes=tuple(makers),
        objects=tuple(row.number for row in rows),
        cures=() if removed else tuple(Cure(Remedy.UNLINK, name=name) for name in names),
        severity=Severity.HINT if removed or unseen else None,
    )
