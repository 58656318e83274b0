"""The bar over the lanes: what the colours mean, how far reading is, and the ways of looking."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from ...kit.controls import tool_button
from ...kit.markup import inked, joined, markup, set_markup_tip
from ...kit.object_look import MEANINGS, WORDS
from ...kit.plain import Figure
from ...kit.style import icons, theme

_SQUARE = 9


class TimelineLegend(QWidget):
    """A square of each colour, and what it stands for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Colours of waiting")
        self.setAccessibleDescription(", ".join(WORDS))
        self._explain()

    def _explain(self) -> None:
        """Where it is narrow, not all of it can be seen."""
        pairs = zip(MEANINGS, WORDS, strict=True)
        lines = [markup("{} {}", inked("■", meaning), words) for meaning, words in pairs]
        set_markup_tip(
            self,
            markup(
                "<p style='white-space:nowrap'>Solid: it waits, coloured by what for; height: "
                "its share of the time.<br>{}<br>Light: operations that did not wait. "
                "The line: the process runs.</p>",
                joined(lines, "   "),
            ),
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._explain()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = sum(metrics.horizontalAdvance(words) + _SQUARE + 18 for words in WORDS)
        return QSize(width + metrics.horizontalAdvance("Waiting for") + 10, metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors, metrics = theme.current(), self.fontMetrics()
        middle = self.height() / 2
        base = round(middle - metrics.height() / 2 + metrics.ascent())
        x = metrics.horizontalAdvance("Waiting for") + 10
        if x + _SQUARE + 5 + metrics.horizontalAdvance(WORDS[0]) > self.width():
            x = 0  # it says nothing without one of the words
        else:
            painter.setPen(theme.color(colors.muted))
            painter.drawText(0, base, "Waiting for")
        for meaning, words in zip(MEANINGS, WORDS, strict=True):
            width = metrics.horizontalAdvance(words)
            if x + _SQUARE + 5 + width > self.width():
                break
            square = QRectF(x, middle - _SQUARE / 2, _SQUARE, _SQUARE)
            painter.fillRect(square, theme.color(str(getattr(colors, meaning))))
            painter.setPen(theme.color(colors.muted))
            painter.drawText(x + _SQUARE + 5, base, words)
            x += _SQUARE + 18 + width
        painter.end()


class TimelineHead(QFrame):
    """Emits `cancel_clicked()`, also for reading on after all; the buttons are its attributes."""

    cancel_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panelHead", True)
        self._followed: bool | None = None
        self.legend = TimelineLegend(self)
        self.progress = Figure(self)
        self.progress.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.progress.setProperty("muted", True)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cancel.clicked.connect(self.cancel_clicked)
        self.threads = self._button(
            "threads", "Show threads", "Show the threads of all processes", checkable=True
        )
        self.relative = self._button(
            "clock", "Relative times", "Times since the start of the session", checkable=True
        )
        self.usage = self._button(
            "usage", "CPU and memory", "CPU and memory of the selected process", checkable=True
        )
        self.usage.setChecked(True)
        self.zoom_out = self._button("zoom-out", "Zoom out", "Zoom out (S)")
        self.zoom_in = self._button("zoom-in", "Zoom in", "Zoom in (W, or the wheel)")
        self.zoom_span = self._button(
            "zoom-span", "Zoom to the measured span",
            "Zoom to what is measured (Z); Shift and drag to measure",
        )  # fmt: skip
        self.fit = self._button("fit", "Whole session", "See the whole session (F)")
        self.follow = self._button(
            "follow-right", "Follow", "Follow the newest (End)", checkable=True
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE, 3, theme.SPACE // 2, 3)
        row.setSpacing(2)
        row.addWidget(self.legend, 1)
        row.addWidget(self.progress)
        row.addSpacing(theme.SPACE)
        row.addWidget(self.cancel)
        row.addSpacing(theme.SPACE)
        for button in (
            self.threads, self.relative, self.usage, self.zoom_out, self.zoom_in,
            self.zoom_span, self.fit, self.follow,
        ):  # fmt: skip
            row.addWidget(button)
        self.show_progress(0, 0, False, False)

    def _button(self, icon: str, name: str, tip: str, *, checkable: bool = False):  # type: ignore[no-untyped-def]
        return tool_button(self, icon, name, tip, checkable=checkable)

    def show_progress(self, read: int, total: int, behind: bool, cancelled: bool) -> None:
        """How many operations are here, out of how many."""
        if behind or cancelled:
            share = f"{read * 100 // max(1, total)} %"
            verb = "Stopped at" if cancelled else "Reading"
            self.progress.setText(f"{verb} {share} of {total:,} operations")
            self.cancel.setText("Read on" if cancelled else "Cancel")
        else:
            self.progress.setText(f"{read:,} operations" if read else "")
        self.cancel.setVisible(behind or cancelled)

    def show_following(self, following: bool, live: bool) -> None:
        """Whether the newest is followed, and whether there can be anything newer."""
        self.follow.setVisible(live)
        if self._followed != following:  # an icon that is set, even the same, lays out the window
            self._followed = following
            self.follow.setChecked(following)
            self.follow.setIcon(icons.icon("follow-right", "accent" if following else "text"))
