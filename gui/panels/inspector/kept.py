"""The card of the tasks that failed in the process, or in pools that it made, and were kept."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from spawnscope.core.translation import tr, trn
from spawnscope.core.vocabulary.kept_task import KeptTask

from ...kit.links import process_link
from ...kit.markup import Markup, bold, inked, markup, muted
from ...kit.plain import set_tip
from ...kit.rich_label import RichLabel
from ...kit.style.icons import icon
from .card import Card
from .source import Look

_MOST = 8


class KeptCard(Card):
    """See the module; hidden while there are none. Emits alone_requested(number of a task)."""

    alone_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__(tr("Failed tasks"), "error")
        self._shown: object = None

    def show_look(self, look: Look) -> None:
        """Show this."""
        self.setVisible(bool(look.kept))
        shown = look.inspection.row.number, look.kept
        if shown == self._shown:
            return
        self._shown = shown
        more = len(look.kept) - _MOST
        note = trn("and {count} more", "and {count} more", more) if more > 0 else ""
        self.set_title(tr("Failed tasks"), note)
        while (item := self.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for task in look.kept[:_MOST]:
            self.body.addWidget(self._row(task, look))

    def _row(self, task: KeptTask, look: Look) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        label = RichLabel()
        self.connect_links(label)
        label.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        label.tell(_told(task, look))
        layout.addWidget(label, 1)
        if task.kept:
            button = QPushButton(icon("play", "accent"), tr("Run it alone"))
            button.setAutoDefault(False)
            name = task.function or tr("the task")
            button.setAccessibleName(tr("Run {function} alone", function=name))
            set_tip(button, tr("Make this very call in a fresh process, under faulthandler"))
            button.clicked.connect(lambda: self.alone_requested.emit(task.task))
            layout.addWidget(button)
        return row


def _told(task: KeptTask, look: Look) -> Markup:
    name = bold(task.function or tr("A task that was not rebuilt yet"))
    if task.error:
        what = inked(tr("raised {error}", error=task.error), "bad")
    else:
        what = inked(tr("ended its worker"), "bad")
    parts = markup("{} {}", name, what)
    if task.process != look.inspection.row.number:
        worker = look.situation.processes.get(task.process)
        parts = markup("{} &nbsp;{}", parts, process_link(worker, task.process))
    if not task.kept:
        parts = markup("{} &nbsp;{}", parts, muted(tr("too large to be kept")))
    return parts
