"""Locks inside of objects that the threads of a process have, or have taken along at its end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..observe.recorder_blocks import ThreadBlock
from ..probe._spawnscope_probe.layout import CODE

_READING = frozenset((CODE["get"], CODE["idle"]))
_WRITING = frozenset((CODE["feed"], CODE["deliver"]))  # who is in one has the lock for it


def inner_locks(threads: Mapping[int, ThreadBlock]) -> Iterable[tuple[int, str, int]]:
    """Of each: the object's number in the recorder, whether others need the lock to "read" from
    that or to "write" to it, and the number of the thread's block."""
    for number, thread in threads.items():
        within = {(each.operation, each.object) for each in thread.frames}
        for operation, numbered in within:
            if is_inside(thread, operation, numbered):
                yield numbered, "read" if operation in _READING else "write", number


def is_inside(thread: ThreadBlock, operation: int, numbered: int) -> bool:
    """Whether the thread has the lock inside of the object that others need for the same."""
    return operation in _WRITING or (operation, numbered) == thread.lock
