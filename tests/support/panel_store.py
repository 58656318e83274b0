"""The store that a panel looks at, to let things happen in it."""

from __future__ import annotations

from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import MessagesCommitted
from spawnscope.gui.kit.panel import Panel


def store_of(panel: Panel) -> SessionStore:
    """The store that goes with time, whatever moment the panel shows."""
    store = panel.store.session
    assert isinstance(store, SessionStore)
    return store


def committed(panel: Panel, last_id: int) -> None:
    """The supervisor says that the file holds messages up to this one."""
    store_of(panel).apply([MessagesCommitted(last_id)])
