"""What processes use: CPU, memory, threads, descriptors, state; from /proc, once a second.

Each process's stat file is kept open and read again with one pread, which costs half of opening
it anew. The file belongs to that very process: after its end the read fails, also when the pid
has been taken over.

Descriptors are counted each second of a process that works, and else every few seconds: that takes
about as long as all the rest.
"""

from __future__ import annotations

import os
import time

from ..vocabulary.events import Sample
from . import pidfds, proc_files

_KEEPALIVE_SECONDS = 5.0  # an unchanged process is told of this often
_COUNTING_SECONDS = 5.0  # the descriptors of a process that rests are counted this often
_MAXIMUM_KEPT_FILES = 2000
_SHARE = 0.5  # of all descriptors: pidfds come first


class _Watched:
    __slots__ = (
        "at", "counted_at", "cpu_ticks", "descriptor", "descriptors", "idle", "pid", "told",
        "told_at",
    )  # fmt: skip

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.descriptor = -1
        self.cpu_ticks = -1
        self.at = 0.0
        self.idle = False
        self.descriptors = (0, 0)
        self.counted_at = -_COUNTING_SECONDS
        self.told: tuple[float, int, int, int, str, int, int, int] | None = None
        self.told_at = 0.0


class Sampler:
    """Takes samples of the processes it was told of, by session number."""

    def __init__(self) -> None:
        self._watched: dict[int, _Watched] = {}

    def add(self, process: int, pid: int) -> None:
        """Sample this process from now on."""
        self._watched[process] = _Watched(pid)

    def remove(self, process: int) -> None:
        """Stop sampling it."""
        watched = self._watched.pop(process, None)
        if watched is not None and watched.descriptor >= 0:
            os.close(watched.descriptor)

    def close(self) -> None:
        """Give all descriptors back."""
        for process in list(self._watched):
            self.remove(process)

    def rests(self, process: int) -> bool:
        """Whether a process used no CPU between its last two samples."""
        watched = self._watched.get(process)
        return watched is None or watched.idle

    def take(self, time_ns: int) -> list[Sample]:
        """Samples of those whose figures have changed since they were last told."""
        found = []
        for process, watched in self._watched.items():
            now = time.monotonic()
            stat = self._read(watched)
            if stat is None:
                continue
            percent = 0.0
            watched.idle = watched.cpu_ticks == stat.cpu_ticks
            if watched.cpu_ticks >= 0 and now > watched.at:
                used = (stat.cpu_ticks - watched.cpu_ticks) / proc_files.TICKS_PER_SECOND
                percent = round(max(0.0, used / (now - watched.at) * 100), 1)
            watched.cpu_ticks, watched.at = stat.cpu_ticks, now
            status = proc_files.STATES.get(stat.state, stat.state)
            if stat.state == "R" and percent == 0.0:
                # Caught running only because it woke for a moment: showing that would flicker.
                status = "sleeping"
            if not watched.idle or now - watched.counted_at >= _COUNTING_SECONDS:
                watched.descriptors = proc_files.count_descriptors(watched.pid)
                watched.counted_at = now
            fds, fds_limit = watched.descriptors
            figures = (
                percent,
                stat.rss_bytes,
                stat.threads,
                fds,
                status,
                stat.handled,
                stat.ignored,
                fds_limit,
            )
            if figures != watched.told or now - watched.told_at >= _KEEPALIVE_SECONDS:
                watched.told, watched.told_at = figures, now
                found.append(Sample(process, watched.pid, time_ns, *figures))
        return found

    def _read(self, watched: _Watched) -> proc_files.ProcessStat | None:
        try:
            if watched.descriptor < 0:
                if len(self._watched) > _MAXIMUM_KEPT_FILES:
                    return proc_files.read_stat(watched.pid)
                path = f"/proc/{watched.pid}/stat"
                descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
                if not pidfds.comfortable(descriptor, _SHARE):
                    os.close(descriptor)
                    return proc_files.read_stat(watched.pid)
                watched.descriptor = descriptor
            data = os.pread(watched.descriptor, 2048, 0)
        except OSError:
            return None
        return proc_files.parse_stat(data) if data else None
