"""A made-up panel: how many live, as of when."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from spawnscope.core.store.store import Store
from spawnscope.gui.kit.panel import Panel
from spawnscope.gui.kit.selection import Selection


class ClockPanel(Panel):
    """Shows the store's time."""

    def __init__(self, store: Store, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(store, selection, "Clock", parent)
        self.seen: list[tuple[int | None, int]] = []
        self.style_ = "round"

    def look(self) -> None:
        self.seen.append((self.store.moment_ns, self.store.processes.live_count))

    def state(self) -> dict[str, Any]:
        return {"style": self.style_}

    def take_state(self, state: dict[str, Any]) -> bool:
        self.style_ = state["style"]
        return True
