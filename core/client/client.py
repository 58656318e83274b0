"""What the window and `record` hold in their hands: one supervisor, seen from outside.

    launch, stop, ...  --Command, SEQPACKET socket-->  supervisor
    receive()          <--Batch, SimpleQueue---------  supervisor

The process that we start is the supervisor's guardian. The first one of a program is forked
before Qt is loaded, which takes a millisecond. Once Qt is there a fork is unsafe, so a later one
is spawned.
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
import sys
import time
from typing import TYPE_CHECKING

from ..observe import proc_files, run_folder_place
from ..observe.tracer import new_tracer
from ..supervisor.guardian import guard
from ..translation import mark
from .command_socket import CommandSocket

# This module stands between the command line and the window's first paint: what is not needed
# to fork the supervisor is imported when it is used.
if TYPE_CHECKING:
    from collections.abc import Iterable
    from multiprocessing.queues import SimpleQueue

    import msgspec

    from ..vocabulary.events import Batch, Event
    from ..vocabulary.findings import Finding
    from ..vocabulary.launch_spec import LaunchSpec
    from .ending import Ending

_CLOSING_SECONDS = 5.0  # for a supervisor to end by itself when its client is closed


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
        stacks: bool = False,
    ) -> None:
        """`stacks`: whether somebody may ask for the Python stacks of processes."""
        self.tracer = new_tracer() if stacks else None
        self.session = os.urandom(4).hex()
        self.run_folder = run_folder_place.new_path()
        self._strangers = set(proc_files.read_children(os.getpid()))
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
            "tracer": self.tracer.name if self.tracer else "",
        }
        method = "spawn" if "PySide6.QtCore" in sys.modules else "fork"
        context = multiprocessing.get_context(method)
        self._queue: SimpleQueue[bytes] = context.SimpleQueue()
        self._commands = CommandSocket()
        theirs = self._commands.theirs
        reader = self._queue._reader  # type: ignore[attr-defined]
        ours = [self._commands, reader, *([self.tracer] if self.tracer else [])]
        copied = tuple(each.fileno() for each in ours) if method == "fork" else ()
        self._process = context.Process(  # type: ignore[attr-defined]
            target=guard, args=(settings, self._queue, theirs, copied), name="spawnscope"
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
        self._owner = os.getpid()
        self._closed = False
        self.lost = False
        atexit.register(self.abandon)

    @property
    def pid(self) -> int:
        """The supervisor's pid, once it has told us; the guardian's until then."""
        return self._supervisor or int(self._process.pid)

    def fileno(self) -> int:
        """Readable when there is something to `receive`, the supervisor's end included."""
        return int(self._reader.fileno())

    def receive(self, most: int = 64) -> list[Event]:
        """The events that wait, up to `most` batches; never blocks. Sets `lost` at the end."""
        import msgspec

        from ..vocabulary.events import Batch, Problem, SessionOpened

        if self._decoder is None:
            self._decoder = msgspec.msgpack.Decoder(Batch)
        events: list[Event] = []
        last = 0
        try:
            while most > 0 and not self._queue.empty():
                most -= 1
                try:
                    batch = self._decoder.decode(self._queue.get())
                except msgspec.DecodeError as error:  # it costs its own events, and no others
                    sentence = mark("Events of the supervisor could not be read: {error}.")
                    events.append(Problem(time.time_ns(), sentence, "", {"error": str(error)}))
                    continue
                events.extend(batch.events)
                last = batch.number
        except (EOFError, OSError):
            self.lost = True
        if not self._supervisor:
            opened = [e.supervisor_pid for e in events if isinstance(e, SessionOpened)]
            if opened:
                self._supervisor = opened[0]
                with contextlib.suppress(OSError):  # it may have ended since
                    self._pidfd = os.pidfd_open(self._supervisor)
        if self.lost:
            self._commands.close()
        else:
            self._commands.acknowledge(last)
        return events

    @property
    def commands(self) -> CommandSocket:
        """Where commands wait while the supervisor takes none: to be flushed when it does."""
        return self._commands

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
        self._commands.put(Launch(self._requests, pickle.dumps(spec), call))
        return self._requests

    def run_alone(self, spec: LaunchSpec, call: bytes, process: int = 0) -> int:
        """Start a task that was kept, by what `launch.alone` makes of it; in an environment like
        that of `process`, if there is one. The answer carries the number returned here."""
        import pickle

        from ..vocabulary.commands import Launch

        self._requests += 1
        self._commands.put(Launch(self._requests, pickle.dumps(spec), call, process))
        return self._requests

    def signal(self, processes: int | Iterable[int], number: int) -> None:
        """Send a signal to a process, or to each of several."""
        from ..vocabulary.commands import Signal

        self._commands.put(Signal(_each(processes), number))

    def stop(
        self, processes: int | Iterable[int], *, tree: bool = False, grace: float | None = None
    ) -> None:
        """End processes or their trees: ask, wait, kill; a grace of 0 kills at once."""
        from ..vocabulary.commands import Stop

        self._commands.put(Stop(_each(processes), tree, grace))

    def release(self, number: int, process: int) -> None:
        """Give a shared object back that a process held when it ended."""
        from ..vocabulary.commands import Release

        self._commands.put(Release(number, process))

    def restart(self, process: int) -> int:
        """End a worker and start it anew."""
        from ..vocabulary.commands import Restart

        self._requests += 1
        self._commands.put(Restart(self._requests, process))
        return self._requests

    def read_all(self) -> int:
        """Have everything read now; `AllRead` comes after all that differs, with this number."""
        from ..vocabulary.commands import ReadAll

        self._requests += 1
        if not self.lost:
            self._commands.put(ReadAll(self._requests))
        return self._requests

    def note(self, finding: Finding) -> None:
        """Have a finding written into the session."""
        from ..vocabulary.commands import Note

        if not self.lost:
            self._commands.put(Note(finding))

    def quit(self, when_idle: bool = False) -> None:
        """Ask the supervisor to end every worker and leave; `when_idle`: when all have ended."""
        from ..vocabulary.commands import Quit

        if not self.lost:
            self._commands.put(Quit(when_idle))

    def join(self, timeout: float) -> bool:
        """Wait for the supervisor's end; False when it still runs."""
        self._process.join(timeout)
        return self._process.exitcode is not None

    def begin_ending(self, patience: float = 0.0) -> Ending:
        """End the supervisor, with all below it, in steps that never block; it has `patience`
        seconds to do so by itself."""
        from .ending import Ending

        return Ending(self._process, self._pidfd, self.run_folder, self._strangers, patience)

    def end_leftovers(self, patience: float = 0.0) -> int:
        """All these steps at once: after the supervisor died, or when it is to end. Returns how
        many processes it and its guardian have left to us."""
        ending = self.begin_ending(patience)
        ending.finish()
        return ending.leftovers

    def guard(self) -> None:
        """From now on, whoever loses the supervisor becomes a child of this process."""
        from ..observe import kernel

        kernel.become_subreaper()

    def close(self) -> None:
        """Let go of everything; a supervisor that still runs is ended, with all below it."""
        if self._closed:
            return
        self._commands.close()
        if not self.begin_ending().are_gone:
            self.end_leftovers(_CLOSING_SECONDS)
        self.abandon()

    def abandon(self) -> None:
        """Let go and wait for nobody: the supervisor finds its client gone, and ends everything by
        itself. However this process comes to its end, that much happens."""
        if self._closed or os.getpid() != self._owner:
            return
        self._closed = True
        atexit.unregister(self.abandon)
        self._commands.close()
        if self.tracer:
            self.tracer.close()
        self._queue.close()
        del self._queue  # its semaphores go with it
        if self._process.exitcode is None:
            self.begin_ending(_CLOSING_SECONDS).step()  # a supervisor that is suspended wakes up
            # multiprocessing waits for its children when this process ends: not for this one.
            multiprocessing.process._children.discard(self._process)  # type: ignore[attr-defined]
        else:
            self._process.close()
        if self._pidfd >= 0:
            os.close(self._pidfd)
            self._pidfd = -1


def _each(processes: int | Iterable[int]) -> tuple[int, ...]:
    return (processes,) if isinstance(processes, int) else tuple(processes)
