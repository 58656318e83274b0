"""Which shared objects go when the user clears ended processes: those of whole programs."""

from __future__ import annotations

from ..vocabulary.events import Role
from .objects import ObjectChange, ObjectTable
from .processes import ProcessTable


def clear_objects(objects: ObjectTable, processes: ProcessTable) -> list[ObjectChange]:
    """Clear what was made in programs of which every process was cleared: while one is still shown,
    so is all that it shares. Says what changed."""
    over: set[int] = set()
    for number in processes.cleared:
        parent = processes.parent(number)
        if parent is None or processes[parent].role is Role.SUPERVISOR:
            over.add(number)
            over.update(processes.descendants(number))
    return objects.clear(row.number for row in objects if row.creator in over)
