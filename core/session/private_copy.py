"""Reading a session that cannot be read where it lies: from a copy that nobody else ever sees.

    FILE, FILE-wal --copied--> files without a name --two names, for a moment--> SQLite --> no name

A file without a name is gone with whoever has it open, also after SIGKILL. SQLite finds a WAL only
by its name, so both have one while it folds the WAL into the copy; signals wait for that.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Callable

from .session_file import SessionFile

_FOLDERS = ("/var/tmp", "/dev/shm")  # where the usual one has no room, or knows no such files
_TRIES = 3  # a live session may be folded while we copy
_STOPPING = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


def open_copy(path: str, connected: Callable[[str], SessionFile]) -> SessionFile:
    """The session as it is now. `connected` opens a database to read and write it. Raises OSError,
    and what `connected` raises."""
    fault: OSError | None = None
    for folder in (tempfile.gettempdir(), *_FOLDERS):
        descriptors: list[int] = []
        try:
            for _ in range(_TRIES):
                _close(descriptors)
                before = os.stat(path)
                descriptors += [_copied(folder, path), _copied(folder, f"{path}-wal")]
                after = os.stat(path)
                if (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size):
                    break
            return _opened(folder, descriptors, connected)
        except OSError as error:
            fault = fault or error
        finally:
            _close(descriptors)
    assert fault is not None
    raise fault


def _copied(folder: str, path: str) -> int:
    """The descriptor of a nameless copy."""
    descriptor = os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        with open(path, "rb") as source, open(descriptor, "wb", closefd=False) as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _opened(
    folder: str, descriptors: list[int], connected: Callable[[str], SessionFile]
) -> SessionFile:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        place = tempfile.mkdtemp(prefix="spawnscope-", dir=folder)
        try:
            name = os.path.join(place, "session")
            _give_name(descriptors[0], name)
            _give_name(descriptors[1], f"{name}-wal")
            _close(descriptors)  # before SQLite locks what they belong to
            file = connected(name)
            try:
                file.rows(tuple[str], "PRAGMA journal_mode=DELETE")
                file.rows(tuple[()], "PRAGMA query_only=ON")
            except BaseException:
                file.close()
                raise
            return file
        finally:
            shutil.rmtree(place, ignore_errors=True)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _give_name(descriptor: int, name: str) -> None:
    # Only with a folder's descriptor does Python let the kernel follow the link.
    links = os.open("/proc/self/fd", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.link(str(descriptor), name, src_dir_fd=links, follow_symlinks=True)
    finally:
        os.close(links)


def _close(descriptors: list[int]) -> None:
    while descriptors:
        os.close(descriptors.pop())
