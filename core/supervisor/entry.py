"""Where the supervisor's process begins.

Called by multiprocessing in the new process: forked from a process that has not loaded Qt, or
spawned afresh when the window, which has, needs another supervisor.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
from typing import TYPE_CHECKING, Any

# Imported by the window before its first paint: everything else comes in the new process.
if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue


def supervise(
    options: dict[str, Any],
    queue: SimpleQueue[bytes],
    command_socket: socket.socket,
    not_ours: tuple[int, ...] = (),
) -> None:
    """Run one session. `options`: the fields of Settings; `not_ours`: descriptors of the window's
    ends, which a fork copied."""
    import contextlib

    for descriptor in not_ours:
        os.close(descriptor)
    if not not_ours:
        # spawn hands descriptors over as inheritable; our workers must not inherit them in turn.
        for entry in os.listdir("/proc/self/fd"):
            if int(entry) > 2:
                with contextlib.suppress(OSError):
                    os.set_inheritable(int(entry), False)
    if options["detach"]:
        os.setsid()
    else:
        # In the terminal's session, where workers may have its foreground, but out of reach of keys
        # and of what is sent to the group of `record`: whoever ends that leaves us to clean up.
        os.setpgid(0, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)  # we write to the terminal all the same
    command_socket.setblocking(False)
    import sqlite3

    import msgspec

    from .session_place import new_session_path
    from .settings import Settings
    from .supervisor import Supervisor

    settings = Settings(**options)
    if not settings.session_path:
        path = new_session_path(settings.session)
        settings = msgspec.structs.replace(settings, session_path=path)
    try:
        supervisor = Supervisor(settings, queue, command_socket)
    except OSError as error:
        _tell(queue, f"A session cannot begin in '{settings.session_path}': {error.strerror}.")
        return
    except sqlite3.Error as error:
        _tell(queue, f"A session cannot begin in '{settings.session_path}': {error}.")
        return
    # Nothing of what is loaded by now is ever garbage; not looking at it keeps forks cheap.
    gc.collect()
    gc.freeze()
    supervisor.run()


def _tell(queue: SimpleQueue[bytes], sentence: str) -> None:
    """Say why there will be no session; the end of the queue follows."""
    import time

    import msgspec

    from ..vocabulary.events import Batch, Problem
    from .process_record import shown_text

    problem = Problem(time.time_ns(), shown_text(sentence), "")
    queue.put(msgspec.msgpack.encode(Batch(1, (problem,))))
