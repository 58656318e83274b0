"""The lower part of the Traffic panel: all about the selected object.

session file --OperationFeed-----> OperationList   what was called
             --counters----------> ShareList       what each process has done
             --operations.by_site> ShareList       which lines of code do it
Store        --wait_split--------> WaitStrip       who waits for whom
"""

from __future__ import annotations

import time

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from spawnscope.core.analysis.waits.split import splits, wait_split
from spawnscope.core.session.open_waits import OpenWait, rows_with, sites_with, waits_in
from spawnscope.core.session.session_error import SessionError
from spawnscope.core.store.object_row import ObjectRow
from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr, trn
from spawnscope.core.vocabulary.kinds import UNTOLD

from ...kit.plain import set_tip, show_tip
from ...kit.row_text import exact_name
from ...kit.style import theme
from ...kit.text.figures import places_text
from .detail_frame import LINES, OPERATIONS, PROCESSES, DetailFrame
from .operation_feed import OperationFeed
from .operation_list import OperationList
from .operation_model import OperationModel
from .operation_source import OperationSource
from .share_list import ShareList
from .shares import (
    ShareModel,
    ShareRow,
    process_share_columns,
    process_shares,
    site_columns,
    site_shares,
)

_FRESH = 1.0  # s between two looks at totals


class ObjectDetail(DetailFrame):
    """Shows one object of a store. Emits process_activated(int) and problem_occurred(str), as the
    panel does."""

    process_activated = Signal(int)
    problem_occurred = Signal(str)

    def __init__(
        self, store: Store, source: OperationSource, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._store = store
        processes = store.session.processes  # for names, which no moment changes
        self._processes = processes
        self._row: ObjectRow | None = None
        self._live = store.live
        self._looked_at = 0.0
        self._recorded = -1  # operations of the object that have a row; -1: not known yet
        self._calls = self._calls_before = 0  # of the object, at the last two looks
        self.source = source
        self.operations = OperationModel(processes, self)
        self.feed = OperationFeed(source, self.operations, self)
        self.users = ShareModel(process_share_columns(processes), self)
        self.sites = ShareModel(site_columns(), self)
        self.log = OperationList(self.operations, self)
        self.user_list = ShareList(self.users, tr("Totals per process"), self, wide=1)
        self.site_list = ShareList(self.sites, tr("Lines of code"), self, wide=0)
        self.add_pages(self.log, self.user_list, self.site_list)
        self._connect()
        self._show_state()

    # -- the outside --------------------------------------------------------------------------

    def show_object(self, row: ObjectRow | None) -> None:
        """Show this object from now on; None for none."""
        number = 0 if row is None else row.number
        is_other = number != (0 if self._row is None else self._row.number)
        self._row = row
        if is_other:
            self._forget()
            self.feed.show(number)
            self.log.settle()
            self._read_totals()
        self._show_state()

    def look(self) -> None:
        """Fetch what is new of it."""
        if self._row is None:
            return
        self.feed.look(following=self.log.following)
        self.log.settle()
        if not self.feed.at_end and not self.log.following:
            self.log.note_unseen()
        if self._live and time.monotonic() - self._looked_at >= _FRESH:
            self._read_totals()
        self._show_state()

    def show_store(self, store: Store) -> None:
        """Show what it is at the time of this store from now on."""
        before, self._store = self._store, store
        ends, self._live = self._live and not store.live, store.live
        if store.moment_ns != before.moment_ns:
            try:
                bound = None if store.moment_ns is None else self.source.id_at(store.moment_ns)
            except SessionError as error:
                self._fail(str(error))
                return
            self._forget()
            self.feed.set_bound(bound)
            self.log.settle()
            self._read_totals()
        elif ends and self._row is not None:  # there may be some more to read
            self.look()
            self._read_totals()
        self._show_state()

    def reread(self) -> None:
        """The session's file is another one."""
        self._forget()
        self.feed.show(0 if self._row is None else self._row.number)
        self.log.settle()
        self._read_totals()
        self._show_state()

    def pause(self, paused: bool) -> None:
        """Rest while nobody looks."""
        self.feed.pause(paused)

    def people_changed(self) -> None:
        """Processes have other names."""
        self.operations.people_changed()
        self.users.people_changed()

    # -- what is read -------------------------------------------------------------------------

    def _forget(self) -> None:
        self._recorded = -1
        self._calls = 0
        self._looked_at = 0.0
        self.users.show(())
        self.sites.show(())

    def _read_totals(self) -> None:
        """The totals that the page in front shows."""
        row = self._row
        if row is None:
            return
        self._looked_at = time.monotonic()
        try:
            if self.tabs.currentIndex() == PROCESSES:
                self.users.show(self._shares(row))
            else:
                sites = sites_with(self.source.sites(row.number), self._open_waits(row.number))
                self._recorded = sum(count for _, name, count, _ in sites if name not in UNTOLD)
                self._calls_before, self._calls = self._calls or row.calls, row.calls
                if self.tabs.currentIndex() == LINES:
                    self.sites.show(site_shares(sites))
        except SessionError as error:
            self._fail(str(error))

    def _shares(self, row: ObjectRow) -> list[ShareRow]:
        """What each process has done to it. Raises SessionError."""
        counted = self._store.users_of(row.number)
        counters = rows_with(
            [(row.number, *each) for each in counted], self._open_waits(row.number)
        )
        return process_shares((each[1:] for each in counters), row.type)

    def _open_waits(self, number: int) -> list[OpenWait]:
        """The waits for an object that go on now; what is read has those that are past."""
        if not self._store.moves:
            return []
        now_ns = self._store.now_ns()
        return [
            wait
            for row in self._store.processes
            if row.is_live and row.doing
            for wait in waits_in(row.number, row.doing, now_ns)
            if wait.object == number
        ]

    def _fail(self, sentence: str) -> None:
        self.problem_occurred.emit(sentence)

    # -- what is shown ------------------------------------------------------------------------

    def _show_state(self) -> None:
        row = self._row
        place = self.tabs.currentIndex()
        if row is None:
            self.show_name(tr("Details"), "")
        else:
            self.show_name(row.phrase, f"{row.type} {row.label}\n{places_text(row.site, row.via)}")
        self.count.setText(self._count_text())
        set_tip(self.count, self._count_tip())
        self._show_split()
        self.show_filters(row is not None and place == OPERATIONS)
        hint = self.hint
        if row is None:
            hint.show_hint(
                tr("No object is selected"),
                tr("Select one above to see what is put in and taken out, by whom and when."),
                clearable=False,
            )
        elif (self.operations, self.users, self.sites)[place].rowCount() or (
            place == OPERATIONS and self.feed.searching
        ):
            hint.show_hint("", "", clearable=False)
        elif place == OPERATIONS and self.feed.filter:
            hint.show_hint(
                tr("No operation passes the filter"),
                tr("Of those on {object} that were noted one by one.", object=row.phrase),
                clearable=False,
            )
        else:
            hint.show_hint(
                tr("Nothing recorded"),
                tr("No operation on {object} was noted.", object=row.phrase),
                clearable=False,
            )

    def _show_split(self) -> None:
        row = self._row
        has_two_sides = row is not None and splits(row.type)
        self.split_button.setVisible(has_two_sides)
        shown = has_two_sides and self.split_button.isChecked()
        self.strip.setVisible(shown)
        if row is None or not shown:
            return
        if not self._store.objects.rests(row.number):
            put, get, span = self._store.objects.recent_waits(row.number, self._store.now_ns())
            when = tr("in the last minute")
        else:
            put, get = row.put_wait_ns, row.get_wait_ns
            span = max(1, (self._store.moment_ns or row.state_ns) - row.created_ns)
            when = tr("until then") if self._store.moment_ns is not None else tr("in all")
        self.strip.show_split(wait_split(row, put, get, span), when)

    @property
    def _only_counted(self) -> int:
        """How many operations on it have no row."""
        if self._row is None or self._recorded < 0 or self._store.moment_ns is not None:
            return 0
        # Rows come a moment after the totals: what is on its way is not missing.
        calls = min(self._calls_before, self._calls) if self._live else self._row.calls
        return max(0, calls - self._recorded)

    def _count_text(self) -> str:
        place = self.tabs.currentIndex()
        if self._row is None or place == PROCESSES:
            return ""
        if place == OPERATIONS and self.feed.filter:
            more = " …" if self.feed.searching else "" if self.feed.complete else "+"
            return tr("{count} shown", count=f"{self.operations.rowCount():,}{more}")
        if self._recorded < 0 or self._store.moment_ns is not None:
            return ""
        only = self._only_counted
        if only:
            return tr("+ {count} only counted", count=format(only, ","))
        return tr("{count} recorded", count=format(self._recorded, ","))

    def _count_tip(self) -> str:
        if not self._only_counted:
            return ""
        return "\n".join((
            trn(
                "{count} call was recorded one by one, {others:,} only counted.",
                "{count} calls were recorded one by one, {others:,} only counted.",
                self._recorded, others=self._only_counted,
            ),
            tr("When a program is too fast to be told call by call, the list is a sample."),
            tr("Totals count everything; shares of lines are those of the sample."),
        ))  # fmt: skip

    # -- what the user does -------------------------------------------------------------------

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.split_button.toggled.connect(self._show_state)
        self.filters.filter_edited.connect(self._on_filter_edited)
        self.filters.processes_asked.connect(self._on_processes_asked)
        self.feed.changed.connect(self._on_feed_changed)
        self.feed.problem_occurred.connect(self.problem_occurred)
        self.log.older_wanted.connect(self.feed.older_wanted)
        self.log.newer_wanted.connect(self.feed.newer_wanted)
        self.log.newest_wanted.connect(self._on_newest_wanted)
        self.site_list.place_copied.connect(self._on_place_copied)
        for table in (self.log, self.user_list):
            table.process_activated.connect(self.process_activated)

    def _on_tab_changed(self) -> None:
        self._read_totals()
        self._show_state()

    def _on_filter_edited(self) -> None:
        self.feed.set_filter(self.filters.filter)
        self.log.settle()
        self._show_state()

    def _on_feed_changed(self) -> None:
        if self.log.following:
            self.log.settle()
        self._show_state()

    def _on_newest_wanted(self) -> None:
        if not self.feed.at_end:
            self.feed.restart()

    def _on_processes_asked(self) -> None:
        """Those that use the object, the busiest first."""
        row = self._row
        if row is None:
            return
        try:
            shares = self._shares(row)
        except SessionError as error:
            self._fail(str(error))
            return
        shares.sort(key=lambda share: -share.calls)
        self.filters.offer(
            (share.process, exact_name(self._processes, share.process)) for share in shares
        )

    def _on_place_copied(self, place: str) -> None:
        place_text = tr("Copied {place}", place=place)
        show_tip(QCursor.pos() + QPoint(0, theme.SPACE), place_text, self)
