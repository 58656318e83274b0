"""One session as the window lives it: its supervisor, its processes, and what is asked of both.

panels --launch, stop, signal--> LiveSession --> Client --> supervisor
panels <--events_received------- LiveSession <-- Bridge <-- supervisor
"""

from __future__ import annotations

import functools
from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.translation import tr, trn

from .bridge import Bridge

if TYPE_CHECKING:
    from collections.abc import Callable

    from spawnscope.core.client.client import Client
    from spawnscope.core.client.ending import Ending
    from spawnscope.core.observe.tracer import Tracer
    from spawnscope.core.vocabulary.events import Event
    from spawnscope.core.vocabulary.findings import Finding
    from spawnscope.core.vocabulary.launch_spec import LaunchSpec

_KILL_SECONDS = 2.0  # for a supervisor that was asked to kill everything
_LOST_SECONDS = 2.0  # for one that says nothing any more, to be gone
_BEAT_MS = 30  # between two looks at how far an end has come


class LiveSession(QObject):
    """Emits, of one session:

    `events_received(list)` with each batch, `session_opened(path, notes)`,
    `messages_committed(last id)`, `launch_refused(sentence, request)`,
    `problem_occurred(sentence, traceback)`,
    `running_changed(dict)` with how many workers of each launched title live,
    `worker_restarted(process before, process now)`, `launch_asked(request)`,
    `workers_started(request, processes)` for what was launched here, `held_changed(bool)` when the
    supervisor leaves what it is asked unread, `dying()` when the supervisor has died,
    `lost(sentence)` when all that it left has been ended too, and `ended()` when it has left as it
    was asked to.
    """

    events_received = Signal(object)
    session_opened = Signal(str, object)
    messages_committed = Signal(object)
    launch_refused = Signal(str, int)
    problem_occurred = Signal(str, str)
    running_changed = Signal(object)
    worker_restarted = Signal(int, int)
    launch_asked = Signal(int)
    workers_started = Signal(int, object)
    held_changed = Signal(bool)
    dying = Signal()
    lost = Signal(str)
    ended = Signal()

    def __init__(self, client: Client, table: ProcessTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._table = table
        self._bridge = Bridge(client, self)
        self._bridge.batch_received.connect(self._on_batch)
        self._bridge.supervisor_lost.connect(self._on_lost)
        self._bridge.held_changed.connect(self.held_changed)
        self._asked: list[tuple[str, int, list[int]]] = []  # what, how, of which processes
        self._due = QTimer(self, singleShot=True, interval=0)
        self._due.timeout.connect(self._give)
        self._beat = QTimer(self, interval=_BEAT_MS)
        self._beat.timeout.connect(self._on_beat)
        self._ending: Ending | None = None
        self._alive = 0  # processes that lived when the supervisor died
        self._guarded = False
        self._titles: dict[int, str] = {}  # of what was asked for, by request
        self._running: dict[int, str] = {}  # title by number of a worker's root process
        self._restarts: dict[int, int] = {}  # the process to be replaced, by request
        self._leaving = False
        self.path = ""
        self.over = False  # nothing can be asked of it any more
        self.gone = False  # and nothing is left of it

    @property
    def run_folder(self) -> str:
        """Where the recorders of its processes lie."""
        return self._client.run_folder

    @property
    def tracer(self) -> Tracer | None:
        """Who looks into its processes, where the kernel wants one to be named."""
        return self._client.tracer

    def launch(self, spec: LaunchSpec) -> int:
        """Start `spec`; returns the request's number, or 0 when it could not be asked for."""
        return self._launch(spec, lambda: self._client.launch(spec))

    def _launch(self, spec: LaunchSpec, launch: Callable[[], int]) -> int:
        from spawnscope.core.client.command_socket import ClientError
        from spawnscope.core.launch.call import CallError
        from spawnscope.core.launch.interpreter import InterpreterError

        if not self._guarded:
            # Orphans of a supervisor that dies come to us: see Client.guard.
            self._client.guard()
            self._guarded = True
        self._give()
        try:
            request = launch()
        except (CallError, ClientError, InterpreterError) as error:
            self.launch_refused.emit(str(error), 0)
            return 0
        self._titles[request] = spec.title
        self.launch_asked.emit(request)
        self._bridge.sent()
        return request

    def run_alone(self, spec: LaunchSpec, payload: bytes, process: int) -> int:
        """Start a task that was kept, as `Client.run_alone` does; returns as `launch`."""
        return self._launch(spec, lambda: self._client.run_alone(spec, payload, process))

    def send_signal(self, process: int, number: int) -> None:
        """A signal to one process."""
        self._gather("signal", number, process)

    def stop(self, process: int, tree: bool) -> None:
        """Ask, wait, kill."""
        self._gather("stop", tree, process)

    def release(self, number: int, process: int) -> None:
        """Give a shared object back that a process held when it ended."""
        self._ask(functools.partial(self._client.release, number, process))

    def restart(self, process: int) -> None:
        """End a worker and start it again."""
        title = self._running.get(process)

        def restart() -> None:
            request = self._client.restart(process)
            self._restarts[request] = process
            if title is not None:
                self._titles[request] = title

        self._ask(restart)

    def read_all(self) -> None:
        """Have everything read now; see `Client.read_all`."""
        self._ask(self._client.read_all)

    def note(self, finding: Finding) -> None:
        """Have a finding written into the session."""
        self._ask(functools.partial(self._client.note, finding))

    def stop_all(self) -> None:
        """End the tree of every worker."""
        from spawnscope.core.vocabulary.events import Role

        for row in list(self._table):
            if row.role is Role.WORKER:
                self.stop(row.number, True)

    def leave(self) -> None:
        """Ask the supervisor to end everything and leave; `ended` follows."""
        self._leaving = True
        if self.gone:
            self.ended.emit()
        elif not self.over:
            self._ask(self._client.quit)

    def leave_now(self) -> None:
        """Do not wait for anybody: kill what runs, and the supervisor if it does not answer;
        `ended` follows."""
        self.leave()  # a second time, when it was asked already: then it kills
        if not self.gone:
            self._begin_ending(_KILL_SECONDS)

    def close(self) -> None:
        """Let go of the client; what still runs is ended."""
        self._let_go()
        self._client.close()

    def abandon(self) -> None:
        """Let go at once; the supervisor ends what still runs."""
        self._let_go()
        self._client.abandon()

    def _let_go(self) -> None:
        self.over = True
        self._bridge.close()
        self._due.stop()
        self._beat.stop()

    def _gather(self, what: str, how: int, process: int) -> None:
        """What is asked of many processes at once goes out as one command."""
        if not self._asked or self._asked[-1][:2] != (what, how):
            self._asked.append((what, how, []))
        self._asked[-1][2].append(process)
        self._due.start()

    def _give(self) -> None:
        asked, self._asked = self._asked, []
        self._due.stop()
        for what, how, processes in asked:
            if what == "stop":
                self._ask(functools.partial(self._client.stop, processes, tree=bool(how)))
            else:
                self._ask(functools.partial(self._client.signal, processes, how))

    def _ask(self, command: Callable[[], object]) -> None:
        from spawnscope.core.client.command_socket import ClientError

        self._give()
        try:
            command()
        except ClientError as error:
            self.problem_occurred.emit(str(error), "")
        self._bridge.sent()

    def _begin_ending(self, seconds: float) -> None:
        if self._ending is None:
            self._ending = self._client.begin_ending(seconds)
            self._beat.start()

    def _on_beat(self) -> None:
        """Whether the supervisor is gone, with its guardian and all that it had launched."""
        if self._ending is None or not self._ending.step():
            return
        self._let_go()
        self.gone = True
        if self._leaving:
            self.ended.emit()
            return
        if count := max(self._alive, self._ending.leftovers):
            self.lost.emit(
                trn(
                    "The supervisor has died. {count} process was ended with it. "
                    "What was recorded is kept.",
                    "The supervisor has died. {count} processes were ended with it. "
                    "What was recorded is kept.",
                    count,
                )
            )
        else:
            self.lost.emit(tr("The supervisor has died. What was recorded is kept."))

    def _on_batch(self, events: list[Event]) -> None:
        from spawnscope.core.sentences.notes import lack, said
        from spawnscope.core.sentences.stopping import stopping
        from spawnscope.core.vocabulary.codes import StopStep
        from spawnscope.core.vocabulary.events import (
            LaunchRefused,
            MessagesCommitted,
            Problem,
            ProcessExited,
            SessionOpened,
            StopProgress,
            WorkerStarted,
        )

        committed = None
        replaced: list[tuple[int, int]] = []
        launched: dict[int, list[int]] = {}  # by request
        running = len(self._running)
        try:
            for event in events:
                if isinstance(event, MessagesCommitted):
                    committed = event.last_id
                elif isinstance(event, SessionOpened):
                    from spawnscope.core.session.opening import trust

                    self.path = event.path
                    trust(event.path)
                    self.session_opened.emit(event.path, tuple(map(lack, event.lacks)))
                elif isinstance(event, LaunchRefused):
                    self.launch_refused.emit(said(event), event.request)
                elif isinstance(event, WorkerStarted):
                    self._running[event.process] = self._titles.get(event.request, event.title)
                    if event.request in self._restarts:
                        replaced.append((self._restarts.pop(event.request), event.process))
                    else:
                        launched.setdefault(event.request, []).append(event.process)
                elif isinstance(event, ProcessExited):
                    self._running.pop(event.process, None)
                elif isinstance(event, StopProgress):
                    if event.step is StopStep.FAILED:
                        self.problem_occurred.emit(stopping(event), "")
                elif isinstance(event, Problem):
                    self.problem_occurred.emit(said(event), event.traceback)
        finally:
            self.events_received.emit(events)
        for before, after in replaced:
            self.worker_restarted.emit(before, after)
        for request, processes in launched.items():
            self.workers_started.emit(request, processes)
        if len(self._running) != running:
            self.running_changed.emit(Counter(self._running.values()))
        if committed is not None:
            self.messages_committed.emit(committed)

    def _on_lost(self) -> None:
        self._alive = max(0, self._table.live_count - 1)
        self.over = True
        self._begin_ending(_LOST_SECONDS)
        if not self._leaving:
            self._running.clear()
            self.running_changed.emit({})
            self.dying.emit()
