"""Who uses which shared object, in which direction, how often, and how long it waits for that.

    counters of the session --use_snapshot()--> UseSnapshot --.
    an earlier UseSnapshot ---------------------------+--> wires() --> a Wire for each use
    ObjectTable: holders, waiters -------------+
    what processes are in ---------------------'

Totals say what has ever happened; rates and waiting are differences between two looks. A wait that
is still going on is in no counter yet: what a process is in tells it, and its time is added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from ...session.open_waits import OpenWait, counts_with, waits_in
from ...store.doing import Deed
from ...store.object_row import ObjectRow
from ...vocabulary.events import ObjectState, OperationCount
from ...vocabulary.kinds import DIRECTIONS, GUARD, Direction, kind_of, operation_kind

Counters = Iterable[tuple[int, int, OperationCount]]
"""(object, process, totals of one operation), as SessionReader.counters() gives them."""


def direction_of(operation: str, type_name: str) -> Direction | None:
    """Which way an operation goes on an object of this type; None when it is no use of it."""
    kind = kind_of(type_name)
    if not kind.used:
        return None
    return kind.wait_direction if operation == "wait" else operation_kind(operation).direction


class Use(msgspec.Struct, gc=False):
    """The exact totals of one process on one object in one direction. `total`: operations that
    succeeded, each pair of acquire and release counted once."""

    total: int
    waited_ns: int
    counts: tuple[OperationCount, ...]


UseKey = tuple[int, int, Direction]
"""(process, object, direction)."""


class UseSnapshot(msgspec.Struct, frozen=True):
    """All uses as they stood at a time (Unix time, ns)."""

    time_ns: int
    uses: dict[UseKey, Use]


class Wire(msgspec.Struct, frozen=True, gc=False):
    """One process's use of one object in one direction.

    `rate`: operations a second between two looks, None without an earlier one. `waiting`: the
    share of that time, 0 to 1, that it spent waiting; without an earlier look, that of `lifetime`.
    `holds`: it holds the object now; `waits`: it waits for it now.
    """

    process: int
    object: int
    direction: Direction
    total: int = 0
    waited_ns: int = 0
    counts: tuple[OperationCount, ...] = ()
    rate: float | None = None
    waiting: float = 0.0
    holds: bool = False
    waits: bool = False


def use_snapshot(rows: Counters, types: Mapping[int, str], time_ns: int) -> UseSnapshot:
    """Put the counters of all processes together. `types`: by number of the object; what is not
    in there is left out."""
    uses: dict[UseKey, Use] = {}
    for number, process, count in rows:
        type_name = types.get(number)
        if type_name is None:
            continue
        direction, counted = _kind_of(count.operation, type_name)
        if direction is None:
            continue
        total = count.count if counted else 0
        key = (process, number, direction)
        use = uses.get(key)
        if use is None:
            uses[key] = Use(total, count.waited_ns, (count,))
        else:
            use.total += total
            use.waited_ns += count.waited_ns
            use.counts += (count,)
    return UseSnapshot(time_ns, uses)


@lru_cache(maxsize=1024)
def _kind_of(operation: str, type_name: str) -> tuple[Direction | None, bool]:
    """Which way an operation goes, and whether it counts as a use."""
    is_wait = operation == "wait"
    counts = kind_of(type_name).wait_counts if is_wait else operation_kind(operation).counts
    return direction_of(operation, type_name), counts


def wires(
    now: UseSnapshot,
    before: UseSnapshot | None,
    objects: Iterable[ObjectRow | ObjectState],
    types: Mapping[int, str],
    doing: Mapping[int, tuple[Deed, ...]],
    lifetimes: Mapping[int, int] | None = None,
) -> dict[UseKey, Wire]:
    """Every use there is at the time of `now`.

    `before`: an earlier look, for rates. `objects`: holders and waiters, of objects in `types`.
    `doing`: what the threads of each process are in. `lifetimes`: ns that each process has lived,
    for the share of waiting where there is no earlier look.
    """
    span = 0 if before is None else max(1, now.time_ns - before.time_ns)
    current = _current_waits(types, doing, now.time_ns)
    holding, waiting = _standing(objects, types, current, now.uses)
    found: dict[UseKey, Wire] = {}
    earlier = {} if before is None else before.uses
    extra = not (current.keys() | holding | waiting) <= now.uses.keys()
    for key in _in_order(now.uses, current, holding, waiting) if extra else now.uses:
        use = now.uses.get(key)
        total, counted, counts = (use.total, use.waited_ns, use.counts) if use else (0, 0, ())
        waits = current.get(key, ())
        waited = counted + sum(wait.waited_ns for wait in waits)
        if waits:
            counts = counts_with(counts, waits)
        rate = None
        share = 0.0
        if span:
            old = earlier.get(key)
            if old is not None:
                rate = (total - old.total) * 1e9 / span
                share = (counted - old.waited_ns) / span
            else:
                rate, share = total * 1e9 / span, counted / span
            share += max((min(1.0, wait.waited_ns / span) for wait in waits), default=0.0)
        elif lifetimes:
            share = waited / (lifetimes.get(key[0], 0) or waited or 1)
        found[key] = Wire(
            *key, total, waited, counts, rate, share if share < 1.0 else 1.0, key in holding,
            key in waiting or key in current,
        )  # fmt: skip
    return found


def _in_order(*groups: Iterable[UseKey]) -> dict[UseKey, None]:
    return {key: None for group in groups for key in group}


def _current_waits(
    types: Mapping[int, str], doing: Mapping[int, tuple[Deed, ...]], now_ns: int
) -> dict[UseKey, list[OpenWait]]:
    """The waits that go on."""
    found: dict[UseKey, list[OpenWait]] = {}
    for process, deeds in doing.items():
        for wait in waits_in(process, deeds, now_ns):
            if wait.object in types:
                direction = direction_of(wait.operation, types[wait.object])
                if direction is not None:
                    found.setdefault((process, wait.object, direction), []).append(wait)
    return found


def _standing(
    objects: Iterable[ObjectRow | ObjectState],
    types: Mapping[int, str],
    current: Mapping[UseKey, list[OpenWait]],
    uses: Mapping[UseKey, Use],
) -> tuple[set[UseKey], set[UseKey]]:
    """Who holds and who waits, as the objects tell it. They do not say in which direction
    somebody waits: the one that is known of that process, or else the getter's."""
    holding: set[UseKey] = set()
    waiting: set[UseKey] = set()
    for each in objects:
        if not each.holders and not each.waiters:
            continue
        number = each.number if isinstance(each, ObjectRow) else each.object
        type_name = types.get(number)
        if type_name is None or not kind_of(type_name).used:
            continue
        holding.update((process, number, GUARD) for process, _thread in each.holders)
        for process, _thread in each.waiters:
            keys = [(process, number, direction) for direction in DIRECTIONS]
            if any(key in current for key in keys):
                continue
            known = [key for key in keys if key in uses]
            usual = (process, number, kind_of(type_name).usual_wait)
            waiting.add(known[-1] if known and usual not in known else usual)
    return holding, waiting
