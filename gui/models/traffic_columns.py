"""The columns of the shared objects, each an object of its own.

`value` is what sorting compares (None comes last), `text` what is shown. Names of processes come
from the process table, so columns are made for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec
from PySide6.QtCore import Qt

from spawnscope.core.client.doing import MAIN_THREAD
from spawnscope.core.client.object_row import ObjectRow
from spawnscope.core.client.process_table import ProcessTable
from spawnscope.core.vocabulary.events import OperationCount

from ..text.span import duration_text, span_text
from .process_columns import LEFT, RIGHT, Value, memory_text

TYPE, NAME, CREATOR, DEPTH, INWARD, OUTWARD, HOLDER, WAITERS, BLOCKED, PLACE = range(10)
PEOPLE = frozenset(("creator", "holders", "waiters"))  # fields that name processes

_IDLE = 0.05  # operations a second below which nothing happens


class TrafficColumn(msgspec.Struct, frozen=True, eq=False):
    """`fields`: the attributes of ObjectRow that the column shows. `width`: px at 100 %."""

    id: str
    title: str
    tooltip: str
    value: Callable[[ObjectRow], Value]
    text: Callable[[ObjectRow], str]
    explain: Callable[[ObjectRow], str]
    fields: frozenset[str]
    alignment: Qt.AlignmentFlag = LEFT
    width: int = 80


def traffic_columns(processes: ProcessTable) -> tuple[TrafficColumn, ...]:
    """The columns, in the order of the numbers above."""

    def person(number: int) -> str:
        row = processes.get(number)
        return f"process {number}" if row is None else row.label

    def exactly(number: int) -> str:
        row = processes.get(number)
        return f"process {number}" if row is None else f"{row.label} ({row.pid})"

    def who(pair: tuple[int, str]) -> str:
        process, thread = pair
        return exactly(process) if thread in ("", MAIN_THREAD) else f"{exactly(process)}, {thread}"

    def holders(row: ObjectRow) -> str:
        more = f"  +{len(row.holders) - 1}" if len(row.holders) > 1 else ""
        return who(row.holders[0]) + more if row.holders else ""

    def each(pairs: Iterable[tuple[int, str]]) -> str:
        return "\n".join(map(who, pairs))

    def fields(*names: str) -> frozenset[str]:
        return frozenset(names)

    return (
        TrafficColumn(
            "type", "Type", "What kind of shared object it is",
            lambda row: row.type.casefold(), lambda row: row.type, _totals,
            fields("type", "counts"), width=122,
        ),
        TrafficColumn(
            "name", "Name", "The name by which the program knows it, as far as can be told",
            lambda row: row.label.casefold(), lambda row: row.label, _totals,
            fields("name", "counts"), width=130,
        ),
        TrafficColumn(
            "creator", "Creator", "The process that made it",
            lambda row: person(row.creator).casefold(), lambda row: person(row.creator),
            lambda row: f"{exactly(row.creator)}\nDouble-click to select it in the tree",
            fields("creator"), width=130,
        ),
        TrafficColumn(
            "depth", "Depth", "How many items are in it, and how many it takes",
            lambda row: row.depth, depth_text, _explained_depth,
            fields("depth", "capacity"), RIGHT, 100,
        ),
        TrafficColumn(
            "inward", "Puts/s", "What went in, in the last two seconds: puts, sends, acquires",
            lambda row: row.inward, lambda row: rate_text(row.inward), _totals,
            fields("inward", "counts"), RIGHT, 62,
        ),
        TrafficColumn(
            "outward", "Gets/s", "What came out in the last two seconds: gets, receives, releases",
            lambda row: row.outward, lambda row: rate_text(row.outward), _totals,
            fields("outward", "counts"), RIGHT, 62,
        ),
        TrafficColumn(
            "holder", "Holder", "Who holds it now: the process, and the thread if not the main one",
            lambda row: holders(row).casefold() or None, holders,
            lambda row: each(row.holders) + "\nDouble-click to select it in the tree"
            if row.holders else "",
            fields("holders"), width=140,
        ),
        TrafficColumn(
            "waiters", "Waiters", "How many threads wait for it now",
            lambda row: len(row.waiters), lambda row: str(len(row.waiters) or ""),
            lambda row: each(row.waiters), fields("waiters"), RIGHT, 64,
        ),
        TrafficColumn(
            "blocked", "Blocked", "How long all threads together have waited for it",
            lambda row: row.waited_ns, lambda row: blocked_text(row.waited_ns), _totals,
            fields("counts"), RIGHT, 70,
        ),
        TrafficColumn(
            "place", "Place", "Where the program makes it",
            lambda row: row.site or None, lambda row: site_text(row.site),
            lambda row: row.site, fields("site"), width=60,
        ),
    )  # fmt: skip


def depth_text(row: ObjectRow) -> str:
    """ "7" or "7 / 10"; "" where there are no items."""
    if row.depth is None:
        return ""
    return f"{row.depth:,} / {row.capacity:,}" if row.capacity else f"{row.depth:,}"


def rate_text(rate: float | None) -> str:
    """Operations a second: "0", "0.5", "38", "1,204"; "" where there never was one."""
    if rate is None:
        return ""
    if rate < _IDLE:
        return "0"
    return f"{rate:,.0f}" if rate >= 9.95 else f"{rate:.1f}"


def blocked_text(span_ns: int) -> str:
    """A waiting time; "" for none."""
    return duration_text(span_ns) if span_ns >= 10_000_000 else span_text(span_ns) * (span_ns > 0)


def site_text(site: str) -> str:
    """A place without its folders: "shop.py:12"."""
    return site.rpartition("/")[2]


def _explained_depth(row: ObjectRow) -> str:
    if row.depth is None:
        return ""
    if row.capacity:
        full = " Whoever puts more has to wait." if row.depth >= row.capacity else ""
        return f"{row.depth:,} of {row.capacity:,} places are taken.{full}"
    return f"{row.depth:,} items; it takes any number."


def _totals(row: ObjectRow) -> str:
    lines = [f"{row.type} {row.label}" if row.name else row.label]
    lines += [_total(count) for count in row.counts]
    return "\n".join(lines)


def _total(count: OperationCount) -> str:
    parts = [f"{count.operation}: {count.count:,}"]
    if count.bytes:
        parts.append(memory_text(count.bytes))
    if count.waits:
        parts.append(f"{count.waits:,} waited, {span_text(count.waited_ns)} in all")
    if count.timeouts:
        parts.append(f"{count.timeouts:,} in vain")
    if count.errors:
        parts.append(f"{count.errors:,} failed")
    return ", ".join(parts)
