"""What the user has selected, for all panels alike: processes and one shared object.

    a panel --select_processes, select_object--> Selection --processes_changed, object_changed-->
                                                                               every panel

A panel that selects something because it was told so finds nothing changed: no echo.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """Emits processes_changed(frozenset of process numbers) and object_changed(object number, 0 for
    none), and nothing when what is selected is what was selected already."""

    processes_changed = Signal(object)
    object_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.processes: frozenset[int] = frozenset()
        self.object = 0

    def select_processes(self, numbers: frozenset[int]) -> None:
        """Exactly these processes are selected now."""
        if numbers != self.processes:
            self.processes = numbers
            self.processes_changed.emit(numbers)

    def select_object(self, number: int) -> None:
        """This object is selected now; 0 for none."""
        if number != self.object:
            self.object = number
            self.object_changed.emit(number)
