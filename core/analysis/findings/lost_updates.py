"""Changes of what a manager keeps that are gone: made in a copy, or written over.

    ledger["orders"].append(5)    __getitem__ --> a copy --changed--> thrown away
    ledger["count"] += 1          __getitem__ of two --> __setitem__ of both: the first is gone

Both are found in the single calls that are recorded, with their keys. The first also needs the
program's file, since a copy's change is no call. The second is told only where both had read before
either began to write: whatever the order in which the manager took the calls, one change is lost.
"""

from __future__ import annotations

import ast
import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import msgspec

from ...store.object_row import ObjectRow
from ...translation import enumerated, tr, trn
from ...vocabulary.findings import Evidence
from ...vocabulary.operation import Operation
from ..source_text import source_text
from .cause import Cause, Words
from .closed_words import labels_of, names_of
from .view import View

_TYPES = frozenset(("Manager.dict", "Manager.list"))
_READ, _WRITE = "__getitem__", "__setitem__"
_MOST_OBJECTS, _MOST_CALLS = 8, 1000
_OBJECTS_LIVE, _CALLS_LIVE = 3, 300  # the first ones: what they show once stays
_CHANGING = frozenset((
    "add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "popitem",
    "remove", "reverse", "setdefault", "sort", "update",
))  # fmt: skip
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
    """One for each key of a manager's dict or list whose changes are lost, and for each way."""
    reader = view.store.reader
    if reader is None:
        return
    shared = [row for row in view.objects if row.type in _TYPES and row.calls]
    for row in shared[: _MOST_OBJECTS if view.over else _OBJECTS_LIVE]:
        limit = _MOST_CALLS if view.over else _CALLS_LIVE
        calls = [call for _, call in reader.operations.page(row.number, limit=limit)]
        writes = [call for call in calls if _is(call, _WRITE)]
        for key, reads in _by_key(calls).items():
            mine = [call for call in writes if (call.preview or "").startswith(f"({key}, ")]
            lost = _written_over(reads, mine)
            if lost and len({call.preview for call in mine}) >= _VALUES:
                yield _over(view, row, key, lost)
            if thrown := _in_copies(view, row, key, reads):
                yield _copied(view, row, key, thrown)


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


def _over(view: View, row: ObjectRow, key: str, lost: Sequence[tuple[_Change, _Change]]) -> Cause:
    numbers = sorted({change.read.process for pair in lost for change in pair})
    item, rows = f"{row.label}[{key}]", [view.row(each) for each in numbers]
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

    facts = [_fact(each.write, f"{item} = {_value(each.write)}") for each in lost[0]]
    return _cause(row, "over", key, numbers, words, facts)


def _in_copies(
    view: View, row: ObjectRow, key: str, reads: Sequence[Operation]
) -> dict[str, list[Operation]]:
    """The reads whose result is changed there and thrown away, by how: ".append()"."""
    found: dict[str, list[Operation]] = defaultdict(list)
    sites: dict[str, list[Operation]] = defaultdict(list)
    for read in reads:
        sites[read.site].append(read)
    for site, there in sites.items():
        change = _change_at(site, key, row.name, there[0].start_ns)
        if change and not _may_be_proxy(view, row, site, there):
            found[change] += there
    return found


@lru_cache(maxsize=256)
def _change_at(site: str, key: str, name: str, before_ns: int) -> str:
    """How the item of this key, of what is called `name`, is changed in place by a statement at a
    place: ".append()", "[...] ="; "" where it is not, or the file is not to be had, or newer."""
    path, _, number = site.rpartition(":")
    found = source_text(path) if number.isdigit() else None
    if found is None or found[1] > before_ns:
        return ""
    try:
        tree = ast.parse(found[0])
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    line = int(number)
    there = (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
    )
    return next((how for node in there if (how := _changed(node, key, name))), "")


def _changed(node: ast.stmt, key: str, name: str) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called = node.value.func
        if isinstance(called, ast.Attribute) and called.attr in _CHANGING:
            return f".{called.attr}()" if _is_item(called.value, key, name) else ""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    for target in targets:
        if isinstance(target, ast.Subscript) and _is_item(target.value, key, name):
            return "[...] ="
        if isinstance(target, ast.Attribute) and _is_item(target.value, key, name):
            return f".{target.attr} ="
    return ""


def _is_item(node: ast.expr, key: str, name: str) -> bool:
    """Whether this is an item of the object: by its key, or by what the object is called."""
    if not isinstance(node, ast.Subscript):
        return False
    if isinstance(node.slice, ast.Constant):
        return repr(node.slice.value) == key
    return bool(name) and ast.unparse(node.value).rpartition(".")[2] == name


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


def _copied(view: View, row: ObjectRow, key: str, thrown: dict[str, list[Operation]]) -> Cause:
    calls = [call for some in thrown.values() for call in some]
    numbers = sorted({call.process for call in calls})
    item, rows = f"{row.label}[{key}]", [view.row(each) for each in numbers]
    places = sorted({os.path.basename(call.site) for call in calls})

    def words() -> Words:
        return Words(
            tr("What {names} changed in {item} is gone: it was a copy", names=labels_of(rows),
               item=item),
            tr(
                "{item} gives a copy of what the manager keeps. {names} changed such copies "
                "({change}, {place}), and the copies were thrown away.",
                item=item, names=names_of(rows), change=enumerated(list(thrown)),
                place=enumerated(places),
            )
            + " "
            + trn(
                "That was so {count} time, as far as calls are recorded.",
                "That was so {count} times, as far as calls are recorded.",
                len(calls),
            ),
            tr(
                "Write it back: read {item}, change that, and assign it to {item} again, with a "
                "lock around all three. Or let the manager keep a proxy there, made by "
                "`manager.list()` or `manager.dict()`.",
                item=item,
            ),
        )  # fmt: skip

    first = {call.process: (how, call) for how, some in thrown.items() for call in some[::-1]}
    facts = [_fact(call, f"{item}{how}") for how, call in first.values()]
    return _cause(row, "copy", key, numbers, words, facts)


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
    key: str,
    numbers: list[int],
    words: Callable[[], Words],
    facts: Sequence[Evidence],
) -> Cause:
    return Cause(
        code="lost-updates",
        which=(row.number, way, key),
        words=words,
        since_ns=min(fact.since_ns for fact in facts),
        processes=tuple(numbers),
        objects=(row.number,),
        evidence=tuple(facts),
    )
