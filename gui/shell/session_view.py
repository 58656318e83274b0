"""Everything that shows one session, live or recorded: processes above, below them messages,
traffic, wiring, timeline and inspector, of which one is in front.

One is made for each session and replaced with it, so nothing of an old session can shine through.
What is selected in one panel is selected in all, and so is the moment of a past session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from spawnscope.core.store.objects import ObjectTable
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.events import (
    ProcessChanged,
    ProcessDoing,
    ProcessExited,
    ProcessStarted,
    WorkerStarted,
)

from ..kit.selection import Selection
from ..panels.messages.panel import MessagesPanel
from ..panels.processes.panel import ProcessesPanel
from .lower_tabs import LowerTabs
from .revealing import Revealing
from .session_panels import SessionPanels

if TYPE_CHECKING:
    from spawnscope.core.vocabulary.events import Event

    from ..panels.traffic.panel import TrafficPanel
    from .live_session import LiveSession

MESSAGES, TRAFFIC, WIRING, TIMELINE, INSPECTOR = range(5)  # the places of the tabs
_PEOPLE = (ProcessStarted, ProcessChanged, ProcessExited, WorkerStarted, ProcessDoing)


class SessionView(QWidget):
    """Emits `activity_changed()` when the figures of the status bar may have changed, and
    `problem_occurred(sentence)` when a panel cannot read the session."""

    activity_changed = Signal()
    problem_occurred = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.objects = ObjectTable()
        self.table = ProcessTable(self.objects)
        self.selection = Selection(self)
        self.panels = SessionPanels()
        self.processes = ProcessesPanel(self.table)
        self.messages = MessagesPanel(self.table)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setObjectName("sessionSplitter")
        self._splitter.addWidget(self.processes)
        self.tabs = LowerTabs()
        self._add_tabs()
        self._splitter.addWidget(self.tabs)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setSizes([320, 440])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)
        self.processes.reveal_requested.connect(self._on_reveal_requested)
        self.processes.processes_selected.connect(self.selection.select_processes)
        self.processes.ended_cleared.connect(self._on_ended_cleared)
        self.selection.processes_changed.connect(self._on_selected)
        self._revealing = Revealing(self.processes, self.selection, self)
        self._shown: set[int] = set()  # the processes whose messages are shown; empty: all
        self.messages.process_activated.connect(self.processes.select)
        self.last_message = 0
        self._path = ""
        self._run_folder = ""
        self._live = True

    @property
    def traffic(self) -> TrafficPanel | None:
        """The Traffic panel, once it was looked at."""
        return cast("TrafficPanel | None", self.panels.made.get("traffic"))

    @property
    def live(self) -> bool:
        """Whether the session lives; False for a recorded one, and once the supervisor is gone."""
        return self._live

    def attach(self, session: LiveSession) -> None:
        """Show a living session and pass on what is asked of its processes."""
        self._run_folder = session.run_folder
        session.events_received.connect(self._on_events)
        session.session_opened.connect(self._on_opened)
        session.messages_committed.connect(self._on_committed)
        session.worker_restarted.connect(self._on_restarted)
        session.launch_asked.connect(self._revealing.on_launch_asked)
        session.workers_started.connect(self._revealing.on_workers_started)
        self.processes.signal_requested.connect(session.send_signal)
        self.processes.stop_requested.connect(session.stop)
        self.processes.restart_requested.connect(session.restart)

    def detach(self) -> None:
        """The session is over: nothing can be asked of its processes any more."""
        self._set_live(False)

    def close_session(self) -> None:
        """Let go of the session's file: who is the last to do so leaves a single file behind."""
        self.messages.close_session()
        self.panels.close()

    def show_recorded(self, path: str) -> None:
        """Show the session recorded at `path`. Raises SessionError."""
        from spawnscope.core.session.reader import SessionReader

        reader = SessionReader(path)
        try:
            self.objects.load(reader.objects.all(), reader.objects.states())
            records, samples = reader.processes.all(), reader.samples.last()
            self.processes.load(records, samples, reader.objects.watched())
            self.last_message = reader.messages.last_id()
        finally:
            reader.close()
        self._set_live(False)
        self._open(path)
        self._count_objects()
        self.activity_changed.emit()

    def save_state(self) -> dict[str, QByteArray]:
        """Columns and sizes, to be remembered."""
        return {
            "processes": self.processes.saveState(),
            "messages": self.messages.saveState(),
            "sessionSplitter": self._splitter.saveState(),
            **self.panels.save_states(),
        }

    def restore_state(self, state: dict[str, QByteArray]) -> None:
        """The opposite of `save_state`; what is missing stays as it is."""
        state = {name: value for name, value in state.items() if value}
        if "processes" in state:
            self.processes.restoreState(state.pop("processes"))
        if "messages" in state:
            self.messages.restoreState(state.pop("messages"))
        if "sessionSplitter" in state:
            self._splitter.restoreState(state.pop("sessionSplitter"))
        self.panels.restore_states(state)

    # -- the panels ---------------------------------------------------------------------------

    def _add_tabs(self) -> None:
        add, make = self.tabs.add, self.panels.make
        add("Messages", "messages", lambda: self.messages, "What the processes write")
        add(
            "Traffic", "traffic", lambda: make("traffic", self._traffic), "What the processes share"
        )
        add("Wiring", "wiring", lambda: make("wiring", self._wiring), "Who is wired to whom")
        add("Timeline", "timeline", lambda: make("timeline", self._timeline), "What happened when")
        add(
            "Inspector",
            "inspector",
            lambda: make("inspector", self._inspector),
            "All about the selected process",
        )

    def _traffic(self) -> QWidget:
        from ..panels.traffic.panel import TrafficPanel

        return self._connected(TrafficPanel(self.objects, self.table, self.selection))

    def _wiring(self) -> QWidget:
        from ..panels.wiring.panel import WiringPanel

        return self._connected(WiringPanel(self.objects, self.table, self.selection))

    def _timeline(self) -> QWidget:
        from ..panels.timeline.panel import TimelinePanel

        panel = TimelinePanel(self.objects, self.table, self.selection)
        panel.moment_chosen.connect(self._on_moment_chosen)
        panel.message_activated.connect(lambda process, _id: self._on_reveal_requested(process))
        return self._connected(panel)

    def _inspector(self) -> QWidget:
        from ..panels.inspector.panel import InspectorPanel

        panel = InspectorPanel(
            self.objects, self.table, self.selection, run_folder=self._run_folder
        )
        panel.object_activated.connect(self._on_object_activated)
        panel.messages_requested.connect(self._on_reveal_requested)
        return self._connected(panel)

    def _connected(self, panel: QWidget) -> QWidget:
        signals: Any = panel
        signals.process_activated.connect(self.processes.select)
        signals.problem_occurred.connect(self.problem_occurred)
        return panel

    # -- what comes in ------------------------------------------------------------------------

    def _on_opened(self, path: str, notes: tuple[str, ...]) -> None:
        self._open(path)

    def _on_events(self, events: list[Event]) -> None:
        try:
            changes = [change for change in map(self.objects.apply, events) if change is not None]
        finally:
            self.processes.apply(events)
        self._add_started(events)
        if changes:
            self.processes.objects_named(change.object for change in changes)
            self._count_objects()
            self.panels.objects_changed(changes)
        if self.panels.made and any(isinstance(event, _PEOPLE) for event in events):
            self.panels.processes_changed()
        self.activity_changed.emit()

    def _add_started(self, events: list[Event]) -> None:
        """What starts below a selected process is shown with it."""
        new = set()
        for event in events:
            if isinstance(event, ProcessStarted) and event.parent in self._shown:
                self._shown.add(event.process)
                new.add(event.process)
        if new:
            self.messages.add_started(frozenset(new), self.last_message)

    def _count_objects(self) -> None:
        count = len(self.objects) - len(self.objects.cleared)
        self.tabs.set_title(TRAFFIC, f"Traffic ({count:,})" if count else "Traffic")

    def _set_live(self, live: bool) -> None:
        self._live = live
        self.processes.set_live(live)
        self.panels.set_live(live)

    def _open(self, path: str) -> None:
        self._path = path
        self.messages.open(path)
        self.panels.open(path)

    def _on_committed(self, last_id: int) -> None:
        self.last_message = last_id
        self.messages.committed(last_id)
        self.activity_changed.emit()

    def _on_restarted(self, before: int, after: int) -> None:
        """Who watched a worker goes on watching it."""
        if before in self.processes.selected():
            self.processes.select(after)

    # -- what the user asks for ---------------------------------------------------------------

    def _on_reveal_requested(self, process: int) -> None:
        self.tabs.show_place(MESSAGES)
        self.messages.reveal(process)

    def _on_object_activated(self, number: int) -> None:
        self.tabs.show_place(TRAFFIC)
        self.selection.select_object(number)

    def _on_moment_chosen(self, time_ns: int | None) -> None:
        """The whole window shows a past session as it was then; None: at its end."""
        from spawnscope.core.session.session_error import SessionError
        from spawnscope.core.store.moment import NO_FACTS, MomentFacts

        if self._live:
            return  # the tree, and all that can be done with it, stays with what lives
        facts = NO_FACTS
        if time_ns is not None:
            try:
                facts = MomentFacts.read(self._path, time_ns, self.objects)
            except SessionError as error:
                self.problem_occurred.emit(str(error))
        self.processes.show_moment(time_ns, facts)
        self.panels.show_moment(time_ns)

    def _on_ended_cleared(self, processes: frozenset[int]) -> None:
        """What was cleared in the tree is gone from every panel, and with the last process of a
        program that which they shared."""
        from spawnscope.core.store.clearing import clear_objects

        changes = clear_objects(self.objects, self.table)
        if self.selection.object in self.objects.cleared:
            self.selection.select_object(0)
        self.messages.clear_ended(processes)
        self.panels.objects_changed(changes)
        self.panels.processes_changed()
        self._count_objects()

    def _on_selected(self, processes: frozenset[int]) -> None:
        """A selected process stands for itself and all below it; the supervisor for everything."""
        self.processes.select_all_of(processes)
        shown = set(processes)
        for process in processes:
            shown.update(self.table.descendants(process))
        everything = not shown or any(self.table.parent(number) is None for number in processes)
        self._shown = set() if everything else shown
        self.messages.show_processes(None if everything else frozenset(shown))
