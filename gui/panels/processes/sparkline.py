"""The small chart of a process's CPU history."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPixmap

from spawnscope.core.store.process_row import HISTORY

from ...kit import sparkline

WIDTH = 48  # px at 100 %
_FLOOR = 25.0  # percent of a core: less than this never fills the height


class CpuSparklines:
    """Pictures of CPU histories, by process."""

    def __init__(self) -> None:
        self._charts = sparkline.Sparklines(HISTORY)

    def picture(
        self, process: int, history: tuple[float, ...], color: QColor, height: int, scale: float
    ) -> QPixmap:
        """The chart, newest sample at the right, scaled to its highest value."""
        return self._charts.picture(process, history, color, (WIDTH, height), scale, _FLOOR)
