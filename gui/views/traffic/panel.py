"""The Traffic panel: the shared objects above, the operations on the selected one below.

session view --objects_changed--> backlog --(visible)--> TrafficModel --> ObjectList
session file --OperationSource--(visible, an object is selected)--> OperationList
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from spawnscope.core.client.object_table import ObjectChange, ObjectTable
from spawnscope.core.client.process_table import ProcessTable

from ...models.operation_model import OperationModel
from ...models.operation_source import OperationSource
from ...models.traffic_model import TrafficModel
from ...style import theme
from ..messages.overlays import EmptyHint
from .object_list import ObjectList
from .operation_list import OperationList

_BEAT = 500  # ms between two looks at rates and operations
_SOON = 120  # ms from the news of an operation to the look


class TrafficPanel(QWidget):
    """Shows what `objects` holds, live or past; works only while it is visible.

    Emits process_activated(int) when the user asks for a process in the tree, and
    problem_occurred(str) when the session cannot be read.
    """

    process_activated = Signal(int)
    problem_occurred = Signal(str)

    def __init__(
        self, objects: ObjectTable, processes: ProcessTable, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._objects = objects
        self._live = True
        self._backlog: dict[int, set[str]] = {}
        self._renamed = False
        self.setAccessibleName("Traffic")
        self.source = OperationSource()
        self.model = TrafficModel(objects, processes, self)
        self.operations = OperationModel(processes, self)
        self.list = ObjectList(self.model, self)
        self.log = OperationList(self.operations, self)
        self._heading = QLabel()
        self._lay_out()
        self._hint = EmptyHint(self.list.viewport(), "traffic")
        self._log_hint = EmptyHint(self.log.viewport(), "traffic")
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._on_beat)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._read)
        self.list.object_selected.connect(self._on_object_selected)
        self.list.process_activated.connect(self.process_activated)
        self.log.process_activated.connect(self.process_activated)
        self.setFocusProxy(self.list)
        self._show_state()

    # -- the outside --------------------------------------------------------------------------

    def open(self, path: str) -> None:
        """Read operations from this session file from now on."""
        self.source.open(path)

    def close_session(self) -> None:
        """Let go of the session's file."""
        self.source.close()

    def objects_changed(self, changes: Iterable[ObjectChange]) -> None:
        """The table of objects has changed so; cheap while hidden."""
        for change in changes:
            self._backlog.setdefault(change.object, set()).update(change.fields)
        self._catch_up()

    def people_changed(self) -> None:
        """Processes have other names; cheap while hidden."""
        self._renamed = True
        self._catch_up()

    def set_live(self, live: bool) -> None:
        """Whether the session lives; in a past one nothing moves."""
        self._live = live
        if not live:
            self.objects_changed(self._objects.come_to_rest())
        self._run_timers()
        self._show_state()

    def select(self, number: int) -> bool:
        """Select an object; False when it is not shown."""
        index = self.model.index_of(number)
        if index.isValid():
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)
        return index.isValid()

    def saveState(self) -> QByteArray:
        """Widths, order, sorting and sizes, for `restoreState`."""
        import json

        parts = (
            self.list.horizontalHeader().saveState(),
            self.log.horizontalHeader().saveState(),
            self.splitter.saveState(),
        )
        texts = [bytes(part.toBase64().data()).decode() for part in parts]
        return QByteArray(json.dumps([self._make(), *texts]).encode())

    def restoreState(self, state: QByteArray) -> bool:
        """Take back what `saveState` gave; False for anything else."""
        import json

        try:
            make, *texts = json.loads(bytes(state.data()))
            parts = [QByteArray.fromBase64(QByteArray(text.encode())) for text in texts]
            header, log_header, splitter = parts
        except (ValueError, TypeError, AttributeError):
            return False
        return (
            make == self._make()
            and self.list.horizontalHeader().restoreState(header)
            and self.log.horizontalHeader().restoreState(log_header)
            and self.splitter.restoreState(splitter)
        )

    def _make(self) -> str:
        """Which columns a saved state is for: that of others must not be taken over."""
        ids = [column.id for column in self.model.columns]
        ids += [column.id for column in self.operations.columns]
        return ",".join(ids)

    # -- updates ------------------------------------------------------------------------------

    def _catch_up(self) -> None:
        if not self.isVisible():
            return
        if self._backlog:
            changed, self._backlog = self._backlog, {}
            self.model.sync(changed)
            selected = self.list.selected
            if "counts" in changed.get(selected, ()) and not self._soon.isActive():
                self._soon.start(_SOON)
        if self._renamed:
            self._renamed = False
            self.model.people_changed()
            self.operations.people_changed()
        self._show_state()

    def _on_beat(self) -> None:
        changes = self._objects.tick(time.time_ns())
        if changes:
            self.objects_changed(changes)
        self._read()

    def _read(self) -> None:
        """Fetch what was done to the selected object meanwhile."""
        from spawnscope.core.session.session_error import SessionError

        number = self.list.selected
        if number < 0 or not self.isVisible():
            return
        try:
            self.operations.append(self.source.newest(number, self.operations.last_id))
        except SessionError as error:
            self.source.close()
            self.problem_occurred.emit(str(error))
        self.log.settle()
        self._show_state()

    def _on_object_selected(self, _number: int) -> None:
        self.operations.clear()
        self._read()
        self._run_timers()
        self._show_state()

    def _run_timers(self) -> None:
        wanted = self._live and self.isVisible()
        if not wanted:
            self._timer.stop()
            self._soon.stop()
        elif not self._timer.isActive():
            self._timer.start(_BEAT)

    def _show_state(self) -> None:
        row = self._objects.get(self.list.selected)
        self._heading.setText("Operations" if row is None else f"Operations on {row.phrase}")
        if self.model.rowCount():
            self._hint.show_hint("", "", clearable=False)
        elif self._live:
            self._hint.show_hint(
                "No shared objects yet",
                "Queues, locks, pools … appear here when a watched program creates them.",
                clearable=False,
            )
        else:
            self._hint.show_hint(
                "No shared objects", "Nothing was shared in this session.", clearable=False
            )
        if self.operations.rowCount():
            self._log_hint.show_hint("", "", clearable=False)
        elif row is None:
            self._log_hint.show_hint(
                "No object is selected",
                "Select one above to see what is put in and taken out, by whom and when.",
                clearable=False,
            )
        else:
            self._log_hint.show_hint(
                "Nothing recorded", f"No operation on {row.phrase} was noted.", clearable=False
            )

    # -- Qt -----------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()
        self._run_timers()
        self._read()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._run_timers()

    def _lay_out(self) -> None:
        head = QFrame()
        head.setProperty("panelHead", True)
        row = QHBoxLayout(head)
        row.setContentsMargins(theme.SPACE, 5, theme.SPACE, 5)
        self._heading.setProperty("heading", True)
        row.addWidget(self._heading, 1)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.log, 1)
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(below)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([200, 200])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
