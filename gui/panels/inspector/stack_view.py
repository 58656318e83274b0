"""Python stacks: a part for each thread that folds, with the user's own functions set off."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from spawnscope.core.translation import tr, trn

from ...kit.fonts import LogFonts
from ...kit.markup import Markup, bold, inked, markup, muted, table
from ...kit.rich_label import RichLabel
from ...kit.style import theme
from ...kit.style.icons import icon
from ...kit.text.foreign import caption

if TYPE_CHECKING:
    from spawnscope.core.observe.stacks import Frame, Stacks, ThreadStack

_MOST_FRAMES = 120  # of a thread; of a deeper one the two ends
_MOST_THREADS = 100
_UNFOLDED = 2  # threads that are open at first


class StackView(QWidget):
    """Shows one reading of the stacks, or a sentence instead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stacks: Stacks | None = None
        self.sentence = RichLabel()
        self.threads: list[_ThreadFold] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(self.sentence)
        self._said = ("", False)
        self.hide()

    def say(self, sentence: str, bad: bool = False) -> None:
        """Show a sentence; what was shown before goes. "" shows nothing."""
        self.clear()
        self._said = (sentence, bad)
        self.sentence.tell(inked(sentence, "bad" if bad else "muted"))
        self.setVisible(bool(sentence))

    def clear(self) -> None:
        """Show nothing."""
        self._stacks = None
        for thread in self.threads:
            self._column.removeWidget(thread)
            thread.hide()
            thread.deleteLater()
        self.threads = []
        self._said = ("", False)
        self.hide()

    def show_stacks(self, stacks: Stacks) -> None:
        """Show what was read."""
        self.clear()
        self._stacks = stacks
        self._head()
        for place, stack in enumerate(stacks.threads[:_MOST_THREADS]):
            thread = _ThreadFold(stack, place < _UNFOLDED)
            self.threads.append(thread)
            self._column.addWidget(thread)
        self.show()

    def _head(self) -> None:
        stacks = self._stacks
        if stacks is None:
            self.sentence.tell(inked(self._said[0], "bad" if self._said[1] else "muted"))
            return
        clock = time.strftime("%H:%M:%S", time.localtime(stacks.time_ns / 1e9))
        count = len(stacks.threads)
        text = trn(
            "{count} thread at {time}, by {source}", "{count} threads at {time}, by {source}",
            count, time=clock, source=stacks.source,
        )  # fmt: skip
        said = muted(text)
        if stacks.note:
            said = markup("{}<br>{}", said, inked(stacks.note, "warning"))
        self.sentence.tell(said)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._head()
            for thread in self.threads:
                thread.restyle()


class _ThreadFold(QWidget):
    """One thread: a line that folds, and its frames, the innermost first."""

    def __init__(self, stack: ThreadStack, unfolded: bool) -> None:
        super().__init__()
        self._stack = stack
        self.button = QToolButton()
        self.button.setCheckable(True)
        self.button.setChecked(unfolded)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setIconSize(QSize(12, 12))
        self.button.setStyleSheet("QToolButton { background: transparent; padding: 3px 4px; }")
        self.button.toggled.connect(self._on_toggled)
        self.frames = RichLabel()
        self.frames.setFont(LogFonts(self.font()).shaped)
        self.frames.setContentsMargins(theme.SPACE * 3, 0, 0, theme.SPACE // 2)
        self.frames.setVisible(unfolded)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.frames)
        self.restyle()

    def restyle(self) -> None:
        """Write its text in the theme's colours."""
        stack, open_ = self._stack, self.button.isChecked()
        where = next((frame for frame in stack.frames if not frame.is_library), None)
        parts = [stack.name]
        if stack.active:
            parts.append(tr("running"))
        if where is not None and not open_:
            parts.append(tr("in {function}", function=where.function))
        self.button.setText(caption("   ".join(parts)))
        self.button.setIcon(icon("chevron-down" if open_ else "chevron", "muted"))
        self.frames.tell(
            frames_markup(stack.frames) if stack.frames else muted(tr("no Python code"))
        )

    def _on_toggled(self, open_: bool) -> None:
        self.frames.setVisible(open_)
        self.restyle()


def frames_markup(frames: tuple[Frame, ...]) -> Markup:
    """Calls as lines; a library's own are faint."""
    rows: list[list[str]] = []
    left_out = max(0, len(frames) - _MOST_FRAMES)
    half = _MOST_FRAMES // 2
    for place, frame in enumerate(frames):
        if left_out and half <= place < half + left_out:
            if place == half:
                more = trn("… {count} more call …", "… {count} more calls …", left_out)
                rows.append([muted(more), ""])
            continue
        line = f":{frame.line}" if frame.line else ""
        file = f"{os.path.basename(frame.file)}{line}"
        if frame.is_library:
            rows.append([muted(frame.function), muted(file)])
        else:
            rows.append([bold(frame.function), muted(file)])
    return table(rows)
