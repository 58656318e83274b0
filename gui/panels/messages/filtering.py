"""Filtering, put together: what the bar and the tree ask for, what the source lets through.

FilterBar, ProcessPicker, tree --> Filtering --MessageFilter--> MessageSource
                                      |  SlicedWork: looks through the session
                                      '--> FilterStrip: "412 matches, 63 % searched"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from spawnscope.core.store.store import Store
from spawnscope.core.translation import trn
from spawnscope.core.vocabulary.events import HELPERS

from ...kit.row_text import exact_name
from ...kit.sliced_work import SlicedWork
from ...kit.style import icons
from .filter_bar import FilterBar
from .source import MessageSource

if TYPE_CHECKING:
    from spawnscope.core.session.message_query import MessageFilter

    from .process_picker import ProcessPicker
    from .strips import FilterStrip

_ABREAST = 0.98  # from this share on, the search keeps up with what is being written
_NAMED = 3  # processes that the chip names one by one


class Filtering(QObject):
    """Owns the filter of a source.

    Emits `filter_changed()` when others pass, `widened()` when new processes pass as well,
    `progressed()` when more of the session was looked at, `failed(sentence)` when it cannot be
    read.
    """

    filter_changed = Signal()
    widened = Signal()
    progressed = Signal()
    failed = Signal(str)

    def __init__(
        self,
        source: MessageSource,
        store: Store,
        bar: FilterBar,
        layout: QVBoxLayout,
        parent: QWidget,
    ) -> None:
        """The strip goes into `layout` below the bar."""
        super().__init__(parent)
        self._source = source
        self._store = store.session
        self._bar = bar
        self._layout = layout
        self._owner = parent
        self._processes: frozenset[int] | None = None
        self._in_tree: frozenset[int] | None = None
        self._by_tree = True  # the selection there chose the processes, not the user here
        self._hidden: frozenset[int] = frozenset()  # by the scope
        self.follows_tree = True
        self._stopped = False  # the user stopped the search for what passes
        self._complete = False  # all that was there was looked at
        self._fault = ""
        self._picker: ProcessPicker | None = None
        self._strip: FilterStrip | None = None
        self._scan = SlicedWork(self._advance, self)
        self._scan.pause(True)
        self._scan.progressed.connect(self.progressed)
        self._scan.finished.connect(self._on_scan_finished)
        bar.filter_edited.connect(self.apply)
        bar.picker_requested.connect(self._on_picker_requested)

    # -- what others ask for --------------------------------------------------------------------

    @property
    def processes(self) -> frozenset[int] | None:
        """The processes whose messages are shown; None for all."""
        return self._processes

    @property
    def searching(self) -> bool:
        """Whether the session is being looked through; not for the little that comes while it
        is live."""
        return self._scan.running and not (self._complete and self._source.progress > _ABREAST)

    @property
    def strip(self) -> FilterStrip:
        """What the filter lets through; made when first needed."""
        if self._strip is None:
            from .strips import FilterStrip

            self._strip = FilterStrip(self._owner)
            self._layout.insertWidget(self._layout.indexOf(self._bar) + 1, self._strip)
            self._strip.processes_cleared.connect(self._on_processes_cleared)
            self._strip.stop_clicked.connect(self._on_stop_clicked)
            self._strip.go_on_clicked.connect(self.begin)
        return self._strip

    def show_selected(self, processes: frozenset[int] | None) -> None:
        """These processes are selected in the tree (None or empty: none)."""
        self._in_tree = processes or None
        if self.follows_tree:
            self.choose_processes(self._in_tree, by_tree=True)

    def add_started(self, processes: frozenset[int], last_id: int) -> None:
        """These have started below what is selected in the tree; up to message `last_id` there is
        none of theirs."""
        if self._in_tree is not None:
            self._in_tree |= processes
            if self.follows_tree and self._by_tree:
                self._processes = self._in_tree
                self._widen(last_id)

    def hide(self, processes: frozenset[int]) -> None:
        """Exactly these are not in the scope: what they wrote is not shown."""
        if processes != self._hidden:
            self._hidden = processes
            self.apply()

    def hide_started(self, processes: frozenset[int], last_id: int) -> None:
        """These have started outside the scope; up to message `last_id` there is none of theirs."""
        self._hidden |= processes
        self._widen(last_id)

    def _widen(self, last_id: int) -> None:
        from spawnscope.core.session.session_error import SessionError

        wanted = self._wanted()
        if wanted is None or self._fault:
            return
        if self._source.filter is None:
            self.apply()
            return
        try:
            self._source.widen(wanted, last_id)
        except SessionError as error:
            self.failed.emit(str(error))
            return
        self.widened.emit()
        self.catch_up()
        self.show_state()

    @property
    def lets_all_pass(self) -> bool:
        """Whether nothing is filtered but by the scope."""
        text, _case, _regex, streams = self._bar.condition
        return not text and streams is None and self._processes is None

    def follow_tree(self, on: bool) -> None:
        """Let the selection in the tree choose the processes, or not."""
        if on != self.follows_tree:
            self.follows_tree = on
            self.choose_processes(self._in_tree if on else None, by_tree=on)
        if self._picker is not None:
            self._picker.following_tree.setChecked(on)

    def choose_processes(self, processes: frozenset[int] | None, *, by_tree: bool = False) -> None:
        """Show the messages of these processes alone; None for all. `by_tree`: as they are selected
        there, which those that start below them join."""
        self._by_tree = by_tree
        if processes != self._processes:
            self._processes = processes
            meaning = "text" if processes is None else "accent"
            self._bar.processes.setIcon(icons.icon("process", meaning))
            self.apply()

    def clear(self) -> None:
        """Let everything pass."""
        self._bar.clear()
        self.choose_processes(None)

    def apply(self) -> None:
        """Take over what is asked for. A bad regular expression is said at the field, and the
        filter before stays."""
        wanted = self._wanted()
        changed = wanted != self._source.filter
        try:
            if changed:
                self._source.set_filter(wanted)
            self._fault = ""
        except ValueError as error:
            self._fault = str(error)
            changed = False
        self._bar.show_fault(self._fault)
        if changed:
            self.filter_changed.emit()
            self.begin()
        else:
            self.show_state()

    def begin(self) -> None:
        """Look through the session for what passes, or go on doing so."""
        self._stopped = self._complete = False
        self.catch_up()
        self.show_state()

    def catch_up(self) -> None:
        """There may be more messages now."""
        if self._source.filter is not None and self._source.reader is not None:
            if not self._stopped:
                self._scan.start()
        else:
            self._scan.stop()

    def pause(self, paused: bool) -> None:
        """Rest while nobody looks."""
        self._scan.pause(paused)
        if not paused:
            self.catch_up()

    def stop(self) -> None:
        """Look no further."""
        self._scan.stop()

    def show_state(self) -> None:
        """Say in the strip which processes are chosen and how much passes."""
        chip, text = self._chip_text(), self._fault or self._count_text()
        if chip or text or self._strip is not None:
            self.strip.show_state(
                chip,
                text,
                searching=self.searching,
                stopped=self._stopped and not self._fault,
                fault=bool(self._fault),
            )

    # -- how ----------------------------------------------------------------------------------

    def _wanted(self) -> MessageFilter | None:
        if self.lets_all_pass and not self._hidden:
            return None
        text, case, regex, streams = self._bar.condition
        from spawnscope.core.session.message_query import MessageFilter

        return MessageFilter(self._processes, streams, text, regex, case, self._hidden)

    def _advance(self, budget_seconds: float) -> bool:
        from spawnscope.core.session.session_error import SessionError

        try:
            return self._source.advance(budget_seconds)
        except SessionError as error:
            self._scan.stop()
            self.failed.emit(str(error))
            return False

    def _count_text(self) -> str:
        source = self._source
        if source.filter is None or self.lets_all_pass:
            return ""
        count, percent = source.count, int(source.progress * 100)
        if self._stopped:
            return trn(
                "{count} match, stopped, {percent} % searched",
                "{count} matches, stopped, {percent} % searched",
                count, percent=percent,
            )  # fmt: skip
        if self.searching:
            return trn(
                "{count} match, {percent} % searched",
                "{count} matches, {percent} % searched",
                count, percent=percent,
            )  # fmt: skip
        return trn("{count} match", "{count} matches", count)

    def _chip_text(self) -> str:
        if self._processes is None:
            return ""
        table = self._store.processes
        helpers = {
            process
            for process in self._processes
            if (row := table.get(process)) is not None and row.role in HELPERS
        }
        told = self._processes - helpers or self._processes
        if len(told) > _NAMED:
            return trn("{count} process", "{count} processes", len(told))
        return ", ".join(exact_name(table, process) for process in sorted(told))

    # -- slots --------------------------------------------------------------------------------

    def _on_scan_finished(self) -> None:
        self._complete = True
        self.progressed.emit()

    def _on_stop_clicked(self) -> None:
        self._stopped = True
        self._scan.stop()
        self.show_state()

    def _on_processes_cleared(self) -> None:
        self.choose_processes(None)

    def _on_picker_requested(self) -> None:
        if self._picker is None:
            from .process_picker import ProcessPicker

            self._picker = ProcessPicker(self._store, self._owner)
            self._picker.following_tree.setChecked(self.follows_tree)
            self._picker.processes_picked.connect(self.choose_processes)
            self._picker.following_tree_toggled.connect(self.follow_tree)
        button = self._bar.processes
        place = button.mapToGlobal(QPoint(0, button.height() + 2))
        self._picker.open_at(place, self._processes)
