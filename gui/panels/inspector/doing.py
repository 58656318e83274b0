"""The card that tells what each thread is in, and shows the Python stacks when asked."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from spawnscope.core.analysis.inspection import ThreadLine
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.kinds import MAIN_THREAD

from ...kit.markup import NOTHING, Markup, bold, inked, joined, markup, muted, table
from ...kit.plain import set_tip
from .card import Card
from .markup import deed_markup, site_markup
from .source import Look
from .stack_view import StackView
from .stacks import InspectorStacks
from .text import lasting, unseen_text

_DOT = "●"


class DoingCard(Card):
    """Emits problem_occurred(str)."""

    problem_occurred = Signal(str)

    def __init__(self, stacks: InspectorStacks) -> None:
        super().__init__(tr("Doing"), "threads")
        self._look: Look | None = None
        self._stacks = stacks
        stacks.found.connect(self._on_found)
        stacks.failed.connect(self._on_failed)
        self.button = QPushButton()
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._on_clicked)
        self.head.addWidget(self.button)
        self.text = self.add_text()
        self.stack = StackView()
        self.body.addWidget(self.stack)
        self._show_button()

    def show_look(self, look: Look) -> None:
        """Show this."""
        before = self._look
        self._look = look
        found = look.inspection
        if before is None or before.inspection.row.number != found.row.number:
            self._stacks.cancel()
            self.stack.clear()
        self.set_title(tr("Doing") if found.is_live else tr("What it was in at its end"))
        lines = [self._line(look, thread) for thread in found.threads]
        remark = NOTHING if lines and found.row.watched is not False else self._remark(look)
        lines += [
            [bold(name), muted(words), muted(used)] for name, words, used in self._outside(look)
        ]
        self.text.tell(joined([remark, table(lines)] if lines else [remark]))
        self._show_button()

    def leave(self) -> None:
        """Nobody looks at this process any more."""
        self._stacks.cancel()
        self.stack.clear()
        self._look = None

    @staticmethod
    def _line(look: Look, thread: ThreadLine) -> list[Markup]:
        deed = thread.innermost
        live = look.inspection.is_live
        meaning = "warning" if thread.waits else "good"
        what = deed_markup(look.situation, deed)
        around = [each.phrase for each in thread.deeds[:-1] if each.text or each.operation != "run"]
        if around:
            within = tr("within {operations}", operations=", ".join(around))
            what = markup("{}<br>{}", what, muted(within))
        span = lasting(deed.elapsed_ns(look.inspection.now_ns))
        return [
            markup("{}&nbsp; {}", inked(_DOT, meaning if live else "faint"), bold(thread.thread)),
            what,
            markup("{}&nbsp;&nbsp; {}", muted(span), site_markup(deed.site)),
        ]

    def _outside(self, look: Look) -> list[tuple[str, str, str]]:
        """What the kernel says of threads that no recorder speaks of: their names, what they are
        in, and how long they have computed. Of a process with a recorder that is the main thread
        alone: who the others are is known to the kernel by number only."""
        found = look.inspection
        if not self._can_ask(look):
            return []
        recorded = {each.thread for each in found.threads if each.innermost.operation != "run"}
        return [
            (name, words, used)
            for name, words, used in self._read_threads(look)
            if name not in recorded and (name == MAIN_THREAD or found.row.watched is not True)
        ]

    @staticmethod
    def _read_threads(look: Look) -> list[tuple[str, str, str]]:
        from spawnscope.core.observe.blocking import states_of
        from spawnscope.core.observe.stacks import is_still
        from spawnscope.core.sentences.blocking import blocking, processor_time

        row = look.inspection.row
        if not is_still(row.pid, look.clock.on_the_wall(row.started_ns)):
            return []
        return [
            (
                MAIN_THREAD
                if state.thread == row.pid
                else tr("thread {number}", number=state.thread),
                blocking(state),
                processor_time(state),
            )
            for state in states_of(row.pid)
        ]

    @staticmethod
    def _can_ask(look: Look | None) -> bool:
        """Whether it lives now, so that the kernel can be asked."""
        return look is not None and look.inspection.row.is_live and look.until_ns is None

    @classmethod
    def _remark(cls, look: Look) -> Markup:
        return markup('<p style="margin:0 0 4px 0">{}</p>', muted(cls._nothing(look)))

    @staticmethod
    def _nothing(look: Look) -> str:
        found = look.inspection
        if found.row.watched is False:
            return unseen_text(found)
        if not found.row.is_python:
            return tr("It does not look like Python, so what it does cannot be seen.")
        if not found.is_live:
            return tr("In no call on a shared object.")
        return tr(
            "In no recorded call on a shared object: it runs code of its own, or of a library."
        )

    def _show_button(self) -> None:
        look = self._look
        running = self._stacks.running
        self.button.setText(tr("Cancel") if running else tr("Show the Python stack"))
        set_tip(
            self.button,
            tr("Stop reading") if running else tr("Which functions its threads are in, read once"),
        )
        can = self._can_ask(look) and look is not None and look.inspection.row.is_python
        self.button.setVisible(can or running)

    def _on_clicked(self) -> None:
        if self._stacks.running:
            self._stacks.cancel()
            self.stack.say("")
        elif self._look is not None:
            row = self._look.inspection.row
            started_ns = self._look.clock.on_the_wall(row.started_ns)
            self._stacks.ask(row.pid, started_ns)
            self.stack.say(tr("Reading the stack …"))
        self._show_button()

    def _on_found(self, stacks: object) -> None:
        from spawnscope.core.observe.stacks import Stacks

        if isinstance(stacks, Stacks):
            self.stack.show_stacks(stacks)
        self._show_button()

    def _on_failed(self, sentence: str) -> None:
        self.stack.say(sentence, bad=True)
        self._show_button()
