"""SIGINT, SIGTERM and SIGHUP close the window as a click would, so that nothing is left behind."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class SystemSignals(QObject):
    """Emits `received()` in the window's thread for any of the three signals."""

    received = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._theirs.setblocking(False)
        signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, frame: None)
        self._notifier = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_readable)

    def close(self) -> None:
        """Take no more signals."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        self._ours.close()
        self._theirs.close()

    def _on_readable(self) -> None:
        self._ours.recv(64)
        self.received.emit()
