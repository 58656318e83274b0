"""What the supervisor pays for reading recorders: 200 of them, idle, then with 20,000 operations/s.

    python benchmarks/recorder_reading.py [--recorders 200] [--operations 20000] [--seconds 10]

    recorder_load.py, two processes --recorders--> Recorders, journal, session file, outbox
                                                          (this process; its CPU is measured)
                                    the window's end of the queue: a process that acknowledges

The processes behind the recorders are made up, so nothing is launched and no output read. Beside
the figure stands the bare minimum of the same run: reading the same bytes in as many pieces, and
inserting the same rows into a plain table. Goals: under 25 % of one core, and under 1 % idle.
"""

from __future__ import annotations

import argparse
import contextlib
import cProfile
import multiprocessing
import os
import pstats
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

from checkout import spawnscope_importable

spawnscope_importable()

import msgspec  # noqa: E402

from spawnscope.core.observe import run_folder_place  # noqa: E402
from spawnscope.core.observe.session_clock import SessionClock  # noqa: E402
from spawnscope.core.probe._spawnscope_probe import layout  # noqa: E402
from spawnscope.core.session.reader import SessionReader  # noqa: E402
from spawnscope.core.session.writer import SessionWriter  # noqa: E402
from spawnscope.core.supervisor.journal import SessionJournal  # noqa: E402
from spawnscope.core.supervisor.known_process import KnownProcess  # noqa: E402
from spawnscope.core.supervisor.loop import EventLoop  # noqa: E402
from spawnscope.core.supervisor.outbox import Outbox  # noqa: E402
from spawnscope.core.supervisor.recorders import Recorders  # noqa: E402
from spawnscope.core.vocabulary.events import Batch, Role  # noqa: E402

HERE = Path(__file__).resolve().parent
LOADS = 2  # processes that write recorders
FIRST_PID = 10_000_000  # beyond any real one
GOAL_PERCENT, IDLE_GOAL_PERCENT = 25.0, 1.0
SETTLE_SECONDS = 4.0  # until recorders without changes count as idle


class Registry:
    """Stands in for the ProcessRegistry: processes that are made up, all alive."""

    def __init__(self, count: int) -> None:
        self.workers: dict[int, KnownProcess] = {}
        self._by_pid = {}
        for number in range(1, count + 1):
            pid = FIRST_PID + number - 1
            record = KnownProcess(
                number, pid, 0, 0, None, 1, 1, "app.py", Role.WORKER, None, ("python", "app.py")
            )
            record.announced = True
            self._by_pid[pid] = record

    def by_pid(self, pid: int) -> KnownProcess | None:
        """The process with this pid."""
        return self._by_pid.get(pid)

    def living(self) -> list[KnownProcess]:
        """All of them."""
        return [record for record in self._by_pid.values() if record.alive]

    def search(self) -> None:
        """There are no others."""

    def announce(self, record: KnownProcess) -> None:
        """It is announced."""

    def recognise(self, *what: object) -> None:
        """Nobody asks."""


def acknowledge(queue: SimpleQueue[bytes], back: int) -> None:
    """The window's end: takes batches and says so."""
    decoder = msgspec.msgpack.Decoder(Batch)
    with contextlib.suppress(EOFError, OSError):
        while True:
            os.write(back, struct.pack("=Q", decoder.decode(queue.get()).number))


class Measured:
    """The supervisor's part, and phases in which its CPU is measured."""

    def __init__(self, folder: Path, count: int) -> None:
        self.loop = EventLoop(self._on_error)
        self.session = str(folder / "session.spawnscope")
        queue: SimpleQueue[bytes] = multiprocessing.get_context("fork").SimpleQueue()
        self._acknowledged, back = os.pipe()
        self.window = multiprocessing.get_context("fork").Process(
            target=acknowledge, args=(queue, back), daemon=True
        )
        self.window.start()
        self.outbox = Outbox(self.loop, queue)
        writer = SessionWriter(self.session, about={"made by": "benchmark"})
        self.journal = SessionJournal(
            self.loop, writer, self.outbox, time.time_ns, lambda full: None
        )
        self.journal.problem = self._on_problem  # type: ignore[method-assign]
        registry: Any = Registry(count)
        self.registry = registry
        self.recorders = Recorders(
            self.loop, registry, self.journal, SessionClock(), run_folder_place.new_path()
        )
        self.loop.watch(self._acknowledged, self._on_acknowledged)
        self.rounds = 0
        one_round = self.recorders._round

        def counted() -> bool:
            self.rounds += 1
            return one_round()

        self.recorders._round = counted  # type: ignore[method-assign]

    def _on_acknowledged(self, events: int) -> None:
        data = os.read(self._acknowledged, 4096)
        self.outbox.acknowledge(struct.unpack("=Q", data[-8:])[0])

    def _on_error(self, error: BaseException) -> None:
        raise SystemExit(f"the supervisor's part met an error: {error!r}") from error

    def _on_problem(self, sentence: str, trace: str) -> None:
        raise SystemExit(f"{sentence}\n{trace}")

    def run(self, seconds: float) -> float:
        """Serve for so long; the CPU it took, in percent of one core."""
        self.loop.call_later(seconds, self.loop.stop)
        cpu, begin = time.process_time(), time.perf_counter()
        self.loop.run()
        return (time.process_time() - cpu) / (time.perf_counter() - begin) * 100

    def close(self) -> None:
        """End the session as a supervisor does."""
        for record in self.registry.living():
            record.ended, record.ended_at_ns = True, time.monotonic_ns()
            self.recorders.last_words(record)
        self.recorders.close()
        self.journal.close()
        self.window.kill()
        self.window.join()


def bare_cpu(folder: Path, session: str, files: list[str], rounds: int, total: int) -> float:
    """CPU seconds of the bare minimum: as many reads of the same bytes, the same rows inserted.
    `rounds` of reading that brought `total` operations."""
    with contextlib.closing(sqlite3.connect(session)) as connection:
        rows = connection.execute("SELECT * FROM operation ORDER BY id DESC LIMIT 20000").fetchall()
        table = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'operation'")
        statement = table.fetchone()[0]
    rows.reverse()
    descriptors = [os.open(file, os.O_RDONLY) for file in files]
    header, record = struct.Struct("=32Q"), struct.Struct(f"={layout.RECORD_WORDS}Q")
    each = max(1, round(total / rounds / len(files)))
    begin = time.process_time()
    for _ in range(rounds):
        for descriptor in descriptors:
            header.unpack(os.pread(descriptor, header.size, 0))
            list(record.iter_unpack(os.pread(descriptor, each * record.size, 4096)))
    reading = time.process_time() - begin
    with contextlib.closing(sqlite3.connect(folder / "bare", isolation_level=None)) as bare:
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=NORMAL")
        bare.execute(statement)
        begin = time.process_time()
        page = max(1, total // rounds)
        insert = f"INSERT INTO operation VALUES (NULL{', ?' * 13})"
        values = [row[1:] for row in rows]
        for start in range(0, len(values), page):
            bare.execute("BEGIN")
            bare.executemany(insert, values[start : start + page])
            bare.execute("COMMIT")
        inserting = (time.process_time() - begin) * total / len(rows)
    for descriptor in descriptors:
        os.close(descriptor)
    return reading + inserting


def check(session: str, done: int) -> None:
    """Every operation has its row and is counted."""
    reader = SessionReader(session)
    try:
        rows = reader.operations.last_id()
        lost = sum(lost.overwritten for lost in reader.operations.lost())
        moving = ("put", "get", "acquire", "release")
        totals = [one for _, _, one in reader.objects.counters()]
        counted = sum(one.count for one in totals if one.operation in moving)
    finally:
        reader.close()
    if not rows + lost == counted == done:
        raise SystemExit(f"{done} operations were done, {rows} recorded, {lost} lost, {counted}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recorders", type=int, default=200)
    parser.add_argument("--operations", type=int, default=20_000, help="a second, of all together")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--profile", action="store_true", help="where the time goes; it costs some")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    each = options.recorders // LOADS
    measured = Measured(folder, each * LOADS)
    command = [sys.executable, str(HERE / "programs" / "recorder_load.py")]
    loads = [
        subprocess.Popen(
            [
                *command,
                measured.recorders.folder,
                str(FIRST_PID + n * each),
                str(each),
                str(options.operations // LOADS),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(LOADS)
    ]
    try:
        for load in loads:
            assert load.stdout is not None
            assert load.stdout.readline() == "ready\n"
        files = sorted(str(path) for path in Path(measured.recorders.folder).glob("*.rec"))
        measured.recorders.begin()
        measured.run(SETTLE_SECONDS)
        idle = measured.run(options.seconds / 2)
        for load in loads:
            assert load.stdin is not None
            load.stdin.write("\n")
            load.stdin.flush()
        measured.run(1.0)
        profile = cProfile.Profile()
        if options.profile:
            profile.enable()
        measured.rounds = 0
        busy = measured.run(options.seconds)
        profile.disable()
        rounds = measured.rounds
        measured.journal.flush()
        done = 0
        for load in loads:
            done += int(load.communicate()[0])
        total = int(options.operations * options.seconds)
        bare = bare_cpu(folder, measured.session, files, rounds, total) / options.seconds * 100
        measured.close()
        check(measured.session, done)
    finally:
        for load in loads:
            load.kill()
        shutil.rmtree(measured.recorders.folder, ignore_errors=True)
        shutil.rmtree(folder)
    if options.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)
    print(
        f"{each * LOADS} idle recorders: {idle:.2f} % of one core; goal under "
        f"{IDLE_GOAL_PERCENT:g} %\n"
        f"with {options.operations:,} operations/s, read {rounds / options.seconds:.1f} times a "
        f"second: {busy:.1f} %; goal under {GOAL_PERCENT:g} %; bare minimum {bare:.1f} %, so "
        f"{busy / bare:.2f} x"
    )


if __name__ == "__main__":
    main()
