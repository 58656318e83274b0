"""What a process was to run, or a pool's worker, and could not be pickled: start() or the result of
what was submitted raises."""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.outcome import exception
from ...sentences.place import file_and_line
from ...store.object_row import ObjectRow
from ...store.process_row import ProcessRow
from ...translation import tr
from ...vocabulary.findings import Evidence, Severity
from ...vocabulary.kinds import MAIN_THREAD, PROCESS, ThreadKey, kind_of
from ...vocabulary.operation import Operation
from ..waits.situation import who
from .cause import Cause, Words
from .closed_group import ClosedGroup, root_groups
from .closed_words import waiting_text
from .records import FAILED, count_of, last_records
from .view import View

_ERRORS = frozenset(("PicklingError", "TypeError", "AttributeError", "RuntimeError"))
_REFUSED = "An attempt has been made"  # untranslated: Python's words where no main guard is
_SOON_NS = 5_000_000_000
_IDLE_NS = 2_000_000_000  # by then an executor whose workers are idle has long shut down


def unpicklable_targets(view: View) -> Iterator[Cause]:
    """One for each that could not be started, or pool: an error if its process ended by that, is
    about to and others wait, or waits itself for what never comes; else a hint: it is handled."""
    for row in view.objects:
        operation = "start" if row.type == PROCESS else "feed" if kind_of(row.type).is_pool else ""
        if operation and count_of(row, operation)[1]:
            records = [
                each
                for each in last_records(view, row.number, operation, outcome=FAILED)
                if _error(each).rpartition(".")[2] in _ERRORS and _REFUSED not in each.text
            ]
            if records:
                yield _found(view, row, records[0])


def _error(record: Operation) -> str:
    return (record.preview or "").partition(":")[0]


def _found(view: View, row: ObjectRow, record: Operation) -> Cause:
    maker = view.row(record.process)
    is_process = row.type == PROCESS
    left = _left_alone(view, maker, record)
    ended = _ended_by(maker, record)
    group = None if is_process else _waits_in_vain(view, maker)
    closing = () if is_process else _closing(view, maker, row)
    waits = (*left, *(group.waits if group is not None else ()), *closing)
    function, _, why = record.text.partition(": ")

    def words() -> Words:
        place = file_and_line(record.site)
        name, error = who(maker, maker.number), _error(record)
        if is_process:
            title = tr("{process} could not be started: it cannot be pickled", process=row.label)
            told = [
                tr(
                    "{maker} was to start {process} ({function}) at {place}, and that raised "
                    "{error}: {why}.",
                    maker=name, process=row.label, function=function, place=place, error=error,
                    why=why or function,
                ),
                tr(
                    "Under spawn and forkserver all that a process is given is pickled, its target "
                    "as well."
                ),
            ]  # fmt: skip
        else:
            title = tr(
                "A task of {pool} was never sent: it cannot be pickled", pool=row.phrase
            )  # fmt: skip
            told = [
                tr(
                    "{maker} submitted {function} to {pool}, and to send that failed with {error}: "
                    "{why}.",
                    maker=name, function=function, pool=row.phrase, error=error,
                    why=why or tr("it could not be pickled"),
                ),
                tr("The exception comes out where its result is asked for, and nowhere else."),
            ]  # fmt: skip
        if ended and maker.raised is not None:
            told.append(
                tr("{process} ended by that: {error}.", process=name, error=exception(maker.raised))
            )
        elif left:
            told.append(
                tr(
                    "{maker} ends by that, but waits for its other children first, and these wait "
                    "for what will never come.",
                    maker=name,
                )
            )
        if group is not None:
            told.append(waiting_text(group))
            told.append(
                tr("Nobody has ever put anything into it: what was to do so never ran, it seems.")
            )
        if closing:
            told.append(
                tr(
                    "Now {maker} is in shutdown of {pool}, which waits for tasks although all "
                    "workers are idle: some were cancelled and some failed, and it lost count.",
                    maker=name, pool=row.phrase,
                )
            )  # fmt: skip
        advice = tr(
            "Give it a function of a module, not a lambda or one within another, and plain data: "
            "open connections, locks and files in the process itself, and hand queues and locks of "
            "multiprocessing over as arguments of Process, or by a pool's initializer."
        )
        return Words(title, " ".join(told), advice)

    return Cause(
        code="unpicklable-target",
        which=(row.number,),
        words=words,
        since_ns=record.end_ns,
        processes=(maker.number, *dict.fromkeys(number for number, _ in left)),
        objects=(row.number,),
        evidence=(
            Evidence(
                record.process, record.thread, record.operation, record.object, record.start_ns,
                record.site, record.preview or "",
            ),
        ),
        waits=frozenset(waits),
        entails=frozenset() if group is None else group.follows,
        proof=(record.start_ns, ended, waits),
        severity=Severity.ERROR if ended or waits else Severity.HINT,
    )  # fmt: skip


def _ended_by(maker: ProcessRow, record: Operation) -> bool:
    """Whether the very exception ended it."""
    return (
        not maker.is_live
        and maker.raised is not None
        and maker.raised.type.rpartition(".")[2] == _error(record).rpartition(".")[2]
        and (maker.ended_ns or 0) - record.end_ns < _SOON_NS
    )


def _left_alone(view: View, maker: ProcessRow, record: Operation) -> tuple[ThreadKey, ...]:
    """The waits of a process that ends, but waits for its children, and of these."""
    own = (maker.number, MAIN_THREAD)
    deed = view.graph.deeds.get(own)
    if deed is None or deed.operation != "join" or deed.site or deed.since_ns < record.end_ns:
        return ()
    children = [
        wait
        for wait in view.waiting()
        if wait[0] in view.store.processes.children(maker.number)
        and not view.deed(wait).limited
    ]  # fmt: skip
    return (own, *children) if children else ()


def _waits_in_vain(view: View, maker: ProcessRow) -> ClosedGroup | None:
    """The wait of who submitted it for items of a queue that nobody ever put one into."""
    for group in root_groups(view):
        if group.deed.operation == "get" and not group.done and maker in group.waiters:
            return group
    return None


def _closing(view: View, maker: ProcessRow, pool: ObjectRow) -> tuple[ThreadKey, ...]:
    """The wait for the end of an executor that has nothing to do any more."""
    if view.over or view.situation.members(pool).busy:
        return ()
    return tuple(
        (maker.number, deed.thread)
        for deed in view.situation.deeds(maker.number)
        if deed.operation == "shutdown" and deed.object == pool.number
        and not deed.limited and deed.elapsed_ns(view.now_ns) > _IDLE_NS
    )  # fmt: skip
