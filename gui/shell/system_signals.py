"""SIGINT, SIGTERM and SIGHUP end the window in order, so that nothing is left behind.

    signal --wakeup descriptor--> a thread --received, queued--> the window's thread
                                     '--no answer for 3 s--> the process ends
    another one before the answer --> the kernel ends the process

Both are for a window that cannot answer: one that waits for a display which hangs, say. If it waits
without Python's interpreter lock, the thread ends it; if it holds that, only the kernel can. The
supervisor notices, and ends everything else.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from spawnscope.core.observe import kernel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PATIENCE_SECONDS = 3.0


class SystemSignals(QObject):
    """Emits `received()` in the window's thread for any of the three signals, and `_woken()` in
    its own."""

    received = Signal()
    _woken = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._ours, self._theirs = socket.socketpair()
        self._theirs.setblocking(False)
        self._answered = threading.Event()
        self._woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._wait, name="signals", daemon=True)
        self._thread.start()
        signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        self._before = {n: signal.signal(n, lambda number, frame: None) for n in _NUMBERS}
        self._handle_next()

    def close(self) -> None:
        """From now on a signal does what it did before: it ends the process, as a rule."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(-1)
        self._theirs.close()  # the end of what the thread reads
        self._answered.set()
        self._thread.join()
        self._ours.close()

    def _wait(self) -> None:
        """In the thread."""
        while numbers := self._ours.recv(64):
            self._answered.clear()
            self._woken.emit()
            if not self._answered.wait(_PATIENCE_SECONDS):
                os._exit(128 + numbers[-1])

    def _on_woken(self) -> None:
        self._answered.set()
        self._handle_next()
        self.received.emit()

    def _handle_next(self) -> None:
        for number in _NUMBERS:
            kernel.handle_once(number)
