"""Locks inside of queues and pools that somebody who has ended took along: nobody gives them back.

    a wait for an object --which of its locks it needs--> that lock, if it is known to be lost

The lock to read is needed for a get and to take a task, the one to write for a send and to deliver
a result. They are objects of their own once they are lost and needed (see `Holding`).
"""

from __future__ import annotations

from ...store.doing import Deed
from ...store.object_row import ObjectRow
from ...translation import tr
from ...vocabulary.kinds import kind_of
from .situation import Situation, how_it_ended, who


def lost_lock(situation: Situation, deed: Deed) -> tuple[ObjectRow, int] | None:
    """The lock that `deed` needs and cannot get any more, and the process that took it along."""
    row = None if deed.object is None else situation.object(deed.object)
    if row is None or not row.identity:
        return None
    for side in _needed(situation, deed, row):
        lock = situation.inner_locks.get(f"lock:{side}:{row.identity}")
        if lock is not None:
            holders = [number for number, _ in situation.holders(lock.number)]
            dead = [number for number in holders if not situation.lives(number)]
            if dead:
                return lock, dead[0]
    return None


def lost_lock_sentence(situation: Situation, deed: Deed) -> str:
    """That nobody can do it any more, and why; "" where that is not so."""
    found = lost_lock(situation, deed)
    if found is None:
        return ""
    lock, number = found
    row = situation.processes[number]
    return tr(
        "{process} {ended} while it had the {lock}: nobody can give that back, and whoever needs "
        "it waits for ever.",
        process=who(row, number), ended=how_it_ended(row), lock=lock.phrase,
    )  # fmt: skip


def _needed(situation: Situation, deed: Deed, row: ObjectRow) -> tuple[str, ...]:
    kind = kind_of(row.type)
    if kind.is_pool:
        # A task that somebody works on may still be done; its result could not be delivered.
        return ("write",) if situation.members(row).busy else ("write", "read")
    if deed.operation == "get":
        return ("read",)
    if deed.operation == "feed" or (deed.operation == "put" and not kind.buffered):
        return ("write",)
    return ()
