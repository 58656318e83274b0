"""A real supervisor for tests, with the events that came from it and the session it writes."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from spawnscope.core.client.client import Client
from spawnscope.core.sentences.notes import said
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.vocabulary.events import (
    Event,
    LaunchRefused,
    ProcessChanged,
    ProcessExited,
    ProcessStarted,
    WorkerStarted,
)
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind

TARGETS = Path(__file__).resolve().parents[1] / "targets"
E = TypeVar("E")


class Live:
    """Starts a supervisor; `until` waits for what a test expects of its events."""

    def __init__(self, path: Path, **options: Any) -> None:
        self.path = str(path)
        self.client = Client(session_path=self.path, **options)
        self.client.guard()
        self.events: list[Event] = []

    def __enter__(self) -> Live:
        return self

    def __exit__(self, *exception: object) -> None:
        self.client.close()

    def until(self, predicate: Callable[[], E], timeout: float = 20, what: str = "") -> E:
        """Take events in until `predicate()` is true; returns what it returned."""
        deadline = time.monotonic() + timeout
        while True:
            result = predicate()
            if result:
                return result
            left = deadline - time.monotonic()
            if left <= 0:
                tail = "\n".join(map(str, self.events[-15:]))
                raise AssertionError(f"did not come within {timeout} s: {what}\n{tail}")
            if self.client.lost:
                time.sleep(0.005)
            else:
                select.select([self.client], [], [], min(left, 0.05))
                self.events += self.client.receive()

    def of(self, kind: type[E]) -> list[E]:
        """The events of one kind so far."""
        return [event for event in self.events if isinstance(event, kind)]

    def launch(self, spec: LaunchSpec) -> list[int]:
        """Start `spec`; the numbers of its root processes."""
        request = self.client.launch(spec)

        def answered() -> bool:
            refused = [e for e in self.of(LaunchRefused) if e.request == request]
            assert not refused, said(refused[0])
            return len(self._started(request)) == spec.count

        self.until(answered, what=f"start of {spec.title}")
        return [event.process for event in self._started(request)]

    def _started(self, request: int) -> list[WorkerStarted]:
        return [event for event in self.of(WorkerStarted) if event.request == request]

    def script(self, name: str, *arguments: str, **fields: Any) -> int:
        """Start tests/targets/<name>.py; the number of its process."""
        target = str(TARGETS / f"{name}.py")
        spec = LaunchSpec(kind=TargetKind.SCRIPT, target=target, arguments=arguments, **fields)
        return self.launch(spec)[0]

    def started(self, process: int) -> ProcessStarted:
        """How a process started."""
        return self.until(
            lambda: next((e for e in self.of(ProcessStarted) if e.process == process), None)
        )

    def exited(self, process: int, timeout: float = 20) -> ProcessExited:
        """How a process ended; waits for that."""
        return self.until(
            lambda: next((e for e in self.of(ProcessExited) if e.process == process), None),
            timeout,
            f"exit of process {process}",
        )

    def described(self, process: int) -> ProcessStarted | ProcessChanged:
        """The latest description of a process: a fork is told from a spawn by the exec after it."""
        changes = [e for e in self.of(ProcessChanged) if e.process == process]
        return changes[-1] if changes else self.started(process)

    def below(self, process: int) -> list[ProcessStarted]:
        """All that was ever started below a process."""
        family = {process}
        for event in self.of(ProcessStarted):
            if event.parent in family:
                family.add(event.process)
        return [e for e in self.of(ProcessStarted) if e.process in family - {process}]

    def texts(self, process: int | None = None) -> list[str]:
        """What a process (or all) wrote so far, as the session file has it."""
        reader = SessionReader(self.path)
        try:
            count = reader.messages.last_id()
            found = reader.messages.page(1, count) if count else []
            return [m.text for m in found if process in (None, m.process)]
        finally:
            reader.close()

    def says(self, process: int | None, text: str) -> str:
        """Wait for a line that holds `text`; returns it."""
        return self.until(
            lambda: next((t for t in self.texts(process) if text in t), ""),
            what=f"'{text}' from process {process}",
        )


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def state(pid: int) -> str:
    """The state letter of a process."""
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0]


def is_gone(pid: int) -> bool:
    """Whether no such process exists at all, not even as a zombie."""
    return not os.path.exists(f"/proc/{pid}")
