"""What the Inspector shows of a process, put together from the tables and the session's file.

    ProcessTable, ObjectTable --.
    session file --reader-------+--> InspectorSource.look(process) --> Look
    a moment of a past session -'

Used by the window's thread only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from spawnscope.core.store.objects import ObjectTable
from spawnscope.core.store.processes import ProcessTable

if TYPE_CHECKING:
    from spawnscope.core.analysis.inspection import Inspection
    from spawnscope.core.analysis.inspection_reader import PastSituation
    from spawnscope.core.analysis.waits.situation import Situation
    from spawnscope.core.observe.session_clock import SessionClock
    from spawnscope.core.session.reader import SessionReader
    from spawnscope.core.vocabulary.events import OperationCount, Sample

_USAGE_NS = 62_000_000_000  # what is asked of the samples: a minute


class Look(msgspec.Struct, frozen=True):
    """What there is to show. `samples`: of the last minute, oldest first. `until_ns`: messages that
    came later are not shown; None without such a limit. `clock`: of the session."""

    inspection: Inspection
    situation: Situation
    samples: tuple[Sample, ...]
    until_ns: int | None
    clock: SessionClock


class InspectorSource:
    """Opens the session's file when something is first read from it."""

    def __init__(self, objects: ObjectTable, processes: ProcessTable) -> None:
        self._objects = objects
        self._processes = processes
        self._reader: SessionReader | None = None
        self._past: PastSituation | None = None
        self.path = ""
        self.moment_ns: int | None = None

    def open(self, path: str) -> None:
        """Read from this file from now on."""
        self.close()
        self.path = path

    def close(self) -> None:
        """Let go of the file."""
        if self._reader is not None:
            self._reader.close()
        self._reader = self._past = None
        self.path = ""

    @property
    def reader(self) -> SessionReader | None:
        """The file, open; None without one. Raises SessionError."""
        if self._reader is None and self.path:
            from spawnscope.core.session.reader import SessionReader

            self._reader = SessionReader(self.path)
        return self._reader

    def look(self, process: int) -> Look | None:
        """What is known of a process: now, at its end, or at the moment that is set. None when it
        is unknown, or had not started by then. Raises SessionError."""
        from spawnscope.core.analysis.inspection import inspect

        row = self._processes.get(process)
        if row is None:
            return None
        situation = self._situation(row.ended_ns)
        if row.started_ns > situation.now_ns:
            return None
        reader = self.reader
        counters: list[tuple[int, int, OperationCount]] = []
        samples: list[Sample] = []
        if reader is not None:
            past = self._past
            counters = reader.objects.counters(process) if past is None else past.counters
            until = min(situation.now_ns, row.ended_ns or situation.now_ns)
            samples = reader.samples.of(process, until - _USAGE_NS)
            samples = [sample for sample in samples if sample.time_ns <= until]

        def since(number: int) -> int | None:
            if reader is None:
                return None
            return reader.operations.held_since(number, process, situation.now_ns)

        found = inspect(situation, process, counters, since)
        if found is None:
            return None
        return Look(found, situation, tuple(samples), self.moment_ns, self._objects.clock)

    def _situation(self, ended_ns: int | None) -> Situation:
        from spawnscope.core.analysis.inspection_reader import PastSituation
        from spawnscope.core.analysis.waits.situation import Situation

        moment, reader = self.moment_ns, self.reader
        if moment is not None and reader is not None:
            if self._past is None or self._past.now_ns != moment:
                self._past = PastSituation(self._processes, self._objects, reader, moment)
            return self._past
        self._past = None
        users = reader.objects.users_of if reader is not None else lambda _number: ()
        now = self._objects.clock.now_ns() if ended_ns is None else ended_ns
        return Situation(self._processes, self._objects, users, now)
