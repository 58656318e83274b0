"""Which processes are so alike that one node can stand for them.

The workers of a pool always are. Those of a data loader, or of dask, are if they use the same
objects, but for those that each has for itself. Other siblings are when there are many, their names
differ only in their numbers, and they use the same objects.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from ...store.processes import ProcessTable
from ...store.store import Store
from ...translation import tr
from ...vocabulary.events import Role
from ...vocabulary.kinds import OUT, WORKER_ROLES, Direction, kind_of
from .wires import Wire

MANY = 6  # siblings that are folded
_CREWS = frozenset({Role.LOADER_WORKER, Role.DASK_WORKER})  # each with queues of its own as well
_NUMBER = re.compile(r"\d+")

GroupKey = tuple[int, str]
"""(number of the parent, 0 for none; what their names have in common)."""


class WiringGroups:
    """Remembers which groups there were: one that was folded once stays so, even if only two are
    left of it, and does not come apart while some member has not used everything yet."""

    def __init__(self) -> None:
        self._formed: set[GroupKey] = set()
        self._pools: dict[int, int] = {}  # worker: its pool
        self._patterns: dict[str, str] = {}  # name: pattern

    def idle_workers(
        self, store: Store, numbers: Iterable[int], wires: Iterable[Wire]
    ) -> list[Wire]:
        """Wires to their pools for workers that have not had a task yet: a pool that is the only
        one of its creator is that of all workers there."""
        for wire in wires:
            if wire.direction is OUT and wire.process not in self._pools:
                row = store.objects.get(wire.object)
                if row is not None and kind_of(row.type).is_pool:
                    self._pools[wire.process] = wire.object
        busy = {wire.process for wire in wires if wire.direction is OUT}
        made: dict[int, list[int]] = {}
        for row in store.objects:
            if kind_of(row.type).is_pool:
                made.setdefault(row.creator, []).append(row.number)
        found = []
        for number in numbers:
            process = store.processes[number]
            if number in busy or process.role not in WORKER_ROLES:
                continue
            pools = made.get(store.processes.parent(number) or 0, ())
            if number not in self._pools and len(pools) == 1:
                self._pools[number] = pools[0]
            if number in self._pools:
                found.append(Wire(number, self._pools[number], OUT))
        return found

    def fold(
        self, processes: ProcessTable, numbers: Iterable[int], wires: Collection[Wire]
    ) -> dict[GroupKey, list[int]]:
        """The groups among these processes, with their members in order."""
        alike: dict[GroupKey, list[int]] = {}
        for number in numbers:
            alike.setdefault(self._key(processes, number), []).append(number)
        used: dict[int, set[tuple[int, Direction]]] | None = None
        found: dict[GroupKey, list[int]] = {}
        for key, members in alike.items():
            role = processes[members[0]].role
            pool, crew = role in WORKER_ROLES, role in _CREWS
            least = 2 if pool or crew or key in self._formed else MANY
            if len(members) < least:
                continue
            if not pool:
                if used is None:
                    used = _used(wires)
                members = _wired_alike(members, used, crew)
            if len(members) >= least:
                self._formed.add(key)
                found[key] = members
        return found

    def _key(self, processes: ProcessTable, number: int) -> GroupKey:
        row = processes[number]
        parent = processes.parent(number) or 0
        if row.role in WORKER_ROLES:
            pool = self._pools.get(row.number)
            role = row.role.value
            return parent, role if pool is None else tr("{role} of {pool}", role=role, pool=pool)
        if row.role in _CREWS:
            return parent, row.role.value
        name = row.label
        pattern = self._patterns.get(name)
        if pattern is None:
            pattern = self._patterns[name] = _NUMBER.sub("#", name)
        return parent, pattern


def _used(wires: Iterable[Wire]) -> dict[int, set[tuple[int, Direction]]]:
    used: dict[int, set[tuple[int, Direction]]] = {}
    for wire in wires:
        used.setdefault(wire.process, set()).add((wire.object, wire.direction))
    return used


def _wired_alike(
    members: list[int], used: Mapping[int, set[tuple[int, Direction]]], own: bool
) -> list[int]:
    """Those who use nothing but what at least half of them use. `own`: each may also use what no
    other of them uses."""
    none: set[tuple[int, Direction]] = set()
    times = Counter(use for member in members for use in used.get(member, none))
    alone = {use for use, count in times.items() if own and count == 1}
    if times.keys() == alone:  # as when not one is instrumented
        return members
    common = {use for use, count in times.items() if 2 * count >= len(members)}
    return [each for each in members if used.get(each, none) - alone <= common] if common else []
