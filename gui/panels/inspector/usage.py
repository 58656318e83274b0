"""CPU, memory, threads and files of the process: the last figures, and a minute as curves."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from spawnscope.core.store.process_row import HISTORY
from spawnscope.core.translation import tr
from spawnscope.core.vocabulary.events import Sample

from ...kit.sparkline import USAGE_FLOOR, USAGE_WIDTH, Sparklines
from ...kit.style import theme
from ...kit.text.figures import memory_text, tenths
from .source import Look

_CURVE = 22  # px: height of a curve
_GAP = 18
_LEAST = 6  # samples that make a curve
_HIGHEST = 20.0  # what the highest value is drawn as, but for CPU; the scale goes to USAGE_FLOOR


class UsageFigures(QWidget):
    """Paints what it was last given; empty without samples."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sparklines = Sparklines(HISTORY)
        self._figures: list[tuple[str, str, tuple[float, ...]]] = []
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    @property
    def texts(self) -> list[tuple[str, str]]:
        """The figures as pairs (name, text)."""
        return [(name, text) for name, text, _ in self._figures]

    def show_samples(self, look: Look) -> None:
        """Show the samples of this look."""
        samples = look.samples[-HISTORY:]
        self._figures = _figures(samples) if samples else []
        self.setAccessibleName(", ".join(f"{name} {text}" for name, text in self.texts))
        self.setVisible(bool(self._figures))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for all figures."""
        return QSize(sum(map(self._width, self._figures)), self.fontMetrics().height() * 2 + 4)

    def minimumSizeHint(self) -> QSize:
        """Where it is narrow, the curves are left out."""
        return QSize(1, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name above, figure below, curve beside them."""
        painter = QPainter(self)
        colors = theme.current()
        line = self.fontMetrics().height()
        size = (USAGE_WIDTH, _CURVE)
        left = 0
        curves = self.width() >= self.sizeHint().width()
        for place, (name, text, history) in enumerate(self._figures):
            history = history if curves else ()
            width = self._width((name, text, history)) - _GAP
            if history:
                ink = theme.color(colors.accent if place == 0 else colors.good)
                picture = self._sparklines.picture(
                    place, history, ink, size, self.devicePixelRatioF(), USAGE_FLOOR
                )
                painter.drawPixmap(left, (self.height() - _CURVE) // 2, picture)
            words = QRect(left, 0, width, line)
            painter.setPen(theme.color(colors.muted))
            painter.drawText(words, Qt.AlignmentFlag.AlignRight, name)
            painter.setPen(theme.color(colors.text))
            painter.drawText(words.translated(0, line + 2), Qt.AlignmentFlag.AlignRight, text)
            left += width + _GAP

    def _width(self, figure: tuple[str, str, tuple[float, ...]]) -> int:
        metrics = self.fontMetrics()
        name, text, history = figure
        words = max(metrics.horizontalAdvance(name), metrics.horizontalAdvance(text), 40)
        return words + (USAGE_WIDTH + theme.SPACE if history else 0) + _GAP


def _figures(samples: tuple[Sample, ...]) -> list[tuple[str, str, tuple[float, ...]]]:
    last = samples[-1]
    drawn = samples if len(samples) >= _LEAST else ()  # fewer make no curve
    cpu = tuple(sample.cpu_percent for sample in drawn)
    files = [sample.fds for sample in drawn]
    return [
        ("CPU", f"{tenths(last.cpu_percent)} %", cpu),
        (tr("Memory"), memory_text(last.rss_bytes), _curve([sample.rss_bytes for sample in drawn])),
        (tr("Threads"), f"{last.threads:,}", ()),
        # Most keep what they have opened: a curve says that one does not.
        (tr("Files"), _files(last), _curve(files) if len(set(files)) > 1 else ()),
    ]


def _curve(values: list[int]) -> tuple[float, ...]:
    highest = max(1, *values) if values else 1
    return tuple(value / highest * _HIGHEST for value in values)


def _files(last: Sample) -> str:
    if not last.fds_limit:  # not known; so it is in sessions of before
        return f"{last.fds:,}"
    return tr("{count} of {limit}", count=f"{last.fds:,}", limit=f"{last.fds_limit:,}")
