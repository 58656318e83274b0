"""One session as the window lives it: its supervisor, its processes, and what is asked of both.

panels --launch, stop, signal--> LiveSession --> Client --> supervisor
panels <--events_received------- LiveSession <-- Bridge <-- supervisor
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from spawnscope.core.client.process_table import ProcessTable

from .bridge import Bridge

if TYPE_CHECKING:
    from collections.abc import Callable

    from spawnscope.core.client.client import Client
    from spawnscope.core.vocabulary.events import Event
    from spawnscope.core.vocabulary.launch_spec import LaunchSpec

_KILL_SECONDS = 2.0  # for a supervisor that was asked to kill everything
_LEAVE_SECONDS = 15.0  # for a supervisor that was asked to quit, beyond every grace


class LiveSession(QObject):
    """Emits, of one session:

    `events_received(list)` with each batch, `session_opened(path, notes)`,
    `messages_committed(last id)`, `launch_refused(sentence, request)`,
    `problem_occurred(sentence, traceback)`,
    `running_changed(dict)` with how many workers of each launched title live,
    `worker_restarted(process before, process now)`, `lost(sentence)`
    when the supervisor has died, and `ended()` when it has left as it was asked to.
    """

    events_received = Signal(object)
    session_opened = Signal(str, object)
    messages_committed = Signal(object)
    launch_refused = Signal(str, int)
    problem_occurred = Signal(str, str)
    running_changed = Signal(object)
    worker_restarted = Signal(int, int)
    lost = Signal(str)
    ended = Signal()

    def __init__(self, client: Client, table: ProcessTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._table = table
        self._bridge = Bridge(client, self)
        self._bridge.batch_received.connect(self._on_batch)
        self._bridge.supervisor_lost.connect(self._on_lost)
        self._guarded = False
        self._titles: dict[int, str] = {}  # of what was asked for, by request
        self._running: dict[int, str] = {}  # title by number of a worker's root process
        self._restarts: dict[int, int] = {}  # the process to be replaced, by request
        self._leaving = False
        self.path = ""
        self.over = False

    @property
    def run_folder(self) -> str:
        """Where the recorders of its processes lie."""
        return self._client.run_folder

    def launch(self, spec: LaunchSpec) -> int:
        """Start `spec`; returns the request's number, or 0 when it could not be asked for."""
        from spawnscope.core.client.client import ClientError
        from spawnscope.core.launch.call import CallError
        from spawnscope.core.launch.interpreter import InterpreterError

        if not self._guarded:
            # Orphans of a supervisor that dies come to us: see Client.guard.
            self._client.guard()
            self._guarded = True
        try:
            request = self._client.launch(spec)
            self._titles[request] = spec.title
            return request
        except (CallError, ClientError, InterpreterError) as error:
            self.launch_refused.emit(str(error), 0)
            return 0

    def send_signal(self, process: int, number: int) -> None:
        """A signal to one process."""
        self._ask(lambda: self._client.signal(process, number))

    def stop(self, process: int, tree: bool) -> None:
        """Ask, wait, kill."""
        self._ask(lambda: self._client.stop(process, tree=tree))

    def restart(self, process: int) -> None:
        """End a worker and start it again."""
        title = self._running.get(process)

        def restart() -> None:
            request = self._client.restart(process)
            self._restarts[request] = process
            if title is not None:
                self._titles[request] = title

        self._ask(restart)

    def stop_all(self) -> None:
        """End the tree of every worker."""
        from spawnscope.core.vocabulary.events import Role

        for row in list(self._table):
            if row.role is Role.WORKER:
                self.stop(row.number, True)

    def leave(self) -> None:
        """Ask the supervisor to end everything and leave; `ended` follows."""
        self._leaving = True
        if self.over:
            self.ended.emit()
        else:
            self._ask(self._client.quit)

    def leave_now(self) -> None:
        """Do not wait for anybody: kill what runs, and the supervisor if it does not answer."""
        self._bridge.close()
        if not self.over:
            self._ask(self._client.quit)
            if not self._client.join(_KILL_SECONDS):
                self._client.kill_supervisor()
        self.over = True
        self.close()

    def close(self) -> None:
        """Let go of the client; what still runs is ended."""
        self._bridge.close()
        self._client.close()

    def _ask(self, command: Callable[[], object]) -> None:
        from spawnscope.core.client.client import ClientError

        try:
            command()
        except ClientError as error:
            self.problem_occurred.emit(str(error), "")

    def _on_batch(self, events: list[Event]) -> None:
        from spawnscope.core.vocabulary.events import (
            LaunchRefused,
            MessagesCommitted,
            Problem,
            ProcessExited,
            SessionOpened,
            WorkerStarted,
        )

        committed = None
        replaced: list[tuple[int, int]] = []
        running = len(self._running)
        for event in events:
            if isinstance(event, MessagesCommitted):
                committed = event.last_id
            elif isinstance(event, SessionOpened):
                from spawnscope.core.session.opening import trust

                self.path = event.path
                trust(event.path)
                self.session_opened.emit(event.path, event.notes)
            elif isinstance(event, LaunchRefused):
                self.launch_refused.emit(event.sentence, event.request)
            elif isinstance(event, WorkerStarted):
                self._running[event.process] = self._titles.get(event.request, event.title)
                if event.request in self._restarts:
                    replaced.append((self._restarts.pop(event.request), event.process))
            elif isinstance(event, ProcessExited):
                self._running.pop(event.process, None)
            elif isinstance(event, Problem):
                self.problem_occurred.emit(event.sentence, event.traceback)
        self.events_received.emit(events)
        for before, after in replaced:
            self.worker_restarted.emit(before, after)
        if len(self._running) != running:
            self.running_changed.emit(Counter(self._running.values()))
        if committed is not None:
            self.messages_committed.emit(committed)

    def _on_lost(self) -> None:
        self._bridge.close()
        self.over = True
        if self._leaving:
            self._client.join(_LEAVE_SECONDS)
            self.ended.emit()
            return
        self._running.clear()
        self.running_changed.emit({})
        leftovers = self._client.end_leftovers()
        alive = self._table.live_count - 1
        what = ""
        if alive > 0 or leftovers:
            count = max(alive, leftovers)
            what = f" {count} {'process was' if count == 1 else 'processes were'} ended with it."
        self.lost.emit(f"The supervisor has died.{what} What was recorded is kept.")
