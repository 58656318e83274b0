"""The folder in which the processes of a session leave their recorders.

    /dev/shm/spawnscope-<uid>-<random>/
        tick                      word 0 counts our rounds of reading; held locked while we live
        <pid>-<created_ns>.rec    a recorder; .skipped: why there is none; .fault: why no more

What a supervisor that was killed leaves, its guardian removes, or else the next supervisor. Watched
processes may do anything in here, so everything is reached through one descriptor, nothing is
mapped (who cuts a mapped file short ends those that read it), and a look takes in only so much.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import struct
import time
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from ..observe import run_folder_place
from ..observe.run_folder_place import open_file, open_folder
from ..probe._spawnscope_probe import layout

if TYPE_CHECKING:
    from os import _ScandirIterator

_NAME = re.compile(r"([1-9]\d{0,9})-(\d{1,18})\.(rec|skipped|fault)")
_STALE_SECONDS = 60.0  # a folder younger than this may be about to be locked
_LONGEST_REASON = 2000
_MOST_ENTRIES = 1000  # that one look takes in; the next one goes on from there
_COARSE_CLOCK = 5  # CLOCK_REALTIME_COARSE, for which Python has no name
_MOST_FILES = 20_000  # that are known at a time: more than processes can live


class FoundFile(NamedTuple):
    """A file that a process left. `created_ns`: of CLOCK_MONOTONIC; `kind`: the suffix."""

    name: str
    pid: int
    created_ns: int
    kind: str


class RunFolder:
    """Makes the folder, finds what is new in it, and removes it at the end. `descriptor`: of the
    folder; `overfull`: it held more files than are looked at."""

    def __init__(self, path: str) -> None:
        """Raises OSError, also when there is something at `path` already."""
        _remove_stale()
        self.path = path
        self.overfull = False
        os.mkdir(path, 0o700)
        self.descriptor = open_folder(path)
        try:
            flags = os.O_CREAT | os.O_EXCL | os.O_RDWR
            self._tick = open_file("tick", flags, self.descriptor)
            fcntl.flock(self._tick, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.posix_fallocate(self._tick, 0, layout.TICK_BYTES)
        except OSError:
            os.close(self.descriptor)
            run_folder_place.remove(path)
            raise
        self._rounds = 0
        self._seen: set[str] = set()
        self._mtime = -1
        self._settled = False
        self._entries: _ScandirIterator[str] | None = None  # of a look that is under way

    def tick(self) -> None:
        """A round of reading is over."""
        self._rounds += 1
        with contextlib.suppress(OSError):  # there may be no room for what somebody cut off
            os.pwrite(self._tick, struct.pack("=Q", self._rounds), 0)

    def new_files(self) -> list[FoundFile]:
        """What has come since the last call, oldest first. Costs one stat if nothing did."""
        try:
            if self._entries is None:
                if not self._changed():
                    return []
                self._entries = os.scandir(self.descriptor)
            names = [entry.name for entry in islice(self._entries, _MOST_ENTRIES)]
        except OSError:
            return []
        if len(names) < _MOST_ENTRIES:
            self._entries.close()
            self._entries = None
        found = []
        for name in names:
            match = _NAME.fullmatch(name)
            if match is None or name in self._seen:
                continue
            if len(self._seen) >= _MOST_FILES:
                self.overfull = True
                break
            self._seen.add(name)
            found.append(FoundFile(name, int(match[1]), int(match[2]), match[3]))
        found.sort(key=lambda file: file.created_ns)
        return found

    def _changed(self) -> bool:
        # The clock behind it is coarse: what comes in the same tick as a look does not move it, so
        # only a look after that tick is the last one.
        now = time.clock_gettime_ns(_COARSE_CLOCK)
        mtime = os.fstat(self.descriptor).st_mtime_ns
        if mtime == self._mtime and self._settled:
            return False
        self._settled = mtime < now
        self._mtime = mtime
        return True

    def discard(self, name: str) -> None:
        """A file is not needed any more."""
        with contextlib.suppress(OSError):
            os.unlink(name, dir_fd=self.descriptor)
        self._seen.discard(name)

    def is_small(self) -> bool:
        """Whether there is too little room for recorders of the usual size."""
        status = os.fstatvfs(self.descriptor)
        return status.f_bavail * status.f_frsize < layout.LARGEST_BYTES * layout.SHARE

    def read_reason(self, name: str) -> str:
        """What a process says of itself in a file, as one line; "" where nothing can be read."""
        try:
            file = open_file(name, os.O_RDONLY, self.descriptor)
            try:
                data = os.read(file, 1 << 16)
            finally:
                os.close(file)
        except OSError:
            return ""
        lines = [line.strip() for line in data.decode("utf-8", "backslashreplace").splitlines()]
        lines = [line for line in lines if line] or [""]
        return lines[-1 if lines[0].startswith("Traceback") else 0][:_LONGEST_REASON]

    def close(self) -> None:
        """Remove the folder with all that is in it."""
        if self._entries is not None:
            self._entries.close()
        os.close(self.descriptor)
        run_folder_place.remove(self.path)
        os.close(self._tick)


def _remove_stale() -> None:
    """What sessions left whose supervisor was killed, and its guardian with it."""
    base, prefix = run_folder_place.base(), run_folder_place.prefix()
    with contextlib.suppress(OSError):
        for name in os.listdir(base):
            if name.startswith(prefix):
                with contextlib.suppress(OSError):
                    _remove_if_stale(os.path.join(base, name))


def _remove_if_stale(path: str) -> None:
    folder = open_folder(path)
    try:
        if time.time() - os.fstat(folder).st_mtime < _STALE_SECONDS:
            return
        tick = open_file("tick", os.O_RDWR, folder)
    finally:
        os.close(folder)
    try:
        fcntl.flock(tick, fcntl.LOCK_EX | fcntl.LOCK_NB)
        run_folder_place.remove(path)
    finally:
        os.close(tick)
