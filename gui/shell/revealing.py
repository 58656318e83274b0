"""What was just started is the scope and is selected, and so comes into view in every panel.

LiveSession --launch_asked, workers_started--> Revealing --scope, select--> every panel

It stays away from a user who is in the middle of something else: one who types, has pinned the
selection, or has paused the display.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from ..kit.selection import Selection
from ..panels.processes.panel import ProcessesPanel
from .scoping import Scoping


class Revealing(QObject):
    """Selects the workers of a launch as they come. It emits nothing."""

    def __init__(
        self,
        processes: ProcessesPanel,
        selection: Selection,
        scoping: Scoping,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._processes = processes
        self._scoping = scoping
        self._selection = selection
        self._written: dict[int, tuple[QWidget, str] | None] = {}  # at the launch, by request
        self._workers: dict[int, frozenset[int]] = {}  # that were selected, by request

    def on_launch_asked(self, request: int) -> None:
        """Something is to be started: what the user writes from now on is something else."""
        self._written[request] = _being_written()

    def on_workers_started(self, request: int, processes: list[int]) -> None:
        """Workers of a launch are there; more of it may come."""
        before = self._workers.get(request, frozenset())
        if before and self._selection.processes != before:
            return  # the user has selected something else meanwhile
        panel = self._processes
        if panel.is_pinned or panel.is_paused or self._is_writing(request):
            return
        self._scoping.on_started(processes, before)
        if not before and not panel.select(processes[0]):
            panel.tell_hidden(processes[0])
            return
        self._workers[request] = before.union(processes)
        if len(self._workers[request]) > 1:
            self._selection.select_processes(self._workers[request])

    def _is_writing(self, request: int) -> bool:
        """Whether the keyboard is in a text that is another one than at the launch."""
        now = _being_written()
        return now is not None and now != self._written.get(request)


def _being_written() -> tuple[QWidget, str] | None:
    """The text field that has the keyboard, and what it holds."""
    field = QApplication.focusWidget()
    if isinstance(field, QLineEdit) and not field.isReadOnly():
        return field, field.text()
    if isinstance(field, QPlainTextEdit) and not field.isReadOnly():
        return field, field.toPlainText()
    return None
