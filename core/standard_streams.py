"""The standard streams that a command was given, looked at before anything else opens a file."""

from __future__ import annotations

import os
import sys


def open_standard_streams() -> set[int]:
    """Which of 0, 1 and 2 are open. The others become /dev/null, so that no descriptor of ours
    takes their places: a newer libffi, for one, opens itself for good when ctypes is loaded."""
    found = set()
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
            found.add(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    if sys.stderr is None:
        sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115 - for as long as we run
    return found


def has_terminal() -> bool:
    """Whether a terminal controls us. A program may read from it also where stdin is a pipe."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
