"""The supervisor's Queue and the command socket into Qt: one drain per frame, one signal per drain.

    SimpleQueue --QSocketNotifier--> Bridge --batch_received(list[Event])--> the session
    command socket <--flush, when there is room-- Bridge <-----sent()------- the session

The notifier wakes us for the first event; after a drain it stays off for a frame, so a storm of
events costs one signal a frame, and silence costs nothing at all. Whatever a drain raises, the
next one comes: a window that hears nothing any more could not even tell that it does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, QTimer, Signal

if TYPE_CHECKING:
    from spawnscope.core.client.client import Client

_FRAME_MS = 16
_LOOK_MS = 250
_HELD_LOOKS = 4  # in a row, that find commands unread while nothing comes


class Bridge(QObject):
    """Emits `batch_received(list of events)`, once `supervisor_lost()`, and `held_changed(bool)`
    when the supervisor has left commands unread for a second, and when it goes on."""

    batch_received = Signal(object)
    supervisor_lost = Signal()
    held_changed = Signal(bool)

    def __init__(self, client: Client, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        kinds = QSocketNotifier.Type
        self._notifier = QSocketNotifier(client.fileno(), kinds.Read, self)
        self._notifier.activated.connect(self._on_activated)
        self._room = QSocketNotifier(client.commands.fileno(), kinds.Write, self)
        self._room.activated.connect(self._on_room)
        self._watch_room()
        self._frame = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._frame.timeout.connect(self._on_frame)
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._on_look)
        self._unread = 0
        self._held = False

    def sent(self) -> None:
        """A command was given: see to it that it goes out, and whether it is read."""
        self._watch_room()
        if not self._look.isActive() and not self._client.commands.closed:
            self._unread = 0
            self._look.start()

    def close(self) -> None:
        """Stop listening; call before the client is closed."""
        self._notifier.setEnabled(False)
        self._room.setEnabled(False)
        self._frame.stop()
        self._look.stop()
        self._set_held(False)

    def _on_activated(self) -> None:
        self._notifier.setEnabled(False)
        self._frame.start()
        events = self._client.receive()
        self._watch_room()
        if events:
            self._unread = 0
            self._set_held(False)
            self.batch_received.emit(events)
        if self._client.lost:
            self.close()
            self.supervisor_lost.emit()

    def _on_frame(self) -> None:
        self._notifier.setEnabled(True)

    def _on_room(self) -> None:
        self._client.commands.flush()
        self._watch_room()

    def _watch_room(self) -> None:
        self._room.setEnabled(self._client.commands.blocked)

    def _on_look(self) -> None:
        self._unread += 1
        if not self._client.commands.unread:
            self._look.stop()
            self._set_held(False)
        elif self._unread >= _HELD_LOOKS:
            self._set_held(True)

    def _set_held(self, held: bool) -> None:
        if held != self._held:
            self._held = held
            self.held_changed.emit(held)
