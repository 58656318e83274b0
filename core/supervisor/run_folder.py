"""The folder in which the processes of a session leave their recorders.

    /dev/shm/spawnscope-<uid>-<session>/
        tick                      word 0 counts our rounds of reading; held locked while we live
        <pid>-<created_ns>.rec    a recorder; .skipped: why there is none; .fault: why no more

What a supervisor that was killed leaves, its guardian removes, or else the next supervisor.
"""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
import re
import shutil
import stat
import tempfile
import time
from typing import NamedTuple

from ..observe import run_folder_place
from ..probe._spawnscope_probe import layout

_NAME = re.compile(r"([1-9]\d{0,9})-(\d{1,19})\.(rec|skipped|fault)")
_STALE_SECONDS = 60.0  # a folder younger than this may be about to be locked
_LONGEST_REASON = 2000


class FoundFile(NamedTuple):
    """A file that a process left. `created_ns`: of CLOCK_MONOTONIC; `kind`: the suffix."""

    path: str
    pid: int
    created_ns: int
    kind: str


class RunFolder:
    """Makes the folder, finds what is new in it, and removes it at the end."""

    def __init__(self, session: str) -> None:
        """Raises OSError."""
        base, prefix = run_folder_place.base(), run_folder_place.prefix()
        _remove_stale(base, prefix)
        self.path = run_folder_place.place_of(session)
        try:
            os.mkdir(self.path, 0o700)
        except FileExistsError:
            self.path = tempfile.mkdtemp(prefix=f"{prefix}{session}-", dir=base)
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC
        self._tick = os.open(os.path.join(self.path, "tick"), flags, 0o600)
        fcntl.flock(self._tick, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.posix_fallocate(self._tick, 0, layout.TICK_BYTES)
        self._page = mmap.mmap(self._tick, layout.TICK_BYTES)
        self._words = memoryview(self._page).cast("Q")
        self._seen: set[str] = set()
        self._mtime = -1
        self._settled = False

    def tick(self) -> None:
        """A round of reading is over."""
        self._words[0] += 1

    def new_files(self) -> list[FoundFile]:
        """What has come since the last call, oldest first. Costs one stat if nothing did."""
        try:
            mtime = os.stat(self.path).st_mtime_ns
            # The clock behind it is coarse: what came right after a look may not move it.
            if mtime == self._mtime and self._settled:
                return []
            self._settled = mtime == self._mtime
            self._mtime = mtime
            names = os.listdir(self.path)
        except OSError:
            return []
        found = []
        for name in names:
            match = _NAME.fullmatch(name)
            if match is not None and name not in self._seen:
                self._seen.add(name)
                path = os.path.join(self.path, name)
                found.append(FoundFile(path, int(match[1]), int(match[2]), match[3]))
        found.sort(key=lambda file: file.created_ns)
        return found

    def discard(self, path: str) -> None:
        """A file is not needed any more."""
        with contextlib.suppress(OSError):
            os.unlink(path)
        self._seen.discard(os.path.basename(path))

    def close(self) -> None:
        """Remove the folder with all that is in it."""
        self._words.release()
        self._page.close()
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._tick)


def read_reason(path: str) -> str:
    """What a process says of itself, as one line; "" where nothing can be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return ""
            data = os.read(descriptor, 1 << 16)
        finally:
            os.close(descriptor)
    except OSError:
        return ""
    lines = [line.strip() for line in data.decode("utf-8", "backslashreplace").splitlines()]
    lines = [line for line in lines if line] or [""]
    return lines[-1 if lines[0].startswith("Traceback") else 0][:_LONGEST_REASON]


def _remove_stale(base: str, prefix: str) -> None:
    try:
        names = [name for name in os.listdir(base) if name.startswith(prefix)]
    except OSError:
        return
    for name in names:
        folder = os.path.join(base, name)
        with contextlib.suppress(OSError):
            status = os.stat(folder, follow_symlinks=False)
            if status.st_uid != os.getuid() or time.time() - status.st_mtime < _STALE_SECONDS:
                continue
            tick = os.open(os.path.join(folder, "tick"), os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(tick, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(tick)
