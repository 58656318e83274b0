"""A state that is written down: what an analysis asks of a store, without a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from spawnscope.core.store.findings import FindingTable
from spawnscope.core.store.kept_tasks import KeptTable
from spawnscope.core.store.objects import ObjectTable
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.events import (
    FIGURES,
    Circumstances,
    Doing,
    Making,
    ObjectCreated,
    ObjectState,
    OperationCount,
    ProcessDoing,
    ProcessExited,
    ProcessStarted,
    ProcessWatched,
    Raised,
    Role,
    Sample,
    figures,
)
from spawnscope.core.vocabulary.operation import Operation

SECOND = 1_000_000_000


def times(operation: str, count: int) -> OperationCount:
    """An operation that succeeded so often, without a wait."""
    return OperationCount(operation, count, 0, 0, 0, 0, 0)


class WrittenStore:
    """Everything began at 0; it is the 60th second. Who waits does so from the first one on."""

    moment_ns: int | None = None

    @property
    def reader(self) -> WrittenStore:
        """Stands for the session's file as well."""
        return self

    @property
    def session(self) -> WrittenStore:
        """Stands for what all stores of a session share."""
        return self

    @property
    def operations(self) -> WrittenStore:
        """Stands for the part of it for operations."""
        return self

    def page(
        self,
        number: int,
        limit: int,
        newest: bool = False,
        processes: object = None,
        text: str = "",
    ) -> list[tuple[int, Operation]]:
        """The records of an object that were written down."""
        found = [each for each in self.records if each.object == number]
        return [(0, each) for each in found if text in (each.preview or "")]

    def __init__(self) -> None:
        self.objects = ObjectTable()
        self.processes = ProcessTable(self.objects)
        self.time_ns = 60 * SECOND
        self._samples = 0
        self._doing: dict[int, tuple[Doing, ...]] = {}
        self._used: dict[int, list[tuple[int, OperationCount]]] = {}
        self.records: list[Operation] = []
        self.kept = KeptTable()
        self.findings = FindingTable()

    def now_ns(self) -> int:
        return self.time_ns

    def users_of(self, number: int) -> Sequence[tuple[int, OperationCount]]:
        return self._used.get(number, ())

    def counters(self, process: int) -> list[tuple[int, int, OperationCount]]:
        """The same, of a process."""
        return [
            (number, process, each)
            for number, by in self._used.items()
            for user, each in by
            if user == process
        ]

    def process(
        self,
        number: int,
        name: str = "",
        role: Role = Role.CHILD,
        parent: int | None = None,
        making: Making | None = None,
        at_ns: int = 0,
    ) -> None:
        """A process that carries a recorder, as far as anybody knows; its pid is 10 more."""
        self.processes.apply(
            ProcessStarted(
                number, 10 + number, 1, at_ns, parent, 1, None, name or f"p{number}", role, None,
                (), making,
            )
        )  # fmt: skip

    def seen(self, process: int, threads: int = 1) -> None:
        """It does carry a recorder, and has so many threads."""
        self.processes.apply(ProcessWatched(process, 0, True))
        at_ns = SECOND + threads
        sample = Sample(process, 10 + process, at_ns, 0.0, 0, threads, 3, "sleeping")
        self.processes.apply(sample)

    def object(
        self,
        number: int,
        type_name: str,
        name: str,
        maker: int = 1,
        identity: str = "",
        capacity: int | None = None,
    ) -> None:
        """A shared object."""
        self.objects.apply(ObjectCreated(number, maker, 0, type_name, name, "", capacity, identity))

    def held(self, number: int, by: int) -> None:
        """The main thread of a process has held it since the second second."""
        state = ObjectState(number, 2 * SECOND, (), None, ((by, "MainThread"),), ())
        self.objects.apply(state)

    def used(self, number: int, by: Mapping[int, Sequence[OperationCount]]) -> None:
        """Who has done what to an object so far."""
        self._used[number] = [(process, each) for process, all_of in by.items() for each in all_of]

    def failed(self, number: int, operation: str, by: int, preview: str, text: str = "",
               task: int = 0) -> None:  # fmt: skip
        """An operation that failed once, in the second second, with its record."""
        self._recorded(
            OperationCount(operation, 0, 0, 0, 0, 0, 1),
            Operation(
                by, number, operation, "MainThread", SECOND, 2 * SECOND, 0, None, preview, "error",
                "shop.py:7", text, task,
            ),
        )  # fmt: skip

    def done(self, number: int, operation: str, by: int, thread: str = "MainThread") -> None:
        """One that succeeded once, in the second second, with its record."""
        self._recorded(
            times(operation, 1),
            Operation(
                by, number, operation, thread, SECOND, 2 * SECOND, 0, None, None, "ok",
                "shop.py:7", "", 0,
            ),
        )  # fmt: skip

    def _recorded(self, count: OperationCount, record: Operation) -> None:
        row = self.objects[record.object]
        state = ObjectState(row.number, 2 * SECOND, (*row.counts, count), row.depth or 0, (), ())
        self.objects.apply(state)
        self._used.setdefault(row.number, []).append((record.process, count))
        self.records.append(record)

    def doing(
        self,
        process: int,
        operation: str,
        number: int | None,
        text: str = "",
        task: int = 0,
        since_ns: int = SECOND,
        limited: bool = False,
        ready: bool = False,
    ) -> None:
        """What the main thread of a process is in."""
        told = Doing(
            "MainThread", operation, number, since_ns, "", text, task, "", limited, ready=ready
        )
        self._doing[process] = (told,)
        self.processes.apply(ProcessDoing(process, (told,)))

    def watched(self, process: int, threads: int = 1, **figures: Any) -> None:
        """It carries a recorder, and was sampled in the first second, later each time."""
        self.processes.apply(ProcessWatched(process, 0, True))
        self._samples += 1
        sample = Sample(process, 10 + process, self._samples, 0.0, 0, threads, 3, "sleeping")
        self.processes.apply(replace(sample, **figures))

    def counted(
        self,
        number: int,
        by: Mapping[int, Sequence[OperationCount]],
        depth: int | None = None,
        open_in: tuple[int, ...] | None = None,
        peer: int | None = None,
        holders: tuple[tuple[int, str], ...] = (),
        time_ns: int = 2 * SECOND,
    ) -> None:
        """As `used`, and the object itself says so, with what is known of it besides."""
        self.used(number, by)
        totals: dict[str, tuple[int, ...]] = {}
        for each in (each for all_of in by.values() for each in all_of):
            before = totals.get(each.operation, (0,) * len(FIGURES))
            totals[each.operation] = tuple(map(sum, zip(before, figures(each), strict=True)))
        counts = tuple(OperationCount(name, *total) for name, total in totals.items())
        state = ObjectState(number, time_ns, counts, depth, holders, (), open_in, peer)
        self.objects.apply(state)

    def suspend(self, process: int) -> None:
        """A debugger, or a signal, holds it."""
        sample = Sample(process, 10 + process, 2 * SECOND, 0.0, 0, 1, 3, "stopped")
        self.processes.apply(sample)

    def end(
        self,
        process: int,
        by_signal: str | None = None,
        holding: Sequence[int] = (),
        at_ns: int = 3 * SECOND,
        raised: Raised | None = None,
        ender: int | None = None,
        sent: bool = False,
    ) -> None:
        """It ends in the midst of what it does, by a signal, an exception or in order."""
        code = None if by_signal is not None else 0 if raised is None else 1
        self.processes.apply(
            ProcessExited(
                process,
                10 + process,
                at_ns,
                code,
                by_signal,
                "",
                self._doing.get(process, ()),
                tuple(holding),
                ender,
                Circumstances(at_ns, sent=sent),
                raised,
            )
        )
