"""At which place of the lower half each panel is."""

from __future__ import annotations

from spawnscope.gui.panels.panels import PANELS

MESSAGES, TRAFFIC, WIRING, TIMELINE, INSPECTOR = map(
    [row.name for row in PANELS].index,
    ("messages", "traffic", "wiring", "timeline", "inspector"),
)
