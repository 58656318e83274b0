"""The Timeline panel: lanes over time, below them CPU and memory, and the moment that is shown.

session file --TimelineSource--(visible)--> TimelineCanvas <--> Selection
                                        '--> UsageCurves of the selected process
MomentStrip, playhead --moment_chosen--> the whole window
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from spawnscope.core.store.change import StoreChange
from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr

from ...kit.empty_hint import EmptyHint
from ...kit.object_look import MEANINGS, family_of
from ...kit.pace import Pace
from ...kit.panel import Panel
from ...kit.plain import Label, set_tip
from ...kit.selection import Selection
from ...kit.style import theme
from .canvas import TimelineCanvas
from .head import TimelineHead
from .moment_strip import MomentStrip
from .ruler import moment_text
from .source import TimelineSource

if TYPE_CHECKING:
    from .usage_curves import UsageCurves

_PAUSE = 60  # ms between two moments while the handle is dragged
_CURVES = 120  # ms from another view to the samples for it
_FRESH = 1000  # ms between two looks for new samples


class TimelinePanel(Panel):
    """Shows what each process did when, all of the session whatever moment the window shows."""

    def __init__(self, store: Store, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(store, selection, tr("Timeline"), parent)
        self._sampled = (0.0, 0, 0)  # zoom, from when, until when the samples of the curves are
        self._stale = True  # the lanes are not those of the processes any more
        self._waiting_moment: list[int | None] = []
        self.curves: UsageCurves | None = None  # made when a process is first selected
        self.source = TimelineSource(store, len(MEANINGS), family_of, self)
        self.canvas = TimelineCanvas(self.source, store, selection, self)
        self.head = TimelineHead(self)
        self.strip = MomentStrip(self.canvas.scale, self)
        self._moment = Label(self)
        self._newest = QPushButton(tr("Newest"), self)
        self._hint = EmptyHint(self.canvas.viewport(), "timeline")
        self._lay_out()
        self._moment_timer = QTimer(self)
        self._moment_timer.setSingleShot(True)
        self._moment_timer.timeout.connect(self._on_moment_due)
        self._curves_timer = QTimer(self)
        self._curves_timer.setSingleShot(True)
        self._curves_timer.timeout.connect(self._read_samples)
        self._fresh = QTimer(self)
        self._fresh.setInterval(_FRESH)
        self._fresh.timeout.connect(self._read_samples)
        self._connect()
        self._show_state()

    # -- the outside --------------------------------------------------------------------------

    def close_session(self) -> None:
        """Let go of the session's file."""
        self.source.close()
        self.canvas.refresh()
        self._show_state()

    def note(self, change: StoreChange) -> None:
        """Processes started, ended or have other names, objects are named; cheap while hidden."""
        if change.opened:
            self.source.open()
            self.canvas.start_anew(self.store.live)
        if change.findings or change.opened:
            self._show_faults()
        named = any("name" in each.fields for each in change.objects)
        if named:
            self.canvas.scene.picture.forget()
        if named or change.people:
            self._stale = True
            if self.isVisible() and self.store.live and not self._lanes_due.isActive():
                self._lanes_due.start(max(100, self._rest_ms))

    def show_store(self, store: Store) -> None:
        """The window shows another moment, or another part of the session."""
        before = self.store
        super().show_store(store)
        self._stale = True
        self._show_faults()
        self.source.run()
        if self.canvas.live != store.live:
            self.canvas.set_live(store.live)
        if store.moment_ns != before.moment_ns:  # of a living session it has one of its own
            self.canvas.show_moment(store.moment_ns)
            self.strip.show_moment(store.moment_ns)
        self._wake()

    def state(self) -> dict[str, Any]:
        return {
            "names": self.canvas.gutter,
            "relative": self.head.relative.isChecked(),
            "usage": self.head.usage.isChecked(),
        }

    def take_state(self, state: dict[str, Any]) -> bool:
        names = int(state["names"])
        relative, usage = bool(state["relative"]), bool(state["usage"])
        self.canvas.set_gutter(min(max(names, 120), 480))
        self.head.relative.setChecked(relative)
        self.head.usage.setChecked(usage)
        return True

    # -- updates ------------------------------------------------------------------------------

    def _show_faults(self) -> None:
        """When something went wrong; of all time, like the lanes."""
        session = self.store.session
        rows, shows = session.processes, session.sight.shows
        self.canvas.flags.take(
            one
            for one in session.findings
            if any(number in rows and shows(rows[number]) for number in one.processes)
        )
        self.canvas.viewport().update()

    def _wake(self) -> None:
        awake = self.isVisible()
        self.source.set_awake(awake)
        if awake and self._stale:
            self._on_lanes_due()
        if awake and self.store.live:
            self._fresh.start()
        else:
            self._fresh.stop()
        self._show_state()

    def _on_lanes_due(self) -> None:
        self._stale = False
        self._pace.begin()
        self.canvas.refresh()
        self._show_state()
        self._rest_ms = self._pace.end()

    def _on_grown(self) -> None:
        self._show_progress()
        if self.canvas.lanes and self._hint.isVisible():
            self._show_state()

    def _show_progress(self) -> None:
        read, total = self.source.progress
        self.head.show_progress(read, total, self.source.is_behind, self.source.cancelled)

    def _show_state(self) -> None:
        self._show_progress()
        self.head.show_following(self.canvas.scale.following, self.store.live)
        self.head.zoom_span.setEnabled(self.canvas.measuring.span is not None)
        self._foot.setVisible(len(self.canvas.lanes) > 0)
        if len(self.canvas.lanes):
            self._hint.show_hint("", "", clearable=False)
        elif self.store.live:
            self._hint.show_hint(
                tr("Nothing has happened yet"),
                tr("Each watched process gets a lane here, with what it does and waits for."),
                clearable=False,
            )
        else:
            self._hint.show_hint(
                tr("No processes"), tr("Nothing was started in this session."), clearable=False
            )
        self._show_moment_text()
        self._show_curves()

    def _on_view_changed(self) -> None:
        self.strip.show_moment(self.canvas.moment)
        if self.curves is not None and self.curves.isVisible():
            scale = self.canvas.scale
            self.curves.show_time(scale)
            zoom, first, last = self._sampled
            # What is new while the newest is followed comes once a second anyway.
            here = first <= scale.left_ns and (scale.following or scale.right_ns <= last)
            if (zoom != scale.ns_per_pixel or not here) and not self._curves_timer.isActive():
                self._curves_timer.start(_CURVES)

    # -- the moment ---------------------------------------------------------------------------

    def _on_moment_dragged(self, time_ns: int | None) -> None:
        self.canvas.show_moment(time_ns)
        self._on_moment(time_ns)

    def _on_moment(self, time_ns: int | None) -> None:
        """The user chose it; the window follows as fast as it can, and the last one counts."""
        self.strip.show_moment(time_ns)
        self._show_moment_text()
        self._waiting_moment = [time_ns]
        if not self._moment_timer.isActive():
            self._moment_timer.start(_PAUSE)

    def _on_moment_due(self) -> None:
        if self._waiting_moment:
            time_ns = self._waiting_moment.pop()
            self.moment_chosen.emit(time_ns)

    def _on_newest(self) -> None:
        self.canvas.show_moment(None)
        self._on_moment(None)

    def _show_moment_text(self) -> None:
        moment = self.canvas.moment
        canvas = self.canvas
        if moment is None:
            self._moment.setText(tr("The newest") if self.store.live else tr("The end"))
        else:
            self._moment.setText(moment_text(moment, canvas.scale, canvas.relative))
        self._newest.setEnabled(moment is not None)
        self._newest.setText(tr("Newest") if self.store.live else tr("End"))

    # -- CPU and memory -----------------------------------------------------------------------

    def _shown_process(self) -> int:
        """Whose curves are shown; 0 for nobody's."""
        lanes = self.canvas.lanes
        chosen = [each for each in sorted(self.selection.processes) if lanes.of(each) is not None]
        return chosen[0] if chosen and self.head.usage.isChecked() else 0

    def _show_curves(self) -> None:
        number = self._shown_process() if self.isVisible() else 0
        if number and self.curves is None:
            from .usage_curves import UsageCurves

            self.curves = UsageCurves(self)
            self._below.insertWidget(0, self.curves)
        if self.curves is not None and self.isVisible():
            self.curves.setVisible(bool(number))
            if number:
                self._read_samples()

    def _read_samples(self) -> None:
        number = self._shown_process()
        if self.curves is None or not number or not self.isVisible():
            return
        scale = self.canvas.scale
        before = scale.left_ns - scale.span_ns // 4
        self._sampled = scale.ns_per_pixel, before, scale.right_ns
        samples = self.source.samples(number, before, scale.right_ns, scale.width // 2)
        self.curves.set_names(self.canvas.gutter)
        bar = self.canvas.verticalScrollBar()
        self.curves.set_right(bar.width() if bar.isVisible() else 0)
        self.curves.show_samples(self.canvas.people.get(number), samples, scale.first_ns)
        self.curves.show_time(scale)

    # -- Qt -----------------------------------------------------------------------------------

    def run_timers(self) -> None:
        """Read while somebody looks."""
        super().run_timers()
        self._wake()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_curves()

    def _connect(self) -> None:
        canvas, head = self.canvas, self.head
        self._pace = Pace(longest=3)
        self._rest_ms = 0  # before lanes are made anew, where there are very many
        self._lanes_due = QTimer(self)
        self._lanes_due.setSingleShot(True)
        self._lanes_due.timeout.connect(self._on_lanes_due)
        canvas.process_activated.connect(self.process_activated)
        canvas.message_activated.connect(lambda process, _id: self.messages_requested.emit(process))
        canvas.finding_activated.connect(self.finding_activated)
        canvas.moment_chosen.connect(self._on_moment)
        canvas.view_changed.connect(self._on_view_changed)
        canvas.measured.connect(head.zoom_span.setEnabled)
        canvas.following_changed.connect(lambda on: head.show_following(on, self.store.live))
        self.source.grown.connect(self._on_grown)
        self.source.settled.connect(self._show_state)
        self.source.problem_occurred.connect(self.problem_occurred)
        self.strip.moment_dragged.connect(self._on_moment_dragged)
        self._newest.clicked.connect(self._on_newest)
        self.selection.processes_changed.connect(self._show_curves)
        head.cancel_clicked.connect(self._on_cancel)
        head.threads.toggled.connect(canvas.fold_all)
        head.relative.toggled.connect(self._on_relative)
        head.usage.toggled.connect(self._show_curves)
        head.zoom_in.clicked.connect(lambda: canvas.zoom(1.6))
        head.zoom_out.clicked.connect(lambda: canvas.zoom(1 / 1.6))
        head.zoom_span.clicked.connect(canvas.zoom_to_measured)
        head.fit.clicked.connect(canvas.fit)
        head.follow.clicked.connect(canvas.follow)

    def _on_relative(self, on: bool) -> None:
        self.canvas.relative = on
        self.canvas.repaint_lanes()
        self._show_moment_text()

    def _on_cancel(self) -> None:
        if self.source.cancelled:
            self.source.resume()
        else:
            self.source.cancel()
        self._show_progress()

    def _lay_out(self) -> None:
        set_tip(self._newest, tr("The whole window shows the newest again"))
        set_tip(self._moment, tr("The moment that the whole window shows"))
        self._moment.setMinimumWidth(100)
        self._foot = QWidget(self)
        self._foot.setAutoFillBackground(True)
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(theme.SPACE, 2, theme.SPACE // 2, 2)
        row.setSpacing(theme.SPACE)
        caption = Label(text=tr("Moment"))
        caption.setProperty("muted", True)
        row.addWidget(caption)
        row.addWidget(self._moment)
        row.addWidget(self.strip, 1)
        row.addWidget(self._newest)
        self._below = QVBoxLayout()
        self._below.setContentsMargins(0, 0, 0, 0)
        self._below.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.head)
        layout.addWidget(self.canvas, 1)
        layout.addLayout(self._below)
        layout.addWidget(self._foot)
        self.setFocusProxy(self.canvas)
