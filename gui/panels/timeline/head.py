"""The bar over the lanes: what the colours mean, how far reading is, and the ways of looking."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from spawnscope.core.translation import tr, trn

from ...kit.controls import tool_button
from ...kit.markup import inked, joined, markup, markup_tr, set_markup_tip
from ...kit.object_look import MEANINGS, WORDS
from ...kit.plain import Figure
from ...kit.style import icons, theme

_SQUARE = 9


class TimelineLegend(QWidget):
    """A square of each colour, and what it stands for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Colours of waiting"))
        self._title = tr("Waiting for")
        self._words = [tr(words) for words in WORDS]
        self.setAccessibleDescription(", ".join(self._words))
        self._explain()

    def _explain(self) -> None:
        """Where it is narrow, not all of it can be seen."""
        pairs = zip(MEANINGS, self._words, strict=True)
        lines = [markup("{} {}", inked("■", meaning), words) for meaning, words in pairs]
        set_markup_tip(
            self,
            markup_tr(
                "<p style='white-space:nowrap'>Solid: it waits, coloured by what for; height: "
                "its share of the time.<br>{families}<br>Light: operations that did not wait. "
                "The line: the process runs.</p>",
                families=joined(lines, "   "),
            ),
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._explain()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = sum(metrics.horizontalAdvance(words) + _SQUARE + 18 for words in self._words)
        return QSize(width + metrics.horizontalAdvance(self._title) + 10, metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors, metrics = theme.current(), self.fontMetrics()
        middle = self.height() / 2
        base = round(middle - metrics.height() / 2 + metrics.ascent())
        x = metrics.horizontalAdvance(self._title) + 10
        if x + _SQUARE + 5 + metrics.horizontalAdvance(self._words[0]) > self.width():
            x = 0  # it says nothing without one of the words
        else:
            painter.setPen(theme.color(colors.muted))
            painter.drawText(0, base, self._title)
        for meaning, words in zip(MEANINGS, self._words, strict=True):
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
        self.cancel = QPushButton(tr("Cancel"), self)
        self.cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cancel.clicked.connect(self.cancel_clicked)
        self.threads = self._button(
            "threads", tr("Show threads"), tr("Show the threads of all processes"), checkable=True
        )
        self.relative = self._button(
            "clock",
            tr("Relative times"),
            tr("Times since the start of the session"),
            checkable=True,
        )
        self.usage = self._button(
            "usage",
            tr("CPU and memory"),
            tr("CPU and memory of the selected process"),
            checkable=True,
        )
        self.usage.setChecked(True)
        self.zoom_out = self._button("zoom-out", tr("Zoom out"), tr("Zoom out (S)"))
        self.zoom_in = self._button("zoom-in", tr("Zoom in"), tr("Zoom in (W, or the wheel)"))
        self.zoom_span = self._button(
            "zoom-span", tr("Zoom to the measured span"),
            tr("Zoom to what is measured (Z); Shift and drag to measure"),
        )  # fmt: skip
        self.fit = self._button("fit", tr("Whole session"), tr("See the whole session (F)"))
        self.follow = self._button(
            "follow-right", tr("Follow"), tr("Follow the newest (End)"), checkable=True
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
            told = (
                trn("Stopped at {share} of {count} operation",
                    "Stopped at {share} of {count} operations", total, share=share)
                if cancelled
                else trn("Reading {share} of {count} operation",
                         "Reading {share} of {count} operations", total, share=share)
            )  # fmt: skip
            self.progress.setText(told)
            self.cancel.setText(tr("Read on") if cancelled else tr("Cancel"))
        else:
            count = trn("{count} operation", "{count} operations", read)
            self.progress.setText(count if read else "")
        self.cancel.setVisible(behind or cancelled)

    def show_following(self, following: bool, live: bool) -> None:
        """Whether the newest is followed, and whether there can be anything newer."""
        self.follow.setVisible(live)
        if self._followed != following:  # an icon that is set, even the same, lays out the window
            self._followed = following
            self.follow.setChecked(following)
            self.follow.setIcon(icons.icon("follow-right", "accent" if following else "text"))
