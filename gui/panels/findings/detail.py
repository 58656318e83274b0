"""All about one finding: what is wrong, what can be done, what it rests on, where to read more.

Finding --show()--> heading, explanation, advice with buttons, facts, lines of the program, links
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from spawnscope.core.sentences.severity import severity_word
from spawnscope.core.store.store import Store
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.findings import FINDINGS, Cure, Evidence, Finding
from spawnscope.core.vocabulary.kinds import STARTED

from ...kit.finding_look import finding_look, when_text
from ...kit.flow_row import FlowRow
from ...kit.links import link, process_link
from ...kit.markup import NOTHING, Markup, escaped, inked, joined, markup, muted, with_code
from ...kit.plain import Label, set_tip
from ...kit.rich_label import RichLabel
from ...kit.style import theme
from ...kit.style.icons import icon
from .cures import CureButtons
from .excerpt import ExcerptView
from .fact_table import FactTable
from .facts import FactModel

_PICTURE = 24  # px at 100 %
_MOST = 12  # processes and objects that are named as concerned
_GAP = "\N{NO-BREAK SPACE}" * 3 + " "


class FindingDetail(QScrollArea):
    """Shows one finding. Emits fact_chosen(Evidence), process_linked(int) and object_linked(int)
    for what the user goes to, and guide_requested(code), python_requested(code),
    copy_requested() for the buttons at its foot."""

    fact_chosen = Signal(object)
    process_linked = Signal(int)
    object_linked = Signal(int)
    guide_requested = Signal(str)
    python_requested = Signal(str)
    copy_requested = Signal()

    def __init__(self, store: Store, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.store = store
        self.finding: Finding | None = None
        self.facts = FactModel(store, self)
        self.picture = Label()
        self.title = RichLabel()
        self.when = RichLabel()
        self.explanation = RichLabel()
        self.concerned = RichLabel()
        self.advice = RichLabel()
        self.cures = CureButtons()
        self.table = FactTable(self.facts)
        self.excerpt = ExcerptView()
        self.guide = self._button("guide", tr("Guide: how it comes about"))
        self.python = self._button("guide", tr("Python's documentation"))
        self.copy = self._button("copy", tr("Copy as text"))
        self.more = FlowRow()
        self._lay_out()
        self._connect()

    def show_finding(self, finding: Finding | None, store: Store, has_page: bool) -> None:
        """Show this; `has_page`: our guide has a page on it."""
        before, self.finding, self.store = self.finding, finding, store
        self._inside.setVisible(finding is not None)
        if finding is None:
            self.title.tell(NOTHING)
            self.facts.show(None, store)
            self.excerpt.show_place("", 0)
            return
        is_other = before is None or before.finding != finding.finding
        picture, ink = finding_look(finding)
        self.picture.setPixmap(
            icon(picture, ink).pixmap(QSize(_PICTURE, _PICTURE), self.devicePixelRatioF())
        )
        self.picture.setAccessibleName(severity_word(finding.severity))
        self.title.tell(escaped(finding.title))
        self.explanation.tell(_paragraphs(finding.explanation))
        others = self._others(finding)
        self.concerned.tell(others)
        self.concerned.setVisible(bool(others))
        self.advice.tell(_paragraphs(finding.advice))
        self.tick()
        self.facts.show(finding, store)
        self.table.refit()
        self.table.setVisible(bool(self.facts.rowCount()))
        self._evidence.setVisible(bool(self.facts.rowCount()))
        self.guide.setVisible(has_page)
        self.python.setVisible(finding.code in FINDINGS)
        self.more.updateGeometry()
        if is_other:
            self.table.choose(-1)
            self.verticalScrollBar().setValue(0)
            fact = next((each for each in finding.evidence if each.site), None)
            self._show_place(fact)

    def tick(self) -> None:
        """Time has passed, or a process has changed."""
        finding = self.finding
        if finding is None:
            return
        _, ink = finding_look(finding)
        word = inked(severity_word(finding.severity), ink)
        when = muted(when_text(finding, self.store))
        self.when.tell(markup("<b>{}</b> &nbsp;{} &nbsp;{}", word, muted(finding.code), when))
        before = self.cures.parts
        self.cures.show_finding(finding, self.store)
        if self.cures.parts != before:  # new ones would come last
            for one, other in pairwise((self.concerned, *self.cures.parts)):
                self.setTabOrder(one, other)
        self.table.viewport().update()

    def choose_fact(self, process: int) -> bool:
        """Mark the first fact of a process, and show its place."""
        for place in range(self.facts.rowCount()):
            row = self.facts.row_at(place)
            if row is not None and row.fact is not None and row.fact.process == process:
                self.table.choose(place)
                self._show_place(row.fact)
                return True
        self.table.choose(-1)
        return False

    # -- within -------------------------------------------------------------------------------

    def _others(self, finding: Finding) -> Markup:
        """Links to the processes and objects that it is about, but for those of the facts."""
        named = {fact.process for fact in finding.evidence}
        things = {fact.object for fact in finding.evidence}
        parts = [
            process_link(self.store.processes.get(number), number)
            for number in finding.processes[:_MOST]
            if number not in named
        ]
        for number in finding.objects[:_MOST]:
            row = self.store.objects.get(number)
            if row is not None and row.type not in STARTED and number not in things:
                parts.append(link(f"object:{number}", row.phrase))
        return joined([muted(tr("It is about:")), *parts], _GAP) if parts else NOTHING

    def _show_place(self, fact: Evidence | None) -> None:
        if fact is None:
            self.excerpt.show_place("", 0)
        else:
            self.excerpt.show_place(fact.site, fact.since_ns)

    def _on_fact(self, fact: Evidence) -> None:
        self._show_place(fact)
        self.fact_chosen.emit(fact)

    def _on_place(self, cure: Cure) -> None:
        self.excerpt.show_place(cure.name, 0)
        self.ensureWidgetVisible(self.excerpt)
        if cure.process is not None:
            self.process_linked.emit(cure.process)

    def _button(self, picture: str, text: str) -> QPushButton:
        button = QPushButton(icon(picture, "muted"), text)
        button.setAutoDefault(False)
        return button

    def _connect(self) -> None:
        for label in (self.title, self.explanation, self.concerned, self.advice):
            label.process_linked.connect(self.process_linked)
            label.object_linked.connect(self.object_linked)
        self.table.fact_chosen.connect(self._on_fact)
        self.cures.place_requested.connect(self._on_place)
        self.copy.clicked.connect(self.copy_requested)
        self.guide.clicked.connect(lambda: self._ask(self.guide_requested.emit))
        self.python.clicked.connect(lambda: self._ask(self.python_requested.emit))

    def _ask(self, ask: Callable[[str], object]) -> None:
        if self.finding is not None:
            ask(self.finding.code)

    def _lay_out(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("About the finding"))
        set_tip(self.guide, tr("The page of our guide on findings of this kind"))
        set_tip(self.python, tr("What Python's own documentation says, in the browser"))
        set_tip(self.copy, tr("All of this, for a mail or an issue"))
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.2)
        font.setWeight(QFont.Weight.DemiBold)
        self.title.setFont(font)
        head = QHBoxLayout()
        head.setSpacing(theme.SPACE + 2)
        head.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.title, 1)
        self._remedy = Label(text=tr("What can I do?"))
        self._evidence = Label(text=tr("Evidence"))
        for heading in (self._remedy, self._evidence):
            heading.setProperty("heading", True)
        for label in (self.title, self.when, self.explanation, self.concerned, self.advice):
            policy = label.sizePolicy()  # as high as the width makes it, and no higher
            policy.setVerticalPolicy(QSizePolicy.Policy.Preferred)
            label.setSizePolicy(policy)
        for label in (self.title, self.when, self.explanation, self.advice, self.excerpt.code):
            # Without links: the keyboard goes on to what can be pressed.
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.more.fill([self.guide, self.python, self.copy])
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        side = theme.SPACE * 2
        column.setContentsMargins(side, side * 3 // 4, side, side)
        column.setSpacing(theme.SPACE)
        column.addLayout(head)
        column.addWidget(self.when)
        column.addWidget(self.explanation)
        column.addWidget(self.concerned)
        column.addSpacing(theme.SPACE // 2)
        column.addWidget(self._remedy)
        column.addWidget(self.advice)
        column.addWidget(self.cures)
        column.addSpacing(theme.SPACE // 2)
        column.addWidget(self._evidence)
        column.addWidget(self.table)
        column.addWidget(self.excerpt)
        column.addSpacing(theme.SPACE // 2)
        column.addWidget(self.more)
        column.addStretch(1)
        page = QWidget()
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._inside)
        self.setWidget(page)
        self._inside.hide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.finding is not None:
            finding, self.finding = self.finding, None
            self.show_finding(finding, self.store, self.guide.isVisibleTo(self))


def _paragraphs(text: str) -> Markup:
    return joined(
        markup('<p style="margin:0 0 4px 0; line-height:118%">{}</p>', with_code(line))
        for line in text.split("\n")
    )
