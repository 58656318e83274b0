"""What runs in the tracer: see `tracer`. A script of its own, with the window's socket as stdin.

A request is a command, its words parted by NUL, with the files for its output and its errors; the
answer is its exit status and 0, or -1 and why it could not be started. Whatever comes meanwhile, or
the window's end, ends the command.
"""

from __future__ import annotations

import os
import select
import signal
import socket


def serve(window: socket.socket) -> None:
    """Run what is asked for, one after another, until the window is gone."""
    while True:
        request, files, _, _ = socket.recv_fds(window, 65536, 2)
        if not request:
            return
        if len(files) != 2:
            continue  # an "end" of what had ended
        window.send(_run(window, request.decode().split("\0"), *files))
        for file in files:
            os.close(file)


def _run(window: socket.socket, command: list[str], out: int, err: int) -> bytes:
    actions = (
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, out, 1),
        (os.POSIX_SPAWN_DUP2, err, 2),
    )
    try:
        pid = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    except OSError as error:
        return f"-1 {error.errno}".encode()
    ended = os.pidfd_open(pid)
    if window.fileno() in select.select([window.fileno(), ended], [], [])[0]:
        os.kill(pid, signal.SIGKILL)
    os.close(ended)
    _, status = os.waitpid(pid, 0)
    return f"{os.waitstatus_to_exitcode(status)} 0".encode()


if __name__ == "__main__":
    with socket.socket(fileno=0) as asked:
        try:
            serve(asked)
        except ConnectionError:
            pass
