"""Tasks that failed and were kept, so that they can be run alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from ..printable import printable
from ..vocabulary.kept_task import KeptTask


class KeptTable:
    """By their number in the session. Called by the store only, but for what asks."""

    def __init__(self, tasks: Iterable[KeptTask] = ()) -> None:
        self._tasks: dict[int, KeptTask] = {}
        for task in tasks:
            self.apply(task)

    def __iter__(self) -> Iterator[KeptTask]:
        """In the order in which they failed."""
        return iter(self._tasks.values())

    def apply(self, task: KeptTask) -> None:
        """It has failed. What a person reads of it is made printable; what it is run by stays."""
        self._tasks[task.task] = replace(
            task, function=printable(task.function), error=printable(task.error)
        )

    def get(self, number: int) -> KeptTask | None:
        """The task of this number."""
        return self._tasks.get(number)

    def of_process(self, process: int, until_ns: int | None = None) -> list[KeptTask]:
        """Those that failed in a process, up to a moment (Unix time)."""
        return [
            task
            for task in self._tasks.values()
            if task.process == process and (until_ns is None or task.time_ns <= until_ns)
        ]

    def of_pool(self, number: int) -> list[KeptTask]:
        """Those of a pool or an executor."""
        return [task for task in self._tasks.values() if task.object == number]
