"""A result of a pool that could not be pickled in its worker, or not be rebuilt where it came in:
the latter ends the thread that takes in results, and with it the pool."""

from __future__ import annotations

from collections.abc import Iterator

from ...sentences.doing import task_label
from ...sentences.outcome import exception
from ...store.object_row import ObjectRow
from ...store.process_row import ProcessRow
from ...translation import enumerated, tr, trn
from ...vocabulary.events import Role
from ...vocabulary.findings import Cure, Evidence, Remedy, Severity
from ...vocabulary.kinds import ThreadKey, kind_of
from ...vocabulary.operation import Operation
from ..waits.chain import goes_on
from ..waits.situation import who
from .cause import Cause, Words
from .records import FAILED, count_of, last_records
from .replay import replays
from .view import View

_FOR_RESULTS = ("wait", "join")
_ENCODING = "MaybeEncodingError"
_BROKEN = "BrokenProcessPool"
_SOON_NS = 5_000_000_000
_MOST_NAMED = 3


def unpicklable_results(view: View) -> Iterator[Cause]:
    """One for each pool: an error where nothing comes any more, or its process ended by that."""
    for pool in view.objects:
        if not kind_of(pool.type).is_pool:
            continue
        if count_of(pool, "result")[1]:
            yield _unread(view, pool)
        elif count_of(pool, "deliver")[1]:
            records = last_records(view, pool.number, "deliver", outcome=FAILED)
            if records:
                yield _unsent(view, pool, records)


def _unread(view: View, pool: ObjectRow) -> Cause:
    records = last_records(view, pool.number, "result", outcome=FAILED)
    record = records[0] if records else None
    maker = view.row(pool.creator if record is None else record.process)
    task = None if record is None else _task_before(view, pool, record)
    deaf = kind_of(pool.type).worker is Role.POOL_WORKER
    waits = [wait for wait in view.stuck() if deaf and _is_for(view, wait, pool)]
    ended = _failed_soon(maker, record, _BROKEN)
    since_ns = pool.created_ns if record is None else record.end_ns
    last_words = deaf and any(
        deed.object == pool.number and deed.operation in _FOR_RESULTS and not goes_on(deed)
        for deed in (() if maker.is_live else maker.doing)
    )

    def words() -> Words:
        title = tr("A result of {pool} could not be rebuilt", pool=pool.phrase)
        told = []
        if task is not None:
            told.append(
                tr(
                    "Task {number} ({function}) of {pool} raised {error} in {process}, it seems.",
                    number=task_label(task.argument), function=task.text, pool=pool.phrase,
                    error=task.preview or tr("an exception"),
                    process=who(view.store.processes.get(task.process), task.process),
                )
            )  # fmt: skip
        if record is None:
            why = tr("an exception")
        else:
            why = f"{record.preview}: {record.text}" if record.text else record.preview or ""
        told.append(
            tr(
                "What came back could not be unpickled in {process}, by {error}.",
                process=who(maker, maker.number), error=why,
            )
        )  # fmt: skip
        if deaf:
            told.append(
                tr(
                    "That ended the thread of the pool that takes in results: none comes any more, "
                    "of whatever task."
                )
            )
            names = [view.row(number) for number, _ in waits[:_MOST_NAMED]]
            if names:
                told.append(
                    trn(
                        "{processes} waits for one and will do so for ever.",
                        "{processes} wait for one and will do so for ever.",
                        len(waits),
                        processes=enumerated([who(row, row.number) for row in names]),
                    )
                )
        else:
            told.append(tr("That broke the executor: all its futures raise BrokenProcessPool."))
        advice = tr(
            "An exception is rebuilt by calling its class with its args: hand all arguments of "
            "__init__ to super().__init__(), or give the class a __reduce__. "
            "pickle.loads(pickle.dumps(value)) shows what fails."
        )
        return Words(title, " ".join(told), advice)

    return Cause(
        code="unpicklable-result",
        which=(pool.number,),
        words=words,
        since_ns=since_ns,
        processes=tuple(dict.fromkeys((
            maker.number, *(() if task is None else (task.process,)), *(wait[0] for wait in waits)
        ))),
        objects=(pool.number,),
        evidence=(
            *(_evidence(each) for each in (task, record) if each is not None),
            *view.evidence(waits),
        ),
        waits=frozenset(waits),
        proof=(since_ns, *(view.deed(wait).since_ns for wait in waits)),
        cures=(
            *((Cure(Remedy.TERMINATE_TREE, maker.number),) if waits else ()),
            *(() if task is None else replays(view, task.process, pool.number, task.argument)),
        ),
        severity=Severity.ERROR if waits or ended or last_words else Severity.HINT,
    )  # fmt: skip


def _unsent(view: View, pool: ObjectRow, records: list[Operation]) -> Cause:
    record = records[0]
    worker, maker = view.row(record.process), view.row(pool.creator)
    function, _, why = record.text.partition(": ")
    error = (record.preview or "").partition(":")[0]
    ended = _failed_soon(maker, record, _ENCODING, error)

    def words() -> Words:
        title = tr(
            "The result of {function} in {pool} cannot be pickled",
            function=function, pool=pool.phrase,
        )  # fmt: skip
        told = [
            tr(
                "{process} was done with task {number} ({function}) of {pool}, but its result "
                "could not be sent, by {error}: {why}.",
                process=who(worker, worker.number), number=task_label(record.argument),
                function=function, pool=pool.phrase, error=error,
                why=why or tr("it cannot be pickled"),
            ),
            tr("An exception comes in its place, where the result is asked for."),
        ]  # fmt: skip
        if len(records) > 1:
            told.append(
                trn(
                    "So it was with {count} more.", "So it was with {count} more.", len(records) - 1
                )
            )
        if ended and maker.raised is not None:
            told.append(
                tr(
                    "{process} ended by that: {error}.",
                    process=who(maker, maker.number), error=exception(maker.raised),
                )
            )  # fmt: skip
        advice = tr(
            "Return plain data: no generators, locks, open files or connections, lambdas or "
            "objects of classes within functions; or drop such attributes in __getstate__."
        )
        return Words(title, " ".join(told), advice)

    return Cause(
        code="unpicklable-result",
        which=(pool.number,),
        words=words,
        since_ns=record.end_ns,
        processes=(maker.number, worker.number),
        objects=(pool.number,),
        evidence=tuple(map(_evidence, records)),
        proof=(record.end_ns, ended),
        cures=replays(view, worker.number, pool.number, record.argument),
        severity=Severity.ERROR if ended else Severity.HINT,
    )


def _is_for(view: View, wait: ThreadKey, pool: ObjectRow) -> bool:
    deed = view.deed(wait)
    return deed.object == pool.number and deed.operation in _FOR_RESULTS


def _task_before(view: View, pool: ObjectRow, record: Operation) -> Operation | None:
    """The last task that had failed by then: what cannot be rebuilt is mostly an exception."""
    failed = last_records(view, pool.number, "task", outcome=FAILED)
    before = [each for each in failed if each.end_ns <= record.end_ns]
    return before[-1] if before else None


def _failed_soon(maker: ProcessRow, record: Operation | None, *types: str) -> bool:
    """Whether a process ended by an exception of such a type soon after this."""
    return (
        not maker.is_live
        and maker.raised is not None
        and maker.raised.type.rpartition(".")[2] in types
        and record is not None
        and (maker.ended_ns or 0) - record.end_ns < _SOON_NS
    )


def _evidence(record: Operation) -> Evidence:
    return Evidence(
        record.process, record.thread, record.operation, record.object, record.start_ns,
        record.site, record.preview or "",
    )  # fmt: skip
