"""A virtual X display of our own, for tests that need real windows, pointers and keys."""

from __future__ import annotations

import os
import select
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

SIZE = "1600x1000x24"
START_SECONDS = 20
OPTIONS = ("-noreset", "-nolisten", "tcp", "-dpi", "96")


class Display(str):
    """ ":N", with the X server behind it."""

    server: subprocess.Popen[bytes]


@contextmanager
def virtual_display(size: str = SIZE) -> Iterator[Display]:
    """Start Xvfb on a display number that it finds free itself; gives ":N", ends it after."""
    reader, writer = os.pipe()
    try:
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", size, *OPTIONS],
            pass_fds=[writer],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except BaseException:
        os.close(reader)
        raise
    finally:
        os.close(writer)
    try:
        with os.fdopen(reader, "rb", buffering=0) as answer:
            number = b""
            while not number.endswith(b"\n"):
                if not select.select([answer], [], [], START_SECONDS)[0]:
                    raise TimeoutError("Xvfb did not say which display it took")
                piece = answer.read(16)
                if not piece:
                    raise ChildProcessError(f"Xvfb ended with {server.wait()}")
                number += piece
        display = Display(f":{int(number)}")
        display.server = server
        yield display
    finally:
        server.terminate()
        server.send_signal(signal.SIGCONT)  # a test may have suspended it
        server.wait()
