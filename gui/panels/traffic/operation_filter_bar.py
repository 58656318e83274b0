"""Which operations are shown: only those that waited, of some processes, with a text."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from spawnscope.core.translation import tr, trn

from ...kit.controls import tool_button
from ...kit.plain import add_entry, set_tip
from ...kit.style import icons, theme
from ...kit.text.foreign import caption
from ...kit.text_field import TextField
from .operation_source import EVERYTHING, OperationFilter

_MILLISECOND = 1_000_000
_SPANS = (1, 10, 100, 1000)  # ms
_TYPING = 200  # ms after the last key
_MOST = 40  # processes that are offered by name


class OperationFilterBar(QWidget):
    """Emits filter_edited() when another filter is set, and processes_asked() when the processes
    that can be chosen are wanted (see `offer`)."""

    filter_edited = Signal()
    processes_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._span = 10
        self._chosen: int | None = None  # one process
        self._follows = False  # those that are selected in the tree
        self._selected: frozenset[int] = frozenset()
        self._offered: list[tuple[int, str]] = []
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING)
        self._typing.timeout.connect(self.filter_edited)
        self.waited = tool_button(
            self,
            "clock",
            tr("Only those that waited"),
            tr("Show only calls that waited"),
            checkable=True,
        )
        self.waited.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.waited.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.waited.setMenu(self._span_menu())
        self.waited.setStyleSheet("QToolButton::menu-button { border: none; width: 16px; }")
        self.waited.toggled.connect(self.filter_edited)
        self.processes = tool_button(
            self, "process", tr("Filter by process"), tr("Show only calls of some processes")
        )
        self.processes.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.processes.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.processes.setMenu(self.menu)
        self.text = TextField(self, tr("Text in the preview"))
        self.text.setAccessibleName(tr("Show only items with this text in the preview"))
        self.text.add_picture("search")
        self.text.add_clear()
        self.text.setMinimumWidth(110)
        self.text.setMaximumWidth(220)
        self.text.textChanged.connect(lambda _text: self._typing.start())
        self.clear_button = tool_button(
            self, "clear", tr("Clear the filter"), tr("Show all operations")
        )
        self.clear_button.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE // 2)
        row.addWidget(self.waited)
        row.addWidget(self.processes)
        row.addWidget(self.text, 1)
        row.addWidget(self.clear_button)
        self.filter_edited.connect(self._name)
        self._name()

    @property
    def filter(self) -> OperationFilter:
        """What is set."""
        processes: frozenset[int] | None = None
        if self._follows:
            processes = self._selected or None
        elif self._chosen is not None:
            processes = frozenset((self._chosen,))
        return OperationFilter(
            processes,
            self._span * _MILLISECOND if self.waited.isChecked() else 0,
            self.text.text().strip(),
        )

    def clear(self) -> None:
        """Let everything pass."""
        if self.filter == EVERYTHING and not self._follows:
            return
        with QSignalBlocker(self):
            self.waited.setChecked(False)
            self.text.clear()
            self._chosen, self._follows = None, False
            self._typing.stop()
        self.filter_edited.emit()

    def set_selected(self, processes: frozenset[int]) -> None:
        """These are selected in the tree; it makes a difference only when that is followed."""
        if processes != self._selected:
            self._selected = processes
            self._name()
            if self._follows:
                self.filter_edited.emit()

    def offer(self, processes: Iterable[tuple[int, str]]) -> None:
        """The processes that can be chosen, with their names."""
        self._offered = list(processes)

    def choose(self, process: int | None, *, follows: bool = False) -> None:
        """Show only this one, or those selected in the tree, or (None) all."""
        if (process, follows) != (self._chosen, self._follows):
            self._chosen, self._follows = process, follows
            self.filter_edited.emit()

    def _fill_menu(self) -> None:
        self.processes_asked.emit()
        self.menu.clear()
        group = QActionGroup(self.menu)
        is_free = self._chosen is None and not self._follows
        everyone = self._entry(group, tr("All processes"), is_free)
        everyone.triggered.connect(lambda: self.choose(None))
        text = tr("Only the selected processes ({count:,})", count=len(self._selected))
        selected = self._entry(group, text, self._follows)
        set_tip(selected, tr("Those that are selected in the tree, as that changes"))
        selected.triggered.connect(lambda: self.choose(None, follows=True))
        self.menu.addSeparator()
        for process, name in self._offered[:_MOST]:
            entry = self._entry(group, name, self._chosen == process)
            entry.triggered.connect(lambda _checked=False, process=process: self.choose(process))
        if len(self._offered) > _MOST:
            more = self.menu.addAction(
                trn(
                    "{count} more: select it in the tree",
                    "{count} more: select them in the tree",
                    len(self._offered) - _MOST,
                )
            )
            more.setEnabled(False)

    def _entry(self, group: QActionGroup, text: str, checked: bool) -> QAction:
        action = add_entry(self.menu, text)
        action.setCheckable(True)
        action.setChecked(checked)
        group.addAction(action)
        return action

    def _span_menu(self) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(menu)
        for span in _SPANS:
            action = menu.addAction(_over(span))
            action.setCheckable(True)
            action.setChecked(span == self._span)
            group.addAction(action)
            action.triggered.connect(lambda _checked=False, span=span: self._on_span(span))
        return menu

    def _on_span(self, span: int) -> None:
        is_other = span != self._span and self.waited.isChecked()
        self._span = span
        self._name()
        if is_other:
            self.filter_edited.emit()
        else:
            self.waited.setChecked(True)

    def _name(self) -> None:
        """Say on the buttons what is set."""
        self.waited.setText(_over(self._span))
        names = dict(self._offered)
        if self._follows:
            text = tr("Selected ({count:,})", count=len(self._selected))
        elif self._chosen is not None:
            text = names.get(self._chosen) or tr("process {number}", number=self._chosen)
        else:
            text = tr("All processes")
        self.processes.setText(caption(text if len(text) <= 24 else f"{text[:23]}…"))
        self.clear_button.setVisible(bool(self.filter) or self._follows)
        is_set = self._follows or self._chosen is not None
        self.processes.setIcon(icons.icon("process", "accent" if is_set else "text"))


def _over(span: int) -> str:
    if span >= 1000:
        return tr("Waited over {seconds} s", seconds=span // 1000)
    return tr("Waited over {milliseconds} ms", milliseconds=span)
