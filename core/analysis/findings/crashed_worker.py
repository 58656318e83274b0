"""A process that an exception, a signal or a fault ended, while others wait for what it would have
done; a hint where nobody does."""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.duration import duration
from ...sentences.outcome import exception
from ...store.process_row import ProcessRow
from ...translation import tr, trn
from ...vocabulary.events import HELPERS, Role
from ...vocabulary.findings import Cure, Remedy, Severity
from ...vocabulary.kinds import WORKER_ROLES
from ..waits.situation import how_it_ended, who
from .cause import Cause, Words
from .closed_group import ClosedGroup, root_groups
from .closed_words import waiting_text
from .ends import why_it_ended
from .gone_manager import GoneManager, gone_advice, gone_manager, gone_story
from .replay import replays
from .until_ctrl_c import unless_meant
from .view import View

_SENDING = ("flush", "feed")


def crashed_workers(view: View) -> Iterator[Cause]:
    """An error for each run that can't go on since one of it crashed."""
    if not any(map(_crashed, view.store.processes)):
        return
    for group in root_groups(view):
        found = _culprit(view, group)
        # What is left over at an end of its own is a matter of who takes it, not of who crashed.
        if found is not None and group.deed.operation not in _SENDING:
            error = _error(view, group, *found)
            yield error if found[1] is not None else unless_meant(view, error)


def crashes(view: View) -> Iterator[Cause]:
    """A hint for each way in which children of one process crashed, which nothing else is about."""
    alike: dict[tuple[int, str], list[ProcessRow]] = {}
    for row in view.processes:
        if row.role in WORKER_ROLES or row.is_worker_root or row.making is None:
            continue
        by_library = row.making.by not in ("os.fork", "subprocess", "another program")
        if by_library and _crashed(row) and not view.concerns(row.number):
            alike.setdefault(_way(row), []).append(row)
    together: dict[tuple[int, str], tuple[list[ProcessRow], GoneManager | None]] = {}
    for way, rows in alike.items():
        gone = gone_manager(view, rows[0])
        one = way if gone is None else (way[0], f"manager:{gone.manager.number}")
        together.setdefault(one, ([], gone))[0].extend(rows)
    for way, (rows, gone) in together.items():
        yield _hint(way, rows, gone)


def _way(row: ProcessRow) -> tuple[int, str]:
    """Who started it, and how it crashed: what others may have in common with it."""
    how = row.signal or str(row.exit_code)
    if row.raised is not None:
        how = f"{row.raised.type} {row.raised.place}"
    return row.parent or 0, how


def _crashed(row: ProcessRow) -> bool:
    """Whether it ended by something that nobody in its program or in here did to it."""
    return (
        row.has_failed
        and not row.lost
        and not row.sent
        and row.terminated_by is None
        and row.role not in HELPERS
        and not (row.raised is not None and row.raised.is_interrupt)
        and not (row.raised is not None and row.raised.type == "SystemExit")
    )


def _culprit(view: View, group: ClosedGroup) -> tuple[ProcessRow, int | None] | None:
    """Who crashed of those that would have ended the waits, and how often it had done so; None
    where it never had, and just may be the one. None at all if there is none."""
    done = [(row, count) for row, count in group.done if _crashed(row)]
    if done:
        return min(done, key=lambda one: (one[0].ended_ns or 0, one[0].number))
    if any(row.is_live for row, _ in group.done):
        return None
    users = {row.number for row in group.users}
    worker = group.waiters[0].worker
    crashed = [
        row
        for row in view.processes
        if row.worker == worker and _crashed(row) and row.role is not Role.SUPERVISOR
        and (not group.done or row.number in users or row is group.gone)
    ]  # fmt: skip
    if not crashed:
        return None
    return min(crashed, key=lambda row: (row.ended_ns or 0, row.number)), None


def _error(view: View, group: ClosedGroup, row: ProcessRow, count: int | None) -> Cause:
    gone = gone_manager(view, row)

    def words() -> Words:
        told = [gone_story(gone, row) if gone else "", _story(row), why_it_ended(row)]
        if count is None:
            told.append(
                tr(
                    "It had not used {object} so far, and is likely the one that would have.",
                    object=group.row.phrase,
                )
            )
        told.append(waiting_text(group))
        told.append(tr("Nobody who lives can end that: all of its program wait."))
        return Words(_title(row, gone), " ".join(filter(None, told)), _advice(gone))

    return Cause(
        code="crashed-worker",
        which=_way(row),
        words=words,
        since_ns=max(group.deed.since_ns, row.ended_ns or 0),
        processes=(row.number, *dict.fromkeys(each.number for each in group.waiters)),
        objects=(group.row.number,),
        waits=frozenset(group.waits),
        entails=group.follows,
        proof=(group.waits, group.deed.since_ns),
        cures=(
            *(Cure(Remedy.TERMINATE, each.number) for each in group.waiters),
            *replays(view, row.number),
        ),
    )


def _hint(way: tuple[int, str], rows: list[ProcessRow], gone: GoneManager | None) -> Cause:
    first, count = rows[0], len(rows)

    def words() -> Words:
        told = [gone_story(gone, first) if gone else "", _story(first), why_it_ended(first)]
        if count > 1:
            told.append(
                trn(
                    "{count} more process ended in the same way.",
                    "{count} more processes ended in the same way.",
                    count - 1,
                )
            )
        told.append(tr("Nobody waits for something that it would have done."))
        return Words(_title(first, gone), " ".join(filter(None, told)), _advice(gone))

    return Cause(
        code="crashed-worker",
        which=way,
        words=words,
        since_ns=first.ended_ns or 0,
        processes=(first.number,),
        proof=(first.number,),
        severity=Severity.HINT,
    )


def _title(row: ProcessRow, gone: GoneManager | None) -> str:
    if gone is not None:
        return tr(
            "{process} crashed: {manager}, which it called, had ended before",
            process=row.label, manager=gone.manager.label,
        )  # fmt: skip
    if row.raised is not None:
        return tr(
            "{process} crashed: {exception}", process=row.label, exception=exception(row.raised)
        )
    return tr("{process} crashed: it {ended}", process=row.label, ended=how_it_ended(row))


def _story(row: ProcessRow) -> str:
    return tr(
        "{process} {ended}, {time} after its start.",
        process=who(row, row.number), ended=how_it_ended(row),
        time=duration(row.elapsed_ns(row.started_ns) / 1e9),
    )  # fmt: skip


def _advice(gone: GoneManager | None) -> str:
    if gone is not None:
        return gone_advice(gone)
    return tr(
        "Mend what made it crash. And let others know when a process fails: catch exceptions, and "
        "put a sentinel or the exception itself, or wait for Process.sentinel as well as for what "
        "it is to send, with multiprocessing.connection.wait or a timeout."
    )
