"""Children that live on although their parent has ended without waiting for them.

    ended parent <--whose child-- made by multiprocessing --lived on for a while--> orphan

multiprocessing itself waits for children, or ends those that are daemons; so this takes a parent
that was killed, or left by os._exit. Where it left in order, it may be meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.duration import duration
from ...store.process_row import ProcessRow
from ...translation import tr, trn
from ...vocabulary.events import HELPERS, Role
from ...vocabulary.findings import Cure, Remedy, Severity
from ..waits.situation import how_it_ended, who
from .cause import Cause, Words
from .closed_words import labels_of, names_of
from .view import View

_LONG_NS = 2_000_000_000
_METHODS = frozenset(("fork", "spawn", "forkserver"))


def orphaned_children(view: View) -> Iterator[Cause]:
    """One for each parent that left children behind."""
    by_parent: dict[int, list[ProcessRow]] = {}
    for row in view.processes:
        parent = _parent(view, row)
        if parent is None or parent.ended_ns is None or not _is_child(row):
            continue
        if parent.lost or parent.sent or parent.stopping is not None or row.lost:
            continue
        until_ns = view.now_ns if row.ended_ns is None else row.ended_ns
        left = row.sent and row.role is Role.CHILD and parent.has_failed
        if until_ns - parent.ended_ns >= _LONG_NS or (left and until_ns > parent.ended_ns):
            by_parent.setdefault(parent.number, []).append(row)
    for number, rows in by_parent.items():
        yield _found(view, view.row(number), rows)


def _is_child(row: ProcessRow) -> bool:
    if row.role in HELPERS or row.role in (Role.WORKER, Role.SUPERVISOR, Role.MANAGER_SERVER):
        return False
    return row.start_method in _METHODS and (
        row.making is None or row.making.by not in ("os.fork", "subprocess", "another program")
    )


def _parent(view: View, row: ProcessRow) -> ProcessRow | None:
    """Whose child it is; of one that a fork server forked, for whom."""
    above = None if row.parent is None else view.store.processes.get(row.parent)
    if above is not None and above.role is Role.FORKSERVER and above.parent is not None:
        return view.store.processes.get(above.parent)
    return above


def _found(view: View, parent: ProcessRow, rows: list[ProcessRow]) -> Cause:
    ended_ns = parent.ended_ns or 0
    living = [row for row in rows if row.is_live]
    until_ns = view.now_ns if living else max(row.ended_ns or 0 for row in rows)
    in_order = parent.signal is None and parent.exit_code == 0

    def words() -> Words:
        lasts = duration((until_ns - ended_ns) / 1e9)
        first = tr(
            "{parent} {ended}, and nobody told its children.",
            parent=who(parent, parent.number), ended=how_it_ended(parent),
        )  # fmt: skip
        if living:
            second = trn(
                "{names} is an orphan for {time} now: nobody waits for it, or ends it.",
                "{names} are orphans for {time} now: nobody waits for them, or ends them.",
                len(living),
                names=names_of(living), time=lasts,
            )  # fmt: skip
        elif any(row.sent for row in rows):
            second = trn(
                "{names} lived on as an orphan until Spawnscope ended it with the session.",
                "{names} lived on as orphans until Spawnscope ended them with the session.",
                len(rows),
                names=names_of(rows),
            )
        else:
            second = trn(
                "{names} lived on as an orphan for {time}.",
                "{names} lived on as orphans, the last one for {time}.",
                len(rows),
                names=names_of(rows), time=lasts,
            )  # fmt: skip
        return Words(
            trn(
                "{names} outlived its parent {parent}",
                "{names} outlived their parent {parent}",
                len(rows),
                names=labels_of(rows), parent=parent.label,
            ),
            f"{first} {second}",
            tr(
                "Handle SIGTERM in the parent and end the children there, or let each child end "
                "when `multiprocessing.parent_process()` does (`parent_process().sentinel`)."
            ),
        )  # fmt: skip

    return Cause(
        code="orphaned-children",
        which=(parent.number,),
        words=words,
        since_ns=ended_ns,
        processes=(*(row.number for row in rows), parent.number),
        proof=(ended_ns,),
        cures=tuple(Cure(Remedy.TERMINATE, row.number) for row in living),
        severity=Severity.HINT if in_order else None,
    )
