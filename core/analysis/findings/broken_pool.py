"""An executor of processes that broke: which of its workers ended, in which task. All its other
futures fail with BrokenProcessPool, which names neither."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...sentences.outcome import exception
from ...store.object_row import ObjectRow
from ...store.process_row import ProcessRow
from ...translation import enumerated, tr, trn
from ...vocabulary.findings import Evidence, Severity
from ...vocabulary.kinds import kind_of
from ..waits.pool_members import LostTask
from ..waits.pool_sentence import task_phrase
from ..waits.situation import how_it_ended, who
from .cause import Cause, Words
from .ends import why_it_ended
from .records import count_of, last_records
from .replay import replay_advice, replays
from .view import View

_OF_PID = " of PID "  # untranslated: what the record says
_DEAD = re.compile(r"(?:signal|exit code) \d{1,3} of PID (\d{1,9})")
_NAMED = ("BrokenProcessPool", "BrokenExecutor", "TerminatedWorkerError")
_SOON_NS = 5_000_000_000
_MOST_NAMED = 3
_SERVING = ("task", "deliver", "initializer", "idle")


def broken_pools(view: View) -> Iterator[Cause]:
    """One for each executor: an error if its process ended by that, else a hint."""
    for pool in view.objects:
        if kind_of(pool.type).is_pool and count_of(pool, "broken")[0]:
            if count_of(pool, "result")[1]:  # a result that could not be rebuilt broke it
                continue
            culprit = _culprit(view, pool)
            if culprit is not None:
                yield _found(view, pool, culprit)


def _culprit(view: View, pool: ObjectRow) -> ProcessRow | None:
    """The worker whose end broke it: as the executor itself has found out, else the first one that
    ended in another way than in order."""
    workers = [view.row(number) for number in view.situation.members(pool).ended]
    for record in last_records(view, pool.number, "broken", text=_OF_PID):
        pids = [int(pid) for pid in _DEAD.findall(record.preview or "")]
        for pid in (*pids, record.argument):
            for row in workers:
                if row.pid == pid:
                    return row
    failed = [row for row in workers if row.has_failed]
    return min(failed, key=lambda row: (row.ended_ns or 0, row.number), default=None)


def _found(view: View, pool: ObjectRow, culprit: ProcessRow) -> Cause:
    owner = view.row(pool.creator)
    members = view.situation.members(pool)
    others = [
        row
        for number in members.ended
        if (row := view.row(number)) is not culprit and row.terminated_by == owner.number
    ]
    deed = next((deed for deed in culprit.doing if deed.operation in _SERVING), None)
    replay = replays(view, culprit.number, pool.number)

    def words() -> Words:
        process, ended, name = who(culprit, culprit.number), how_it_ended(culprit), pool.phrase
        if deed is not None and deed.operation in ("task", "deliver"):
            task = task_phrase(LostTask(culprit.number, deed.text, deed.number))
            title = tr(
                "{process} broke {pool} in {task}", process=culprit.label, pool=name, task=task
            )
            first = tr(
                "{process} {ended} in the middle of {task}: that broke {pool}.",
                process=process, ended=ended, task=task, pool=name,
            )  # fmt: skip
        elif deed is not None and deed.operation == "initializer":
            title = tr(
                "{process} broke {pool} in its initializer {function}",
                process=culprit.label, pool=name, function=deed.text,
            )  # fmt: skip
            first = tr(
                "{process} {ended} in the initializer {function}, before any task: that broke "
                "{pool}. What it raised, if it did, is in the log of concurrent.futures.",
                process=process, ended=ended, function=deed.text, pool=name,
            )  # fmt: skip
        else:
            title = tr("{process} broke {pool}", process=culprit.label, pool=name)
            first = tr(
                "{process} {ended} while it was in no task: that broke {pool}.",
                process=process, ended=ended, pool=name,
            )  # fmt: skip
        told = [first, why_it_ended(culprit)]
        if others:
            names = [who(row, row.number) for row in others[:_MOST_NAMED]]
            told.append(
                trn(
                    "For that the executor then ended {processes}, which had done nothing wrong.",
                    "For that the executor then ended {processes}, which had done nothing wrong.",
                    len(others),
                    processes=enumerated(names, len(others) - len(names)),
                )
            )
        told.append(_end_of(owner))
        anew = tr(
            "An executor that broke takes no more tasks: catch BrokenProcessPool, make a new one, "
            "and submit anew what is not done."
        )
        if culprit.sent:
            advice = f"{tr('End no worker of an executor, or all its tasks are lost.')} {anew}"
        else:
            why = tr("See why that worker ended; the other tasks only went down with it.")
            fault = tr("Under PYTHONFAULTHANDLER=1, a fault prints where it happened.")
            advice = f"{why} {anew} {fault}"
        if deed is not None and deed.operation in ("task", "deliver") and not culprit.sent:
            advice = f"{advice} {replay_advice(replay)}"
        return Words(title, " ".join(filter(None, told)), advice)

    return Cause(
        code="broken-pool",
        which=(pool.number,),
        words=words,
        since_ns=culprit.ended_ns or view.now_ns,
        processes=(culprit.number, owner.number, *(row.number for row in others)),
        objects=(pool.number,),
        evidence=tuple(
            Evidence(
                row.number, each.thread, each.operation, each.object, each.since_ns, each.site,
                each.phrase,
            )
            for row in (culprit, *others)
            for each in row.doing[:1]
        ),
        proof=(culprit.number, len(others)),
        cures=replay,
        severity=_severity(owner, culprit),
    )  # fmt: skip


def _severity(owner: ProcessRow, culprit: ProcessRow) -> Severity:
    """An exception that its process handles is in order."""
    if owner.is_live or not owner.has_failed or owner.raised is None:
        return Severity.HINT
    if owner.raised.type.rpartition(".")[2] in _NAMED:
        return Severity.ERROR
    soon = (owner.ended_ns or 0) - (culprit.ended_ns or 0) < _SOON_NS
    return Severity.WARNING if soon else Severity.HINT


def _end_of(owner: ProcessRow) -> str:
    if owner.is_live or owner.raised is None:
        return tr("All futures that were not done raised BrokenProcessPool.")
    return tr(
        "All futures that were not done raised BrokenProcessPool; {process} ended by {exception}.",
        process=who(owner, owner.number), exception=exception(owner.raised),
    )  # fmt: skip
