"""What the user can do about a finding by a click: a button for each cure that there is a way for.

finding.cures --what applies--> buttons --clicked--> signals of the panel
"""

from __future__ import annotations

import signal
from collections.abc import Callable

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget

from spawnscope.core.printable import printable
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.store.store import Store
from spawnscope.core.translation import mark, tr, trn
from spawnscope.core.vocabulary.findings import Cure, Finding, Remedy

from ...kit.flow_row import FlowRow
from ...kit.plain import add_entry, set_tip
from ...kit.style.icons import icon
from ...kit.text.figures import site_text
from ...kit.text.foreign import caption

_MOST = 3  # buttons; the rest is in a menu
_LONGEST = 28  # characters of a name on a button


class _Way(msgspec.Struct, frozen=True):
    """How a cure is offered: `applies` says to which processes."""

    text: str
    picture: str
    tip: str
    applies: Callable[[ProcessRow], bool]
    meaning: str = "bad"


def _may_end(row: ProcessRow) -> bool:
    return row.may_be_signalled and not row.is_stopping


_WAYS = {
    Remedy.TERMINATE: _Way(
        mark("Terminate {name}"), "terminate",
        mark("Ask {name} to end with SIGTERM, wait, then SIGKILL"), _may_end,
    ),
    Remedy.TERMINATE_TREE: _Way(
        mark("Terminate the tree of {name}"), "terminate-tree",
        mark("End {name} and everything below it"), _may_end,
    ),
    Remedy.RESUME: _Way(
        mark("Resume {name}"), "resume", mark("Let {name} go on, with SIGCONT"),
        lambda row: row.may_be_signalled and row.is_suspended, "good",
    ),
    Remedy.RELEASE: _Way(
        mark("Release {object}"), "resume",
        mark("Give {object} back, which {name} held when it ended; asks before it does"),
        lambda row: not row.is_live, "good",
    ),
}  # fmt: skip


class CureButtons(FlowRow):
    """The buttons of one finding. Emits signal_requested(process, signum), stop_requested(process,
    tree), rescue_requested(Cure) for what is asked about first, alone_requested(number) for a task
    that was kept, place_requested(Cure) for a place that is to be shown, and left_alone() when the
    keyboard was on a button that has gone."""

    signal_requested = Signal(int, int)
    stop_requested = Signal(int, bool)
    rescue_requested = Signal(object)
    alone_requested = Signal(int)
    place_requested = Signal(object)
    left_alone = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: object = None
        self.setAccessibleName(tr("What can be done by a click"))

    def show_finding(self, finding: Finding, store: Store) -> None:
        """Offer what helps, as things stand."""
        offers = [
            (cure, *offer)
            for cure in finding.cures
            if finding.resolved_ns is None and (offer := _offer(cure, store)) is not None
        ]
        if (finding.finding, offers) == self._shown:
            return
        self._shown = finding.finding, offers
        buttons = [self._button(*offer) for offer in offers[:_MOST]]
        if rest := offers[_MOST:]:
            buttons.append(self._more(rest))
        focus = QApplication.focusWidget()
        had_keyboard = focus is not None and self.isAncestorOf(focus)
        self.fill(buttons)
        if had_keyboard:
            self.left_alone.emit()

    def _button(self, cure: Cure, text: str, tip: str, picture: str, meaning: str) -> QPushButton:
        button = QPushButton(icon(picture, meaning), caption(text))
        button.setAutoDefault(False)
        set_tip(button, tip)
        button.clicked.connect(lambda: self._do(cure))
        return button

    def _more(self, offers: list[tuple[Cure, str, str, str, str]]) -> QPushButton:
        count = len(offers)
        button = QPushButton(icon("more", "muted"), trn("{count} more", "{count} more", count))
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        for cure, text, tip, picture, meaning in offers:
            action = add_entry(menu, text)
            action.setIcon(icon(picture, meaning))
            set_tip(action, tip)
            action.triggered.connect(lambda _on=False, cure=cure: self._do(cure))
        button.setMenu(menu)
        return button

    def _do(self, cure: Cure) -> None:
        if cure.remedy is Remedy.SHOW_PLACE:
            self.place_requested.emit(cure)
        elif cure.remedy is Remedy.RUN_ALONE:
            self.alone_requested.emit(int(cure.name))
        elif cure.remedy in (Remedy.RELEASE, Remedy.UNLINK):
            self.rescue_requested.emit(cure)
        elif cure.process is None:
            return
        elif cure.remedy is Remedy.RESUME:
            self.signal_requested.emit(cure.process, int(signal.SIGCONT))
        else:
            self.stop_requested.emit(cure.process, cure.remedy is Remedy.TERMINATE_TREE)


def _offer(cure: Cure, store: Store) -> tuple[str, str, str, str] | None:
    """(text, tip, picture, meaning of its colour) of a button; None where it cannot be done."""
    if cure.remedy is Remedy.SHOW_PLACE:
        if not cure.name:
            return None
        place = site_text(cure.name)
        return tr("Show {place}", place=place), cure.name, "place", "accent"
    if cure.remedy is Remedy.RUN_ALONE:
        task = store.session.kept.get(int(cure.name)) if cure.name.isdecimal() else None
        if task is None or not task.kept:
            return None
        function = printable(task.function, _LONGEST) or tr("the task")
        tip = tr("Make this very call in a fresh process, under faulthandler")
        return tr("Run {function} alone", function=function), tip, "play", "accent"
    if cure.remedy is Remedy.UNLINK:
        if not cure.name or not store.moves:
            return None
        tip = tr("Remove /dev/shm/{name}, which nobody has open any more", name=cure.name)
        return tr("Remove {name}", name=printable(cure.name, _LONGEST)), tip, "delete", "bad"
    way = _WAYS.get(cure.remedy)
    row = None if cure.process is None else store.session.processes.get(cure.process)
    if way is None or row is None or not store.moves or not way.applies(row):
        return None
    name, short = f"{row.label} ({row.pid})", f"{printable(row.label, _LONGEST)} ({row.pid})"
    held = None if cure.object is None else store.objects.get(cure.object)
    if cure.remedy is Remedy.RELEASE and held is None:
        return None
    said = "" if held is None else held.phrase
    text = tr(way.text, name=short, object=printable(said, _LONGEST))
    return text, tr(way.tip, name=name, object=said), way.picture, way.meaning
