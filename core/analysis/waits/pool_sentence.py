"""What is to be said of a wait for a pool: that its result never comes, or of workers of which none
is in a task."""

from __future__ import annotations

from ...sentences.doing import task_label
from ...store.doing import Deed
from ...translation import tr, trn
from .pool_members import LostTask, PoolMembers
from .queue_sentence import Names
from .situation import Situation, how_it_ended, who


def pool_sentence(situation: Situation, members: PoolMembers, deed: Deed, names: Names) -> str:
    """Why its result does not come, as far as that is known; "" when somebody is at work, or
    nothing is known of its workers."""
    if members.deaf:
        return tr(
            "A result could not be rebuilt from its pickle, and that ended the thread of the pool "
            "that takes results in: none comes any more."
        )
    lost = members.lost_of(deed)
    if lost is not None:
        return _lost(situation, lost, members, certain=True)
    if members.is_left_by(deed):
        return tr(
            "A worker could not be replaced, and that ended the thread of the pool that starts "
            "workers: nobody takes its place any more."
        )
    if members.busy or not (members.idle or members.ended):
        return ""
    if members.lost:
        return _lost(situation, members.lost[0], members, certain=False)
    if members.unstarted:
        return _unstarted(situation, members)
    failed = [
        number
        for number in members.ended
        if situation.processes[number].has_failed and not members.tasks.get(number)
    ]
    if failed and not members.tasks:
        return _never_began(len(failed), situation.processes[failed[0]].exit_code)
    if not members.idle:
        row = situation.processes[members.ended[0]]
        return tr(
            "None of its workers lives just now. The last one, {process}, {ended}.",
            process=who(row, row.number), ended=how_it_ended(row),
        )  # fmt: skip
    if not members.at_rest:
        return tr("None of its workers is in a task at this very moment.")
    return _at_rest(names(members.idle), len(members.idle), members.unproven)


def _lost(situation: Situation, lost: LostTask, members: PoolMembers, certain: bool) -> str:
    row = situation.processes[lost.process]
    process, ended = who(row, row.number), how_it_ended(row)
    if certain:
        return tr(
            "{process} {ended} in the middle of {task}: its result never comes, and nobody "
            "else works on it.",
            process=process, ended=ended, task=task_phrase(lost),
        )  # fmt: skip
    return tr(
        "{process} {ended} in the middle of {task}, and that result never comes. No other "
        "worker is in a task just now.",
        process=process, ended=ended, task=task_phrase(lost),
    )  # fmt: skip


def task_phrase(lost: LostTask) -> str:
    if lost.number:
        number = task_label(lost.number)
        return tr("task {number} ({function})", number=number, function=lost.function)
    if lost.function:
        return tr("a task ({function})", function=lost.function)
    return tr("a task")


def _unstarted(situation: Situation, members: PoolMembers) -> str:
    row = situation.processes[members.unstarted[-1]]
    return trn(
        "{count} of its workers has ended in the initializer {function}, before any task; the last "
        "one, {process}, {ended}.",
        "{count} of its workers have ended in the initializer {function}, before any task; the "
        "last one, {process}, {ended}.",
        len(members.unstarted),
        function=members.initializer, process=who(row, row.number), ended=how_it_ended(row),
    )  # fmt: skip


def _never_began(count: int, exit_code: int | None) -> str:
    if exit_code:
        return trn(
            "One of its workers has ended before the first task, the last one with exit code "
            "{code}.",
            "{count} of its workers have ended before the first task, the last one with exit code "
            "{code}.",
            count,
            code=exit_code,
        )
    return trn(
        "One of its workers has ended before the first task, the last one with a signal.",
        "{count} of its workers have ended before the first task, the last one with a signal.",
        count,
    )


def _at_rest(names: str, count: int, unproven: bool) -> str:
    if unproven:
        return trn(
            "{names} may be its worker, and in no task: it is not known why the result does not "
            "come.",
            "{names} may be its workers, and in no task: it is not known why the result does not "
            "come.",
            count,
            names=names,
        )
    return trn(
        "{names} is its worker, and in no task: it is not known why the result does not come.",
        "{names} are its workers, and in no task: it is not known why the result does not come.",
        count,
        names=names,
    )
