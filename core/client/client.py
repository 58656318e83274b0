"""What the window and `record` hold in their hands: one supervisor, seen from outside.

    launch, stop, ...  --Command, SEQPACKET socket-->  supervisor
    receive()          <--Batch, SimpleQueue---------  supervisor

The process that we start is the supervisor's guardian. The first one of a program is forked
before Qt is loaded, which takes a millisecond. Once Qt is there a fork is unsafe, so a later one
is spawned.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

from ..observe import run_folder_place
from ..supervisor.guardian import guard

# This module stands between the command line and the window's first paint: what is not needed
# to fork the supervisor is imported when it is used.
if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue

    import msgspec

    from ..vocabulary.commands import Command
    from ..vocabulary.events import Batch, Event
    from ..vocabulary.launch_spec import LaunchSpec

_GUARDIAN_SECONDS = 10.0  # to end what a dead supervisor left
_LARGEST_MESSAGE = 100_000  # bytes; what a socket takes in one piece with default limits


class ClientError(Exception):
    """A command could not be given: one sentence."""


class Client:
    """A running supervisor. All calls come from one thread, the one that calls `receive`.
    `run_folder`: where its recorders lie."""

    def __init__(
        self,
        *,
        session_path: str = "",
        about: dict[str, str] | None = None,
        stdin: int = -1,
        passthrough: tuple[tuple[int, int], ...] = (),
        group: str = "session",
        detach: bool = True,
        probe: bool = True,
        previews: bool = True,
    ) -> None:
        self.session = os.urandom(4).hex()
        self.run_folder = run_folder_place.new_path()
        settings = {
            "session": self.session,
            "session_path": session_path,
            "about": about or {},
            "run_folder": self.run_folder,
            "stdin": stdin,
            "passthrough": passthrough,
            "group": group,
            "detach": detach,
            "probe": probe,
            "previews": previews,
        }
        method = "spawn" if "PySide6.QtCore" in sys.modules else "fork"
        context = multiprocessing.get_context(method)
        self._queue: SimpleQueue[bytes] = context.SimpleQueue()
        self._commands, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        reader = self._queue._reader  # type: ignore[attr-defined]
        ours = (self._commands.fileno(), reader.fileno()) if method == "fork" else ()
        self._process = context.Process(  # type: ignore[attr-defined]
            target=guard, args=(settings, self._queue, theirs, ours), name="spawnscope"
        )
        self._process.start()
        theirs.close()
        # The supervisor alone may hold the writing end: its end is our end of file.
        self._queue._writer.close()  # type: ignore[attr-defined]
        self._decoder: msgspec.msgpack.Decoder[Batch] | None = None
        self._reader = reader
        self._requests = 0
        self._supervisor = 0
        self._pidfd = -1
        self.lost = False

    @property
    def pid(self) -> int:
        """The supervisor's pid, once it has told us; the guardian's until then."""
        return self._supervisor or int(self._process.pid)

    def fileno(self) -> int:
        """Readable when there is something to `receive`, the supervisor's end included."""
        return int(self._reader.fileno())

    def receive(self, most: int = 64) -> list[Event]:
        """The events that wait, up to `most` batches; never blocks. Sets `lost` at the end."""
        from ..vocabulary.commands import Acknowledge
        from ..vocabulary.events import SessionOpened

        if self._decoder is None:
            import msgspec

            from ..vocabulary.events import Batch

            self._decoder = msgspec.msgpack.Decoder(Batch)
        events: list[Event] = []
        last = 0
        try:
            while most > 0 and not self._queue.empty():
                batch = self._decoder.decode(self._queue.get())
                events.extend(batch.events)
                last = batch.number
                most -= 1
        except (EOFError, OSError):
            self.lost = True
        if not self._supervisor:
            opened = [e.supervisor_pid for e in events if isinstance(e, SessionOpened)]
            if opened:
                self._supervisor = opened[0]
                with contextlib.suppress(OSError):  # it may have ended since
                    self._pidfd = os.pidfd_open(self._supervisor)
        if last and not self.lost:
            self._send(Acknowledge(last))
        return events

    def launch(self, spec: LaunchSpec) -> int:
        """Start what `spec` says; the answer carries the number returned here."""
        import pickle

        import msgspec

        from ..vocabulary.commands import Launch
        from ..vocabulary.launch_spec import TargetKind, absolute

        call = b""
        spec = absolute(spec, os.getcwd())
        if spec.kind is TargetKind.FUNCTION:
            from ..launch.call import pickle_call

            call = pickle_call(spec.arguments, spec.keywords)
            spec = msgspec.structs.replace(spec, arguments=(), keywords={})
        if spec.kind is not TargetKind.COMMAND:
            from ..launch.interpreter import is_own, locate

            interpreter = locate(spec.interpreter)
            if spec.kind is TargetKind.FUNCTION and is_own(interpreter):
                interpreter = sys.executable  # then multiprocessing itself can start it
            spec = msgspec.structs.replace(spec, interpreter=interpreter)
        self._requests += 1
        self._send(Launch(self._requests, pickle.dumps(spec), call))
        return self._requests

    def signal(self, process: int, number: int) -> None:
        """Send a signal to one process."""
        from ..vocabulary.commands import Signal

        self._send(Signal(process, number))

    def stop(self, process: int, *, tree: bool = False, grace: float | None = None) -> None:
        """End a process or its tree: ask, wait, kill; a grace of 0 kills at once."""
        from ..vocabulary.commands import Stop

        self._send(Stop(process, tree, grace))

    def restart(self, process: int) -> int:
        """End a worker and start it anew."""
        from ..vocabulary.commands import Restart

        self._requests += 1
        self._send(Restart(self._requests, process))
        return self._requests

    def quit(self) -> None:
        """Ask the supervisor to end every worker and leave."""
        from ..vocabulary.commands import Quit

        if not self.lost:
            self._send(Quit())

    def join(self, timeout: float) -> bool:
        """Wait for the supervisor's end; False when it still runs."""
        self._process.join(timeout)
        return self._process.exitcode is not None

    def close(self) -> None:
        """Let go of everything; a supervisor that still runs is ended, with all below it."""
        if self._process.exitcode is None:
            self._commands.close()
            if not self.join(5):
                self.kill_supervisor()
                self.end_leftovers()
        self._commands.close()
        self._queue.close()
        self._process.join()
        self._process.close()
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1

    def guard(self) -> None:
        """From now on, whoever loses the supervisor becomes a child of this process."""
        from ..observe import kernel

        kernel.become_subreaper()

    def end_leftovers(self) -> int:
        """After the supervisor died: let the guardian end what was below it, and do it ourselves
        when that is gone too; how many we had to end."""
        from ..supervisor.leftovers import end_children_except

        self._process.join(_GUARDIAN_SECONDS)
        ended = end_children_except(_own_children())
        run_folder_place.remove(self.run_folder)
        return ended

    def kill_supervisor(self) -> None:
        """SIGKILL to a supervisor that does not answer any more; its guardian does the rest."""
        if self._process.exitcode is None:
            self.guard()
            if self._pidfd >= 0:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            else:  # it never told us who it is; its guardian is ours to kill
                self._process.kill()
            self._process.join(_GUARDIAN_SECONDS)

    def _send(self, command: Command) -> None:
        import msgspec

        from ..vocabulary.commands import Acknowledge

        data = msgspec.msgpack.encode(command)
        try:
            if len(data) > _LARGEST_MESSAGE:
                self._send_as_file(data)
            else:
                self._commands.send(data, socket.MSG_DONTWAIT)
        except BlockingIOError:
            raise ClientError("The supervisor does not take commands: is it stopped?") from None
        except OSError:
            if not isinstance(command, Acknowledge):
                raise ClientError("The supervisor has ended; start a new session.") from None

    def _send_as_file(self, data: bytes) -> None:
        """A long command (thousands of arguments) travels as a file in memory."""
        memory = os.memfd_create("spawnscope-command")
        try:
            with open(memory, "wb", closefd=False) as sink:
                sink.write(data)
            os.lseek(memory, 0, os.SEEK_SET)
            socket.send_fds(self._commands, [b"\0"], [memory], socket.MSG_DONTWAIT)
        finally:
            os.close(memory)


def _own_children() -> set[int]:
    """Children of this process that never were below a supervisor: multiprocessing's helper."""
    from multiprocessing import resource_tracker

    helper = getattr(resource_tracker._resource_tracker, "_pid", None)
    return {helper} if helper else set()
