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


class Processors(NamedTuple):
    """`count`: may be a broken number by a quota; `limited`: it is by one."""

    count: float
    limited: bool


def processors(pids: Iterable[int]) -> Processors:
    """What living processes may use together. One that is gone, or hidden, counts for nothing."""
    cores: set[int] = set()
    quota = float("inf")
    for pid in pids:
        with contextlib.suppress(OSError):
            cores |= os.sched_getaffinity(pid)
            quota = min(quota, _quota(Path(f"/proc/{pid}/cgroup").read_text()))
    count = len(cores) or len(os.sched_getaffinity(0))
    return Processors(min(count, quota), quota < count)


def _quota(groups: str) -> float:
    """In processors, by the text of /proc/PID/cgroup; of all groups around a process the least."""
    return min((each for line in groups.splitlines() for each in _limits(line)), default=_NO_LIMIT)


_NO_LIMIT = float("inf")


def _limits(line: str) -> Iterator[float]:
    _, controllers, path = line.split(":", 2)
    if controllers and "cpu" not in controllers.split(","):
        return
    root = _GROUPS / controllers if controllers else _GROUPS
    inner = root / path.lstrip("/")
    for folder in (inner, *inner.parents):
        with contextlib.suppress(OSError, ValueError):
            if controllers:  # version 1
                quota, period = (
                    int((folder / f"cpu.cfs_{name}_us").read_text()) for name in ("quota", "period")
                )
            else:
                first, second = (folder / "cpu.max").read_text().split()
                quota, period = int(first), int(second)  # "max" is no number: no limit
            if quota > 0 and period > 0:
                yield quota / period
        if folder == root:
            return
