"""The columns of the shared objects, each an object of its own.

Names of processes come from the process table, so columns are made for one. The headings of groups
share the columns of figures: a GroupRow has the attributes that these read.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from spawnscope.core.store.object_row import ObjectRow
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.translation import tr, trn
from spawnscope.core.vocabulary.kinds import MAIN_THREAD

from ...kit.column import RIGHT, Column
from ...kit.row_text import depth_text, exact_name, thread_name
from ...kit.text.figures import places_text, rate_text, site_text, totals_text, wait_text

(
    NAME, TYPE, DEPTH, INWARD, OUTWARD, LOST, HOLDER, WAITERS, PUT_WAIT, GET_WAIT, CREATOR, PLACE,
) = range(12)  # fmt: skip
PEOPLE = frozenset(("creator", "holders", "waiters"))  # fields that name processes


class GroupRow(msgspec.Struct, frozen=True, gc=False):
    """All objects of a type: how many, and sums of their figures. `folded`: they are not shown."""

    type: str
    count: int
    folded: bool
    inward: float | None
    outward: float | None
    waiters: tuple[tuple[int, str], ...]
    put_wait_ns: int
    get_wait_ns: int
    lost_ns: int

    @classmethod
    def of(cls, type_name: str, rows: list[ObjectRow], folded: bool) -> GroupRow:
        """The heading over these rows."""
        inward = [row.inward for row in rows if row.inward is not None]
        outward = [row.outward for row in rows if row.outward is not None]
        return cls(
            type_name,
            len(rows),
            folded,
            sum(inward) if inward else None,
            sum(outward) if outward else None,
            tuple(pair for row in rows for pair in row.waiters),
            sum(row.put_wait_ns for row in rows),
            sum(row.get_wait_ns for row in rows),
            sum(row.lost_ns for row in rows),
        )


def traffic_columns(processes: ProcessTable) -> tuple[Column, ...]:
    """The columns, in the order of the numbers above."""
    way = tr("Click to go to it in the tree")

    def person(number: int) -> str:
        row = processes.get(number)
        return tr("process {number}", number=number) if row is None else row.label

    def first(pairs: tuple[tuple[int, str], ...]) -> str:
        if not pairs:
            return ""
        name = person(pairs[0][0])
        thread = pairs[0][1]
        name = name if thread in ("", MAIN_THREAD) else f"{name}, {thread}"
        return f"{name}  +{len(pairs) - 1}" if len(pairs) > 1 else name

    def each(pairs: Iterable[tuple[int, str]]) -> str:
        names = [thread_name(processes, pair) for pair in pairs]
        lines = names[:20]
        if len(names) > 20:
            lines.append(tr("and {count} more", count=len(names) - 20))
        return "\n".join([*lines, way] if names else [])

    return (
        Column(
            id="name", title=tr("Name"), width=168,
            tooltip=tr("The name by which the program knows it, as far as can be told"),
            value=lambda row: row.label.casefold(), text=lambda row: row.label,
            fold=lambda group: f"{group.type}  ({group.count:,})",
            explain=explained, fields=frozenset(("name", "counts")),
        ),
        Column(
            id="type", title=tr("Type"), tooltip=tr("What kind of shared object it is"), width=104,
            value=lambda row: row.type.casefold(), text=lambda row: row.type,
            explain=explained, fields=frozenset(("type", "counts")),
        ),
        Column(
            id="depth", title=tr("Depth"), alignment=RIGHT, width=152,
            tooltip=tr(
                "How many items are in it, in the last minute and now, and how many it takes"
            ),
            value=lambda row: row.depth, text=depth_text, explain=_explained_depth,
            fields=frozenset(("depth", "capacity")),
        ),
        Column(
            id="inward", title=tr("Puts/s"), alignment=RIGHT, width=104,
            tooltip=tr("What went in, in the last minute and the last two seconds: puts, sends, "
            "acquires"),
            value=lambda row: row.inward, text=lambda row: rate_text(row.inward),
            fold=lambda group: rate_text(group.inward),
            explain=explained, fields=frozenset(("inward", "counts")),
        ),
        Column(
            id="outward", title=tr("Gets/s"), alignment=RIGHT, width=104,
            tooltip=tr("What came out in the last minute and the last two seconds: gets, receives, "
            "releases"),
            value=lambda row: row.outward, text=lambda row: rate_text(row.outward),
            fold=lambda group: rate_text(group.outward),
            explain=explained, fields=frozenset(("outward", "counts")),
        ),
        Column(
            id="lost", title=tr("Time lost"), alignment=RIGHT, width=104,
            tooltip=tr("How long threads waited for it in the last ten seconds, all together; "
            "once its run is over, in all"),
            value=lambda row: row.lost_ns, text=lambda row: wait_text(row.lost_ns),
            fold=lambda group: wait_text(group.lost_ns),
            explain=_explained_waits, fields=frozenset(("lost_ns",)),
        ),
        Column(
            id="holder", title=tr("Holder"), width=132,
            tooltip=tr("Who holds it now: the process, and the thread if it is not the main one"),
            value=lambda row: first(row.holders).casefold() or None,
            text=lambda row: first(row.holders), explain=lambda row: each(row.holders),
            fields=frozenset(("holders",)),
        ),
        Column(
            id="waiters", title=tr("Waiters"), width=132, tooltip=tr("Who waits for it now"),
            value=lambda row: len(row.waiters), text=lambda row: first(row.waiters),
            fold=lambda group: str(len(group.waiters) or ""),
            explain=lambda row: each(row.waiters), fields=frozenset(("waiters",)),
        ),
        Column(
            id="put_wait", title=tr("Put wait"), alignment=RIGHT, width=76,
            tooltip=tr("How long threads have waited to bring something in, or for a lock: puts, "
            "sends, submits, acquires"),
            value=lambda row: row.put_wait_ns, text=lambda row: wait_text(row.put_wait_ns),
            fold=lambda group: wait_text(group.put_wait_ns),
            explain=_explained_waits, fields=frozenset(("put_wait_ns",)),
        ),
        Column(
            id="get_wait", title=tr("Get wait"), alignment=RIGHT, width=76,
            tooltip=tr(
                "How long threads have waited for something to come out: gets, receives, waits"
            ),
            value=lambda row: row.get_wait_ns, text=lambda row: wait_text(row.get_wait_ns),
            fold=lambda group: wait_text(group.get_wait_ns),
            explain=_explained_waits, fields=frozenset(("get_wait_ns",)),
        ),
        Column(
            id="creator", title=tr("Creator"), tooltip=tr("The process that made it"), width=130,
            value=lambda row: person(row.creator).casefold(),
            text=lambda row: person(row.creator),
            explain=lambda row: f"{exact_name(processes, row.creator)}\n{way}",
            fields=frozenset(("creator",)),
        ),
        Column(
            id="place", title=tr("Place"), tooltip=tr("Where the program makes it"), width=110,
            value=lambda row: row.site or None, text=lambda row: site_text(row.site),
            explain=lambda row: places_text(row.site, row.via), fields=frozenset(("site",)),
        ),
    )  # fmt: skip


def explained(row: ObjectRow) -> str:
    """An object and its exact totals, a line for each operation."""
    lines = [f"{row.type} {row.label}" if row.name else row.label]
    lines += [f"{count.operation}: {totals_text(count)}" for count in row.counts]
    if row.waiters:  # what they have waited so far is in no count of calls
        lines.append(
            trn(
                "{count} thread waits now. In all:",
                "{count} threads wait now. In all:",
                len(row.waiters),
            )
        )
        lines.append(_explained_waits(row))
    return "\n".join(lines)


def _explained_depth(row: ObjectRow) -> str:
    if row.is_not_all_seen:
        return tr("Not everybody who may use it is watched: nobody can count what is in it.")
    if row.depth is None:
        return ""
    if row.capacity:
        if row.depth >= row.capacity:
            return tr(
                "{depth:,} of {capacity:,} places are taken. Whoever puts more has to wait.",
                depth=row.depth, capacity=row.capacity,
            )  # fmt: skip
        return tr(
            "{depth:,} of {capacity:,} places are taken.", depth=row.depth, capacity=row.capacity
        )
    return trn(
        "{count} item; it takes any number.", "{count} items; it takes any number.", row.depth
    )


def _explained_waits(row: ObjectRow | GroupRow) -> str:
    if not row.put_wait_ns and not row.get_wait_ns:
        return ""
    put, get = (wait_text(span) or tr("never") for span in (row.put_wait_ns, row.get_wait_ns))
    return "\n".join((
        tr("Waited to put, or for the lock: {time}", time=put),
        tr("Waited to get: {time}", time=get),
    ))  # fmt: skip
