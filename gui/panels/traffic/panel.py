"""The Traffic panel: the shared objects above, all about the selected one below.

session view --objects_changed--> backlog --(visible)--> TrafficModel --> ObjectList
Selection <--> the selected object --(visible)--> ObjectDetail
show_moment --objects_at--> an ObjectTable of that moment --> TrafficModel, ObjectDetail
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHeaderView, QSplitter, QVBoxLayout, QWidget

from spawnscope.core.session.session_error import SessionError
from spawnscope.core.store.objects import ObjectChange, ObjectTable
from spawnscope.core.store.processes import ProcessTable

from ...kit.empty_hint import EmptyHint
from ...kit.selection import Selection
from ...kit.text.clock import Clock
from .detail import ObjectDetail
from .head import TrafficHead
from .model import TrafficModel
from .object_list import ObjectList
from .object_order import ObjectOrder
from .operation_source import OperationSource
from .traces import TrafficTraces

_BEAT = 500  # ms between two looks at rates and operations
_SOON = 120  # ms from the news of an operation to the look
_READING = 0.006  # s of reading traces at once


class TrafficPanel(QWidget):
    """Shows what `objects` holds, live or past; works only while it is visible.

    Emits process_activated(int) when the user asks for a process in the tree, and
    problem_occurred(str) when the session cannot be read.
    """

    process_activated = Signal(int)
    problem_occurred = Signal(str)

    def __init__(
        self,
        objects: ObjectTable,
        processes: ProcessTable,
        selection: Selection,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._objects = objects
        self._shown = objects  # of the moment that is shown
        self._selection = selection
        self._live = True
        self._moment: int | None = None
        self._stale_moment = False
        self._backlog: dict[int, set[str]] = {}
        self._renamed = False
        self._obeying = False  # another panel selects, not the user in this one
        self._second = 0  # of Unix time, at which charts were last drawn
        self.setAccessibleName("Traffic")
        self.source = OperationSource()
        self.traces = TrafficTraces(objects, self.source)
        self.model = TrafficModel(objects, processes, self)
        self.head = TrafficHead(self)
        self.list = ObjectList(self.model, self.traces, self)
        self.order = ObjectOrder(self.model, self.list, self.head, self)
        self.detail = ObjectDetail(objects, processes, self.source, self)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self._lay_out()
        self._hint = EmptyHint(self.list.viewport(), "traffic")
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._on_beat)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.detail.look)
        self._reading = QTimer(self)
        self._reading.setSingleShot(True)
        self._reading.timeout.connect(self._on_reading_due)
        self._connect()
        self._show_state()

    # -- the outside --------------------------------------------------------------------------

    def open(self, path: str) -> None:
        """Read from this session file from now on."""
        self.source.open(path)
        self._place_traces()
        if self.isVisible():
            self.detail.reread()

    def close_session(self) -> None:
        """Let go of the session's file."""
        self.detail.feed.stop()
        self.source.close()

    def objects_changed(self, changes: Iterable[ObjectChange]) -> None:
        """The table of objects has changed so; cheap while hidden."""
        for change in changes:
            self._backlog.setdefault(change.object, set()).update(change.fields)
        self._catch_up()

    def processes_changed(self) -> None:
        """Processes have started or ended, or have other names; cheap while hidden."""
        self._renamed = True
        if not self._timer.isActive():  # else at the next beat: it comes often
            self._catch_up()

    people_changed = processes_changed

    def set_live(self, live: bool) -> None:
        """Whether the session lives; in a past one nothing moves."""
        self._live = live
        if not live:
            self.objects_changed(self._objects.come_to_rest())
        self.detail.set_live(live)
        self._place_traces()
        self._run_timers()
        self._show_state()

    def show_moment(self, time_ns: int | None) -> None:
        """Show the session as it was at a moment of Unix time; None: as it is."""
        if time_ns != self._moment:
            self._moment = time_ns
            self._stale_moment = True
            self._catch_up()

    def select(self, number: int) -> bool:
        """Select an object; False when it is not known."""
        row = self._shown.get(number)
        if row is None:
            return False
        if self.model.grouped and row.type in self.model.folded:
            self.model.fold(row.type, False)
        return self.list.select(number)

    def saveState(self) -> QByteArray:
        """Widths, order, sorting, groups and sizes, for `restoreState`."""
        parts = [bytes(part.saveState().toBase64().data()).decode() for part in self._parts()]
        state = {
            "make": self._make(),
            "parts": parts,
            "grouped": self.model.grouped,
            "folded": sorted(self.model.folded),
            "split": self.detail.split_button.isChecked(),
        }
        return QByteArray(json.dumps(state).encode())

    def restoreState(self, state: QByteArray) -> bool:
        """Take back what `saveState` gave; False for anything else."""
        try:
            saved = json.loads(bytes(state.data()))
            if saved["make"] != self._make():
                return False
            parts = [QByteArray.fromBase64(QByteArray(text.encode())) for text in saved["parts"]]
            grouped, folded = bool(saved["grouped"]), frozenset(map(str, saved["folded"]))
            split = bool(saved["split"])
        except (ValueError, TypeError, AttributeError, LookupError):
            return False
        done = [part.restoreState(saved) for part, saved in zip(self._parts(), parts, strict=False)]
        self.model.set_folded(folded)
        self.order.set_grouped(grouped)
        self.detail.split_button.setChecked(split)
        return all(done)

    # -- updates ------------------------------------------------------------------------------

    def _catch_up(self) -> None:
        if not self.isVisible():
            return
        if self._stale_moment:
            self._stale_moment = False
            self._show_moment()
        changed, self._backlog = self._backlog, {}
        if changed and self._moment is None:
            self.model.sync(changed)
            selected = self.list.selected
            fields = changed.get(selected, ())
            if fields:
                self.detail.show_object(self._shown.get(selected))
            if "counts" in fields and not self._soon.isActive() and self._live:
                self._soon.start(_SOON)
        if self._renamed:
            self._renamed = False
            self.model.people_changed()
            self.detail.people_changed()
        self._follow_selection()
        self._show_state()

    def _show_moment(self) -> None:
        moment = self._moment
        if moment is None:
            self._shown = self._objects
            self._backlog.clear()
        else:
            try:
                created, states, before = self.source.objects_at(moment)
            except SessionError as error:
                self._fail(error)
                return
            self._shown = ObjectTable()
            self._shown.load(created, states, before)
        self.model.show(self._shown)
        self._place_traces()
        self.detail.set_objects(self._shown)
        self.detail.show_object(self._shown.get(self.list.selected))
        self.detail.set_moment(moment)
        self._run_timers()

    def _place_traces(self) -> None:
        """The minute that small charts show ends now, at the moment, or with the session."""
        end = self._moment
        if end is None and not self._live:
            try:
                end = self.source.end_ns()
            except SessionError as error:
                self._fail(error)
                return
        self.traces.end_at(end)
        self.list.viewport().update()

    def _on_beat(self) -> None:
        now_ns = self._objects.clock.now_ns()
        second = now_ns // 1_000_000_000
        changes = self._objects.tick(now_ns)
        if changes or self._renamed:
            self.objects_changed(changes)
        if second != self._second:
            self._second = second
            self.list.viewport().update()  # the charts move on
        self.detail.look()

    def _on_reading_due(self) -> None:
        try:
            if self.traces.read_some(_READING):
                self.list.viewport().update()
        except SessionError as error:
            self._fail(error)

    def _fail(self, error: SessionError) -> None:
        self.source.close()
        self.problem_occurred.emit(str(error))

    def _run_timers(self) -> None:
        wanted = self._live and self._moment is None and self.isVisible()
        if not wanted:
            self._timer.stop()
            self._soon.stop()
        elif not self._timer.isActive():
            self._timer.start(_BEAT)
        self.detail.pause(not self.isVisible())

    # -- selection ------------------------------------------------------------------------

    def _connect(self) -> None:
        self.list.object_selected.connect(self._on_object_selected)
        self.list.traces_wanted.connect(lambda: self._reading.start(0))
        self.list.process_activated.connect(self.process_activated)
        self.detail.process_activated.connect(self.process_activated)
        self.detail.problem_occurred.connect(self.problem_occurred)
        self._selection.object_changed.connect(self._catch_up)
        self._selection.processes_changed.connect(self.detail.filters.set_selected)
        self.detail.filters.set_selected(self._selection.processes)
        self.setFocusProxy(self.list)

    def _on_object_selected(self, number: int) -> None:
        if not self._obeying:
            self._selection.select_object(max(0, number))
        self.detail.show_object(self._shown.get(number))
        self._show_state()

    def _follow_selection(self) -> None:
        """Select what is selected elsewhere."""
        wanted = self._selection.object or -1
        if wanted != self.list.selected:
            self._obeying = True
            try:
                if wanted < 0 or not self.select(wanted):
                    self.list.select(-1)
            finally:
                self._obeying = False

    def _show_state(self) -> None:
        shown = list(self._shown.shown())
        count = len(shown)
        waited_for = sum(1 for row in shown if row.waiters)
        aside = ""
        if self._moment is not None:
            aside = f"as of {Clock().text(self._moment)}"
        elif waited_for:
            threads = sum(len(row.waiters) for row in shown)
            aside = (
                f"{threads:,} {'thread waits' if threads == 1 else 'threads wait'} for "
                f"{waited_for:,} of them"
            )
        self.head.tell(f"{count:,} shared {'object' if count == 1 else 'objects'}", aside)
        if count:
            self._hint.show_hint("", "", clearable=False)
        elif self._live:
            self._hint.show_hint(
                "No shared objects yet",
                "Queues, locks, pools … appear here when a watched program creates them.",
                clearable=False,
            )
        elif self._moment is not None:
            self._hint.show_hint(
                "No shared objects", "Nothing was shared at that moment.", clearable=False
            )
        else:
            self._hint.show_hint(
                "No shared objects", "Nothing was shared in this session.", clearable=False
            )

    # -- Qt -----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._live:
            self.objects_changed(self._objects.tick(self._objects.clock.now_ns()))
        self._catch_up()
        self._run_timers()
        if self.detail.operations.rowCount():
            self.detail.look()
        else:
            self.detail.reread()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._run_timers()

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
