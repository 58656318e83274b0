"""Everything that shows one session, live or recorded: the scope, processes above, below them the
panels of which one is in front.

    LiveSession --events--> SessionStore --StoreChange--> panels, scope bar, titles of tabs
    a moment, a scope, "clear ended": asked for by panels and bar, done to the store here

One is made for each session and replaced with it, so nothing of an old session can shine through.
What is selected in one panel is selected in all, and so is the moment of a past session.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from spawnscope.core.analysis.findings.afterwards import find_afterwards
from spawnscope.core.log_file import log
from spawnscope.core.session.session_error import SessionError
from spawnscope.core.store.change import StoreChange
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr

from ..kit.panel import Panel
from ..kit.selection import Selection
from ..panels.panels import FINDINGS, MESSAGES, PANELS, TRAFFIC
from ..panels.processes.panel import ProcessesPanel
from .banner import Banner
from .finding_alarm import FindingAlarm, connect_cures
from .finding_watch import FindingWatch
from .lower_tabs import LowerTabs
from .rescue import Rescue
from .revealing import Revealing
from .run_alone import RunAlone
from .scope_bar import ScopeBar
from .scoping import Scoping
from .strand_question import StrandQuestion

if TYPE_CHECKING:
    from spawnscope.core.vocabulary.events import Event
    from spawnscope.core.vocabulary.findings import Cure

    from .live_session import LiveSession

_TICK = 500  # ms between two ticks of the store, while they change anything
_PLACES = {row.name: place for place, row in enumerate(PANELS)}


class SessionView(QWidget):
    """Emits `activity_changed()` when the figures of the status bar may have changed, and
    `problem_occurred(sentence)` when a panel cannot read the session."""

    activity_changed = Signal()
    problem_occurred = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store = SessionStore()
        self.selection = Selection(self)
        self.made: dict[str, Panel] = {}
        self._findings: FindingWatch | None = None
        self._rescue: Rescue | None = None
        self._alone = RunAlone(self.store, self)
        self._alone.problem_occurred.connect(self.problem_occurred)
        self._states: dict[str, QByteArray] = {}
        self._shown: Store = self.store
        self.processes = ProcessesPanel(self.store, self.selection)
        self._connect(self.processes)
        self.processes.clear_requested.connect(self.store.clear_ended)
        self.processes.reveal_requested.connect(self.show_messages_of)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setObjectName("sessionSplitter")
        self._splitter.addWidget(self.processes)
        self.tabs = LowerTabs()
        self._splitter.addWidget(self.tabs)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setSizes([320, 440])
        self.scoping = Scoping(self.store, self)
        self.scope_bar = ScopeBar(self.store, self.scoping)
        self.scope_bar.moment_left.connect(lambda: self.show_moment(None))
        self.banner = Banner()
        self._alarm = FindingAlarm(self.store, self.banner, self)
        self._alarm.show_asked.connect(self.show_finding)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banner)
        layout.addWidget(self.scope_bar)
        layout.addWidget(self._splitter, 1)
        self._revealing = Revealing(self.processes, self.selection, self.scoping, self)
        self._ticking = QTimer(self)
        self._ticking.setTimerType(Qt.TimerType.CoarseTimer)
        self._ticking.setInterval(_TICK)
        self._ticking.timeout.connect(self.store.tick)
        self.store.subscribe(self._on_change)
        for row in PANELS:
            self.tabs.add(tr(row.title), row.name, partial(self.panel, row.name), tr(row.tip))

    @property
    def shown(self) -> Store:
        """The store that all panels show: the newest, or a moment."""
        return self._shown

    def panel(self, name: str) -> Panel:
        """One of the panels of the lower half, made if it was not looked at yet."""
        panel = self.made.get(name)
        if panel is None:
            panel = self.made[name] = PANELS[_PLACES[name]].make(self.store, self.selection)
            self._connect(panel)
            if name == FINDINGS:
                connect_cures(panel, self.processes, self._alarm, self._on_cure)
            if self.store.path:
                panel.note(StoreChange(opened=True))
            panel.show_store(self._shown)
            if name in self._states:
                panel.restoreState(self._states[name])
        return panel

    # -- the session --------------------------------------------------------------------------

    def attach(self, session: LiveSession) -> None:
        """Show a living session and pass on what is asked of its processes."""
        self.store.run_folder = session.run_folder
        self.store.tracer = session.tracer
        session.events_received.connect(self._on_events)
        session.session_opened.connect(lambda path, _notes: self.store.open(path))
        session.worker_restarted.connect(self._on_restarted)
        session.launch_asked.connect(self._revealing.on_launch_asked)
        session.workers_started.connect(self._revealing.on_workers_started)
        ending = StrandQuestion(self.store, session, self)
        self.processes.signal_requested.connect(ending.send_signal)
        self.processes.stop_requested.connect(ending.stop)
        self.processes.restart_requested.connect(session.restart)
        self._rescue = Rescue(self.store, session, self)
        self._rescue.problem_occurred.connect(self.problem_occurred)
        self._alone.session = session
        self._findings = FindingWatch(self.store, session, self)
        self._findings.problem_occurred.connect(self.problem_occurred)

    def _on_cure(self, cure: Cure) -> None:
        if self._rescue is not None:
            self._rescue.ask(cure)

    def detach(self) -> None:
        """The session is over: nothing can be asked of its processes any more."""
        if self._findings is not None:
            self._findings.close()
            self._findings = None
        self._rescue = self._alone.session = None
        self.store.end()

    def close_session(self) -> None:
        """Let go of the session's file: who is the last to do so leaves a single file behind."""
        self._ticking.stop()
        for panel in (self.processes, *self.made.values()):
            panel.leave()
            panel.close_session()
        self.store.close()

    def show_recorded(self, path: str) -> None:
        """Show the session recorded at `path`. Raises SessionError."""
        self.scoping.show_all()
        self.store.load(path)
        find_afterwards(self.store, self._on_fault)

    def save_state(self) -> dict[str, QByteArray]:
        """Columns and sizes, to be remembered."""
        return {
            **self._states,
            "processes": self.processes.saveState(),
            "sessionSplitter": self._splitter.saveState(),
            **{name: panel.saveState() for name, panel in self.made.items()},
        }

    def restore_state(self, state: dict[str, QByteArray]) -> None:
        """The opposite of `save_state`; what is missing stays as it is."""
        state = {name: value for name, value in state.items() if value}
        if "processes" in state:
            self.processes.restoreState(state.pop("processes"))
        if "sessionSplitter" in state:
            self._splitter.restoreState(state.pop("sessionSplitter"))
        self._states.update(state)
        for name, panel in self.made.items():
            if name in state:
                panel.restoreState(state[name])

    # -- what comes in ------------------------------------------------------------------------

    def _on_fault(self, sentence: str, trace: str) -> None:
        log(sentence, trace)
        self.problem_occurred.emit(sentence)

    def _on_events(self, events: list[Event]) -> None:
        self.store.apply(events)
        self.activity_changed.emit()

    def _on_change(self, change: StoreChange) -> None:
        if self.store.is_warm and not self._ticking.isActive():
            self._ticking.start()
        elif not self.store.is_warm:
            self._ticking.stop()
        new = any("number" in each.fields for each in change.objects)
        if new or change.findings or change.opened or change.scoped:
            self._count()
        if change.scoped:
            self._leave_hidden()
        if change.opened or change.ended:
            self.activity_changed.emit()

    def _leave_hidden(self) -> None:
        """What is not shown any more is not selected any more either."""
        row = self.store.objects.get(self.selection.object)
        if row is not None and not self.store.sight.shows_object(row):
            self.selection.select_object(0)

    def _count(self) -> None:
        for place, row in enumerate(PANELS):
            count, title, alarm = row.count(self._shown), tr(row.title), row.alarm(self._shown)
            self.tabs.set_badge(place, count if alarm else 0, alarm)
            self.tabs.set_title(place, f"{title} ({count:,})" if count and not alarm else title)

    def _on_restarted(self, before: int, after: int) -> None:
        """Who watched a worker goes on watching it."""
        self.scoping.on_restarted(before, after)
        if before in self.selection.processes:
            self.processes.select(after)

    # -- what the user asks for ---------------------------------------------------------------

    def _connect(self, panel: Panel) -> None:
        panel.process_activated.connect(self._show_process)
        panel.object_activated.connect(self.show_object)
        panel.messages_requested.connect(self.show_messages_of)
        panel.finding_activated.connect(self.show_finding)
        panel.moment_chosen.connect(self.show_moment)
        panel.alone_requested.connect(self._alone.ask)
        panel.problem_occurred.connect(self.problem_occurred)

    def _show_process(self, process: int) -> None:
        self.processes.select(process)

    def show_panel(self, name: str) -> None:
        """Bring one of the lower panels to the front."""
        self.tabs.show_place(_PLACES[name])

    def show_messages_of(self, process: int) -> None:
        """Show what one process wrote, all of it."""
        from ..panels.messages.panel import MessagesPanel

        self.show_panel(MESSAGES)
        panel = self.panel(MESSAGES)
        assert isinstance(panel, MessagesPanel)
        panel.reveal(process)

    def show_object(self, number: int) -> None:
        """Show a shared object."""
        self.show_panel(TRAFFIC)
        self.selection.select_object(number)

    def show_finding(self, number: int) -> None:
        """Show what is wrong; where the scope hides it, all of the session is shown."""
        from ..panels.findings.panel import FindingsPanel

        if all(one.finding != number for one in self._shown.shown_findings()):
            self.scoping.show_all()
        self.show_panel(FINDINGS)
        panel = self.panel(FINDINGS)
        assert isinstance(panel, FindingsPanel)
        panel.reveal(number)

    def show_moment(self, time_ns: int | None) -> None:
        """The whole window shows a past session as it was then; None: at its end."""
        if self.store.is_live:
            return  # the tree, and all that can be done with it, stays with what lives
        try:
            self._shown = self.store.at(time_ns)
        except SessionError as error:
            self.problem_occurred.emit(str(error))
            return
        self.scope_bar.tell_moment(time_ns)
        self._count()
        for panel in (self.processes, *self.made.values()):
            panel.show_store(self._shown)
