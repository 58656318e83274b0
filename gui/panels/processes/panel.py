"""The Processes panel: composition only.

    store --StoreChange--> backlog --(shown, not paused)--> model --> tree

What is not to be seen yet waits in the backlog, merged by process.
"""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QByteArray, QModelIndex, QPoint, Qt, QTimer
from PySide6.QtCore import Signal as QtSignal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from spawnscope.core.analysis.process_filter import ProcessFilter
from spawnscope.core.sentences.outcome import named, outcome
from spawnscope.core.sentences.stopping import stopping
from spawnscope.core.store.change import ChangeKind, StoreChange
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.codes import StopStep
from spawnscope.core.vocabulary.events import ProcessExited, StopProgress, WorkerStarted

from ...kit.moving_tips import MovingTips
from ...kit.pace import Pace
from ...kit.panel import Panel
from ...kit.selection import Selection
from .actions import ProcessActions
from .backlog import Backlog
from .empty_state import EmptyState, free_space
from .fault_clicks import FaultClicks
from .filter_field import FilterField
from .outcome_line import OutcomeLine
from .row_text import copied_text
from .tools import Tools
from .tree import ProcessTree
from .tree_model import ProcessTreeModel

_SECOND = 1000  # ms between two redraws of the durations
_COUNTDOWN = 200  # ms, while a stop counts down
_MANY = 300  # processes that differ at once


class ProcessesPanel(Panel):
    """The tree of processes and all that is done with it.

    Emits signal_requested(int process, int signum), stop_requested(int process, bool tree),
    restart_requested(int process) and reveal_requested(int process), each with the session number
    of the process, and clear_requested() when what has ended is not to be shown any more.
    """

    signal_requested = QtSignal(int, int)
    stop_requested = QtSignal(int, bool)
    restart_requested = QtSignal(int)
    reveal_requested = QtSignal(int)
    clear_requested = QtSignal()

    def __init__(self, store: Store, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(store, selection, tr("Processes panel"), parent)
        self._paused = False
        self._marked = True  # those whom what is wrong concerns
        self._backlog = Backlog()
        self._asked: set[int] = set()  # processes that are being stopped or were signalled
        self._wanted = ProcessFilter()
        self.model = ProcessTreeModel(store, self)
        self.tree = ProcessTree(self.model, self)
        MovingTips(self.tree)
        self._table = store.session.processes  # of what lives, which alone can be acted on
        self.actions_ = ProcessActions(self._table, self.tree, self.tree.selected)
        self.filter_field = FilterField(self)
        self.toolbar = Tools(self, self.actions_, self.tree, self.filter_field)
        self.outcome = OutcomeLine(self)
        self.empty_state = EmptyState(self.tree.viewport())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.toolbar)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.outcome)
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.CoarseTimer)
        self._clock.timeout.connect(self._on_clock)
        self._pace = Pace()
        self._rest = QTimer(self)  # until rows may move again, when there are very many
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._catch_up)
        self._connect()
        self._after_sync()

    # -- the outside --------------------------------------------------------------------------

    def note(self, change: StoreChange) -> None:
        """Something differs; what is not to be seen yet waits in the backlog."""
        for each in change.processes:
            self._backlog.add(each)
        if change.findings:
            self._marked = False
        if change.opened:  # nothing glows of what was there already
            self.model.sync(self._backlog.take())
            self.tree.glow.stop()
            self._after_sync()
        else:
            self._tell_outcomes(change)
            self._catch_up()

    def show_store(self, store: Store) -> None:
        """Show another moment, or another part of the session."""
        super().show_store(store)
        self.model.show(store)
        self.tree.set_live(store.live)
        self.actions_.set_live(store.live)
        self._after_sync()
        if store.moment_ns is not None or not store.live:
            self._fold()
            self._on_clock()  # durations, also of rows that are the same as before

    def _ask_to_clear(self) -> None:
        self._rest.stop()
        self._catch_up()
        self.clear_requested.emit()

    @property
    def is_paused(self) -> bool:
        """Whether the display stands still."""
        return self._paused

    def set_paused(self, paused: bool) -> None:
        """Freeze the display, or let it catch up."""
        if paused != self._paused:
            self._paused = paused
            self._rest.stop()
            self.toolbar.pause.setChecked(paused)
            self._catch_up()
            self._show_pause()

    @property
    def is_pinned(self) -> bool:
        """Whether the selection is to stay, whatever is started."""
        return self.toolbar.pin.isChecked()

    def tell_hidden(self, process: int) -> None:
        """Say of a process that was just started why it is not to be seen."""
        if self._wanted:
            row = self._table[process]
            self.outcome.tell(
                tr(
                    "{name} (PID {pid}) has started; the filter hides it.",
                    name=row.label, pid=row.pid,
                )
            )  # fmt: skip

    def selected(self) -> frozenset[int]:
        """The selected processes, by number."""
        return self.selection.processes

    def select(self, process: int) -> bool:
        """Select one process and show it; False when it is not in view."""
        self._rest.stop()
        self._catch_up()
        return self.tree.select(process)

    def select_all_of(self, processes: frozenset[int]) -> None:
        """Select exactly these, as far as they are in view."""
        if processes != frozenset(self.tree.selected()):
            self.tree.select_all_of(processes)

    def saveState(self) -> QByteArray:
        """Columns, widths, order and sorting, for `restoreState`."""
        return self.tree.columns.save()

    def restoreState(self, state: QByteArray) -> bool:
        """Take over what `saveState` gave; False when it is of another make."""
        return self.tree.columns.restore(state)

    # -- updates ------------------------------------------------------------------------------

    def _catch_up(self) -> None:
        if not (self._marked or self._paused) and self.isVisible():
            self._marked = True
            self.model.mark_faults()
        if self._paused:
            self._show_pause()
        elif self.isVisible() and self._backlog and not self._rest.isActive():
            self._pace.begin()
            many = len(self._backlog) > _MANY  # it was hidden or paused for long
            changed = self._backlog.take()
            self.model.sync(changed, self.tree.in_use() if many else None)
            self._after_sync(changed)
            rest = self._pace.end()
            if rest:
                self._rest.start(rest)

    def _fold(self) -> None:
        """Let old rows that are alike share one."""
        if self.model.is_fold_due() and not self._paused:
            self.model.sync({}, self.tree.in_use())
            self._after_sync()

    def _after_sync(self, changed: Collection[int] | None = None) -> None:
        """Bring along what depends on the rows (`changed`: of these processes; None: of any):
        actions, the hint, the clock."""
        if changed is None or not self.selection.processes.isdisjoint(changed):
            self.actions_.refresh()
        self.toolbar.clear.setEnabled(self.store.live and self.store.session.has_ended)
        self._show_hint()
        self._run_clock()

    def _run_clock(self) -> None:
        moves = self.store.moves and (self.model.has_live() or self.model.is_fold_due())
        if not moves or self._paused or not self.isVisible():
            self._clock.stop()
            return
        interval = _COUNTDOWN if self.model.has_countdown() else _SECOND
        if not self._clock.isActive() or self._clock.interval() != interval:
            self._clock.start(interval)

    def _on_clock(self) -> None:
        if self.store.moves:
            self._fold()
        runs: dict[int, tuple[int, int]] = {}
        for index in self.tree.visible_rows():
            row = self.model.row_of(index)
            if row is not None and row.is_live:
                parent = index.parent()
                number = parent.internalId() if parent.isValid() else -1
                first, _last = runs.get(number, (index.row(), 0))
                runs[number] = (first, index.row())
        self.model.tick(runs)
        self._run_clock()

    def _tell_outcomes(self, change: StoreChange) -> None:
        """What stops have led to, and who ended in another way than in order."""
        ended = {each.process for each in change.processes if each.kind is ChangeKind.ENDED}
        if ended and not change.events:
            self.outcome.tell(
                tr("The supervisor is gone; all that it ran has ended with it."), True
            )
        for event in change.events:
            if isinstance(event, WorkerStarted):
                self.outcome.hide()  # of a run before; in the tree and the messages it stays
            elif isinstance(event, StopProgress):
                self._asked.add(event.process)
                self.outcome.tell(stopping(event), event.step is StopStep.FAILED)
            elif isinstance(event, ProcessExited):
                row = self._table.get(event.process)
                if row is not None and event.process in ended and (sentence := outcome(event)):
                    self._tell_end(row, event, sentence)
                self._asked.discard(event.process)

    def _tell_end(self, row: ProcessRow, event: ProcessExited, sentence: str) -> None:
        wanted = event.process in self._asked
        # SIGTERM is how parents end their children, also where that cannot be seen.
        failed = row.has_failed and event.signal != "SIGTERM"
        if wanted or failed:
            self.outcome.tell(f"{named(row.label, row.pid)}: {sentence}", failed and not wanted)

    def _show_hint(self) -> None:
        hint = self.empty_state
        if self.model.rowCount() == 0 and self._wanted:
            hint.say(
                "filter",
                tr("No process passes the filter"),
                tr("Press Esc in the filter box to see all of them again."),
            )
        elif self.model.has_workers() and not self._is_all_cleared():
            hint.hide()
            return
        elif self.store.live:
            hint.say(
                "play",
                tr("Nothing is running"),
                tr("Press the triangle of an example at the left, or open a script."),
            )
        else:
            hint.say("supervisor", tr("Nothing ran in this session"), tr("It holds no processes."))
        hint.setGeometry(free_space(self.tree))
        hint.show()

    def _is_all_cleared(self) -> bool:
        """Whether nothing but the supervisor is left of all that ever ran."""
        cleared = self.store.session.scope.without
        return len(cleared) + 1 >= len(self._table) and self.store.moment_ns is None

    # -- what the user does -------------------------------------------------------------------

    def _connect(self) -> None:
        self.actions_.signal_requested.connect(self._on_signal_requested)
        self.actions_.stop_requested.connect(self.stop_requested)
        self.actions_.restart_requested.connect(self.restart_requested)
        self.actions_.reveal_requested.connect(self._on_reveal_requested)
        self.actions_.copy_requested.connect(self._on_copy_requested)
        FaultClicks(self.tree, self.model).finding_clicked.connect(self.finding_activated)
        self.tree.terminate_clicked.connect(self._on_terminate_clicked)
        self.tree.menu_requested.connect(self._on_menu_requested)
        self.tree.doubleClicked.connect(self._on_double_clicked)
        self.tree.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.selection.processes_changed.connect(self._on_selected_elsewhere)
        self.tree.expanded.connect(self._on_layout_changed)
        self.tree.collapsed.connect(self._on_layout_changed)
        self.tree.resized.connect(self._on_resized)
        self.toolbar.pause.toggled.connect(self.set_paused)
        self.toolbar.clear.triggered.connect(self._ask_to_clear)
        self.toolbar.go_to_filter.triggered.connect(self._go_to_filter)
        self.filter_field.filter_changed.connect(self._on_filter_changed)
        self.filter_field.left.connect(self.tree.setFocus)

    def _show_pause(self) -> None:
        self.toolbar.show_pause(self._paused, self._backlog.count)

    def _go_to_filter(self) -> None:
        self.filter_field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter_field.selectAll()

    def _on_filter_changed(self, wanted: ProcessFilter) -> None:
        self._wanted = wanted
        self._filter()

    def _filter(self) -> None:
        self.model.set_filter(self._wanted)
        self.tree.branches.open_helpers(bool(self._wanted))
        self._after_sync()

    def _on_terminate_clicked(self, process: int) -> None:
        row = self._table.get(process)
        if self.store.live and row is not None and row.may_be_signalled:
            self.stop_requested.emit(process, False)

    def _on_signal_requested(self, process: int, number: int) -> None:
        self._asked.add(process)
        self.signal_requested.emit(process, number)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.reveal_requested.emit(index.internalId())

    def _on_reveal_requested(self, process: int) -> None:
        if not self.tree.open_rest(self.tree.currentIndex()):
            self.reveal_requested.emit(process)

    def _on_copy_requested(self, what: str) -> None:
        text = copied_text(self.tree, self.model, what)
        if text:
            QGuiApplication.clipboard().setText(text)

    def _on_menu_requested(self, place: QPoint) -> None:
        self.actions_.menu().popup(place)

    def _on_selection_changed(self) -> None:
        selection = frozenset(self.tree.selected())
        if selection != self.selection.processes:
            self.selection.select_processes(selection)
            self.actions_.refresh()

    def _on_selected_elsewhere(self, processes: frozenset[int]) -> None:
        self.select_all_of(processes)
        self.actions_.refresh()

    def _on_layout_changed(self) -> None:
        self._show_hint()

    def _on_resized(self) -> None:
        self._show_hint()
        self.filter_field.place_fault()

    # -- Qt's events --------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()
        self._run_clock()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._rest.stop()
        self.tree.glow.stop()
        self._run_clock()
