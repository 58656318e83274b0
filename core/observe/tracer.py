"""A process of its own that looks into watched processes, where they must name who may.

    window --socket: command, two files--> tracer --posix_spawn--> py-spy --reads--> a process
                                             '-- named by the probe in each: PR_SET_PTRACER

With kernel.yama.ptrace_scope = 1 (Ubuntu has it) a process can be looked into by its ancestors, and
by one process that it names, with all below that. The window or the supervisor would be the wrong
one to name: below them are all programs that they launched, and each could look into the others.
Below the tracer there is only the py-spy that it runs. It must be there before what names it, and
its end takes the right back.

Started before Qt is loaded: light imports only.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING

from . import ptrace

if TYPE_CHECKING:
    import subprocess

SETTING = "SPAWNSCOPE_TRACER"
"""In our environment: "no" where nothing is to be named."""


class Tracer:
    """A running tracer. `run` may be called by any thread, the rest by the one that made it."""

    def __init__(self) -> None:
        """Start it. Raises OSError."""
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        program = os.path.join(os.path.dirname(__file__), "tracer_process.py")
        null = os.open(os.devnull, os.O_RDWR)
        try:
            # Of a group of its own, out of reach of a terminal's keys.
            self.pid = os.posix_spawn(
                sys.executable,
                [sys.executable, "-I", "-S", program],
                os.environ,
                file_actions=[
                    (os.POSIX_SPAWN_DUP2, theirs.fileno(), 0),
                    (os.POSIX_SPAWN_DUP2, null, 1),
                    (os.POSIX_SPAWN_DUP2, null, 2),
                ],
                setpgroup=0,
            )
        except OSError:
            self._socket.close()
            raise
        finally:
            os.close(null)
            theirs.close()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """What the probe is told: the pid, and the pid namespace in which it is that."""
        return f"{self.pid}:{os.stat('/proc/self/ns/pid').st_ino}"

    def fileno(self) -> int:
        """Our end, which nobody else may hold: its end is the tracer's."""
        return self._socket.fileno()

    def run(
        self, command: list[str], deadline: float, cancel: threading.Event
    ) -> subprocess.CompletedProcess[bytes]:
        """See py_spy.Runner: in a child of the tracer."""
        import subprocess

        from .py_spy import LOOK_SECONDS, check, run_here

        out, err = os.memfd_create("out"), os.memfd_create("err")
        try:
            with self._lock:
                socket.send_fds(self._socket, ["\0".join(command).encode()], [out, err])
                try:
                    while not select.select([self._socket], [], [], LOOK_SECONDS)[0]:
                        check(deadline, cancel)
                except BaseException:
                    self._socket.send(b"end")
                    self._socket.recv(64)
                    raise
                answer = self._socket.recv(64)
            if not answer:
                raise ConnectionError
            status, error = map(int, answer.split())
            if error:
                raise FileNotFoundError(error, os.strerror(error))
            return subprocess.CompletedProcess(command, status, _content(out), _content(err))
        except ConnectionError:  # it was killed
            return run_here(command, deadline, cancel)
        finally:
            os.close(out)
            os.close(err)

    def close(self) -> None:
        """End it."""
        self._socket.close()
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


def new_tracer() -> Tracer | None:
    """A tracer where one is needed and wanted; None elsewhere, and where it cannot be started."""
    if not ptrace.must_be_named() or os.environ.get(SETTING) == "no":
        return None
    try:
        return Tracer()
    except OSError:
        return None


def _content(file: int) -> bytes:
    return os.pread(file, os.fstat(file).st_size, 0)
