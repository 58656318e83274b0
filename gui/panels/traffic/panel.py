"""The Traffic panel: the shared objects above, all about the selected one below.

store --StoreChange--> backlog --(visible)--> TrafficModel --> ObjectList
Selection <--> the selected object --(visible)--> ObjectDetail
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtWidgets import QHeaderView, QSplitter, QVBoxLayout, QWidget

from spawnscope.core.session.session_error import SessionError
from spawnscope.core.store.change import StoreChange
from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr, trn

from ...kit.empty_hint import EmptyHint
from ...kit.panel import Panel
from ...kit.selection import Selection
from ...kit.text.clock import Clock
from .detail import ObjectDetail
from .head import TrafficHead
from .model import TrafficModel
from .object_list import ObjectList
from .object_order import ObjectOrder
from .operation_source import OperationSource
from .traces import TrafficTraces

_NEWS = 120  # ms from the news of an operation to the look
_READING = 0.006  # s of reading traces at once


class TrafficPanel(Panel):
    """Shows the shared objects at the time of the store."""

    BEAT = 500

    def __init__(self, store: Store, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(store, selection, tr("Traffic"), parent)
        self._stale = True  # another store is to be shown
        self._unread = True  # the file is another one
        self._backlog: dict[int, set[str]] = {}
        self._renamed = False
        self._obeying = False  # another panel selects, not the user in this one
        self._second = 0  # of Unix time, at which charts were last drawn
        self.source = OperationSource(store)
        self.traces = TrafficTraces(store, self.source)
        self.model = TrafficModel(store, self)
        self.head = TrafficHead(self)
        self.list = ObjectList(self.model, self.traces, self)
        self.order = ObjectOrder(self.model, self.list, self.head, self)
        self.detail = ObjectDetail(store, self.source, self)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self._lay_out()
        self._hint = EmptyHint(self.list.viewport(), "traffic")
        self._news = QTimer(self)
        self._news.setSingleShot(True)
        self._news.timeout.connect(self.detail.look)
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.timeout.connect(self._on_reading_due)
        self._connect()
        self._show_state()

    # -- the outside --------------------------------------------------------------------------

    def close_session(self) -> None:
        """Let go of the session's file."""
        self.detail.feed.stop()

    def note(self, change: StoreChange) -> None:
        """Something differs; cheap while hidden."""
        for each in change.objects:
            self._backlog.setdefault(each.object, set()).update(each.fields)
        self._renamed |= change.people
        self._unread |= change.opened
        if change.objects or (change.people and not self.is_beating):
            self._catch_up()

    def show_store(self, store: Store) -> None:
        """Show another moment, or another part of the session."""
        self._stale = True
        super().show_store(store)
        self.look_now()

    def select(self, number: int) -> bool:
        """Select an object; False when it is not known."""
        row = self.store.objects.get(number)
        if row is None:
            return False
        if self.model.grouped and row.type in self.model.folded:
            self.model.fold(row.type, False)
        return self.list.select(number)

    def state(self) -> dict[str, Any]:
        parts = [bytes(part.saveState().toBase64().data()).decode() for part in self._parts()]
        return {
            "make": self._make(),
            "parts": parts,
            "grouped": self.model.grouped,
            "folded": sorted(self.model.folded),
            "split": self.detail.split_button.isChecked(),
        }

    def take_state(self, state: dict[str, Any]) -> bool:
        if state["make"] != self._make():
            return False
        parts = [QByteArray.fromBase64(QByteArray(text.encode())) for text in state["parts"]]
        grouped, folded = bool(state["grouped"]), frozenset(map(str, state["folded"]))
        split = bool(state["split"])
        done = [part.restoreState(saved) for part, saved in zip(self._parts(), parts, strict=False)]
        self.model.set_folded(folded)
        self.order.set_grouped(grouped)
        self.detail.split_button.setChecked(split)
        return all(done)

    # -- updates ------------------------------------------------------------------------------

    def look(self) -> None:
        """Read, and show what differs."""
        if self._stale:
            self._show_all()
        self._catch_up()
        second = self.store.now_ns() // 1_000_000_000
        if second != self._second:
            self._second = second
            self.list.viewport().update()  # the charts move on
        if self._unread:
            self._unread = False
            self.detail.reread()
        else:
            self.detail.look()

    def _catch_up(self) -> None:
        if not self.isVisible() or self._stale:
            return
        changed, self._backlog = self._backlog, {}
        if changed and self.store.moment_ns is None:
            self.model.sync(changed)
            selected = self.list.selected
            fields = changed.get(selected, ())
            if fields:
                self.detail.show_object(self.store.objects.get(selected))
            if "counts" in fields and not self._news.isActive() and self.store.live:
                self._news.start(_NEWS)
        if self._renamed:
            self._renamed = False
            self.model.people_changed()
            self.detail.people_changed()
        self._follow_selection()
        self._show_state()

    def _show_all(self) -> None:
        self._stale = False
        self._backlog.clear()
        self.model.show(self.store)
        self._place_traces()
        row = self.store.objects.get(self.list.selected)
        if row is None:  # it was not made yet: nothing is asked of it in between
            self.detail.show_object(None)
        self.detail.show_store(self.store)
        self.detail.show_object(row)

    def _place_traces(self) -> None:
        """The minute that small charts show ends now, at the moment, or with the session."""
        self.traces.end_at(None if self.store.moves else self.store.now_ns())
        self.list.viewport().update()

    def _on_reading_due(self) -> None:
        try:
            if self.traces.read_some(_READING):
                self.list.viewport().update()
        except SessionError as error:
            self.fail(error)

    def run_timers(self) -> None:
        """Beat while what is seen moves."""
        super().run_timers()
        if not self.isVisible():
            self._news.stop()
        self.detail.pause(not self.isVisible())

    # -- selection ------------------------------------------------------------------------

    def _connect(self) -> None:
        self.list.object_selected.connect(self._on_object_selected)
        self.list.traces_wanted.connect(lambda: self._reading.start(0))
        self.list.process_activated.connect(self.process_activated)
        self.detail.process_activated.connect(self.process_activated)
        self.detail.problem_occurred.connect(self.problem_occurred)
        self.selection.object_changed.connect(self._catch_up)
        self.selection.processes_changed.connect(self.detail.filters.set_selected)
        self.detail.filters.set_selected(self.selection.processes)
        self.setFocusProxy(self.list)

    def _on_object_selected(self, number: int) -> None:
        if not self._obeying:
            self.selection.select_object(max(0, number))
        self.detail.show_object(self.store.objects.get(number))
        self._show_state()

    def _follow_selection(self) -> None:
        """Select what is selected elsewhere."""
        wanted = self.selection.object or -1
        if wanted != self.list.selected:
            self._obeying = True
            try:
                if wanted < 0 or not self.select(wanted):
                    self.list.select(-1)
            finally:
                self._obeying = False

    def _show_state(self) -> None:
        shown = list(self.store.shown_objects())
        count = len(shown)
        waited_for = sum(1 for row in shown if row.waiters)
        aside = ""
        if self.store.moment_ns is not None:
            aside = tr("as of {time}", time=Clock().text(self.store.moment_ns))
        elif waited_for:
            threads = sum(len(row.waiters) for row in shown)
            aside = trn(
                "{count} thread waits for {objects:,} of them",
                "{count} threads wait for {objects:,} of them",
                threads, objects=waited_for,
            )  # fmt: skip
        self.head.tell(trn("{count} shared object", "{count} shared objects", count), aside)
        if count:
            self._hint.show_hint("", "", clearable=False)
        elif self.store.live:
            self._hint.show_hint(
                tr("No shared objects yet"),
                tr("Queues, locks, pools … appear here when a watched program creates them."),
                clearable=False,
            )
        elif self.store.moment_ns is not None:
            self._hint.show_hint(
                tr("No shared objects"), tr("Nothing was shared at that moment."), clearable=False
            )
        else:
            self._hint.show_hint(
                tr("No shared objects"), tr("Nothing was shared in this session."), clearable=False
            )

    # -- within -------------------------------------------------------------------------------

    def _parts(self) -> tuple[QSplitter | QHeaderView, ...]:
        """What has a state of its own."""
        tables = (self.list, self.detail.log, self.detail.user_list, self.detail.site_list)
        return (self.splitter, *(table.horizontalHeader() for table in tables))

    def _make(self) -> str:
        """Which columns a saved state is for: that of others must not be taken over."""
        models = (self.model, self.detail.operations, self.detail.users, self.detail.sites)
        return ";".join(",".join(column.id for column in each.columns) for each in models)

    def _lay_out(self) -> None:
        above = QWidget(self)
        column = QVBoxLayout(above)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.list, 1)
        self.splitter.addWidget(above)
        self.splitter.addWidget(self.detail)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([200, 220])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
