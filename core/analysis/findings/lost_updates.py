"""Changes of what a manager keeps that are gone: made in a copy, or written over.

    ledger["orders"].append(5)    __getitem__ --> a copy --changed--> thrown away
    ledger["count"] += 1          __getitem__ of two --> __setitem__ of both: the first is gone

Both are found in the single calls that are recorded, with their keys. The first also needs the
program's file, since a copy's change is no call. The second is told only where both had read before
either began to write: whatever the order in which the manager took the calls, one change is lost.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from ...store.object_row import ObjectRow
from ...translation import enumerated, tr, trn
from ...vocabulary.findings import Evidence
from ...vocabulary.operation import Operation
from .cause import Cause, Words
from .changed_in_place import change_at
from .closed_words import labels_of, names_of
from .view import View

_TYPES = frozenset(("Manager.dict", "Manager.list"))
_READ, _WRITE = "__getitem__", "__setitem__"
_MOST_OBJECTS, _MOST_CALLS = 8, 1000
_OBJECTS_LIVE, _CALLS_LIVE = 3, 300  # the first ones: what they show once stays
_MOST_NAMED = 3
_VALUES = 3  # a flag that several set has two
_CUT = "…"  # ends a preview that is not whole


class _Change(msgspec.Struct, frozen=True):
    """What a thread read and, by its next call and on the same line, wrote."""

    read: Operation
    write: Operation

    @property
    def who(self) -> tuple[int, str]:
        return self.read.process, self.read.thread


def lost_updates(view: View) -> Iterator[Cause]:
    """One for each of a manager's dicts or lists of which changes are lost, and for each way."""
    reader = view.store.reader
    if reader is None:
        return
    shared = [row for row in view.objects if row.type in _TYPES and row.calls]
    for row in shared[: _MOST_OBJECTS if view.over else _OBJECTS_LIVE]:
        limit = _MOST_CALLS if view.over else _CALLS_LIVE
        calls = [call for _, call in reader.operations.page(row.number, limit=limit)]
        writes = [call for call in calls if _is(call, _WRITE)]
        over: dict[str, list[tuple[_Change, _Change]]] = {}
        copied: dict[str, dict[str, list[Operation]]] = {}
        for key, reads in _by_key(calls).items():
            mine = [call for call in writes if (call.preview or "").startswith(f"({key}, ")]
            lost = _written_over(reads, mine)
            if lost and len({call.preview for call in mine}) >= _VALUES:
                over[key] = lost
            if thrown := _in_copies(view, row, key, reads):
                copied[key] = thrown
        if over:
            yield _over(view, row, over)
        if copied:
            yield _copied(view, row, copied)


def _items(row: ObjectRow, keys: Iterable[str]) -> str:
    """What to call them in a sentence: "totals['a'], totals['b'] and 2 more"."""
    names = [f"{row.label}[{key}]" for key in keys]
    return enumerated(names[:_MOST_NAMED], max(0, len(names) - _MOST_NAMED))


def _is(call: Operation, method: str) -> bool:
    return call.text == method and call.outcome == "ok" and bool(call.preview)


def _by_key(calls: Sequence[Operation]) -> dict[str, list[Operation]]:
    """The reads, by the key as their preview has it: "'orders'"."""
    found: dict[str, list[Operation]] = defaultdict(list)
    for call in calls:
        if _is(call, _READ) and call.preview and not call.preview.endswith(_CUT):
            found[call.preview].append(call)
    return found


def _written_over(
    reads: Sequence[Operation], writes: Sequence[Operation]
) -> list[tuple[_Change, _Change]]:
    """Changes of two threads, both of which had read before either wrote; each change but once as
    the second one."""
    follows = {(w.process, w.thread, w.argument - 1, w.site): w for w in writes}
    changes = []
    for read in reads:
        write = follows.get((read.process, read.thread, read.argument, read.site))
        if write is not None and read.end_ns <= write.start_ns:
            changes.append(_Change(read, write))
    changes.sort(key=lambda change: change.read.end_ns)
    found, open_ = [], list[_Change]()  # those that have read, and not begun to write
    for change in changes:
        open_ = [each for each in open_ if each.write.start_ns >= change.read.end_ns]
        if other := next((each for each in open_ if each.who != change.who), None):
            found.append((other, change))
        open_.append(change)
    return found


def _over(
    view: View, row: ObjectRow, over: Mapping[str, Sequence[tuple[_Change, _Change]]]
) -> Cause:
    lost = [pair for pairs in over.values() for pair in pairs]
    numbers = sorted({change.read.process for pair in lost for change in pair})
    item, rows = _items(row, over), [view.row(each) for each in numbers]
    first, second = lost[0]
    place = os.path.basename(first.write.site)

    def words() -> Words:
        return Words(
            tr("Changes of {item} by several processes are lost", item=item),
            tr(
                "{names} read {item} and then write what they made of it ({place}). A manager "
                "takes these as two calls, and others come in between: what is written then is "
                "made from an old value, and other changes are lost.",
                names=names_of(rows), item=item, place=place,
            )
            + " "
            + trn(
                "That is certain for {count} change, as far as calls are recorded: {one} and "
                "{other} had both read, then they wrote {this} and {that}, so one of these went.",
                "That is certain for {count} changes, as far as calls are recorded. At first, "
                "{one} and {other} had both read, then they wrote {this} and {that}, so one of "
                "these went.",
                len(lost),
                one=view.row(first.read.process).label,
                other=view.row(second.read.process).label,
                this=_value(first.write), that=_value(second.write),
            ),
            tr(
                "Hold a lock around both, one that all of them were given: `with lock:`. Or keep "
                "a number in a `Value`, and change it within `with value.get_lock():`. Or let "
                "each process return its part, and put them together in one."
            ),
        )  # fmt: skip

    first_item = _items(row, list(over)[:1])
    facts = [_fact(each.write, f"{first_item} = {_value(each.write)}") for each in lost[0]]
    return _cause(row, "over", numbers, words, facts)


def _in_copies(
    view: View, row: ObjectRow, key: str, reads: Sequence[Operation]
) -> dict[str, list[Operation]]:
    """The reads whose result is changed there and thrown away, by how: ".append()"."""
    found: dict[str, list[Operation]] = defaultdict(list)
    sites: dict[str, list[Operation]] = defaultdict(list)
    for read in reads:
        sites[read.site].append(read)
    for site, there in sites.items():
        change = change_at(site, key, row.name, there[0].start_ns)
        if change and not _may_be_proxy(view, row, site, there):
            found[change] += there
    return found


def _may_be_proxy(view: View, row: ObjectRow, site: str, reads: Sequence[Operation]) -> bool:
    """Whether another object of a manager may be called there: then the item is no copy."""
    reader = view.store.reader
    users = {read.process for read in reads}
    for other in view.objects:
        if other is row or other.type not in _TYPES or not other.calls or reader is None:
            continue
        calls = [call for _, call in reader.operations.page(other.number, limit=_MOST_CALLS)]
        if any(call.site == site for call in calls):
            return True
        unseen = other.calls > len(calls)
        if unseen and users & view.situation.users(other.number, "call").keys():
            return True
    return False


def _copied(
    view: View, row: ObjectRow, copied: Mapping[str, Mapping[str, Sequence[Operation]]]
) -> Cause:
    thrown = [
        (call, key, how)
        for key, by_change in copied.items()
        for how, calls in by_change.items()
        for call in calls
    ]
    numbers = sorted({call.process for call, _, _ in thrown})
    item, rows = _items(row, copied), [view.row(each) for each in numbers]
    places = sorted({os.path.basename(call.site) for call, _, _ in thrown})
    changes = sorted({how for _, _, how in thrown})

    def words() -> Words:
        return Words(
            tr("What {names} changed in {item} is gone: it was a copy", names=labels_of(rows),
               item=item),
            tr(
                "{item} gives a copy of what the manager keeps. {names} changed such copies "
                "({change}, {place}), and the copies were thrown away.",
                item=item, names=names_of(rows), change=enumerated(changes),
                place=enumerated(places),
            )
            + " "
            + trn(
                "That was so {count} time, as far as calls are recorded.",
                "That was so {count} times, as far as calls are recorded.",
                len(thrown),
            ),
            tr(
                "Write it back: read {item}, change that, and assign it to {item} again, with a "
                "lock around all three. Or let the manager keep a proxy there, made by "
                "`manager.list()` or `manager.dict()`.",
                item=item,
            ),
        )  # fmt: skip

    first = {call.process: (call, f"{_items(row, [key])}{how}") for call, key, how in thrown[::-1]}
    return _cause(row, "copy", numbers, words, [_fact(*each) for each in first.values()])


def _fact(call: Operation, text: str) -> Evidence:
    return Evidence(
        call.process, call.thread, call.operation, call.object, call.start_ns, call.site, text
    )


def _value(write: Operation) -> str:
    """What was written, of "('count', 5)"."""
    return (write.preview or "")[1:].partition(", ")[2].removesuffix(")")


def _cause(
    row: ObjectRow,
    way: str,
    numbers: list[int],
    words: Callable[[], Words],
    facts: Sequence[Evidence],
) -> Cause:
    return Cause(
        code="lost-updates",
        which=(row.number, way),
        words=words,
        since_ns=min(fact.since_ns for fact in facts),
        processes=tuple(numbers),
        objects=(row.number,),
        evidence=tuple(facts),
    )
