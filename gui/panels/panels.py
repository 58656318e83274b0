"""The panels of the lower half, one row each; each is made when it is first looked at.

A panel is a folder here and a row below: whatever else there is to know of one (that it is told of
changes, remembered, closed), `gui.kit.panel.Panel` and the shell do for all of them alike.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from spawnscope.core.store.store import Store
from spawnscope.core.translation import mark

from ..kit.finding_look import fault_count, fault_ink
from ..kit.panel import Panel
from ..kit.selection import Selection


class PanelRow(NamedTuple):
    """`name`: of its folder, of its icon and of what is remembered of it. `title` and `tip`: in
    English, to be translated where they are shown. `count`: a figure beside the title, 0 for
    none; `alarm`: the meaning of the colour that it is shown on, "" for none."""

    name: str
    title: str
    tip: str
    panel: str  # the class in its module `panel`
    count: Callable[[Store], int] = lambda _store: 0
    alarm: Callable[[Store], str] = lambda _store: ""

    def make(self, store: Store, selection: Selection) -> Panel:
        """A new panel; its modules come in now."""
        module = import_module(f"{__package__}.{self.name}.panel")
        made = getattr(module, self.panel)(store, selection)
        assert isinstance(made, Panel)
        return made


def _objects(store: Store) -> int:
    return sum(1 for _ in store.shown_objects())


PANELS = (
    PanelRow("messages", mark("Messages"), mark("What the processes write"), "MessagesPanel"),
    PanelRow(
        "traffic", mark("Traffic"), mark("What the processes share"), "TrafficPanel", _objects
    ),
    PanelRow("wiring", mark("Wiring"), mark("Who is wired to whom"), "WiringPanel"),
    PanelRow("timeline", mark("Timeline"), mark("What happened when"), "TimelinePanel"),
    PanelRow(
        "inspector", mark("Inspector"), mark("All about the selected process"), "InspectorPanel"
    ),
    PanelRow(
        "findings",
        mark("Findings"),
        mark("What is wrong, why, and what can be done about it"),
        "FindingsPanel",
        fault_count,
        fault_ink,
    ),
)
MESSAGES, TRAFFIC, FINDINGS = "messages", "traffic", "findings"
"""The names of the panels that others lead to."""
