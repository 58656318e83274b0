"""What is to be said of a wait for a pool of which no worker is in a task."""

from __future__ import annotations

from ...translation import tr, trn
from .pool_members import PoolMembers
from .queue_sentence import Names
from .situation import Situation, how_it_ended, who


def pool_sentence(situation: Situation, members: PoolMembers, names: Names) -> str:
    """Why nobody is at work, as far as that is known; "" when somebody is, or nothing is known of
    its workers."""
    if members.busy or not (members.idle or members.ended):
        return ""
    if members.lost:
        number, function = members.lost[0]
        row = situation.processes[number]
        process, ended = who(row, number), how_it_ended(row)
        task = tr("a task ({function})", function=function) if function else tr("a task")
        if members.result_is_lost:
            return tr(
                "{process} {ended} in the middle of {task}: its result never comes, and nobody "
                "else works on it.",
                process=process, ended=ended, task=task,
            )  # fmt: skip
        return tr(
            "{process} {ended} in the middle of {task}, and that result never comes. No other "
            "worker is in a task just now.",
            process=process, ended=ended, task=task,
        )  # fmt: skip
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
