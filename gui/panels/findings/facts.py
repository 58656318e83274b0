"""What a finding rests on, and below that what waits because of it, as a small tree of facts.

● alice (4711)   🔒 acquire lock b    8.1 s   transfer.py:12
● bob (4712)     🔒 acquire lock a    8.1 s   transfer.py:20
Because of this 1 more waits
 └ ● main (4710) join alice           8.3 s   transfer.py:31
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt

from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.findings import Evidence, Finding

from ...kit.column import RIGHT, Column
from ...kit.column_table import ColumnTable, Index
from ...kit.finding_look import so_far
from ...kit.row_text import thread_name
from ...kit.text.figures import site_text
from .text import because_text, fact_text

WHO, WHAT, SPAN, PLACE = range(4)


class FactRow(NamedTuple):
    """`fact` None: the line above those that follow. `place`: among all rows; `follows`: it waits
    because of the others; `last`: of those."""

    place: int
    fact: Evidence | None
    follows: bool = False
    last: bool = False


class FactModel(ColumnTable[FactRow]):
    """The facts of one finding. It emits Qt's signals only."""

    def __init__(self, store: Store, parent: QObject | None = None) -> None:
        columns = (
            Column(id="who", title=tr("Process"), tooltip="", text=self._who, explain=self._whole),
            Column(id="what", title=tr("Operation"), tooltip="", text=_what, explain=self._whole),
            Column(id="span", title=tr("For"), tooltip="", text=self._span, alignment=RIGHT),
            Column(id="place", title=tr("Place"), tooltip="", text=_place, explain=_site),
        )
        super().__init__(columns, parent)
        self.store = store
        self.finding: Finding | None = None

    def show(self, finding: Finding | None, store: Store) -> None:
        """Show the facts of this one."""
        self.store, self.finding = store, finding
        rows: list[FactRow] = []
        if finding is not None:
            rows = [FactRow(place, fact) for place, fact in enumerate(finding.evidence)]
            if finding.symptoms:
                rows.append(FactRow(len(rows), None))
                end = len(rows) + len(finding.symptoms) - 1
                rows += [
                    FactRow(place, fact, True, place == end)
                    for place, fact in enumerate(finding.symptoms, len(rows))
                ]
        same = rows == self._rows
        self._arrange(rows)
        if not same:
            self._tell(range(len(rows)))

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row_at(index.row())
        if row is not None and row.fact is None:
            return Qt.ItemFlag.ItemIsEnabled  # there is nothing to choose in it
        return super().flags(index)

    def _key(self, row: FactRow) -> Hashable:
        return row.place

    def _who(self, row: FactRow) -> str:
        if row.fact is None:
            return "" if self.finding is None else because_text(self.finding)
        return thread_name(self.store.processes, (row.fact.process, row.fact.thread))

    def _whole(self, row: FactRow) -> str:
        return "" if row.fact is None else fact_text(row.fact, self.store)

    def _span(self, row: FactRow) -> str:
        """How long it has lasted: until the finding was resolved, or the process ended."""
        fact, finding = row.fact, self.finding
        if fact is None or finding is None or not fact.since_ns:
            return ""
        process = self.store.processes.get(fact.process)
        ends = [finding.resolved_ns, None if process is None else process.ended_ns]
        known = [end for end in ends if end is not None]
        span = max(0, min(known, default=self.store.now_ns()) - fact.since_ns)
        return so_far(span, not known and self.store.moves)


def _what(row: FactRow) -> str:
    return "" if row.fact is None else row.fact.text


def _place(row: FactRow) -> str:
    return "" if row.fact is None else site_text(row.fact.site)


def _site(row: FactRow) -> str:
    return "" if row.fact is None else row.fact.site
