"""Who uses a shared object, and which lines of code do: totals, with the share of each.

counters of the session -----> process_shares() --> ShareModel of processes
operations by their places --> site_shares() -----> ShareModel of lines
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import msgspec
from PySide6.QtCore import QObject, Qt

from spawnscope.core.store.object_row import calls_of, is_put_side
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.events import OperationCount
from spawnscope.core.vocabulary.kinds import UNTOLD

from ...kit.column import RIGHT, Column
from ...kit.column_table import ColumnTable, in_order
from ...kit.row_text import exact_name
from ...kit.text.figures import memory_text, percent_text, site_text, totals_text, wait_text
from ...kit.text.span import span_text

WHO, CALLS, BYTES, PUT_WAIT, GET_WAIT, VAIN = range(6)  # columns of processes
LINE, OPERATION, COUNT, WAITED = range(4)  # columns of lines


class ShareRow(msgspec.Struct, frozen=True, gc=False):
    """What one process, or one line of code, has done to an object. `process` 0 and `site` "" where
    it is the other. `calls_share` and `waited_share`: 0 to 1, of all on this object."""

    process: int
    site: str
    operation: str
    calls: int
    bytes: int
    put_wait_ns: int
    get_wait_ns: int
    vain: int
    calls_share: float
    waited_share: float
    counts: tuple[OperationCount, ...] = ()

    @property
    def waited_ns(self) -> int:
        """How long its calls waited."""
        return self.put_wait_ns + self.get_wait_ns


class ShareModel(ColumnTable[ShareRow]):
    """Rows with shares, sorted. It emits Qt's signals only."""

    def __init__(self, columns: tuple[Column, ...], parent: QObject | None = None) -> None:
        super().__init__(columns, parent)
        self._sort = 1
        self._descending = True

    def show(self, rows: Iterable[ShareRow]) -> None:
        """Show exactly these."""
        self._arrange(self._ordered(rows))
        self._tell(range(len(self._rows)))

    def people_changed(self) -> None:
        """A process has another name."""
        self._tell(range(len(self._rows)))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        self._sort = column if 0 <= column < len(self.columns) else 1
        self._descending = order == Qt.SortOrder.DescendingOrder
        self._arrange(self._ordered(self._rows))

    def _key(self, row: ShareRow) -> Hashable:
        return row.process, row.site, row.operation

    def _ordered(self, rows: Iterable[ShareRow]) -> list[ShareRow]:
        known = sorted(rows, key=lambda row: (row.process, row.site, row.operation))
        return in_order(known, self.columns[self._sort].value, descending=self._descending)


def process_shares(
    counters: Iterable[tuple[int, OperationCount]], type_name: str
) -> list[ShareRow]:
    """A row for each process, from its totals on one object of this type."""
    counts: dict[int, list[OperationCount]] = {}
    for process, count in counters:
        counts.setdefault(process, []).append(count)
    all_counts = [count for several in counts.values() for count in several]
    calls = sum(map(calls_of, all_counts)) or 1
    waited = sum(count.waited_ns for count in all_counts) or 1
    rows = []
    for process, several in counts.items():
        put = sum(c.waited_ns for c in several if is_put_side(c.operation, type_name))
        total = sum(count.waited_ns for count in several)
        own = sum(map(calls_of, several))
        rows.append(
            ShareRow(
                process=process,
                site="",
                operation="",
                calls=own,
                bytes=sum(count.bytes for count in several),
                put_wait_ns=put,
                get_wait_ns=total - put,
                vain=sum(count.timeouts + count.errors for count in several),
                calls_share=own / calls,
                waited_share=total / waited,
                counts=tuple(several),
            )
        )
    return rows


def site_shares(sites: Iterable[tuple[str, str, int, int]]) -> list[ShareRow]:
    """A row for each line and operation, from (site, operation, how many, how long waited)."""
    known = list(sites)
    calls = sum(count for _, _, count, _ in known) or 1
    waited = sum(wait for _, _, _, wait in known) or 1
    return [
        ShareRow(0, site, operation, count, 0, wait, 0, 0, count / calls, wait / waited)
        for site, operation, count, wait in known
    ]


def process_share_columns(processes: ProcessTable) -> tuple[Column, ...]:
    """The columns of processes, in the order of the numbers above."""

    def explain(row: ShareRow) -> str:
        totals = (f"{each.operation}: {totals_text(each)}" for each in row.counts)
        return "\n".join((exact_name(processes, row.process), *totals))

    def calls(row: ShareRow) -> str:
        return ", ".join(
            f"{each.operation} {each.count:,}"
            for each in row.counts
            if each.count and each.operation not in UNTOLD
        )

    return (
        Column(
            id="process", title=tr("Process"),
            tooltip=tr("Who calls; a click goes to it in the tree"),
            text=lambda row: exact_name(processes, row.process), explain=explain,
            value=lambda row: exact_name(processes, row.process).casefold(), width=150,
        ),
        Column(
            id="calls", title=tr("Calls"), tooltip=tr("What it did, and its share of all calls"),
            text=calls, explain=explain, value=lambda row: row.calls,
            share=lambda row: row.calls_share, width=200,
        ),
        Column(
            id="bytes", title=tr("Bytes"), alignment=RIGHT,
            tooltip=tr("How much went through, pickled"),
            text=lambda row: memory_text(row.bytes) if row.bytes else "", explain=explain,
            value=lambda row: row.bytes, width=62,
        ),
        Column(
            id="put_wait", title=tr("Put wait"), alignment=RIGHT, width=128,
            tooltip=tr("How long it waited to put, or for the lock, and its share of all waiting"),
            text=lambda row: wait_text(row.put_wait_ns), explain=explain,
            value=lambda row: row.put_wait_ns, share=_put_share,
        ),
        Column(
            id="get_wait", title=tr("Get wait"), alignment=RIGHT, width=128,
            tooltip=tr("How long it waited to get, and its share of all waiting"),
            text=lambda row: wait_text(row.get_wait_ns), explain=explain,
            value=lambda row: row.get_wait_ns, share=_get_share,
        ),
        Column(
            id="vain", title=tr("In vain"), alignment=RIGHT, width=62,
            tooltip=tr("Calls that timed out, found it full or empty, or failed"),
            text=lambda row: f"{row.vain:,}" if row.vain else "", explain=explain,
            value=lambda row: row.vain,
        ),
    )  # fmt: skip


def site_columns() -> tuple[Column, ...]:
    """The columns of lines of code, in the order of the numbers above."""
    way = tr("Double-click to copy the place")

    def explain(row: ShareRow) -> str:
        where = row.site or tr("The place is not known")
        shares = tr(
            "{calls} of the calls, {waiting} of the waiting",
            calls=percent_text(row.calls_share), waiting=percent_text(row.waited_share),
        )  # fmt: skip
        return f"{where}\n{shares}\n{way}"

    return (
        Column(
            id="line", title=tr("Line of code"),
            tooltip=tr("Where the program calls; a double-click copies the place"),
            text=lambda row: site_text(row.site) or tr("unknown"), explain=explain,
            value=lambda row: row.site, width=210,
        ),
        Column(
            id="operation", title=tr("Operation"), tooltip=tr("What is called there"),
            text=lambda row: row.operation, explain=explain,
            value=lambda row: row.operation, width=90,
        ),
        Column(
            id="count", title=tr("Calls"), alignment=RIGHT, width=190,
            tooltip=tr("How many calls were recorded one by one, and their share"),
            text=lambda row: f"{row.calls:,}   {percent_text(row.calls_share)}", explain=explain,
            value=lambda row: row.calls, share=lambda row: row.calls_share,
        ),
        Column(
            id="waited", title=tr("Waited"), alignment=RIGHT, width=190,
            tooltip=tr("How long these calls waited, and their share of all waiting"),
            text=lambda row: f"{span_text(row.waited_ns)}   {percent_text(row.waited_share)}"
            if row.waited_ns else "", explain=explain,
            value=lambda row: row.waited_ns, share=lambda row: row.waited_share,
        ),
    )  # fmt: skip


def _put_share(row: ShareRow) -> float:
    return row.waited_share * row.put_wait_ns / row.waited_ns if row.waited_ns else 0.0


def _get_share(row: ShareRow) -> float:
    return row.waited_share * row.get_wait_ns / row.waited_ns if row.waited_ns else 0.0
