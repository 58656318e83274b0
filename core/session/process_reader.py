"""Reading which processes and workers there were."""

from __future__ import annotations

from ..vocabulary.events import ProcessChanged, ProcessExited, ProcessStarted
from .records import ProcessRecord, WorkerRecord
from .row_types import Number, decoded
from .session_file import SessionFile

_PROCESS = "SELECT process, change, started, changed, exited FROM process "
_ProcessRow = tuple[Number, Number, str, str | None, str | None]


class ProcessReader:
    """The part of SessionReader for processes. All methods raise SessionError."""

    def __init__(self, file: SessionFile) -> None:
        self._file = file

    def all(self) -> list[ProcessRecord]:
        """All processes, in order of their number."""
        rows = self._file.rows(_ProcessRow, _PROCESS + "ORDER BY process")
        with self._file.checking():
            records = [_process_record(row) for row in rows]
            _check_ancestry(records)
            return records

    def exited(self, process: int) -> ProcessExited | None:
        """How a process ended; None while it lives, and of an unknown one."""
        rows = self._file.rows(_ProcessRow, _PROCESS + "WHERE process = ?", (process,))
        with self._file.checking():
            return _process_record(rows[0]).exited if rows else None

    def changes(self, after: int) -> tuple[int, list[ProcessRecord]]:
        """The processes that are new or changed since an earlier call of this method returned
        the number `after` (0: all), in order of change; and the number for the next call."""
        rows = self._file.rows(_ProcessRow, _PROCESS + "WHERE change > ? ORDER BY change", (after,))
        with self._file.checking():
            return (rows[-1][1] if rows else after), [_process_record(row) for row in rows]

    def workers(self) -> list[WorkerRecord]:
        """All workers, in order of their number."""
        rows = self._file.rows(
            tuple[Number, Number, str, str, Number],
            "SELECT worker, process, title, spec, time_ns FROM worker ORDER BY worker",
        )
        return [WorkerRecord(*row) for row in rows]


def _process_record(row: _ProcessRow) -> ProcessRecord:
    number, _, *texts = row
    started = decoded(texts[0] or "", ProcessStarted)
    changed = None if texts[1] is None else decoded(texts[1], ProcessChanged)
    exited = None if texts[2] is None else decoded(texts[2], ProcessExited)
    for event in (started, changed, exited):
        if event is not None and event.process != number:
            raise ValueError(f"process {number} calls itself {event.process}")
    return ProcessRecord(started, changed, exited)


def _check_ancestry(records: list[ProcessRecord]) -> None:
    """Nobody is their own ancestor: whoever goes up a tree comes to an end."""
    parents = {record.started.process: record.started.parent for record in records}
    sound: set[int | None] = set()
    for first in parents:
        line: dict[int, None] = {}
        number: int | None = first
        while number is not None and number in parents and number not in sound:
            if number in line:
                raise ValueError(f"process {number} is its own ancestor")
            line[number] = None
            number = parents[number]
        sound.update(line)
