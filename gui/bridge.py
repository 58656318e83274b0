"""The Queue into Qt: one drain per frame, one signal per drain.

    SimpleQueue --QSocketNotifier--> Bridge._drain --batch_received(list[Event])--> the session

The notifier wakes us for the first event; after a drain it stays off for a frame, so a storm of
events costs one signal a frame, and silence costs nothing at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

if TYPE_CHECKING:
    from spawnscope.core.client.client import Client

_FRAME_MS = 16


class Bridge(QObject):
    """Emits `batch_received(list of events)` and, once, `supervisor_lost()`."""

    batch_received = Signal(object)
    supervisor_lost = Signal()

    def __init__(self, client: Client, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._notifier = QSocketNotifier(client.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_activated)
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._frame.timeout.connect(self._on_frame)

    def close(self) -> None:
        """Stop listening; call before the client is closed."""
        self._notifier.setEnabled(False)
        self._frame.stop()

    def _on_activated(self) -> None:
        self._notifier.setEnabled(False)
        events = self._client.receive()
        if events:
            self.batch_received.emit(events)
        if self._client.lost:
            self.supervisor_lost.emit()
        else:
            self._frame.start()

    def _on_frame(self) -> None:
        self._notifier.setEnabled(True)
