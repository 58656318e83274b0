"""What is asked of workers and processes: launch, signal, stop, restart.

Command --> WorkerControl --> Launcher            --> WorkerStarted | LaunchRefused
                          --> Termination (one at a time) --> StopProgress
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import msgspec

from ..observe import proc_files
from ..sentences.outcome import named
from ..sentences.stopping import refused, stopping
from ..translation import mark, tr
from ..vocabulary.codes import StopStep
from ..vocabulary.events import HELPERS, LaunchRefused, StopProgress, WorkerStarted
from ..vocabulary.launch_spec import LaunchSpec, StartMethod, shape_faults
from ..vocabulary.secrets import masked
from . import outcome
from .journal import SessionJournal
from .known_process import KnownProcess, Sent, shown_text
from .launcher import Launcher, LaunchError, Worker
from .loop import EventLoop
from .process_registry import ProcessRegistry
from .process_watch import ProcessWatch
from .stopping import Termination
from .unreaped import Unreaped

_HANDING_ON_SECONDS = 0.5
_NOT_HANDED_ON = 255  # what multiprocessing makes of a forkserver that has died; or a status
_AGAIN_SECONDS = 0.01  # between two looks whether really nobody lives
_GRACE_SECONDS = 3.0  # for a process that no spec speaks of


class WorkerControl:
    """See the module. Processes are named by session number, so nobody else can be hit."""

    def __init__(
        self,
        loop: EventLoop,
        registry: ProcessRegistry,
        journal: SessionJournal,
        launcher: Launcher,
        watch: ProcessWatch,
        clock: Callable[[], int],
    ) -> None:
        self._loop = loop
        self._registry = registry
        self._journal = journal
        self._launcher = launcher
        self._watch = watch
        self._clock = clock
        self._workers: dict[int, Worker] = {}  # by number of the root process
        self._stops: dict[tuple[int, bool], Termination] = {}
        self._checking = False
        self._on_idle: Callable[[], None] | None = None
        self._found = -1  # what the registry had found when nobody lived
        self._restarts: dict[int, int] = {}  # requests, by number of the process to be replaced
        self._unreaped = Unreaped(loop, journal.tell)
        watch.exit_code_of = self._exit_code_of
        watch.on_ended = self._on_ended

    def launch(self, request: int, spec: LaunchSpec, call: bytes, like: int = 0) -> None:
        """Start `spec.count` workers, or say why not. `like`: see `Launch`."""
        record = self._registry.records.get(like)
        for worker in self._workers.values():
            if record is not None and worker.number == record.worker:
                both = {**worker.spec.environment, **spec.environment}
                spec = msgspec.structs.replace(spec, environment=both)
        faults = shape_faults(spec)
        if faults:
            self._refuse(request, LaunchError(faults[0].field, "{fault}", fault=faults[0].sentence))
            return
        self._watch.begin()
        for index in range(spec.count):
            name = f"{spec.title} {index + 1}" if spec.count > 1 else spec.title
            one = msgspec.structs.replace(spec, name=name, count=1)
            try:
                worker = self._launcher.start(one, call)
            except LaunchError as error:
                self._refuse(request, error)
                return
            self._tell_started(request, worker)

    def signal(self, process: int, number: int) -> None:
        """Send a signal to one process; that it has ended by now is said, not an error."""
        record = self._registry.records.get(process)
        if record is None or record is self._registry.root:
            return
        name = outcome.signal_name(number)
        whom = named(record.name, record.pid)
        sent = record.send(number)
        if sent is Sent.DONE:
            sentence = tr("Sent {name} to {process}.", name=name, process=whom)
        else:
            why = tr("it has ended")
            if sent is Sent.REFUSED and record.refusal is not None:
                why = refused(record.refusal)
            sentence = tr(
                "{name} was not sent to {process}: {why}.", name=name, process=whom, why=why
            )
        self._journal.note(record, sentence)

    def stop(self, process: int, tree: bool, grace: float | None) -> None:
        """Ask, wait, kill; see Termination. A restart that is under way ends with it, for good."""
        record = self._registry.records.get(process)
        if record is not None and record is not self._registry.root:
            if self._restarts.pop(process, None) is not None:
                sentence = tr("{name} is not started again: it was ended.", name=record.name)
                self._journal.note(record, sentence)
            self._begin_stop(record, tree, grace)

    def restart(self, request: int, process: int) -> None:
        """End a worker's tree, then launch its spec again, unless something of it lives on."""
        worker = self._workers.get(process)
        if worker is None:
            self._refuse(request, LaunchError("", mark("Only a worker can be restarted.")))
            return
        if process in self._restarts:
            sentence = mark("{name} is being restarted already.")
            self._refuse(request, LaunchError("", sentence, name=worker.record.name))
            return
        self._restarts[process] = request
        self._begin_stop(worker.record, True, None, self._on_stopped)

    def _on_stopped(self, stop: Termination) -> None:
        """The tree of a worker that was to be restarted has ended, or could not be ended."""
        self._forget(stop)
        request = self._restarts.pop(stop.target.number, None)
        if request is None:
            return  # it was ended for good meanwhile
        worker = self._workers[stop.target.number]
        if stop.failed:
            sentence = mark("{name} is not started again: something of it still lives.")
            self._refuse(request, LaunchError("", sentence, name=worker.record.name))
        else:
            self.launch(request, worker.spec, worker.call)

    def stop_everything(self, on_done: Callable[[Termination], None]) -> None:
        """End all that lives below the supervisor, with the longest grace that a spec gives."""
        self._restarts.clear()
        for record in self._registry.living():
            self._remark_outliving(record)
        graces = [self._grace_of(record) for record in self._registry.living()]
        self._begin_stop(self._registry.root, True, max(graces, default=0.0), on_done)

    def when_idle(self, on_idle: Callable[[], None]) -> None:
        """Call `on_idle` once, when all that was started has come to its own end."""
        self._on_idle = on_idle
        self._check_idle()

    def _check_idle(self) -> None:
        registry, on_idle = self._registry, self._on_idle
        if on_idle is None or not all(map(registry.is_helper, registry.living())):
            return
        # Two looks without anybody new: who ends in the middle of one can leave a child unseen.
        before, self._found = self._found, registry.found
        if registry.search() and registry.found == before:
            self._on_idle = None
            on_idle()
        else:
            self._loop.call_later(_AGAIN_SECONDS, self._check_idle)

    def _remark_outliving(self, record: KnownProcess) -> None:
        """What is ended although nobody asked for its end says so."""
        worker = self._registry.workers.get(record.worker or 0)
        if worker is None or worker.alive or record.role in HELPERS:
            return
        record.outlived = worker
        sentence = tr(
            "{process} has outlived {worker}; it is ended with the session.",
            process=named(record.name, record.pid),
            worker=named(worker.name, worker.pid),
        )
        self._journal.note(record, sentence)

    def kill_everything(self) -> None:
        """Do not wait for the grace that `stop_everything` gives."""
        stop = self._stops.get((self._registry.root.number, True))
        if stop is not None:
            stop.kill()

    def _tell_started(self, request: int, worker: Worker) -> None:
        record = worker.record
        self._workers[record.number] = worker
        self._registry.announce(record)
        described = _described(worker.spec)
        title = record.name
        self._journal.worker(worker.number, record.number, title, described)
        self._journal.tell(WorkerStarted(request, worker.number, record.number, title))
        self._watch.stir()

    def _refuse(self, request: int, error: LaunchError) -> None:
        self._journal.tell(LaunchRefused(request, error.field, error.sentence, error.values))

    def _begin_stop(
        self,
        record: KnownProcess,
        tree: bool,
        grace: float | None,
        on_done: Callable[[Termination], None] | None = None,
    ) -> None:
        """Begin, or join one that runs. `on_done` is called once; it has to `_forget` the stop."""
        stop = self._stops.get((record.number, tree))
        if stop is not None:
            stop.on_done = on_done or stop.on_done
            if grace is not None and grace <= 0:
                stop.kill()
            return
        stop = self._stops[record.number, tree] = Termination(
            self._loop,
            self._registry,
            record,
            tree=tree,
            grace=self._grace_of(record) if grace is None else grace,
            clock=self._clock,
            tell=self._tell_step,
            on_done=on_done or self._forget,
        )
        try:
            stop.begin()
        except BaseException:
            self._forget(stop)  # so that it can be tried again
            raise

    def _forget(self, stop: Termination) -> None:
        self._stops.pop((stop.target.number, stop.tree), None)

    def _tell_step(self, record: KnownProcess, event: StopProgress) -> None:
        if record is not self._registry.root or event.step is StopStep.FAILED:
            self._journal.note(record, stopping(event))
        self._journal.tell(event)

    def _on_ended(self, record: KnownProcess) -> None:
        self._unreaped.ended(record)
        if (self._stops or self._on_idle) and not self._checking:  # once in this turn of the loop
            self._checking = True
            self._loop.call_later(0, self._check_stops)

    def _check_stops(self) -> None:
        self._checking = False
        for stop in list(self._stops.values()):
            stop.check()
        self._check_idle()

    def _exit_code_of(self, record: KnownProcess) -> int | None:
        worker = self._workers.get(record.number)
        if worker is None:
            return None
        forkserver = worker.spec.start_method is StartMethod.FORKSERVER
        if forkserver:
            stat = proc_files.read_stat(record.pid)
            if stat is not None and stat.ppid == os.getpid():
                return None  # its forkserver was killed, and it came to us: it is ours to reap
        code = worker.process.exitcode
        if code is None and forkserver:
            # The forkserver, whose child it is, has yet to hand the status on.
            worker.process.join(_HANDING_ON_SECONDS)
            code = worker.process.exitcode
        if code is None or (forkserver and code == _NOT_HANDED_ON and self._lacks_parent(record)):
            return None
        return -code if code < 0 else code << 8

    def _lacks_parent(self, record: KnownProcess) -> bool:
        parent = self._registry.by_pid(record.ppid)
        return parent is None or not parent.alive

    def _grace_of(self, record: KnownProcess) -> float:
        root = self._registry.workers.get(record.worker or 0)
        worker = self._workers.get(root.number) if root else None
        return worker.spec.grace_seconds if worker else _GRACE_SECONDS


def _described(spec: LaunchSpec) -> str:
    """The spec as the session keeps it: JSON, without secrets, readable whatever bytes it holds."""
    try:
        return msgspec.json.encode(masked(spec), enc_hook=repr).decode()
    except UnicodeEncodeError:
        return shown_text(json.dumps(msgspec.to_builtins(masked(spec)), ensure_ascii=False))
