"""The guardian: sits between the window and the supervisor, and does next to nothing but wait.

    window --fork or spawn--> guardian --fork--> supervisor --> workers --> ...

It asked the kernel to become the parent of whoever loses theirs below it. So when the supervisor
is killed, everything that it had launched, to any depth, comes to the guardian, which ends it. A
parent-death signal could not do that: it reaches the workers only, not what they started. And
should the guardian be killed as well, the same holds for the window.
"""

from __future__ import annotations

import contextlib
import os
import signal
from typing import TYPE_CHECKING, Any

# Imported by the window before its first paint: everything else comes in the new processes.
if TYPE_CHECKING:
    import socket
    from multiprocessing.queues import SimpleQueue


def guard(
    options: dict[str, Any],
    queue: SimpleQueue[bytes],
    command_socket: socket.socket,
    not_ours: tuple[int, ...] = (),
) -> None:
    """Called by multiprocessing in the new process: fork the supervisor, outlive it, clean up.

    `options`: the fields of Settings; `not_ours`: descriptors of the window's ends, which a fork
    copied.
    """
    window = os.getppid()
    for descriptor in not_ours:
        os.close(descriptor)
    if not not_ours:
        # spawn hands descriptors over as inheritable; workers must not inherit them in turn.
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
    supervisor = os.fork()
    if supervisor == 0:
        from .entry import supervise

        supervise(options, queue, command_socket)
        return
    # Only the supervisor may hold these, so that its end is the end of all of them.
    command_socket.close()
    queue._writer.close()  # type: ignore[attr-defined]
    for _, descriptor in options["passthrough"]:
        os.close(descriptor)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    _outlive(supervisor, window, options["run_folder"])


def _outlive(supervisor: int, window: int, run_folder: str) -> None:
    from ..observe import kernel, run_folder_place
    from .leftovers import end_children_except

    def wake(number: int = 0, frame: object = None) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(supervisor, signal.SIGCONT)

    kernel.become_subreaper()
    kernel.set_name("spawnscope-wait")
    # Whoever is suspended when the window ends could not learn that it is to end too.
    signal.signal(signal.SIGUSR1, wake)
    kernel.signal_when_parent_ends(signal.SIGUSR1)
    if os.getppid() != window:
        wake()
    os.waitpid(supervisor, 0)
    end_children_except(set())
    run_folder_place.remove(run_folder)
