"""Python stacks on demand, read by a thread while the window goes on.

InspectorStacks.ask(pid) --_Task, a thread--> StackReader --> found(Stacks) or failed(str)
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from spawnscope.core.translation import tr

if TYPE_CHECKING:
    from spawnscope.core.observe.stacks import StackReader
    from spawnscope.core.observe.tracer import Tracer


class _Answer(QObject):
    """Carries what a task found to the window's thread."""

    ready = Signal(int, object)


class _Task:
    """Reads one process's stacks in a thread of its own, which ends soon after a cancel."""

    def __init__(self, number: int, reader: StackReader, pid: int, started_ns: int) -> None:
        self.answer = _Answer()
        self.cancel = threading.Event()
        self._number = number
        self._reader = reader
        self._pid = pid
        self._started_ns = started_ns

    def start(self) -> None:
        """Begin; `answer` tells what came of it."""
        threading.Thread(target=self._run, name="python-stacks", daemon=True).start()

    def _run(self) -> None:
        from spawnscope.core.observe.stacks import StackError

        found: object
        try:
            found = self._reader.read(self._pid, self._started_ns, self.cancel)
        except StackError as error:
            found = str(error)
        except Exception as error:  # noqa: BLE001 - the edge of a thread: told, not lost
            found = tr("The stack could not be read: {error}.", error=repr(error))
        if not self.cancel.is_set():
            self.answer.ready.emit(self._number, found)


class InspectorStacks(QObject):
    """Emits found(Stacks) or failed(sentence) for the last process that was asked for, unless that
    was cancelled."""

    found = Signal(object)
    failed = Signal(str)

    def __init__(
        self,
        reader: StackReader | None = None,
        parent: QObject | None = None,
        run_folder: str = "",
        tracer: Tracer | None = None,
    ) -> None:
        """`reader`: who reads them; None: the probes whose recorders lie in `run_folder` ("": there
        are none), and py-spy, by way of `tracer` if there is one."""
        super().__init__(parent)
        self._reader = reader
        self._run_folder = run_folder
        self._tracer = tracer
        self._task: _Task | None = None
        self._number = 0

    @property
    def running(self) -> bool:
        """Whether an answer is awaited."""
        return self._task is not None

    def ask(self, pid: int, started_ns: int) -> None:
        """Read the stacks of a process that started then (Unix time, ns)."""
        self.cancel()
        if self._reader is None:
            from spawnscope.core.observe.probe_stacks import ProbeStacks
            from spawnscope.core.observe.py_spy import PySpy
            from spawnscope.core.observe.stacks import StackReader

            probes = [ProbeStacks(self._run_folder)] if self._run_folder else []
            run = self._tracer.run if self._tracer else None
            self._reader = StackReader([*probes, PySpy(run=run)])
        self._number += 1
        task = self._task = _Task(self._number, self._reader, pid, started_ns)
        task.answer.ready.connect(self._on_ready, Qt.ConnectionType.QueuedConnection)
        task.start()

    def cancel(self) -> None:
        """Wait for no answer any more; what runs for it ends soon."""
        if self._task is not None:
            self._task.cancel.set()
            self._task.answer.ready.disconnect(self._on_ready)
            self._task = None

    def _on_ready(self, number: int, found: object) -> None:
        if number != self._number or self._task is None:
            return
        self._task = None
        if isinstance(found, str):
            self.failed.emit(found)
        else:
            self.found.emit(found)
