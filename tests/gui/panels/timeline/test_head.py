"""The legend of the timeline where there is little room."""

from __future__ import annotations

from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from spawnscope.gui.kit.object_look import MEANINGS
from spawnscope.gui.kit.style import theme
from spawnscope.gui.panels.timeline.head import WORDS, TimelineLegend


def inks(legend: TimelineLegend, width: int) -> set[str]:
    """The colours that it shows at this width."""
    legend.resize(width, legend.sizeHint().height())
    picture = QPixmap(legend.size())
    picture.fill("#ffffff")
    legend.render(picture)
    image = picture.toImage()
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


def test_the_caption_of_the_legend_never_stands_alone(qtbot: QtBot) -> None:
    legend = TimelineLegend()
    qtbot.addWidget(legend)
    first = legend.fontMetrics().horizontalAdvance(WORDS[0])
    color = theme.color(str(getattr(theme.current(), MEANINGS[0]))).name()
    assert color in inks(legend, legend.sizeHint().width())
    assert color in inks(legend, first + 20)
    assert len(inks(legend, 30)) == 1
