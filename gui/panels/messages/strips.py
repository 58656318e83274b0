"""The thin rows between the bar and the log that appear only when they have something to say."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from spawnscope.core.translation import tr

from ...kit.controls import ICON_SIZE, tool_button
from ...kit.passing import Passing
from ...kit.plain import Label, set_tip
from ...kit.style import icons, theme
from ...kit.text.foreign import caption, spoken


class FilterStrip(QFrame):
    """What the filter lets through. Emits `processes_cleared()`, `stop_clicked()` and
    `go_on_clicked()`."""

    processes_cleared = Signal()
    stop_clicked = Signal()
    go_on_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panelHead", True)
        self._chip = QPushButton(self)
        self._chip.setIcon(icons.icon("dismiss", "muted"))
        self._chip.setIconSize(QSize(12, 12))
        self._chip.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._chip.clicked.connect(self.processes_cleared)
        self._label = Label(self)
        self._label.setProperty("muted", True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._stop = tool_button(self, "dismiss", tr("Stop searching"), tr("Search no further"))
        self._stop.clicked.connect(self.stop_clicked)
        self._go_on = QPushButton(tr("Search the rest"), self)
        self._go_on.clicked.connect(self.go_on_clicked)
        _row(self, (self._chip, self._label, self._stop, self._go_on))

    def show_state(
        self, chip: str, text: str, *, searching: bool, stopped: bool, fault: bool
    ) -> None:
        """`chip`: the processes chosen ("" for all); `text`: how much passes ("" for nothing to
        say), or what is wrong (`fault`). Hidden when both are empty."""
        if caption(chip) != self._chip.text():
            self._chip.setText(caption(chip))
            name = tr("Show all processes again, not only {names}", names=chip)
            self._chip.setAccessibleName(spoken(name))
            set_tip(self._chip, tr("Show the messages of all processes again"))
        self._chip.setVisible(bool(chip))
        self._label.setText(text)
        _redden(self._label, fault)
        self._stop.setVisible(searching)
        self._go_on.setVisible(stopped)
        self.setVisible(bool(chip or text))


class TaskStrip(QFrame):
    """How far saving or copying is, then its outcome, which leaves by itself after a while unless
    it went wrong. Emits `cancel_clicked()`."""

    cancel_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panelHead", True)
        self._label = Label(self)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._bar = QProgressBar(self)
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(160, 6)
        self._bar.setAccessibleName(tr("Progress"))
        self._cancel = QPushButton(tr("Cancel"), self)
        self._cancel.clicked.connect(self.cancel_clicked)
        self._close = tool_button(self, "dismiss", tr("Close this notice"), tr("Close"))
        self._close.clicked.connect(self.hide)
        _row(self, (self._label, self._bar, self._cancel, self._close))
        self._passing = Passing(self, self.hide)
        self.hide()

    def show_progress(self, text: str, share: float) -> None:
        """Work goes on: what it is, and how much of it is done (0 to 1)."""
        self._show(text, working=True, fault=False)
        self._bar.setValue(round(share * 1000))

    def show_outcome(self, sentence: str, *, fault: bool = False) -> None:
        """Work ended: a sentence, red when it went wrong."""
        self._show(sentence, working=False, fault=fault)

    @property
    def text(self) -> str:
        return self._label.text() if not self.isHidden() else ""

    def _show(self, text: str, *, working: bool, fault: bool) -> None:
        _redden(self._label, fault)
        self._label.setText(text)
        self._bar.setVisible(working)
        self._cancel.setVisible(working)
        self._close.setVisible(not working)
        self.show()
        if working or fault:
            self._passing.stop()
        else:
            self._passing.begin()


def _redden(label: Label, fault: bool) -> None:
    if bool(label.property("faultText")) != fault:
        label.setProperty("faultText", fault)
        label.setProperty("muted", not fault)
        label.style().unpolish(label)
        label.style().polish(label)


def _row(owner: QFrame, widgets: tuple[QWidget, ...]) -> None:
    layout = QHBoxLayout(owner)
    layout.setContentsMargins(theme.SPACE, 3, theme.SPACE, 3)
    layout.setSpacing(theme.SPACE)
    for widget in widgets:
        layout.addWidget(widget)
        if isinstance(widget, QPushButton):
            widget.setStyleSheet("padding: 2px 8px;")
    layout.addStretch(1)
    owner.setMinimumHeight(ICON_SIZE + 14)
