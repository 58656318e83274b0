"""The bar above the log: what is shown of the session, and what can be done with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.events import Stream

from ...kit.controls import show_fault, toggle_in, tool_button
from ...kit.plain import set_tip
from ...kit.style import icons, theme
from ...kit.text_field import TextField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

_STREAM_TIPS = {
    Stream.STDOUT: tr("What processes print"),
    Stream.STDERR: tr("What processes report: errors, warnings, logs"),
    Stream.SPAWNSCOPE: tr("What Spawnscope itself says about them"),
}
_ALL_STREAMS = frozenset(_STREAM_TIPS)
TYPING_MILLISECONDS = 180  # after the last key, before the session is searched


class FilterBar(QFrame):
    """Emits `filter_edited()` when text, switches or streams differ, and what its buttons say:
    `picker_requested()`, `find_requested()`, `copy_requested()`, `save_requested(filtered)`,
    `follow_toggled(on)`, `relative_time_toggled(on)`."""

    filter_edited = Signal()
    picker_requested = Signal()
    find_requested = Signal()
    copy_requested = Signal()
    save_requested = Signal(bool)
    follow_toggled = Signal(bool)
    relative_time_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panelHead", True)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MILLISECONDS)
        self._typing.timeout.connect(self.filter_edited)
        self._chosen = _ALL_STREAMS
        self._make_field()
        self.processes = tool_button(
            self,
            "process",
            tr("Filter by process"),
            tr("Choose the processes whose messages are shown"),
        )
        _label(self.processes, tr("Processes"))
        self.processes.clicked.connect(self.picker_requested)
        self._make_streams()
        self.time = tool_button(
            self,
            "clock",
            tr("Relative times"),
            tr("Show times since the session began"),
            checkable=True,
        )
        self.time.toggled.connect(self.relative_time_toggled)
        self.find_button = tool_button(
            self, "search", tr("Find"), tr("Find in the messages shown (Ctrl+F)")
        )
        self.find_button.clicked.connect(self.find_requested)
        self.copy = tool_button(self, "copy", tr("Copy"), tr("Copy the selected messages (Ctrl+C)"))
        self.copy.clicked.connect(self.copy_requested)
        self.save = tool_button(self, "save", tr("Save"), tr("Save messages to a file (Ctrl+S)"))
        self.save.clicked.connect(self._on_save_clicked)
        self.follow = tool_button(
            self,
            "follow-tail",
            tr("Follow new messages"),
            tr("Keep the newest messages in view (End); scrolling up stops it"),
            checkable=True,
        )
        self.follow.setChecked(True)
        self.follow.toggled.connect(self.follow_toggled)
        layout = QHBoxLayout(self)
        half = theme.SPACE // 2
        layout.setContentsMargins(theme.SPACE, half, theme.SPACE, half)
        layout.setSpacing(half)
        layout.addWidget(self.field, 1)
        layout.addWidget(self.processes)
        layout.addWidget(self._streams)
        layout.addStretch(0)
        layout.addSpacing(half)
        for button in (self.time, self.find_button, self.copy, self.save, self.follow):
            layout.addWidget(button)

    # -- the conditions -------------------------------------------------------------------------

    @property
    def text(self) -> str:
        return self.field.text()

    @property
    def case(self) -> bool:
        return self._case.isChecked()

    @property
    def regex(self) -> bool:
        return self._regex.isChecked()

    @property
    def streams(self) -> frozenset[Stream] | None:
        """The streams chosen; None for all."""
        return None if self._chosen == _ALL_STREAMS else self._chosen

    @property
    def condition(self) -> tuple[str, bool, bool, frozenset[Stream] | None]:
        """All that this bar asks for."""
        return self.text, self.case, self.regex, self.streams

    def show_fault(self, sentence: str) -> None:
        """Say at the field what is wrong with it; "" when nothing is."""
        show_fault(self.field, sentence)

    def show_following(self, following: bool) -> None:
        """Let the button say whether the tail is followed, without acting."""
        with QSignalBlocker(self.follow):
            self.follow.setChecked(following)

    def show_streams(self, streams: frozenset[Stream] | None) -> None:
        """Choose these streams; None for all."""
        self._chosen = _ALL_STREAMS if streams is None else streams
        meaning = "text" if self._chosen == _ALL_STREAMS else "accent"
        self._streams.setIcon(icons.icon("stream", meaning))
        self._on_edited_at_once()

    def clear(self) -> None:
        """Ask for nothing any more."""
        with QSignalBlocker(self.field):
            self.field.clear()
        self.show_streams(None)

    # -- its parts ----------------------------------------------------------------------------

    def _make_field(self) -> None:
        self.field = TextField(self, tr("Filter messages"))
        self.field.setAccessibleName(tr("Filter messages by text"))
        self.field.setMinimumWidth(140)
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.field.add_picture("filter")
        self.field.add_clear(tr("Empty the filter"))
        self._regex = toggle_in(self.field, "regex", tr("Regular expression"))
        self._case = toggle_in(self.field, "case", tr("Match case"))
        self._regex.toggled.connect(self._on_edited_at_once)
        self._case.toggled.connect(self._on_edited_at_once)
        self.field.textChanged.connect(self._typing.start)
        self.field.returnPressed.connect(self._on_edited_at_once)

    def _make_streams(self) -> None:
        self._streams = tool_button(
            self, "stream", tr("Filter by stream"), tr("Choose the streams that are shown")
        )
        _label(self._streams, tr("Streams"))
        self._streams.clicked.connect(self._on_streams_clicked)

    def _on_streams_clicked(self) -> None:
        menu = _menu_at(self._streams)
        menu.setToolTipsVisible(True)
        for stream, tip in _STREAM_TIPS.items():
            action = menu.addAction(stream.label)
            action.setCheckable(True)
            action.setChecked(stream in self._chosen)
            set_tip(action, tip)
            action.toggled.connect(partial(self._on_stream_toggled, stream))
        _open_below(menu, self._streams)

    def _on_save_clicked(self) -> None:
        menu = _menu_at(self.save)
        entries = ((tr("Save what is shown…"), True), (tr("Save all messages…"), False))
        for text, filtered in entries:
            action = menu.addAction(text)
            action.triggered.connect(partial(self._on_save_chosen, filtered))
        _open_below(menu, self.save)

    # -- slots --------------------------------------------------------------------------------

    def _on_edited_at_once(self) -> None:
        self._typing.stop()
        self.filter_edited.emit()

    def _on_stream_toggled(self, stream: Stream, on: bool) -> None:
        self.show_streams(self._chosen | {stream} if on else self._chosen - {stream})

    def _on_save_chosen(self, filtered: bool) -> None:
        self.save_requested.emit(filtered)


def _menu_at(button: QToolButton) -> QMenu:
    from PySide6.QtWidgets import QMenu

    menu = QMenu(button)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _open_below(menu: QMenu, button: QToolButton) -> None:
    menu.popup(button.mapToGlobal(QPoint(0, button.height() + 2)))


def _label(button: QToolButton, text: str) -> None:
    button.setText(text)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
