"""Everything that shows one session, live or recorded: processes above, below them messages and
traffic, of which one is in front.

One is made for each session and replaced with it, so nothing of an old session can shine through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from spawnscope.core.client.object_table import ObjectChange, ObjectTable
from spawnscope.core.client.process_table import ProcessTable
from spawnscope.core.vocabulary.events import ProcessChanged, ProcessStarted, WorkerStarted

from .views.lower_tabs import LowerTabs
from .views.messages.panel import MessagesPanel
from .views.processes.panel import ProcessesPanel

if TYPE_CHECKING:
    from spawnscope.core.vocabulary.events import Event

    from .live_session import LiveSession
    from .views.traffic.panel import TrafficPanel

MESSAGES, TRAFFIC = range(2)  # the places of the tabs


class SessionView(QWidget):
    """Emits `activity_changed()` when the figures of the status bar may have changed."""

    activity_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.objects = ObjectTable()
        self.table = ProcessTable(self.objects)
        self.processes = ProcessesPanel(self.table)
        self.messages = MessagesPanel(self.table)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setObjectName("sessionSplitter")
        self._splitter.addWidget(self.processes)
        self.tabs = LowerTabs()
        self.tabs.add("Messages", "messages", lambda: self.messages, "What the processes write")
        self.tabs.add("Traffic", "traffic", self._make_traffic, "What the processes share")
        self._splitter.addWidget(self.tabs)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setSizes([380, 380])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)
        self.processes.reveal_requested.connect(self._on_reveal_requested)
        self.processes.processes_selected.connect(self._on_selected)
        self.messages.process_activated.connect(self.processes.select)
        self.last_message = 0
        self.traffic: TrafficPanel | None = None  # made when it is first looked at
        self._traffic_state: QByteArray | None = None
        self._live = True
        self._path = ""

    def attach(self, session: LiveSession) -> None:
        """Show a living session and pass on what is asked of its processes."""
        session.events_received.connect(self._on_events)
        session.session_opened.connect(self._on_opened)
        session.messages_committed.connect(self._on_committed)
        session.worker_restarted.connect(self._on_restarted)
        self.processes.signal_requested.connect(session.send_signal)
        self.processes.stop_requested.connect(session.stop)
        self.processes.restart_requested.connect(session.restart)

    def detach(self) -> None:
        """The session is over: nothing can be asked of its processes any more."""
        self._set_live(False)

    def show_recorded(self, path: str) -> None:
        """Show the session recorded at `path`. Raises SessionError."""
        from spawnscope.core.session.reader import SessionReader

        reader = SessionReader(path)
        try:
            self.objects.load(reader.objects(), reader.object_states())
            self.processes.load(reader.processes(), reader.last_samples(), reader.watched())
            self.last_message = reader.last_message_id()
        finally:
            reader.close()
        self._set_live(False)
        self._open(path)
        self._count_objects()
        self.activity_changed.emit()

    def save_state(self) -> dict[str, QByteArray]:
        """Columns and sizes, to be remembered."""
        state = {
            "processes": self.processes.saveState(),
            "messages": self.messages.saveState(),
            "sessionSplitter": self._splitter.saveState(),
        }
        traffic = self._traffic_state if self.traffic is None else self.traffic.saveState()
        if traffic is not None:
            state["traffic"] = traffic
        return state

    def restore_state(self, state: dict[str, QByteArray]) -> None:
        """The opposite of `save_state`; what is missing stays as it is."""
        if state.get("processes"):
            self.processes.restoreState(state["processes"])
        if state.get("messages"):
            self.messages.restoreState(state["messages"])
        if state.get("traffic"):
            self._traffic_state = state["traffic"]
            if self.traffic is not None:
                self.traffic.restoreState(self._traffic_state)
        if state.get("sessionSplitter"):
            self._splitter.restoreState(state["sessionSplitter"])

    def _on_opened(self, path: str, notes: tuple[str, ...]) -> None:
        self._open(path)

    def _on_events(self, events: list[Event]) -> None:
        changes = [change for change in map(self.objects.apply, events) if change is not None]
        self.processes.apply(events)
        if changes:
            self._tell_objects(changes)
        renames = (ProcessStarted, ProcessChanged, WorkerStarted)
        if self.traffic is not None and any(isinstance(event, renames) for event in events):
            self.traffic.people_changed()
        self.activity_changed.emit()

    def _tell_objects(self, changes: list[ObjectChange]) -> None:
        self.processes.objects_named(change.object for change in changes)
        self._count_objects()
        if self.traffic is not None:
            self.traffic.objects_changed(changes)

    def _count_objects(self) -> None:
        count = len(self.objects)
        self.tabs.set_title(TRAFFIC, f"Traffic ({count:,})" if count else "Traffic")

    def _make_traffic(self) -> TrafficPanel:
        from .views.traffic.panel import TrafficPanel

        panel = self.traffic = TrafficPanel(self.objects, self.table)
        panel.set_live(self._live)
        panel.process_activated.connect(self.processes.select)
        if self._path:
            panel.open(self._path)
        if self._traffic_state is not None:
            panel.restoreState(self._traffic_state)
        return panel

    def _set_live(self, live: bool) -> None:
        self._live = live
        self.processes.set_live(live)
        if self.traffic is not None:
            self.traffic.set_live(live)

    def _open(self, path: str) -> None:
        self._path = path
        self.messages.open(path)
        if self.traffic is not None:
            self.traffic.open(path)

    def _on_committed(self, last_id: int) -> None:
        self.last_message = last_id
        self.messages.committed(last_id)
        self.activity_changed.emit()

    def _on_restarted(self, before: int, after: int) -> None:
        """Who watched a worker goes on watching it."""
        if before in self.processes.selected():
            self.processes.select(after)

    def _on_reveal_requested(self, process: int) -> None:
        self.tabs.show_place(MESSAGES)
        self.messages.reveal(process)

    def _on_selected(self, processes: frozenset[int]) -> None:
        """A selected process stands for itself and all below it; the supervisor for everything."""
        shown = set(processes)
        for process in processes:
            shown.update(self.table.descendants(process))
        everything = not shown or any(self.table.parent(number) is None for number in processes)
        self.messages.show_processes(None if everything else frozenset(shown))
