"""The waits for one object that nobody can end any more, and which of them is why a run is stuck.

    closed waits of a run --by object--> groups --who ever did what would end them--> the root
        proved by counts > all who did have ended > nobody else ever did

All other closed waits of the run follow from the root: one fault, one finding.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from typing import NamedTuple

from ...store.doing import Deed
from ...store.object_row import ObjectRow
from ...store.process_row import ProcessRow
from ...vocabulary.events import HELPERS, OperationCount
from ...vocabulary.findings import Cure, Remedy
from ...vocabulary.kinds import MAIN_THREAD, STARTED, Holding, ThreadKey, kind_of
from ..waits.inner_locks import lost_lock
from ..waits.parties import THROUGH_PIPES
from ..waits.unsent import unsent
from .cause import Cause, Words
from .view import View

Counts = dict[str, dict[int, OperationCount]]
"""Totals on one object, by operation and process."""

_ROOTS = (
    ("join", ""), ("wait", "Event"), ("wait", "Condition"), ("wait", "Barrier"), ("acquire", ""),
    ("get", ""), ("put", ""), ("flush", ""),
)  # fmt: skip


class ClosedGroup(NamedTuple):
    """See the module. `deed`: the longest of `waits`, which `waiters` are in for `seconds`;
    `others` live and wait for what follows from it, in `follows`; `done`: who else ever did what
    would end it, and how often; `counts`: totals by operation and process, and `users`: these
    processes; `lost`: of a queue, what was never sent, by process; `gone`: who ended last in this
    run; `kept_out`: who of the others waits for a lock, which lock, and who of `waiters` holds it;
    `rank`: 0 where it is proved to be the root, whatever else waits."""

    row: ObjectRow
    deed: Deed
    seconds: float
    waits: tuple[ThreadKey, ...]
    waiters: tuple[ProcessRow, ...]
    others: tuple[ProcessRow, ...]
    follows: frozenset[ThreadKey]
    done: tuple[tuple[ProcessRow, int], ...]
    counts: Counts
    users: tuple[ProcessRow, ...]
    lost: tuple[tuple[ProcessRow, int], ...]
    gone: ProcessRow | None
    kept_out: tuple[tuple[ProcessRow, ObjectRow, ProcessRow], ...]
    rank: int

    def total(self, operation: str) -> int:
        """How often it was done by all together."""
        return sum(each.count for each in self.counts.get(operation, {}).values())

    def cause(self, view: View, code: str, words: Callable[[ClosedGroup], Words]) -> Cause:
        """It, as a kind of finding reports it."""
        ended = [row.number for row, _ in (*self.lost, *self.done) if not row.is_live]
        people = dict.fromkeys((*(row.number for row in self.waiters), *ended))
        return Cause(
            code=code,
            which=(self.row.number, self.deed.operation),
            words=lambda: words(self),
            since_ns=self.deed.since_ns,
            processes=tuple(people),
            objects=(self.row.number,),
            evidence=view.evidence(wait for wait in self.waits if wait in view.graph.deeds),
            waits=frozenset(self.waits),
            entails=self.follows,
            proof=(self.waits, self.deed.since_ns),
            cures=tuple(Cure(Remedy.TERMINATE, row.number) for row in self.waiters),
        )


def root_groups(view: View, proved: bool = False) -> Iterator[ClosedGroup]:
    """One for each run that is stuck for good and that nothing explains yet; with `proved`, those
    that are sure to be roots, and locks that others wait for stay unexplained."""
    runs: dict[int | None, list[ThreadKey]] = {}
    for wait in sorted(view.closed.waits, key=lambda one: (view.closed.deed(one).since_ns, one)):
        runs.setdefault(view.row(wait[0]).worker, []).append(wait)
    for waits in runs.values():
        if any(map(view.is_explained, waits)):
            continue
        groups = list(_groups(view, waits))
        if not groups:
            continue
        root = min(groups, key=lambda one: (one.rank, _place(one), -len(one.waits)))
        if not proved:
            yield root
        elif root.rank == 0:
            locks = {wait for wait in root.follows if _is_for_lock(view, wait)}
            yield root._replace(follows=root.follows - locks)


def _is_for_lock(view: View, wait: ThreadKey) -> bool:
    wanted = view.closed.deed(wait).object
    row = None if wanted is None else view.situation.object(wanted)
    return row is not None and kind_of(row.type).holding is Holding.ONE


def _place(group: ClosedGroup) -> int:
    for place, (operation, type_name) in enumerate(_ROOTS):
        if group.deed.operation == operation and type_name in ("", group.row.type):
            return place
    return len(_ROOTS)


def _groups(view: View, waits: list[ThreadKey]) -> Iterator[ClosedGroup]:
    by_object: dict[tuple[int, str], list[ThreadKey]] = {}
    for wait in waits:
        deed = view.closed.deed(wait)
        row = None if deed.object is None else view.situation.object(deed.object)
        if row is None or row.type in STARTED or deed.operation in THROUGH_PIPES:
            continue
        known = deed.operation == "flush" or deed.operation in kind_of(row.type).ended_by
        if known and deed.operation in _PROVED and lost_lock(view.situation, deed) is None:
            by_object.setdefault((row.number, deed.operation), []).append(wait)
    for (number, operation), those in by_object.items():
        found = _group(view, number, operation, tuple(those), waits)
        if found is not None:
            yield found


def _group(
    view: View, number: int, operation: str, those: tuple[ThreadKey, ...], waits: list[ThreadKey]
) -> ClosedGroup | None:
    situation = view.situation
    row = view.store.objects[number]
    ending = "get" if operation == "flush" else kind_of(row.type).ended_by[operation][1]
    here = dict.fromkeys(process for process, _ in those)
    counts = {count.operation: situation.users(number, count.operation) for count in row.counts}
    done = tuple(
        (view.row(process), count.count)
        for process, count in counts.get(ending, {}).items()
        if count.count and process not in here
    )
    lost = unsent(situation, row).lost if operation == "get" else {}
    is_root = bool(lost) or _PROVED[operation](view, row, here, counts)
    if any(each.is_live for each, _ in done) and not is_root:
        return None  # they wait for something else, which is the root
    others = dict.fromkeys(process for process, _ in waits if process not in here)
    deed = view.closed.deed(those[0])
    users = dict.fromkeys(process for by in counts.values() for process in by)
    return ClosedGroup(
        row,
        deed,
        deed.elapsed_ns(view.now_ns) / 1e9,
        those,
        tuple(map(view.row, here)),
        tuple(map(view.row, others)),
        frozenset(waits) - set(those),
        done,
        counts,
        tuple(map(view.row, users)),
        tuple((view.row(process), count) for process, count in lost.items()),
        _last_ended(view, view.row(those[0][0]).worker),
        tuple(_kept_out(view, here, waits)),
        0 if is_root else 1 if done else 2,
    )


def _kept_out(
    view: View, here: Container[int], waits: list[ThreadKey]
) -> Iterator[tuple[ProcessRow, ObjectRow, ProcessRow]]:
    for wait in waits:
        deed = view.closed.deed(wait)
        if wait[0] in here or deed.operation != "acquire" or deed.object is None:
            continue
        for holder, _ in view.situation.holders(deed.object):
            if holder in here:
                yield view.row(wait[0]), view.store.objects[deed.object], view.row(holder)


def _last_ended(view: View, worker: int | None) -> ProcessRow | None:
    ended = [
        row
        for row in view.processes
        if row.worker == worker and row.ended_ns is not None and row.role not in HELPERS
    ]
    return max(ended, key=lambda row: row.ended_ns or 0, default=None)


# -- what counts prove ----------------------------------------------------------------------------

Proof = Callable[[View, ObjectRow, dict[int, None], Counts], bool]


def _is_joined(view: View, row: ObjectRow, here: dict[int, None], counts: Counts) -> bool:
    """Of a get: whoever lives and put something waits for the end of one who gets."""
    living = [each for each in counts.get("put", {}) if each not in here and view.row(each).is_live]
    return bool(living) and all(joins(view, process, here) for process in living)


def joins(view: View, process: int, here: Container[int]) -> bool:
    """Whether the main thread of a process waits for good for the end of one of these, or for a
    task that it is in."""
    if (process, MAIN_THREAD) not in view.closed.waits:
        return False
    wanted = view.closed.deed((process, MAIN_THREAD)).object
    row = None if wanted is None else view.situation.object(wanted)
    if row is not None and kind_of(row.type).is_pool:
        return any(each in here for each, _ in view.situation.members(row).busy)
    if row is None or row.type not in STARTED:
        return False
    return view.situation.process_behind(row.number) in here


def _is_forgotten(view: View, row: ObjectRow, here: dict[int, None], counts: Counts) -> bool:
    """Of a join: who took items that are not marked as done has ended, or waits for the next."""
    got, done = counts.get("get", {}), counts.get("task_done", {})
    if sum(each.count for each in got.values()) <= sum(each.count for each in done.values()):
        return False
    takers = [each for each in got if view.row(each).is_live]
    gets = {
        process
        for process, thread in view.closed.waits
        if (deed := view.closed.deed((process, thread))).operation == "get"
        and deed.object == row.number
    }
    return gets.issuperset(takers)


def _is_kept(view: View, row: ObjectRow, here: dict[int, None], counts: Counts) -> bool:
    """Of an acquire: all that was not given back has who waits for more."""
    holders = [process for process, _ in view.situation.holders(row.number)]
    return bool(holders) and all(process in here for process in holders)


def _nothing(view: View, row: ObjectRow, here: dict[int, None], counts: Counts) -> bool:
    return False


_PROVED: dict[str, Proof] = {
    "get": _is_joined, "join": _is_forgotten, "acquire": _is_kept, "put": _nothing,
    "wait": _nothing, "flush": _nothing,
}  # fmt: skip
