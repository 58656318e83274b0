"""Who uses which shared object, in which direction, how often, and how long it waits for that.

    counters of the session --look()--> Look --.
    an earlier Look ---------------------------+--> wires() --> a Wire for each use
    ObjectTable: holders, waiters -------------+
    what processes are in ---------------------'

Totals say what has ever happened; rates and waiting are differences between two looks. A wait that
is still going on is in no counter yet: what a process is in tells it, and its time is added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

import msgspec

from ..session.open_waits import OpenWait, counts_with, waits_in
from ..vocabulary.events import ObjectState, OperationCount
from .doing import Deed
from .object_row import ObjectRow

Counters = Iterable[tuple[int, int, OperationCount]]
"""(object, process, totals of one operation), as SessionReader.counters() gives them."""


Flow = Literal["into", "out", "guard"]
"""Which way things go between a process and an object. Plain texts: they are keys of many dicts."""

INTO: Flow = "into"  # from the process: put, send, submit, set
OUT: Flow = "out"  # to the process: get, recv, task, wait for an event
GUARD: Flow = "guard"  # neither: a lock is taken and given back, memory is used
FLOWS = (INTO, OUT, GUARD)

_FLOWS: dict[str, Flow] = {
    "put": INTO, "send": INTO, "submit": INTO, "call": INTO, "set": INTO, "clear": INTO,
    "join": INTO, "get": OUT, "recv": OUT, "poll": OUT, "task": OUT, "acquire": GUARD,
    "release": GUARD, "notify": GUARD, "wait": GUARD, "create": GUARD, "attach": GUARD,
    "close": GUARD, "unlink": GUARD,
}  # fmt: skip
_WAITS: dict[str, Flow] = {"Event": OUT, "Pool": INTO}  # where a wait belongs, unless it guards
_GUARDS: dict[str, Flow] = dict.fromkeys(
    ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Barrier", "Value", "Array"),
    GUARD,
)
_PARENTHOOD = "Process"  # the type of what parent and child share: no object that is used
# The operation of each pair that is counted: to release, or to clear, is no use of its own.
_COUNTED = frozenset(
    ("put", "get", "send", "recv", "submit", "task", "call", "set", "acquire", "create", "attach")
)
_COUNTED_WAITS = frozenset(("Event", "Barrier"))


def flow_of(operation: str, type_name: str) -> Flow | None:
    """Which way an operation goes on an object of this type; None when it is no use of it."""
    if type_name == _PARENTHOOD:
        return None
    if operation == "wait":
        return _WAITS.get(type_name, GUARD)
    return _FLOWS.get(operation)


class Use(msgspec.Struct, gc=False):
    """The exact totals of one process on one object in one direction. `total`: operations that
    succeeded, each pair of acquire and release counted once."""

    total: int
    waited_ns: int
    counts: tuple[OperationCount, ...]


Key = tuple[int, int, Flow]
"""(process, object, direction)."""


class Look(msgspec.Struct, frozen=True):
    """All uses as they stood at a time (Unix time, ns)."""

    time_ns: int
    uses: dict[Key, Use]


class Wire(msgspec.Struct, frozen=True, gc=False):
    """One process's use of one object in one direction.

    `rate`: operations a second between two looks, None without an earlier one. `waiting`: the
    share of that time, 0 to 1, that it spent waiting; without an earlier look, that of `lifetime`.
    `holds`: it holds the object now; `waits`: it waits for it now.
    """

    process: int
    object: int
    flow: Flow
    total: int = 0
    waited_ns: int = 0
    counts: tuple[OperationCount, ...] = ()
    rate: float | None = None
    waiting: float = 0.0
    holds: bool = False
    waits: bool = False


def look(rows: Counters, types: Mapping[int, str], time_ns: int) -> Look:
    """Put the counters of all processes together. `types`: by number of the object; what is not
    in there is left out."""
    uses: dict[Key, Use] = {}
    for number, process, count in rows:
        type_name = types.get(number)
        if type_name is None:
            continue
        flow, counted = _kind_of(count.operation, type_name)
        if flow is None:
            continue
        total = count.count if counted else 0
        key = (process, number, flow)
        use = uses.get(key)
        if use is None:
            uses[key] = Use(total, count.waited_ns, (count,))
        else:
            use.total += total
            use.waited_ns += count.waited_ns
            use.counts += (count,)
    return Look(time_ns, uses)


@lru_cache(maxsize=1024)
def _kind_of(operation: str, type_name: str) -> tuple[Flow | None, bool]:
    """Which way an operation goes, and whether it counts as a use."""
    counted = operation in _COUNTED or (operation == "wait" and type_name in _COUNTED_WAITS)
    return flow_of(operation, type_name), counted


def wires(
    now: Look,
    before: Look | None,
    objects: Iterable[ObjectRow | ObjectState],
    types: Mapping[int, str],
    doing: Mapping[int, tuple[Deed, ...]],
    lifetimes: Mapping[int, int] | None = None,
) -> dict[Key, Wire]:
    """Every use there is at the time of `now`.

    `before`: an earlier look, for rates. `objects`: holders and waiters, of objects in `types`.
    `doing`: what the threads of each process are in. `lifetimes`: ns that each process has lived,
    for the share of waiting where there is no earlier look.
    """
    span = 0 if before is None else max(1, now.time_ns - before.time_ns)
    current = _current_waits(types, doing, now.time_ns)
    holding, waiting = _standing(objects, types, current, now.uses)
    found: dict[Key, Wire] = {}
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


def _in_order(*groups: Iterable[Key]) -> dict[Key, None]:
    return {key: None for group in groups for key in group}


def _current_waits(
    types: Mapping[int, str], doing: Mapping[int, tuple[Deed, ...]], now_ns: int
) -> dict[Key, list[OpenWait]]:
    """The waits that go on."""
    found: dict[Key, list[OpenWait]] = {}
    for process, deeds in doing.items():
        for wait in waits_in(process, deeds, now_ns):
            if wait.object in types:
                flow = flow_of(wait.operation, types[wait.object])
                if flow is not None:
                    found.setdefault((process, wait.object, flow), []).append(wait)
    return found


def _standing(
    objects: Iterable[ObjectRow | ObjectState],
    types: Mapping[int, str],
    current: Mapping[Key, list[OpenWait]],
    uses: Mapping[Key, Use],
) -> tuple[set[Key], set[Key]]:
    """Who holds and who waits, as the objects tell it. They do not say in which direction
    somebody waits: the one that is known of that process, or else the getter's."""
    holding: set[Key] = set()
    waiting: set[Key] = set()
    for each in objects:
        if not each.holders and not each.waiters:
            continue
        number = each.number if isinstance(each, ObjectRow) else each.object
        type_name = types.get(number)
        if type_name is None or type_name == _PARENTHOOD:
            continue
        holding.update((process, number, GUARD) for process, _thread in each.holders)
        for process, _thread in each.waiters:
            keys = [(process, number, flow) for flow in FLOWS]
            if any(key in current for key in keys):
                continue
            known = [key for key in keys if key in uses]
            usual = (process, number, _WAITS.get(type_name) or _GUARDS.get(type_name, OUT))
            waiting.add(known[-1] if known and usual not in known else usual)
    return holding, waiting
