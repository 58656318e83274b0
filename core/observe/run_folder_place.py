"""Where the recorders of a session lie, and how that folder is opened, and removed by whoever
outlives it.

/dev/shm/spawnscope-<uid>-<random>       in memory; the folder for temporary files elsewhere

Anybody can make entries in /dev/shm, but nobody can guess this name before it is ours, and nobody
else can take it while it is. So a session's folder is known by name only to those who were told,
and each of them opens it through `open_folder`: what is another user's, or open to others, is not
it.
"""

from __future__ import annotations

import contextlib
import os
import stat

SHARED_MEMORY = "/dev/shm"
_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def base() -> str:
    """The folder that holds the run folders."""
    if os.access(SHARED_MEMORY, os.W_OK | os.X_OK):
        return SHARED_MEMORY
    import tempfile

    return tempfile.gettempdir()


def prefix() -> str:
    """What the names of this user's run folders begin with."""
    return f"spawnscope-{os.geteuid()}-"


def new_path() -> str:
    """A name for the run folder of a new session; nothing is made."""
    return os.path.join(base(), prefix() + os.urandom(8).hex())


def open_folder(path: str) -> int:
    """A descriptor of a run folder, by which to reach what is in it. Raises OSError where there is
    none, or something else in its place: a link, another user's, one that others may enter."""
    return _opened(path, 0o077)


def _opened(path: str, forbidden: int) -> int:
    descriptor = os.open(path, _FLAGS)
    status = os.fstat(descriptor)
    if status.st_uid != os.geteuid() or status.st_mode & forbidden:
        os.close(descriptor)
        raise PermissionError(path)
    return descriptor


def open_file(name: str, flags: int, folder: int) -> int:
    """A descriptor of an ordinary file in a run folder, never of a link's target; does not wait
    for a pipe's other end. Raises OSError."""
    flags |= os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    descriptor = os.open(name, flags, 0o600, dir_fd=folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(name)
    return descriptor


def remove(path: str) -> None:
    """Remove a session's folder, also for a supervisor that was killed; harmless when there is
    nothing, or what is not ours."""
    with contextlib.suppress(OSError):
        folder = _opened(path, 0)  # a watched program may have changed its mode
        try:
            os.fchmod(folder, 0o700)
            _empty(folder)
        finally:
            os.close(folder)
        os.rmdir(path)


def _empty(folder: int) -> None:
    import shutil

    for name in os.listdir(folder):
        with contextlib.suppress(OSError):
            try:
                os.unlink(name, dir_fd=folder)
            except IsADirectoryError:  # a watched program may put anything here
                with contextlib.suppress(RecursionError):
                    shutil.rmtree(name, ignore_errors=True, dir_fd=folder)
