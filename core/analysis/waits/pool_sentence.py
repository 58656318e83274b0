"""What is to be said of a wait for a pool of which no worker is in a task."""

from __future__ import annotations

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
        task = f"a task ({function})" if function else "a task"
        row = situation.processes[number]
        text = f"{who(row, number)} {how_it_ended(row)} in the middle of {task}"
        if members.result_is_lost:
            return f"{text}: its result never comes, and nobody else works on it."
        return f"{text}, and that result never comes. No other worker is in a task just now."
    failed = [
        number
        for number in members.ended
        if situation.processes[number].has_failed and not members.tasks.get(number)
    ]
    if failed and not members.tasks:
        many = (
            f"{len(failed):,} of its workers have" if len(failed) > 1 else "One of its workers has"
        )
        last = situation.processes[failed[0]]
        return f"{many} ended before the first task, the last one with {_reason(last.exit_code)}."
    if not members.idle:
        row = situation.processes[members.ended[0]]
        ending = f"The last one, {who(row, row.number)}, {how_it_ended(row)}."
        return f"None of its workers lives just now. {ending}"
    if not members.at_rest:
        return "None of its workers is in a task at this very moment."
    one = len(members.idle) == 1
    verb = "may be" if members.unproven else "is" if one else "are"
    return (
        f"{names(members.idle)} {verb} its {'worker' if one else 'workers'}, and in no task: "
        "it is not known why the result does not come."
    )


def _reason(exit_code: int | None) -> str:
    return f"exit code {exit_code}" if exit_code else "a signal"
