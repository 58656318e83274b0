"""The Findings panel: what is wrong at the left, the worst first, and all about one of it beside.

store --StoreChange, a beat a second--> FindingModel --> FindingList --chosen--> FindingDetail
what is chosen in either --> Selection;  buttons --> signals, which the shell connects
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtCore import Signal as QtSignal
from PySide6.QtGui import QCursor, QDesktopServices, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from spawnscope.core.store.change import ChangeKind, StoreChange
from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.findings import FINDINGS, PYTHON_DOCS, Evidence, Finding
from spawnscope.core.vocabulary.kinds import STARTED

from ...kit.empty_hint import EmptyHint
from ...kit.panel import Panel
from ...kit.plain import show_tip
from ...kit.selection import Selection
from .detail import FindingDetail
from .empty import why_empty
from .finding_list import FindingList
from .model import FindingModel
from .text import whole_text

_NARROW = 620  # px below which the list stands above its detail
_PICTURE = (128, 96)  # px at 100 %


class FindingsPanel(Panel):
    """Shows what is wrong at the time of the store. Emits, beside what its base does,
    signal_requested(process, signum), stop_requested(process, tree), rescue_requested(Cure),
    page_requested(code) for a page of our guide, and seen(set of findings) when these are before
    the user's eyes. `pages`: the codes that have a page."""

    BEAT = 1000

    signal_requested = QtSignal(int, int)
    stop_requested = QtSignal(int, bool)
    rescue_requested = QtSignal(object)
    page_requested = QtSignal(str)
    seen = QtSignal(object)

    def __init__(self, store: Store, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(store, selection, tr("Findings"), parent)
        self.pages: frozenset[str] = frozenset()
        self._chosen = False  # by the user; else the worst is shown
        self.model = FindingModel(store, self)
        self.list = FindingList(self.model, self)
        self.detail = FindingDetail(store, self)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(self.detail)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 2)
        self.splitter.setStretchFactor(1, 3)
        self.splitter.setSizes([360, 640])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self._hint = EmptyHint(self, "all-well", "good", _PICTURE)
        self.setFocusProxy(self.list)
        self._connect()
        self._show_state()

    # -- the outside --------------------------------------------------------------------------

    def note(self, change: StoreChange) -> None:
        """Findings are new or others, or a process may not be ended any more."""
        ended = any(each.kind in _MATTER for each in change.processes)
        if change.findings or ended or change.opened:
            self.wake(self.SOON)

    def show_store(self, store: Store) -> None:
        """Show another moment, or another part of the session."""
        super().show_store(store)
        self.look_now()

    def reveal(self, number: int) -> bool:
        """Show this finding; False where it is not among those that are shown."""
        self._chosen = self.model.store.findings.get(number) is not None
        self.model.show(self.store)
        done = self.list.select(number)
        self._show_detail()
        self._show_state()
        return done

    def state(self) -> dict[str, Any]:
        return {"sizes": self.splitter.sizes()}

    def take_state(self, state: dict[str, Any]) -> bool:
        sizes = [int(size) for size in state["sizes"]]
        if len(sizes) != 2 or min(sizes) <= 0:
            return False
        self.splitter.setSizes(sizes)
        return True

    # -- updates ------------------------------------------------------------------------------

    def look(self) -> None:
        """Show what differs."""
        self.model.show(self.store)
        place = self.model.place_of(self.list.selected) if self._chosen else None
        if place is None:  # nothing was chosen, or it is not shown any more
            self._chosen = False
            worst = self.model.row_at(0)
            number = 0 if worst is None else worst.finding
            if number != self.list.selected or not number:
                self.list.select(number)
        self._show_detail()
        self.list.viewport().update()  # times go on
        self._show_state()

    def _finding(self) -> Finding | None:
        place = self.model.place_of(self.list.selected)
        return None if place is None else self.model.row_at(place)

    def _show_detail(self) -> None:
        finding = self._finding()
        detail = self.detail
        if finding is detail.finding and detail.store is self.store:
            detail.tick()
        else:
            has_page = finding is not None and finding.code in self.pages
            detail.show_finding(finding, self.store, has_page)
        if finding is not None and self.isVisible():
            self.seen.emit(self.model.numbers)

    def _show_state(self) -> None:
        empty = not self.model.rowCount()
        self.splitter.setVisible(not empty)
        title, text = why_empty(self.store) if empty else ("", "")
        self._hint.show_hint(title, text, clearable=False)

    # -- what the user does -------------------------------------------------------------------

    def _on_chosen(self, _number: int) -> None:
        self._chosen = True
        self._show_detail()
        finding = self._finding()
        if finding is not None and finding.processes:
            self.selection.select_object(0)
            self.selection.select_processes(frozenset(finding.processes))

    def _on_fact(self, fact: Evidence) -> None:
        self._chosen = True  # what is being read stays
        row = None if fact.object is None else self.store.objects.get(fact.object)
        known = row is not None and row.type not in STARTED
        self.selection.select_object(row.number if row is not None and known else 0)
        self.selection.select_processes(frozenset((fact.process,)))

    def _on_process(self, number: int) -> None:
        self.detail.choose_fact(number)
        self.process_activated.emit(number)

    def _on_python(self, code: str) -> None:
        kind = FINDINGS.get(code)
        if kind is not None:
            QDesktopServices.openUrl(QUrl(PYTHON_DOCS + kind.python))

    def _on_copy(self) -> None:
        finding = self._finding()
        if finding is not None:
            QGuiApplication.clipboard().setText(whole_text(finding, self.store))
            show_tip(QCursor.pos(), tr("Copied"), self.detail.copy)

    def _on_place_copied(self, place: str) -> None:
        QGuiApplication.clipboard().setText(place)
        show_tip(QCursor.pos(), tr("Copied {place}", place=place), self.detail.excerpt.copy)

    # -- Qt -----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        sides = Qt.Orientation
        wanted = sides.Vertical if self.width() < _NARROW else sides.Horizontal
        if self.splitter.orientation() != wanted:
            self.splitter.setOrientation(wanted)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.list.viewport().update()

    def _connect(self) -> None:
        detail = self.detail
        self.list.finding_chosen.connect(self._on_chosen)
        detail.fact_chosen.connect(self._on_fact)
        detail.process_linked.connect(self._on_process)
        detail.object_linked.connect(self.object_activated)
        detail.guide_requested.connect(self.page_requested)
        detail.python_requested.connect(self._on_python)
        detail.copy_requested.connect(self._on_copy)
        detail.excerpt.place_copied.connect(self._on_place_copied)
        detail.cures.left_alone.connect(self.list.setFocus)
        detail.cures.signal_requested.connect(self.signal_requested)
        detail.cures.stop_requested.connect(self.stop_requested)
        detail.cures.rescue_requested.connect(self.rescue_requested)
        detail.cures.alone_requested.connect(self.alone_requested)


_MATTER = (ChangeKind.ENDED, ChangeKind.STOPPING, ChangeKind.CHANGED)
