"""Which files are being written right now, by any Spawnscope of this machine.

    writer of a session, of --jsonl --claim--> one byte of the file, far behind its end
    who wants to write there --check_free----> asks the kernel, takes nothing

A claim is an "open file description lock" (fcntl(2)): it dies with its holder, whatever kills that,
and leaves no file behind. SQLite's own locks belong to a process, and are lost as soon as it closes
any descriptor of the file (https://sqlite.org/howtocorrupt.html, 2.2); so what this process has
open through SQLite is never opened here a second time: it is known to be in use.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import struct
from collections import Counter

from ..translation import mark, tr

COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite puts behind the name of a database."""

_BYTE = 1 << 40  # SQLite locks bytes from 1 << 30 on; on NFS a lock of the whole file would be one
_LOCK = struct.Struct("hhqqi4x")  # struct flock: type, whence, start, length, pid
_HELD = (errno.EAGAIN, errno.EACCES)
_WRITTEN = mark("another session or export is being written to it; choose another name")
_SHOWN = mark("it is a session that is open here; choose another name")

_open_here: Counter[tuple[int, int]] = Counter()  # device and inode


class FileInUseError(OSError):
    """Somebody writes this file. `strerror` goes after "... cannot be written: "."""


def claim(descriptor: int, path: str) -> None:
    """Say that this file is being written, until `release` or until the last process that has the
    descriptor, or inherited it, has ended. Raises FileInUseError."""
    try:
        fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, _lock(fcntl.F_WRLCK))
    except OSError as error:
        if error.errno in _HELD:
            raise FileInUseError(errno.EBUSY, tr(_WRITTEN), path) from None
        # A file system without locks: nobody can know.


def release(descriptor: int) -> None:
    """The opposite of `claim`, also for those that inherited the descriptor; closes it."""
    try:
        fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, _lock(fcntl.F_UNLCK))
    except OSError:
        pass
    os.close(descriptor)


def check_free(path: str) -> None:
    """Raises FileInUseError when `path`, or the session that it is a companion of, is being written
    or is open here. Anything else that may be wrong with it is for others to find."""
    check_alone(path)
    for suffix in COMPANIONS:
        if path.endswith(suffix):
            check_alone(path.removesuffix(suffix), path)


def check_alone(path: str, named: str = "") -> None:
    """`check_free` without the look at whose companion it may be. `named`: what to call it."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            return
        if (status.st_dev, status.st_ino) in _open_here:
            raise FileInUseError(errno.EBUSY, tr(_SHOWN), named or path)
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except FileInUseError:
        raise
    except (OSError, ValueError):
        return
    try:
        answer = fcntl.fcntl(descriptor, fcntl.F_OFD_GETLK, _lock(fcntl.F_WRLCK))
    except OSError:
        return
    finally:
        os.close(descriptor)
    if _LOCK.unpack(answer)[0] != fcntl.F_UNLCK:
        raise FileInUseError(errno.EBUSY, tr(_WRITTEN), named or path)


def opened_here(path: str) -> tuple[int, int]:
    """Note that SQLite has this file open in this process. Returns what `closed_here` takes."""
    status = os.stat(path)
    key = (status.st_dev, status.st_ino)
    _open_here[key] += 1
    return key


def closed_here(key: tuple[int, int]) -> bool:
    """SQLite has closed it once; whether it is open here no more."""
    _open_here[key] -= 1
    if not _open_here[key]:
        del _open_here[key]
    return key not in _open_here


def _lock(kind: int) -> bytes:
    return _LOCK.pack(kind, os.SEEK_SET, _BYTE, 1, 0)
