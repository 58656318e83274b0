"""What is only news leaves by itself after a while; what went wrong stays until it is read."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

SECONDS = 10
OFFERING_SECONDS = 20  # where there is something to do about it


class Passing(QTimer):
    """Calls `leave` when a notice was seen for long enough; not while the pointer or the keyboard
    is on it."""

    def __init__(self, notice: QWidget, leave: Callable[[], None]) -> None:
        super().__init__(notice)
        self._notice = notice
        self._leave = leave
        self.setSingleShot(True)
        self.timeout.connect(self._on_timeout)

    def begin(self, *, offering: bool = False) -> None:
        """The notice says something that passes; `offering`: with a button."""
        self.start(round(1000 * (OFFERING_SECONDS if offering else SECONDS)))

    def _on_timeout(self) -> None:
        focus = QApplication.focusWidget()
        in_use = focus is not None and self._notice.isAncestorOf(focus)
        if self._notice.underMouse() or in_use:
            self.start()
        elif not self._notice.isHidden():
            self._leave()
