"""The Inspector panel: all about the one selected process.

Selection ------------------.
session view --*_changed----+--> (visible: once a second, and soon after news) InspectorSource
a moment of a past session -'                                    --Look--> header and cards
session file --InspectorTail--> messages;  py-spy --InspectorStacks--> stacks, when asked for
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from spawnscope.core.store.objects import ObjectChange, ObjectTable
from spawnscope.core.store.processes import ProcessTable

from ...kit.empty_hint import EmptyHint
from ...kit.selection import Selection
from .card import Card
from .doing import DoingCard
from .header import Header
from .holdings import HoldsCard, UsesCard
from .messages import MessagesCard
from .page import Page
from .source import InspectorSource
from .stacks import InspectorStacks
from .story import StoryCard
from .tail import InspectorTail
from .waits import WaitsCard

if TYPE_CHECKING:
    from spawnscope.core.observe.stacks import StackReader
    from spawnscope.core.vocabulary.events import Event

_BEAT = 1000  # ms between two looks
_SOON = 250  # ms from news to the look


class InspectorPanel(QWidget):
    """Shows the selected process, live or past; works only while it is visible.

    Emits process_activated(int) and object_activated(int) when a link is followed,
    messages_requested(int) when all messages of the process are asked for, and
    problem_occurred(str) when the session cannot be read.
    """

    process_activated = Signal(int)
    object_activated = Signal(int)
    messages_requested = Signal(int)
    problem_occurred = Signal(str)

    def __init__(
        self,
        objects: ObjectTable,
        processes: ProcessTable,
        selection: Selection,
        parent: QWidget | None = None,
        stacks: StackReader | None = None,
        run_folder: str = "",
    ) -> None:
        """`stacks`: who reads Python stacks, `run_folder`: see InspectorStacks."""
        super().__init__(parent)
        self.setAccessibleName("Inspector")
        self._processes = processes
        self._selection = selection
        self._live = True
        self.source = InspectorSource(objects, processes)
        self.tail = InspectorTail(self.source, self)
        self.stacks = InspectorStacks(stacks, self, run_folder)
        self.header = Header()
        self.story = StoryCard()
        self.doing = DoingCard(self.stacks)
        self.waits = WaitsCard()
        self.holds = HoldsCard()
        self.uses = UsesCard()
        self.messages = MessagesCard()
        self._left: list[Card] = [self.waits, self.doing]
        self._right: list[Card] = [self.story, self.holds, self.uses, self.messages]
        self.page = Page(self.header, list(self._left), list(self._right))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self._hint = EmptyHint(self, "inspector")
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._look)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._look)
        self.setFocusProxy(self.page)
        self._connect()
        self._show_state(found=False)

    # -- the outside --------------------------------------------------------------------------

    def open(self, path: str) -> None:
        """Read from this session file from now on."""
        self.source.open(path)
        self._wake()

    def close_session(self) -> None:
        """Let go of the session's file."""
        self.stacks.cancel()
        self.tail.stop()
        self.source.close()

    def set_live(self, live: bool) -> None:
        """Whether the session lives; in a past one nothing moves."""
        self._live = live
        self._run_timers()
        self._wake()

    def events_received(self, events: Iterable[Event]) -> None:
        """The tables have taken these in; cheap while hidden."""
        self._wake()

    def objects_changed(self, changes: Iterable[ObjectChange]) -> None:
        """The table of objects has changed so; it is looked at with the next beat."""

    def processes_changed(self) -> None:
        """Processes started, ended, do something else, or have other names; cheap while hidden."""
        self._wake()

    def show_moment(self, time_ns: int | None) -> None:
        """Show the session as it was at a moment of Unix time; None: as it is in the end."""
        self.source.moment_ns = time_ns
        self._run_timers()
        self._wake()

    def saveState(self) -> QByteArray:
        """There is nothing to remember yet but that it is ours."""
        return QByteArray(msgspec.json.encode({"inspector": 1}))

    def restoreState(self, state: QByteArray) -> bool:
        """Take back what `saveState` gave; False for anything else."""
        try:
            return "inspector" in msgspec.json.decode(bytes(state.data()), type=dict[str, int])
        except msgspec.DecodeError:
            return False

    @property
    def process(self) -> int | None:
        """The process that is shown; None while there is not exactly one."""
        chosen = self._selection.processes
        return next(iter(chosen)) if len(chosen) == 1 else None

    # -- updates ------------------------------------------------------------------------------

    def _wake(self) -> None:
        """Something is different: look soon, if anybody sees it."""
        if self.isVisible() and not self._soon.isActive():
            self._soon.start(_SOON)

    def _look(self) -> None:
        """Read, and show what differs."""
        from spawnscope.core.session.session_error import SessionError

        if not self.isVisible():
            return
        number = self.process
        look = None
        try:
            look = None if number is None else self.source.look(number)
            if look is not None:
                self.tail.watch(number, look.until_ns)
                self.tail.look_again()
        except SessionError as error:
            self.source.close()
            self.problem_occurred.emit(str(error))
        if look is None:
            self.tail.watch(None, None)
            self.doing.leave()
        else:
            self.header.show_look(look)
            for card in (self.story, self.doing, self.waits, self.holds, self.uses):
                card.show_look(look)
        self._show_state(found=look is not None)

    def _on_selection(self, _numbers: object) -> None:
        if self.isVisible():
            self.page.verticalScrollBar().setValue(0)
            self._look()

    def _run_timers(self) -> None:
        beating = self._live and self.source.moment_ns is None and self.isVisible()
        if not beating:
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start(_BEAT)
        if not self.isVisible():
            self._soon.stop()

    def _show_state(self, found: bool) -> None:
        self.page.setVisible(found)
        title = text = ""
        chosen = len(self._selection.processes)
        if not found and chosen == 1:
            title = "It had not started yet"
            text = "The process that is selected started after the moment that is shown."
        elif not found and chosen:
            title = f"{chosen:,} processes are selected"
            text = "Select a single one to see all about it."
        elif not found:
            title = "No process is selected"
            text = (
                "Select one in the tree to see what it does, what it holds and waits for,\n"
                "who could end that wait, and how it started and ended."
            )
        self._hint.show_hint(title, text, clearable=False)

    # -- Qt -----------------------------------------------------------------------------------

    def _connect(self) -> None:
        self._selection.processes_changed.connect(self._on_selection)
        self.header.process_linked.connect(self.process_activated)
        for card in (*self._left, *self._right):
            card.process_linked.connect(self.process_activated)
            card.object_linked.connect(self.object_activated)
        self.messages.messages_requested.connect(self._on_messages_requested)
        self.tail.begun.connect(self.messages.clear)
        self.tail.grown.connect(self.messages.grow)
        self.tail.problem_occurred.connect(self.problem_occurred)

    def _on_messages_requested(self) -> None:
        number = self.process
        if number is not None:
            self.messages_requested.emit(number)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run_timers()
        self._look()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._run_timers()
        self.tail.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._wake()
