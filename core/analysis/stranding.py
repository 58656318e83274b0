"""What the end of processes by force would leave behind for others: to be said before it is done.

processes that are to end --what they hold, are inside of, have in hand--> who else needs that?
                                                  nobody --> nothing     others --> a sentence
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..sentences.doing import task_label
from ..store.doing import Deed
from ..store.object_row import ObjectRow
from ..store.process_row import ProcessRow
from ..translation import enumerated, tr, trn
from ..vocabulary.events import Role
from ..vocabulary.kinds import Holding, kind_of
from .waits.situation import Facts, Situation, who

_MOST_NAMED = 3
_IN_HAND = ("task", "deliver")


def strands(store: Facts, ended: Collection[int]) -> list[str]:
    """A sentence for each thing that others would miss if these processes (by number) were ended
    now; none where nobody would. What only those need who end along with them is no loss. Raises
    SessionError."""
    situation = Situation(store)
    rows = [row for number in ended if (row := store.processes.get(number)) and row.is_live]
    if not rows:
        return []
    found: dict[str, None] = {}
    holders = {row.number: row for row in rows}
    for each in store.objects:
        for number, _ in each.holders:
            if number in holders and (said := _held(situation, holders[number], each, ended)):
                found[said] = None
    for row in rows:
        found |= dict.fromkeys(_in_the_midst(situation, row, ended))
    return list(found)


def _held(
    situation: Situation, row: ProcessRow, lock: ObjectRow, ended: Collection[int]
) -> str | None:
    """What is to be said of a lock that it holds."""
    waiters = _others(situation, [number for number, _ in lock.waiters], ended)
    if waiters:
        return trn(
            "{process} holds {lock}, and {others} waits for it: it would stay taken "
            "until you release it.",
            "{process} holds {lock}, and {others} wait for it: it would stay taken "
            "until you release it.",
            len(waiters),
            process=who(row, row.number), lock=lock.phrase, others=_named(waiters),
        )  # fmt: skip
    if kind_of(lock.type).holding is not Holding.ONE:
        return None  # others of its kind may be free
    users = _others(situation, situation.users(lock.number, "acquire"), ended)
    if not users:
        return None
    return trn(
        "{process} holds {lock}, which {others} uses too: it would stay taken "
            "until you release it.",
        "{process} holds {lock}, which {others} use too: it would stay taken "
            "until you release it.",
        len(users),
        process=who(row, row.number), lock=lock.phrase, others=_named(users),
    )  # fmt: skip


def _in_the_midst(situation: Situation, row: ProcessRow, ended: Collection[int]) -> Iterator[str]:
    """What is to be said of what its threads are in."""
    for deed in situation.deeds(row.number):
        used = None if deed.object is None else situation.object(deed.object)
        if used is None:
            continue
        if deed.operation in _IN_HAND and kind_of(used.type).worker is not None:
            makers = _others(situation, [_maker(situation, used)], ended)
            if makers:
                yield _task(row, used, deed, makers)
        if deed.inside:
            users = _others(situation, _users(situation, used, deed), ended)
            if users:
                yield trn(
                    "{process} is inside {object}, with the lock that {others} needs for it: "
                    "it would stay taken until you release it.",
                    "{process} is inside {object}, with the lock that {others} need for it: "
                    "it would stay taken until you release it.",
                    len(users),
                    process=who(row, row.number), object=used.phrase, others=_named(users),
                )  # fmt: skip


def _task(row: ProcessRow, pool: ObjectRow, deed: Deed, makers: list[ProcessRow]) -> str:
    process, maker = who(row, row.number), _named(makers)
    task = tr("task {number}", number=task_label(deed.number)) if deed.number else tr("a task")
    if deed.text:
        task = f"{task} ({deed.text})"
    if kind_of(pool.type).worker is Role.EXECUTOR_WORKER:
        return tr(
            "{process} has {task} of {pool} in hand: the executor of {maker} would be broken, and "
            "all that it was given would fail.",
            process=process, task=task, pool=pool.phrase, maker=maker,
        )  # fmt: skip
    return tr(
        "{process} has {task} of {pool} in hand: {maker} would never get its result.",
        process=process, task=task, pool=pool.phrase, maker=maker,
    )  # fmt: skip


def _users(situation: Situation, used: ObjectRow, deed: Deed) -> list[int]:
    """Who needs the same lock inside of an object, as far as one did the same before."""
    waiters = [number for number, _ in used.waiters]
    if kind_of(used.type).worker is not None:
        members = situation.members(used)
        waiters = []
        others = (*members.idle, *(number for number, _ in members.busy))
    else:
        operation = {"feed": "put"}.get(deed.operation, deed.operation)
        waiters = [
            number
            for number in waiters
            if any(
                one.object == used.number and one.operation == operation
                for one in situation.deeds(number)
            )
        ]
        others = tuple(situation.users(used.number, operation))
    return [*waiters, *others]


def _maker(situation: Situation, pool: ObjectRow) -> int:
    """Who made the pool, or gave it something to do."""
    return next(iter(situation.users(pool.number, "submit")), pool.creator)


def _others(
    situation: Situation, numbers: Collection[int] | list[int], ended: Collection[int]
) -> list[ProcessRow]:
    """Those of them that live on."""
    rows = (situation.processes.get(number) for number in dict.fromkeys(numbers))
    return [row for row in rows if row is not None and row.is_live and row.number not in ended]


def _named(rows: list[ProcessRow]) -> str:
    names = [who(row, row.number) for row in rows[:_MOST_NAMED]]
    return enumerated(names, len(rows) - len(names))
