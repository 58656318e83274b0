"""How many processors a program may use: what taskset and containers leave it.

each process: affinity --all of them--> processors   --the lesser--> how many
its control groups: quota of time, "cpu.max" ------'
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

_GROUPS = Path("/sys/fs/cgroup")
_NO_LIMIT = float("inf")


class Processors(NamedTuple):
    """`number`: may be a broken number by a quota; `limited`: it is by one."""

    number: float
    limited: bool


def processors(pids: Iterable[int]) -> Processors:
    """What living processes may use together. One that is gone, or hidden, counts for nothing."""
    cores: set[int] = set()
    least = _NO_LIMIT
    for pid in pids:
        with contextlib.suppress(OSError):
            cores |= os.sched_getaffinity(pid)
            least = min(least, quota(Path(f"/proc/{pid}/cgroup").read_text()))
    count = len(cores) or len(os.sched_getaffinity(0))
    return Processors(min(count, least), least < count)


def quota(groups: str) -> float:
    """In processors, by the text of /proc/PID/cgroup; of all groups around a process the least."""
    return min((each for line in groups.splitlines() for each in _limits(line)), default=_NO_LIMIT)


def _limits(line: str) -> Iterator[float]:
    _, controllers, path = line.split(":", 2)
    if controllers and "cpu" not in controllers.split(","):
        return
    root = _GROUPS / controllers if controllers else _GROUPS
    inner = root / path.lstrip("/")
    for folder in (inner, *inner.parents):
        with contextlib.suppress(OSError, ValueError):
            if controllers:  # version 1
                files = [folder / f"cpu.cfs_{name}_us" for name in ("quota", "period")]
                may, period = (int(file.read_text()) for file in files)
            else:
                may, period = map(int, (folder / "cpu.max").read_text().split())  # not of "max"
            if may > 0 and period > 0:
                yield may / period
        if folder == root:
            return
