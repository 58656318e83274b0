"""Shared memory that a program has left in /dev/shm: removed when the user asks for it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from ..translation import tr

_FOLDER = "/dev/shm"


class NotRemoved(Exception):
    """Why it stays: one sentence."""


def remove_left(name: str) -> None:
    """Unlink what is called exactly so in /dev/shm, if it is the user's own and nobody has it open.
    Raises NotRemoved."""
    path = os.path.join(_FOLDER, name)
    if not name or os.path.basename(name) != name or name in (".", ".."):
        raise NotRemoved(tr("{name} is no name of shared memory.", name=name))
    try:
        status = os.lstat(path)
        if status.st_uid != os.geteuid():
            raise NotRemoved(tr("{path} is not removed: it belongs to another user.", path=path))
        for pid in _users(path, (status.st_dev, status.st_ino)):
            raise NotRemoved(
                tr("{path} is not removed: process {pid} has it open.", path=path, pid=str(pid))
            )
        os.unlink(path)
    except FileNotFoundError:
        raise NotRemoved(tr("{path} is gone already.", path=path)) from None
    except OSError as error:
        why = error.strerror or str(error)
        raise NotRemoved(tr("{path} is not removed: {error}.", path=path, error=why)) from None


def _users(path: str, file: tuple[int, int]) -> Iterator[int]:
    """The processes that have it mapped or open, as far as we may look into them."""
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        with contextlib.suppress(OSError):
            with open(f"/proc/{name}/maps", errors="surrogateescape") as maps:
                if any(line.rstrip("\n").endswith(path) for line in maps):
                    yield int(name)
                    continue
            for number in os.listdir(f"/proc/{name}/fd"):
                with contextlib.suppress(OSError):
                    status = os.stat(f"/proc/{name}/fd/{number}")
                    if (status.st_dev, status.st_ino) == file:
                        yield int(name)
                        break
