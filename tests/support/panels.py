"""The panels of a view, as what they are."""

from __future__ import annotations

from spawnscope.gui.panels.messages.panel import MessagesPanel
from spawnscope.gui.panels.traffic.panel import TrafficPanel
from spawnscope.gui.shell.session_view import SessionView


def messages_of(view: SessionView) -> MessagesPanel:
    """What the processes write."""
    panel = view.panel("messages")
    assert isinstance(panel, MessagesPanel)
    return panel


def traffic_of(view: SessionView) -> TrafficPanel:
    """What they share."""
    panel = view.panel("traffic")
    assert isinstance(panel, TrafficPanel)
    return panel
