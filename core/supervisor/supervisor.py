"""The supervisor: composition, the commands it takes, how it begins and how it leaves."""

from __future__ import annotations

import functools
import os
import pickle
import signal
import socket
import traceback
from multiprocessing import resource_tracker
from multiprocessing.queues import SimpleQueue

import msgspec

from ..observe import kernel
from ..observe.session_clock import SessionClock
from ..session.writer import SessionWriter
from ..translation import mark
from ..vocabulary import commands
from ..vocabulary.codes import Lack
from ..vocabulary.events import AllRead, Role, SessionOpened, Stream
from .journal import SessionJournal
from .known_process import Sent, shown_text
from .launcher import Launcher, raise_file_limit
from .loop import EventLoop
from .outbox import Outbox
from .output_streams import OutputHub
from .passthrough import Passthrough
from .probe_place import probe_place
from .process_registry import ProcessRegistry
from .process_watch import ProcessWatch
from .recorders import Recorders
from .settings import Settings
from .stopping import Termination
from .worker_control import WorkerControl

_ROUND_SECONDS = 0.01  # between two rounds of reading where one is not enough
_OUTPUT_SECONDS = 0.02  # between two looks whether all output has been handed on, at the end


class Supervisor:
    """Owns the workers of one session. `run` returns when the session is over."""

    def __init__(
        self, settings: Settings, queue: SimpleQueue[bytes], command_socket: socket.socket
    ) -> None:
        self._settings = settings
        self._commands = command_socket
        clock = self._clock = SessionClock()
        self._quitting = False
        self._passthroughs: list[Passthrough] = []
        self._decoder = msgspec.msgpack.Decoder(commands.Command)
        loop = self._loop = EventLoop(self._on_error)
        self._outbox = Outbox(loop, queue)
        writer = SessionWriter(settings.session_path, about=settings.about, clock=clock.now_ns)
        self._journal = SessionJournal(loop, writer, self._outbox, clock.now_ns, self._on_full)
        self._registry = ProcessRegistry(loop, settings.session, clock)
        self._watch = ProcessWatch(loop, self._registry, self._journal, clock)
        self._output = OutputHub(
            loop,
            self._watch.find_writer,
            self._journal.lines,
            self._journal.unfinished,
            self._journal.mixed_lines,
        )
        self._watch.output = self._output
        self._recorders = self._new_recorders()
        folder = self._recorders.folder if self._recorders else ""
        launcher = Launcher(
            self._registry,
            self._output,
            session=settings.session,
            stdin=settings.stdin if settings.stdin != -1 else os.open(os.devnull, os.O_RDONLY),
            group=settings.group,
            files=raise_file_limit(),
            probe_folder=folder,
            probe_place=probe_place(folder) if folder else "",
            probe_options=settings.probe_options,
        )
        self._control = WorkerControl(
            loop, self._registry, self._journal, launcher, self._watch, clock.now_ns
        )

    def _new_recorders(self) -> Recorders | None:
        """None where processes are not to be instrumented, or nothing can be made for them."""
        if not self._settings.probe:
            return None
        try:
            recorders = Recorders(
                self._loop, self._registry, self._journal, self._clock, self._settings.run_folder
            )
        except OSError as error:
            sentence = mark("Nothing is instrumented: {error}.")
            self._journal.problem(sentence, error=str(error.strerror))
            return None
        self._watch.last_words = recorders.last_words
        self._watch.noted_status = recorders.forebears.status
        self._watch.on_begin = recorders.begin
        return recorders

    def run(self) -> None:
        """Serve until the window asks to quit, or is gone."""
        kernel.become_subreaper()
        kernel.set_name("spawnscope")
        self._take_signals()
        self._loop.watch(self._commands.fileno(), self._on_command)
        for stream, descriptor in self._settings.passthrough:
            passthrough = Passthrough(self._loop, descriptor)
            passthrough.on_failed = functools.partial(self._on_deaf, Stream(stream))
            self._passthroughs.append(passthrough)
            self._output.pass_through(Stream(stream), passthrough)
        heard = self._watch.hears_forks()
        if self._recorders is not None:
            self._recorders.strangers.all_forks_heard = heard
        lacks = () if heard else (Lack.SHORT_LIVED,)
        path = shown_text(self._settings.session_path)
        self._journal.tell(SessionOpened(path, os.getpid(), lacks, self._clock.offset_ns))
        self._registry.announce(self._registry.root)
        self._loop.run()
        self._close()

    def _take_signals(self) -> None:
        self._wakeup, self._waker = socket.socketpair()
        for end in (self._wakeup, self._waker):
            end.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        # SIGINT is for whoever launched us to decide; see `record`.
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # What was ignored stays so (nohup), here and in workers.
            if number == signal.SIGCHLD or signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda number, frame: None)
        self._loop.watch(self._wakeup.fileno(), self._on_signal)

    def _on_command(self, events: int) -> None:
        try:
            data = self._receive()
        except (BlockingIOError, InterruptedError):
            return
        except ConnectionResetError:
            data = b""
        if not data:  # the window is gone
            self._loop.unwatch(self._commands.fileno())
            if not self._quitting:
                self._quit()
            return
        command = self._decoder.decode(data)
        if isinstance(command, commands.Acknowledge):
            self._outbox.acknowledge(command.number)
        elif isinstance(command, commands.Quit):
            if command.when_idle and not self._quitting:
                self._control.when_idle(self._quit)
            else:
                self._quit()
        elif isinstance(command, commands.ReadAll):
            self._read_all(command.request)
        elif isinstance(command, commands.Note):
            self._journal.finding(command.finding)
        elif self._quitting:
            return
        elif isinstance(command, commands.Launch):
            spec = pickle.loads(command.spec)
            self._control.launch(command.request, spec, command.call, command.like)
        elif isinstance(command, commands.Signal):
            for process in command.processes:
                self._loop.call(self._control.signal, process, command.signal)
        elif isinstance(command, commands.Release):
            self._release(command)
        elif isinstance(command, commands.Stop):
            for process in command.processes:
                self._loop.call(self._control.stop, process, command.tree, command.grace_seconds)
        else:
            self._control.restart(command.request, command.process)

    def _read_all(self, request: int) -> None:
        time_ns = self._clock.now_ns()
        if self._recorders is None or self._recorders.read_all():
            self._journal.all_read(AllRead(request, time_ns))
        else:
            self._loop.call_later(_ROUND_SECONDS, functools.partial(self._read_all, request))

    def _release(self, command: commands.Release) -> None:
        if self._recorders is None:
            return
        if self._recorders.read_all():  # else its holder may have given it back meanwhile
            self._recorders.release(command.object, command.process)
        else:
            self._loop.call_later(_ROUND_SECONDS, functools.partial(self._release, command))

    def _receive(self) -> bytes:
        data, descriptors, _, _ = socket.recv_fds(self._commands, 1 << 20, 1)
        for descriptor in descriptors:  # a command too long for one message
            with open(descriptor, "rb") as source:
                data = source.read()
        return data

    def _on_signal(self, events: int) -> None:
        try:
            numbers = self._wakeup.recv(4096)
        except BlockingIOError:
            return
        if (signal.SIGTERM in numbers or signal.SIGHUP in numbers) and not self._quitting:
            self._quit()
        if signal.SIGCHLD in numbers:
            self._watch.reap()

    def _quit(self) -> None:
        if self._quitting:
            self._control.kill_everything()  # asked twice: nobody wants to wait
            return
        self._quitting = True
        try:
            self._control.stop_everything(self._on_everything_ended)
        except Exception as error:  # noqa: BLE001 - whatever failed, we leave, and kill what is left
            self._on_error(error)
            self._loop.stop()

    def _on_everything_ended(self, stop: Termination) -> None:
        for record in self._registry.living():
            if record.role is Role.FORKSERVER:
                record.send(signal.SIGKILL)
        tracker = resource_tracker._resource_tracker
        if getattr(tracker, "_pid", None) is not None and hasattr(tracker, "_stop"):
            tracker._stop()  # ours, not one that the window lent us
        self._loop.call_later(0, self._wait_for_output)

    def _wait_for_output(self) -> None:
        if self._output.waiting_passthrough():
            self._loop.call_later(_OUTPUT_SECONDS, self._wait_for_output)
        else:
            self._loop.stop()

    def _close(self) -> None:
        steps = [
            self._watch.reap,
            self._kill_the_rest,
            self._output.close,
            self._watch.close,
            self._recorders.close if self._recorders is not None else lambda: None,
            self._journal.close,
            self._outbox.flush,
        ]
        for step in steps:
            try:
                step()
            except Exception as error:  # noqa: BLE001 - the session is closed, whatever fails before
                self._on_error(error)

    def _kill_the_rest(self) -> None:
        rest = self._registry.living()
        self._watch.await_ends([r for r in rest if r.send(signal.SIGKILL) is not Sent.REFUSED])

    def _on_deaf(self, stream: Stream, error: OSError) -> None:
        sentence = mark("The {stream} cannot be written: {error}.")
        self._journal.problem(sentence, stream=stream.label, error=str(error.strerror))

    def _on_full(self, full: bool) -> None:
        self._output.hold(full)

    def _on_error(self, error: BaseException) -> None:
        text = "".join(traceback.format_exception(error))
        sentence = mark("The supervisor met an error and goes on: {error}")
        self._journal.problem(sentence, text, error=repr(error))
