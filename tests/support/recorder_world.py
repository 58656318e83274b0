"""A supervisor's `Recorders` in a world that a test makes up: processes, a clock, a journal."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from recorder_writer import RecorderWriter

from spawnscope.core.observe import run_folder_place
from spawnscope.core.observe.session_clock import SessionClock
from spawnscope.core.supervisor import reading_turns, recorders
from spawnscope.core.supervisor.known_process import KnownProcess
from spawnscope.core.supervisor.recorders import Recorders
from spawnscope.core.vocabulary.events import Role


@dataclass
class Journal:
    """Keeps what it is told, by the name of the method."""

    told: list[tuple[str, Any]] = field(default_factory=list)
    full: bool = False
    texts: list[str] = field(default_factory=lambda: [""])

    def text_id(self, text: str) -> int:
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text)

    def operations_told(self) -> list[tuple[str, int, int, str]]:
        """(operation, process, object, thread) of each, in the order in which they were told."""
        rows = [row for rows in self.of("operations") for row in rows]
        return [(self.texts[row[2]], row[1], row[0], self.texts[row[3]]) for row in rows]

    def __getattr__(self, name: str) -> Any:
        def tell(*what: Any) -> None:
            self.told.append((name, what[0] if len(what) == 1 else what))

        return tell

    def of(self, name: str) -> list[Any]:
        return [what for kind, what in self.told if kind == name]


class World:
    """Recorders with processes that a test makes up. `counts_time`: what reading takes counts."""

    counts_time = False

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.journal = Journal()
        self.timers: list[float] = []
        self.records: dict[int, KnownProcess] = {}
        self.workers: dict[int, KnownProcess] = {}
        self.recognised: list[tuple[int, str, Role | None, str | None]] = []
        self.now = time.monotonic()
        self.files: list[RecorderWriter] = []
        monkeypatch.setattr(run_folder_place, "SHARED_MEMORY", str(folder))
        monkeypatch.setattr(recorders, "time", SimpleNamespace(monotonic=self.monotonic))
        clock = SimpleNamespace(thread_time=self.thread_time)
        monkeypatch.setattr(reading_turns, "time", clock)
        loop: Any = SimpleNamespace(call_later=lambda seconds, call: self.timers.append(seconds))
        self.recorders = Recorders(
            loop,
            self,
            self.journal,
            SimpleNamespace(now_ns=self.clock, offset_ns=SessionClock().offset_ns),
            run_folder_place.new_path(),  # type: ignore[arg-type]
        )

    def monotonic(self) -> float:
        return self.now

    def thread_time(self) -> float:
        return time.thread_time() if self.counts_time else 0.0

    def clock(self) -> int:
        return int(self.now * 1e9)

    def process(self, number: int, name: str = "python", **fields: Any) -> KnownProcess:
        record = KnownProcess(
            number, 10_000_000 + number, 0, 0, None, 1, 1, name, Role.WORKER, None, ("python",)
        )
        record.announced = True
        for key, value in fields.items():
            setattr(record, key, value)
        self.records[record.pid] = record
        return record

    def recorder(
        self, pid: int, created_ns: int = 1, ring: int = 64, definitions: int = 64 * 1024
    ) -> RecorderWriter:
        made = RecorderWriter(Path(self.recorders.folder), pid, created_ns, ring, definitions)
        self.files.append(made)
        return made

    def round(self, seconds: float = 0.3) -> None:
        self.now += seconds
        self.recorders._round()

    def end(self, record: KnownProcess) -> recorders.LastWords:
        record.ended = True
        record.ended_at_ns = time.monotonic_ns()
        return self.recorders.last_words(record)

    # What the registry offers

    def by_pid(self, pid: int) -> KnownProcess | None:
        return self.records.get(pid)

    def living(self) -> list[KnownProcess]:
        return [record for record in self.records.values() if record.alive]

    def search(self) -> None:
        pass

    def announce(self, record: KnownProcess) -> None:
        record.announced = True

    def recognise(
        self, record: KnownProcess, name: str, role: Role | None, start_method: str | None
    ) -> None:
        self.recognised.append((record.number, name, role, start_method))

    def before_search(self) -> None:
        pass

    def tell_change(self, record: KnownProcess, before: tuple[object, ...]) -> None:
        pass

    def writer(self, pid: int, parent: KnownProcess) -> KnownProcess:
        record = self.process(pid - 10_000_000)
        record.parent = parent
        return record
