"""The filter box over the tree, with a clear sentence when a term makes no sense."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtCore import Signal as QtSignal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from spawnscope.core.analysis.process_filter import ProcessFilter
from spawnscope.core.translation import mark, tr

from ...kit.plain import Label, set_tip
from ...kit.style import theme
from ...kit.text.foreign import spoken
from ...kit.text_field import TextField
from . import columns

if TYPE_CHECKING:
    from spawnscope.core.analysis.process_filter_terms import Quantity

_DELAY = 120  # ms between the last key and the filtering

_HELP = tr(
    """Show only what matches (Ctrl+F); ancestors stay visible, in grey.
jobs            text in name, PID, command line or role
pid:123         one process id; a bare number: ids that begin so
role:worker     also status:sleeping, status:live, status:ended
cpu>50          also mem>100M, threads>=4, fds>100, exit=1
-text           what does not match; "two words" in quotes
Esc             empty the box and go back to the tree"""
)


def _quantities() -> dict[str, Quantity]:
    """What the columns let one compare, by name."""
    from spawnscope.core.analysis.process_filter_terms import Quantity

    return {
        name: Quantity(column.number, column.fields, column.unit == "bytes")
        for column in columns.COLUMNS
        for name in column.compare
    }


class FilterField(TextField):
    """A line to type a filter in.

    Emits filter_changed(ProcessFilter) a moment after the last key, for filters that make sense;
    left(): Escape or Down was pressed, the tree should have the focus.
    """

    KEYS = (
        ("Escape", mark("Empty the filter and go back to the tree")),  # untranslated: a key
        (mark("Return, Down"), mark("From the filter to the tree")),
    )
    filter_changed = QtSignal(object)
    left = QtSignal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, tr("Filter: name, cpu>50 ..."))
        self._panel = parent  # where the sentence floats; layouts may give us another parent
        self.setAccessibleName(tr("Filter processes"))
        set_tip(self, _HELP)
        self.add_picture("filter")
        self.add_clear(tr("Empty the filter (Esc)"))
        self._fault: Label | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY)
        self._timer.timeout.connect(self._apply)
        self.textChanged.connect(self._timer.start)

    @property
    def fault(self) -> str:
        """The sentence about what makes no sense, "" when all does."""
        return str(self.property("faultSentence") or "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self._apply()
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._apply()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _apply(self) -> None:
        self._timer.stop()
        try:
            wanted = ProcessFilter(self.text(), _quantities())
        except ValueError as error:
            self._show_fault(str(error))
            return
        self._show_fault("")
        self.filter_changed.emit(wanted)

    def _show_fault(self, sentence: str) -> None:
        if sentence == self.fault:
            return
        self.setProperty("faultSentence", sentence)
        self.setProperty("fault", bool(sentence))
        self.setAccessibleDescription(spoken(sentence))
        self.style().unpolish(self)
        self.style().polish(self)
        if self._fault is None:
            # It floats below the field: the rows of the tree must not move for it.
            self._fault = Label(self._panel)
            self._fault.setAccessibleName(tr("What is wrong with the filter"))
            self._fault.setContentsMargins(theme.SPACE, 4, theme.SPACE, 4)
        colors = theme.current()
        self._fault.setStyleSheet(
            f"color: {colors.bad}; background: {colors.raised};"
            f"border: 1px solid {colors.bad}; border-radius: 4px;"
        )
        self._fault.setText(sentence)
        self._fault.adjustSize()
        self._fault.setVisible(bool(sentence))
        self.place_fault()

    def place_fault(self) -> None:
        """Put the sentence below the field, within the panel."""
        if self._fault is None:
            return
        corner = self.mapTo(self._panel, QPoint(0, self.height() + 3))
        left = max(0, min(corner.x(), self._panel.width() - self._fault.width() - theme.SPACE))
        self._fault.move(left, corner.y())
        self._fault.raise_()
