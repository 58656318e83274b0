"""The supervisor itself: what it does on a command and when something happens to a process."""

from __future__ import annotations

import os
import signal
import socket
import time
import traceback
from multiprocessing import resource_tracker
from multiprocessing.queues import SimpleQueue

import msgspec

from ..observe import kernel, proc_files
from ..observe.fork_events import Executed, Exited, ForkEvents, Forked
from ..observe.sampler import Sampler
from ..session.writer import SessionWriter
from ..vocabulary import commands
from ..vocabulary.events import (
    LaunchRefused,
    ProcessChanged,
    ProcessExited,
    ProcessStarted,
    Role,
    SessionOpened,
    Stream,
    StopProgress,
    StopStep,
    WorkerStarted,
)
from ..vocabulary.launch_spec import LaunchSpec, shape_faults
from ..vocabulary.secrets import masked
from . import outcome
from .journal import SessionJournal
from .launcher import Launcher, LaunchError, Worker, raise_file_limit
from .loop import EventLoop
from .outbox import Outbox
from .output_streams import OutputHub
from .passthrough import Passthrough
from .process_record import ProcessRecord
from .process_registry import ProcessRegistry
from .settings import Settings
from .stopping import Stop

_SAMPLE_SECONDS = 1.0
_SEARCHES = (0.01, 0.03, 0.1, 0.3)  # seconds after something stirred, where forks are not announced


class Supervisor:
    """Owns the workers of one session. `run` returns when the session is over."""

    def __init__(
        self, settings: Settings, queue: SimpleQueue[bytes], command_socket: socket.socket
    ) -> None:
        self._settings = settings
        self._commands = command_socket
        self._last_ns = 0
        self._loop = EventLoop(self._on_error)
        self._outbox = Outbox(self._loop, queue)
        writer = SessionWriter(settings.session_path, about=settings.about)
        self._journal = SessionJournal(self._loop, writer, self._outbox, self._clock, self._on_full)
        self._registry = ProcessRegistry(self._loop, settings.session, self._clock)
        self._registry.on_found = self._on_found
        self._registry.on_changed = self._on_changed
        self._registry.on_ended = self._on_ended
        self._output = OutputHub(
            self._loop, self._find_writer, self._journal.lines, self._journal.unfinished
        )
        self._launcher = Launcher(
            self._registry,
            self._output,
            session=settings.session,
            stdin=settings.stdin if settings.stdin >= 0 else os.open(os.devnull, os.O_RDONLY),
            group=settings.group,
            files=raise_file_limit(),
        )
        self._sampler = Sampler()
        self._sampling = False
        self._workers: dict[int, Worker] = {}  # by number of the root process
        self._stops: dict[tuple[int, bool], Stop] = {}
        self._quitting = False
        self._forks: ForkEvents | None = None
        self._passthroughs: list[Passthrough] = []
        self._decoder = msgspec.msgpack.Decoder(commands.Command)

    def run(self) -> None:
        """Serve until the window asks to quit, or is gone."""
        notes = self._listen()
        self._loop.watch(self._commands.fileno(), self._on_command)
        for stream, descriptor in self._settings.passthrough:
            passthrough = Passthrough(self._loop, descriptor)
            self._passthroughs.append(passthrough)
            self._output.pass_through(Stream(stream), passthrough)
        self._journal.tell(SessionOpened(self._settings.session_path, os.getpid(), notes))
        self._registry.announce(self._registry.root)
        self._loop.run()
        self._close()

    def _listen(self) -> tuple[str, ...]:
        kernel.become_subreaper()
        kernel.set_name("spawnscope")
        awake, self._awake = socket.socketpair()
        awake.setblocking(False)
        self._awake.setblocking(False)
        self._wakeup = awake
        signal.set_wakeup_fd(self._awake.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, frame: None)
        self._loop.watch(awake.fileno(), self._on_signal)
        self._subscribe()
        if self._forks is None:
            return ("Children that live for a few milliseconds and write nothing may be missed.",)
        self._unsubscribe()
        return ()

    def _subscribe(self) -> None:
        """Hear of forks, while there is somebody whose forks concern us."""
        if self._forks is None:
            try:
                self._forks = ForkEvents()
            except OSError:
                return
            self._loop.watch(self._forks.fileno(), self._on_forks)

    def _unsubscribe(self) -> None:
        """The forks of the whole machine would wake us for nothing."""
        if self._forks is not None:
            self._loop.unwatch(self._forks.fileno())
            self._forks.close()
            self._forks = None

    def _clock(self) -> int:
        self._last_ns = max(self._last_ns, time.time_ns())
        return self._last_ns

    # Commands

    def _on_command(self, events: int) -> None:
        try:
            data = self._commands.recv(1 << 20)
        except (BlockingIOError, InterruptedError):
            return
        except ConnectionResetError:
            data = b""
        if not data:
            self._loop.unwatch(self._commands.fileno())
            self._quit()
            return
        command = self._decoder.decode(data)
        if isinstance(command, commands.Acknowledge):
            self._outbox.acknowledge(command.number)
        elif isinstance(command, commands.Launch):
            self._launch(command.request, command.spec, command.call)
        elif isinstance(command, commands.Signal):
            self._signal(command.process, command.signal)
        elif isinstance(command, commands.Stop):
            self._stop(command)
        elif isinstance(command, commands.Restart):
            self._restart(command)
        else:
            self._quit()

    def _launch(self, request: int, spec: LaunchSpec, call: bytes) -> None:
        if self._quitting:
            return
        faults = shape_faults(spec)
        if faults:
            self._refuse(request, LaunchError(faults[0].field, faults[0].sentence))
            return
        self._subscribe()
        for index in range(spec.count):
            name = f"{spec.title} {index + 1}" if spec.count > 1 else spec.title
            one = msgspec.structs.replace(spec, name=name, count=1)
            try:
                self._launcher.start(
                    one, call, lambda worker, error: self._on_settled(request, worker, error)
                )
            except LaunchError as error:
                self._refuse(request, error)
                return

    def _refuse(self, request: int, error: LaunchError) -> None:
        self._journal.tell(LaunchRefused(request, error.field, str(error)))

    def _on_settled(self, request: int, worker: Worker, error: LaunchError | None) -> None:
        if error is not None:
            self._refuse(request, error)
            return
        record = worker.record
        self._workers[record.number] = worker
        self._registry.announce(record)
        described = msgspec.json.encode(masked(worker.spec), enc_hook=repr).decode()
        self._journal.worker(worker.number, record.number, worker.spec.title, described)
        self._journal.tell(
            WorkerStarted(request, worker.number, record.number, worker.spec.title)
        )
        self._stir()

    def _signal(self, process: int, number: int) -> None:
        record = self._registry.records.get(process)
        name = outcome.signal_name(number)
        if record is None or record is self._registry.root:
            return
        if record.alive and record.send(number):
            self._journal.note(record, f"Sent {name} to {record.name} (PID {record.pid}).")
        else:
            self._journal.note(
                record, f"{name} was not sent: {record.name} (PID {record.pid}) has ended."
            )

    def _stop(self, command: commands.Stop) -> None:
        record = self._registry.records.get(command.process)
        if record is not None and record is not self._registry.root:
            self._begin_stop(record, command.tree, command.grace_seconds)

    def _begin_stop(self, record: ProcessRecord, tree: bool, grace: float | None) -> Stop:
        running = self._stops.get((record.number, tree))
        if running is not None:
            if grace is not None and grace <= 0:
                running.kill()
            return running
        stop = Stop(
            self._loop,
            self._registry,
            record,
            tree=tree,
            grace=self._grace_of(record) if grace is None else grace,
            tell=self._tell_step,
            on_done=lambda stop: self._stops.pop((stop.target.number, stop.tree), None),
        )
        self._stops[record.number, tree] = stop
        stop.begin()
        if stop.done:
            self._stops.pop((record.number, tree), None)
        return stop

    def _grace_of(self, record: ProcessRecord) -> float:
        root = self._registry.workers.get(record.worker or 0)
        worker = self._workers.get(root.number) if root else None
        return worker.spec.grace_seconds if worker else 3.0

    def _restart(self, command: commands.Restart) -> None:
        worker = self._workers.get(command.process)
        if worker is None:
            self._refuse(command.request, LaunchError("", "Only a worker can be restarted."))
            return

        def launch(stop: Stop) -> None:
            self._stops.pop((stop.target.number, stop.tree), None)
            self._launch(command.request, worker.spec, worker.call)

        if not worker.record.alive and not worker.record.descendants():
            self._launch(command.request, worker.spec, worker.call)
            return
        stop = self._begin_stop(worker.record, True, None)
        if stop.done:
            self._launch(command.request, worker.spec, worker.call)
        else:
            stop.on_done = launch

    def _tell_step(self, record: ProcessRecord, tree: bool, step: StopStep, text: str) -> None:
        if record is not self._registry.root:
            self._journal.note(record, text)
        self._journal.tell(StopProgress(record.number, self._clock(), tree, step, text))

    # Processes

    def _find_writer(self, pid: int, worker: ProcessRecord) -> ProcessRecord:
        known = self._registry.by_pid(pid)
        if known is None and self._forks is not None:
            self._on_forks(0)
        record = self._registry.writer(pid, worker)
        if known is None:
            self._stir()
        return record

    def _on_forks(self, events: int) -> None:
        assert self._forks is not None
        happened, lost = self._forks.read()
        for event in happened:
            if isinstance(event, Forked):
                self._registry.forked(event.pid, event.parent, event.boot_ns)
                continue
            record = self._registry.by_pid(event.pid)
            if record is None or record.ended:
                continue
            if isinstance(event, Executed):
                self._registry.executed(event.pid)
            elif isinstance(event, Exited):
                record.status = event.status
                if record.pidfd < 0:
                    self._process_ended(record)
        if lost:
            self._registry.search()

    def _on_found(self, record: ProcessRecord) -> None:
        self._journal.started(
            ProcessStarted(
                process=record.number,
                pid=record.pid,
                start_ticks=record.start_ticks,
                time_ns=record.started_ns,
                parent=record.parent.number if record.parent else None,
                ppid=record.ppid,
                worker=record.worker,
                name=record.name,
                role=record.role,
                start_method=record.start_method,
                cmdline=record.cmdline,
            )
        )
        if record is not self._registry.root:
            self._registry.watch_exit(record, self._process_ended)
        self._sampler.add(record.number, record.pid)
        if not self._sampling:
            self._sampling = True
            self._loop.call_later(0.1, self._sample)

    def _on_changed(self, record: ProcessRecord) -> None:
        self._journal.changed(
            ProcessChanged(
                process=record.number,
                time_ns=self._clock(),
                ppid=record.ppid,
                name=record.name,
                role=record.role,
                start_method=record.start_method,
                cmdline=record.cmdline,
            )
        )

    def _process_ended(self, record: ProcessRecord) -> None:
        if self._launcher.settle_pending(record):
            return
        status = self._status_of(record)
        if self._forks is not None:
            self._on_forks(0)  # what it forked just before belongs under it
        self._output.settle(record)
        self._registry.end(record, status)

    def _status_of(self, record: ProcessRecord) -> int | None:
        worker = self._workers.get(record.number)
        if worker is not None and worker.record is record:
            code = worker.process.exitcode
            if code is not None:
                return -code if code < 0 else code << 8
        else:
            try:
                reaped, status = os.waitpid(record.pid, os.WNOHANG)
                if reaped:
                    return status
            except ChildProcessError:
                pass
        if record.status is not None:
            return record.status
        status_known = kernel.exit_status(record.pidfd) if record.pidfd >= 0 else None
        if status_known is not None:
            return status_known
        stat = proc_files.read_stat(record.pid)
        if stat is not None and stat.state == "Z" and stat.start_ticks == record.start_ticks:
            return stat.exit_status
        return None

    def _on_ended(self, record: ProcessRecord) -> None:
        self._sampler.remove(record.number)
        code, by_signal = outcome.exit_of(record.status)
        self._journal.exited(
            ProcessExited(
                process=record.number,
                pid=record.pid,
                time_ns=self._clock(),
                exit_code=code,
                signal=by_signal,
                outcome=outcome.sentence(record),
            )
        )
        for child in record.children:
            if child.alive:
                self._loop.call_later(0, lambda child=child: self._registry.look_again(child))
        for stop in list(self._stops.values()):
            stop.check()
        self._stir()

    def _on_signal(self, events: int) -> None:
        try:
            numbers = self._wakeup.recv(4096)
        except BlockingIOError:
            return
        if signal.SIGTERM in numbers or signal.SIGHUP in numbers:
            self._quit()
        if signal.SIGCHLD in numbers:
            self._reap()

    def _reap(self) -> None:
        """Take in children that ended, those that were re-parented to us and never seen too."""
        seen: set[int] = set()
        while True:
            try:
                info = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if info is None:
                return
            if info.si_pid in seen:
                os.waitpid(info.si_pid, os.WNOHANG)
                continue
            seen.add(info.si_pid)
            if self._forks is not None:
                self._on_forks(0)
            self._process_ended(self._registry.adopt(info.si_pid))

    def _sample(self) -> None:
        self._journal.samples(self._sampler.take(self._clock()))
        if self._registry.living():
            if self._forks is None:
                self._registry.search()
            self._loop.call_later(_SAMPLE_SECONDS, self._sample)
        else:
            self._sampling = False
            self._unsubscribe()

    def _stir(self) -> None:
        """Something happened: where the kernel does not announce forks, look a few times."""
        if self._forks is None:
            for seconds in _SEARCHES:
                self._loop.call_later(seconds, self._registry.search)

    # The end, and faults of our own

    def _quit(self) -> None:
        if self._quitting:
            return
        self._quitting = True
        graces = [self._grace_of(record) for record in self._registry.living()]
        stop = self._begin_stop(self._registry.root, True, max(graces, default=0.0))
        if stop.done:
            self._leave(stop)
        else:
            stop.on_done = self._leave

    def _leave(self, stop: Stop) -> None:
        for record in self._registry.living():
            if record.role is Role.FORKSERVER:
                record.send(signal.SIGKILL)
        tracker = resource_tracker._resource_tracker
        if getattr(tracker, "_pid", None) is not None and hasattr(tracker, "_stop"):
            tracker._stop()  # ours, not one that the window lent us
        self._loop.call_later(0, self._wait_for_output)

    def _wait_for_output(self) -> None:
        if self._output.waiting_passthrough():
            self._loop.call_later(0.02, self._wait_for_output)
        else:
            self._loop.stop()

    def _close(self) -> None:
        self._reap()
        for record in self._registry.living():
            record.send(signal.SIGKILL)
        self._output.close()
        self._journal.close()
        self._outbox.flush()

    def _on_full(self, full: bool) -> None:
        self._output.hold(full)

    def _on_error(self, error: BaseException) -> None:
        text = "".join(traceback.format_exception(error))
        self._journal.problem(f"The supervisor met an error and goes on: {error!r}", text)
