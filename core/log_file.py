"""Our own faults, kept in a file of the user's log folder; the window shows the latest too."""

from __future__ import annotations

import contextlib
import os
import time

from .private_file import private

_LARGEST_BYTES = 1 << 20


def log_path() -> str:
    """Where the log lies; its folder may not exist yet."""
    import platformdirs

    return os.path.join(platformdirs.user_log_dir("spawnscope"), "spawnscope.log")


def log(sentence: str, details: str = "") -> None:
    """Append an entry. A log that cannot be written must not become a fault of its own."""
    path = log_path()
    stamp = time.strftime("%Y-%m-%d %H:%M:%S")
    entry = f"{stamp} [{os.getpid()}] {sentence}\n{details}".rstrip() + "\n"
    with contextlib.suppress(OSError):
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        if os.path.exists(path) and os.path.getsize(path) > _LARGEST_BYTES:
            os.replace(path, path + ".1")
        with open(path, "a", encoding="utf-8", errors="backslashreplace", opener=private) as file:
            file.write(entry)
