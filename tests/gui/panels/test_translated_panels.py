"""In the pseudo-language, tree, messages and traffic have nothing that is English or glued."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
from PySide6.QtWidgets import QAbstractButton, QApplication, QTabBar, QWidget

from spawnscope.gui.panels.messages.filter_bar import FilterBar
from spawnscope.gui.panels.messages.find_bar import FindBar
from spawnscope.gui.panels.messages.strips import FilterStrip, TaskStrip
from spawnscope.gui.panels.processes.columns import COLUMNS
from spawnscope.gui.panels.traffic.detail_frame import DetailFrame
from spawnscope.gui.panels.traffic.head import TrafficHead

app = QApplication([])
names = [text for each in COLUMNS for text in (each.title, each.tooltip) if not text.isupper()]
for part in (FilterBar, FindBar, FilterStrip, TaskStrip, TrafficHead, DetailFrame):
    parent = QWidget()
    widget = part(parent)
    for each in [widget, *widget.findChildren(QWidget)]:
        if isinstance(each.parent(), QTabBar):
            continue  # its arrows, which Qt names
        names += [each.accessibleName(), each.toolTip()]
        if isinstance(each, QAbstractButton):
            names.append(each.text())
    if part is DetailFrame:
        names += [widget.tabs.tabText(place) for place in range(widget.tabs.count())]
print(*filter(None, (" ".join(name.split()) for name in names)), sep="\\n")
"""


def test_what_the_bars_and_the_columns_say_is_in_the_persons_language() -> None:
    environment = {"SPAWNSCOPE_LANGUAGE": "qps", "QT_QPA_PLATFORM": "offscreen"}
    said = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert len(said) > 60
    assert [line for line in said if not (line.startswith("[") and line.endswith("]"))] == []
    assert [line for line in said if line.count("[") > 1] == [], "glued"
