"""What multiprocessing calls a process and made it for, by what the probe shows of it.

    object "Process", process:PARENT:PID, hint      --> name
    name, function of `start` or `run`, its `task`s --> role

A recorder knows its own process, and those that its process started.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ..observe.recorder_layout import ObjectDefinition
from ..vocabulary.events import Making, Raised, Role
from ..vocabulary.kinds import POPEN, STARTED, kind_of

_LONGEST_NAME = 200  # characters
_IDENTITY = re.compile(r"(?:process|popen):\d{1,10}:(\d{1,10})")
_METHODS = {"Fork": "fork", "Spawn": "spawn", "ForkServer": "forkserver", "Loky": "loky"}
_AUTOMATIC = re.compile(r"(Fork|Spawn|ForkServer|Loky)(?:InitMain)?(?:Process|(PoolWorker))-\d")
_NUMBER = re.compile(r" \d+$")  # of a worker, beside what it runs
_MANAGER = "SyncManager-"
# By the function that the process runs, which is a library's own, or what the probe calls it.
_RUNS = {
    "BaseManager._run_server": Role.MANAGER_SERVER,
    "_process_worker": Role.EXECUTOR_WORKER,
    "DataLoader worker": Role.LOADER_WORKER,  # untranslated: a name, as in the session
    "Dask worker": Role.DASK_WORKER,  # untranslated: a name, as in the session
}
MADE_ROLES = frozenset({Role.POOL_WORKER, *_RUNS.values()})
"""What libraries make processes for that do work of the program; others are just children."""


class NamedProcess(NamedTuple):
    """A process of multiprocessing: its pid, its name and the function that it runs (each "" if
    that is not known), and its start method where the name tells it. Without `by_library`: one that
    subprocess started, and its program."""

    pid: int
    name: str
    function: str = ""
    start_method: str | None = None
    by_library: bool = True


def named_process(definition: ObjectDefinition) -> NamedProcess | None:
    """Whom an object's definition names; None when it is no process."""
    found = _IDENTITY.fullmatch(definition.identity) if definition.type in STARTED else None
    if found is None:
        return None
    name = definition.hint[:_LONGEST_NAME]
    if definition.type == POPEN:
        return NamedProcess(int(found[1]), name, by_library=False)
    automatic = _AUTOMATIC.match(name)
    return NamedProcess(int(found[1]), name, "", _METHODS[automatic[1]] if automatic else None)


def role_by_run(name: str, function: str) -> Role | None:
    """What a process is for that has this name and runs this function ("" while unknown)."""
    if name.startswith(_MANAGER):
        return Role.MANAGER_SERVER
    automatic = _AUTOMATIC.match(name)
    if automatic is not None and automatic[2]:
        return Role.POOL_WORKER
    return _RUNS.get(_NUMBER.sub("", function))


def role_by_task(type_name: str) -> Role | None:
    """What a process is for that does tasks of an object of this type."""
    return kind_of(type_name).worker


def making_of(facts: Mapping[str, tuple[str, ...]]) -> Making | None:
    """Who forked a process, if it says so."""
    if "made" not in facts:
        return None
    by, threads, place = facts["made"]
    return Making(by[:_LONGEST_NAME], int(threads) if threads.isdecimal() else 0, place)


def raised_of(facts: Mapping[str, tuple[str, ...]]) -> Raised | None:
    """The exception that ended a process, if it says so."""
    return Raised(*facts["raised"]) if "raised" in facts else None
