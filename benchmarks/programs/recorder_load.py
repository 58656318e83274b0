"""Processes' worth of recorders, written as probes write them, at a steady rate.

    python recorder_load.py FOLDER FIRST_PID RECORDERS RATE

Each recorder belongs to a process that is made up, FIRST_PID and those behind it. Every other one
puts into a queue, its neighbour gets from it, and ten of them share a lock. A line on stdin
begins; RATE is operations a second of all of them together; at the end of stdin it stops, and
prints how many operations it did. `tests/support/recorder_writer.py` lays out the files; what comes
many times a second goes through a mapping, as in a probe.
"""

from __future__ import annotations

import mmap
import os
import select
import struct
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "tests" / "support")]

from checkout import spawnscope_importable  # noqa: E402

spawnscope_importable()

from recorder_writer import RecorderWriter  # noqa: E402

from spawnscope.core.probe._spawnscope_probe import layout  # noqa: E402

RING = 3000  # records, as in a recorder of 1 MiB
STEP_SECONDS = 0.01
_RECORD = struct.Struct(f"={layout.R_PREVIEW_AT}Q").pack_into
_WORD = struct.Struct("=Q").pack_into
_PREVIEW = b"{'number': 12}"


class Load:
    """One recorder and the next things that its process does."""

    def __init__(self, folder: Path, pid: int) -> None:
        self.file = file = RecorderWriter(folder, pid, time.monotonic_ns(), RING)
        self.puts = pid % 2 == 0
        self.main, feeder = file.thread(), file.thread("QueueFeederThread")
        queue = file.object("Queue", f"queue:{pid // 2}", self.puts, "app.py:3", "jobs", 100)
        lock = file.object("Lock", f"lock:{pid // 10}", pid % 10 == 0, "app.py:4", "results")
        for number in range(2, 8):  # made once, and hardly used
            file.object("Event", f"event:{pid}:{number}", True, "app.py:5", f"ready_{number}")
            file.count(self.main, "set", number, count=1)
        self.done = 0
        kind = "put" if self.puts else "get"
        self.steps = [(kind, queue), ("acquire", lock), (kind, queue), ("release", lock)]
        self.codes = [layout.CODE[operation] for operation, _ in self.steps]
        if self.puts:
            file.count(feeder, "feed", queue)
        self.words = []
        for operation, number in self.steps:
            file.count(self.main, operation, number)
            used = file._counters[self.main, layout.CODE[operation], number]
            self.words.append(file.block_at(used) + layout.C_COUNT * 8)
        self.counts = dict.fromkeys(self.words, 0)
        self.sites = [file.text(f"app.py:{20 + step}") << 32 for step in range(4)]
        self.map = mmap.mmap(file.descriptor, file.size)
        self.frame = file.block_at(self.main) + layout.FRAMES_AT * 8
        self.unsized = -1

    def step(self) -> None:
        """One operation."""
        sequence, at = self.done, self.file.record_at(self.done)
        step = sequence % 4
        operation, (name, number) = self.codes[step], self.steps[step]
        now = time.monotonic_ns()
        put = name == "put"
        queued = step % 2 == 0
        _WORD(self.map, at, 0)
        _RECORD(
            self.map, at, 0, now - 9000, now, 0 if sequence % 8 else 60_000,
            operation << 32 | number, (layout.SIZE_FOLLOWS << 32 if put else 0) | self.main,
            self.sites[step], 35 if queued and not put else 0, 0, len(_PREVIEW) if queued else 0,
        )  # fmt: skip
        if queued:
            start = at + layout.R_PREVIEW_AT * 8
            self.map[start : start + len(_PREVIEW)] = _PREVIEW
        _WORD(self.map, at, sequence + 1)
        _WORD(self.map, layout.H_WRITTEN * 8, sequence + 1)
        self.done += 1
        word = self.words[step]
        self.counts[word] += 1
        _WORD(self.map, word, 2 * self.counts[word])
        self.size()
        if put:
            self.unsized = at

    def size(self) -> None:
        """What the feeder thread does: it writes the size of the last item that was put."""
        if self.unsized >= 0:
            _WORD(self.map, self.unsized + layout.R_BYTES * 8, 35)
            self.unsized = -1

    def rest(self, resting: bool) -> None:
        """The main thread waits for the next item, or does not any more."""
        _WORD(self.map, self.frame + 8, time.monotonic_ns() if resting else 0)
        _WORD(self.map, self.frame + 16, self.sites[0] if resting else 0)
        _WORD(self.map, self.frame, self.codes[0] << 32 | 1 if resting else 0)


def main() -> None:
    """Make the recorders, wait, write."""
    folder, first, count, rate = sys.argv[1], *map(int, sys.argv[2:5])
    loads = [Load(Path(folder), pid) for pid in range(first, first + count)]
    print("ready", flush=True)
    os.read(0, 1)
    begin, done, turn = time.monotonic(), 0, 0
    while not select.select([0], [], [], STEP_SECONDS)[0]:
        due = int((time.monotonic() - begin) * rate)
        while done < due:
            load = loads[turn % count]
            turn += 1
            load.rest(False)
            some = min(4, due - done)
            for _ in range(some):
                load.step()
            done += some
            if not load.puts:
                load.rest(True)
    for load in loads:
        load.size()
    print(done, flush=True)


if __name__ == "__main__":
    main()
