"""The bar above the log: what is shown of the session, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from spawnscope.core.vocabulary.events import Stream

from ...style import icons, theme
from .controls import show_fault, toggle_in, tool_button

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
        self._make_field()
        self.processes = tool_button(
            self,
            "process",
            "Filter by process",
            "Choose the processes whose messages are shown",
        )
        _label(self.processes, "Processes")
        self.processes.clicked.connect(self.picker_requested)
        self._make_streams()
        self.time = tool_button(
            self, "clock", "Relative times", "Show times since the session began", checkable=True
        )
        self.time.toggled.connect(self.relative_time_toggled)
        self.find_button = tool_button(
            self, "search", "Find", "Find in the messages shown (Ctrl+F)"
        )
        self.find_button.clicked.connect(self.find_requested)
        self.copy = tool_button(self, "copy", "Copy", "Copy the selected messages (Ctrl+C)")
        self.copy.clicked.connect(self.copy_requested)
        self._make_save()
        self.follow = tool_button(
            self,
            "follow-tail",
            "Follow new messages",
            "Keep the newest messages in view (End); scrolling up stops it",
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
        chosen = frozenset(
            stream for stream, action in self._stream_actions.items() if action.isChecked()
        )
        return None if len(chosen) == len(self._stream_actions) else chosen

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
        for stream, action in self._stream_actions.items():
            with QSignalBlocker(action):
                action.setChecked(streams is None or stream in streams)
        self._on_stream_toggled()

    def clear(self) -> None:
        """Ask for nothing any more."""
        with QSignalBlocker(self.field):
            self.field.clear()
        self.show_streams(None)

    # -- its parts ----------------------------------------------------------------------------

    def _make_field(self) -> None:
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Filter messages")
        self.field.setAccessibleName("Filter messages by text")
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumWidth(140)
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.field.addAction(
            icons.icon("filter", "muted"), QLineEdit.ActionPosition.LeadingPosition
        )
        self._regex = toggle_in(self.field, "regex", "Regular expression")
        self._case = toggle_in(self.field, "case", "Match case")
        self._regex.toggled.connect(self._on_edited_at_once)
        self._case.toggled.connect(self._on_edited_at_once)
        self.field.textChanged.connect(self._typing.start)
        self.field.returnPressed.connect(self._on_edited_at_once)

    def _make_streams(self) -> None:
        self._streams = tool_button(
            self, "stream", "Filter by stream", "Choose the streams that are shown"
        )
        _label(self._streams, "Streams")
        self._streams.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._streams)
        menu.setToolTipsVisible(True)
        self._stream_actions: dict[Stream, QAction] = {}
        for stream, tip in (
            (Stream.STDOUT, "What processes print"),
            (Stream.STDERR, "What processes report: errors, warnings, logs"),
            (Stream.SPAWNSCOPE, "What Spawnscope itself says about them"),
        ):
            action = menu.addAction(stream.label)
            action.setCheckable(True)
            action.setChecked(True)
            action.setToolTip(tip)
            action.toggled.connect(self._on_stream_toggled)
            self._stream_actions[stream] = action
        self._streams.setMenu(menu)

    def _make_save(self) -> None:
        self.save = tool_button(self, "save", "Save", "Save messages to a file (Ctrl+S)")
        self.save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.save)
        shown = menu.addAction("Save what is shown…")
        shown.setShortcut(QKeySequence(QKeySequence.StandardKey.Save))
        shown.triggered.connect(lambda: self.save_requested.emit(True))
        menu.addAction("Save all messages…").triggered.connect(
            lambda: self.save_requested.emit(False)
        )
        self.save.setMenu(menu)

    # -- slots --------------------------------------------------------------------------------

    def _on_edited_at_once(self) -> None:
        self._typing.stop()
        self.filter_edited.emit()

    def _on_stream_toggled(self) -> None:
        chosen = self.streams
        meaning = "text" if chosen is None else "accent"
        self._streams.setIcon(icons.icon("stream", meaning))
        self._on_edited_at_once()


def _label(button: QToolButton, text: str) -> None:
    button.setText(text)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
