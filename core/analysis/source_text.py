"""The text of a program's file, as a place in a session names it."""

from __future__ import annotations

import os
import stat

_LARGEST = 2_000_000  # bytes of a file that is looked at


def source_text(path: str) -> tuple[str, int] | None:
    """The text, and when it was changed last (Unix time, ns); None where it cannot be had.

    What a session names is looked at with care: only a plain Python file of moderate size. Whoever
    wrote the session may have named a pipe, which would have us wait for ever.
    """
    if not (path.endswith(".py") and os.path.isabs(path)):
        return None
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
                return None
            return file.read().decode("utf-8", "replace"), found.st_mtime_ns
    except (OSError, ValueError):
        return None
