"""The Inspector panel: all about the one selected process.

Selection --.
store ------+--> look_at(process), once a second and soon after news --> header and cards
session file --InspectorTail--> messages;  py-spy --InspectorStacks--> stacks, when asked for
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from spawnscope.core.session.session_error import SessionError
from spawnscope.core.store.change import StoreChange
from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr, trn

from ...kit.empty_hint import EmptyHint
from ...kit.panel import Panel
from ...kit.selection import Selection
from .card import Card
from .doing import DoingCard
from .faults import FaultsCard
from .header import Header
from .holdings import HoldsCard, UsesCard
from .kept import KeptCard
from .messages import MessagesCard
from .page import Page
from .raised import RaisedCard
from .source import look_at
from .stacks import InspectorStacks
from .story import StoryCard
from .tail import InspectorTail
from .waits import WaitsCard

if TYPE_CHECKING:
    from spawnscope.core.observe.stacks import StackReader


class InspectorPanel(Panel):
    """Shows the selected process, at the time of the store."""

    BEAT = 1000
    SOON = 250

    def __init__(
        self,
        store: Store,
        selection: Selection,
        parent: QWidget | None = None,
        stacks: StackReader | None = None,
    ) -> None:
        """`stacks`: who reads Python stacks."""
        super().__init__(store, selection, tr("Inspector"), parent)
        self.tail = InspectorTail(self)
        session = store.session
        self.stacks = InspectorStacks(stacks, self, session.run_folder, session.tracer)
        self.header = Header()
        self.story = StoryCard()
        self.raised = RaisedCard()
        self.kept = KeptCard()
        self.doing = DoingCard(self.stacks)
        self.faults = FaultsCard()
        self.waits = WaitsCard()
        self.holds = HoldsCard()
        self.uses = UsesCard()
        self.messages = MessagesCard()
        self._left: list[Card] = [self.faults, self.waits, self.doing]
        self._right: list[Card] = [
            self.story, self.raised, self.kept, self.holds, self.uses, self.messages,
        ]  # fmt: skip
        self.page = Page(self.header, list(self._left), list(self._right))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        self._hint = EmptyHint(self, "inspector")
        self.setFocusProxy(self.page)
        self._connect()
        self._show_state(found=False)

    # -- the outside --------------------------------------------------------------------------

    def close_session(self) -> None:
        """Let go of the session's file."""
        self.stacks.cancel()
        self.tail.stop()

    def note(self, change: StoreChange) -> None:
        """Objects are looked at with the next beat."""
        if change.people or change.findings:
            self.wake(self.SOON)

    @property
    def process(self) -> int | None:
        """The process that is shown; None while there is not exactly one."""
        chosen = self.selection.processes
        return next(iter(chosen)) if len(chosen) == 1 else None

    # -- updates ------------------------------------------------------------------------------

    def look(self) -> None:
        """Read, and show what differs."""
        number = self.process
        look = None
        try:
            look = None if number is None else look_at(self.store, number)
            if look is not None:
                self.tail.watch(number, look.until_ns)
                self.tail.look_again(self.store.reader)
        except SessionError as error:
            self.fail(error)
        if look is None:
            self.tail.watch(None, None)
            self.doing.leave()
        else:
            self.header.show_look(look)
            cards = (
                self.story,
                self.raised,
                self.kept,
                self.doing,
                self.faults,
                self.waits,
                self.holds,
            )
            for card in (*cards, self.uses):
                card.show_look(look)
        self._show_state(found=look is not None)

    def _on_selection(self, _numbers: object) -> None:
        if self.isVisible():
            self.page.verticalScrollBar().setValue(0)
            self.look_now()

    def _show_state(self, found: bool) -> None:
        self.page.setVisible(found)
        title = text = ""
        chosen = len(self.selection.processes)
        if not found and chosen == 1:
            title = tr("It had not started yet")
            text = tr("The process that is selected started after the moment that is shown.")
        elif not found and chosen:
            title = trn("{count} process is selected", "{count} processes are selected", chosen)
            text = tr("Select a single one to see all about it.")
        elif not found:
            title = tr("No process is selected")
            text = tr(
                "Select one in the tree to see what it does, what it holds and waits for,\n"
                "who could end that wait, and how it started and ended."
            )
        self._hint.show_hint(title, text, clearable=False)

    # -- Qt -----------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.selection.processes_changed.connect(self._on_selection)
        self.header.process_linked.connect(self.process_activated)
        for card in (*self._left, *self._right):
            card.process_linked.connect(self.process_activated)
            card.object_linked.connect(self.object_activated)
            card.finding_linked.connect(self.finding_activated)
        self.kept.alone_requested.connect(self.alone_requested)
        self.messages.messages_requested.connect(self._on_messages_requested)
        self.tail.begun.connect(self.messages.clear)
        self.tail.grown.connect(self.messages.grow)
        self.tail.problem_occurred.connect(self.problem_occurred)

    def _on_messages_requested(self) -> None:
        number = self.process
        if number is not None:
            self.messages_requested.emit(number)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.tail.stop()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.wake()
