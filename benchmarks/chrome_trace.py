"""A session with a million operations as a Chrome trace: seconds, and memory.

    python benchmarks/chrome_trace.py [--operations N] [--keep PATH]

Beside it, in the same run: the rows of the same session, read and written with json.dumps and
nothing else; and the peak of memory against that of a session with a quarter of the operations.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if __name__ == "__main__":
    # The checkout is imported as the package `spawnscope`, whatever its folder is called.
    _alias = tempfile.TemporaryDirectory()
    os.symlink(ROOT, os.path.join(_alias.name, "spawnscope"))
    sys.path[0] = _alias.name

from spawnscope.core.export.chrome_trace import export_chrome_trace  # noqa: E402
from spawnscope.core.session.reader import SessionReader  # noqa: E402
from spawnscope.core.session.writer import SessionWriter  # noqa: E402
from spawnscope.core.vocabulary.events import (  # noqa: E402
    ObjectCreated,
    OperationCount,
    ProcessStarted,
    Role,
    Sample,
    Stream,
)
from spawnscope.core.vocabulary.operation import Operation  # noqa: E402

GOAL_SECONDS = 20.0
CONSUMERS = 6
BEGAN_NS = time.time_ns()
STEP_NS = 25_000  # between two operations: 40,000 a second
JOBS, RESULTS, LOCK = 1, 2, 3


def operations(count: int) -> Iterator[Operation]:
    """A producer, six consumers that share a lock, and a collector; in order of their ends."""
    ordinals: dict[tuple[int, int, str], int] = {}
    now = BEGAN_NS

    def done(process: int, number: int, operation: str, waited: int, item: int) -> Operation:
        nonlocal now
        now += STEP_NS
        key = (process, number, operation)
        ordinal = ordinals[key] = ordinals.get(key, 0) + 1
        sized = number != LOCK
        return Operation(
            process, number, operation, "MainThread", now - waited - 900, now, waited,
            40 + item % 60 if sized else None, f"('item', {item})" if sized else None, "ok",
            f"/srv/etl/app.py:{10 * number + len(operation)}", "", ordinal,
        )  # fmt: skip

    for item in range(count // 6):
        consumer = 3 + item % CONSUMERS
        yield done(2, JOBS, "put", 0, item)
        yield done(consumer, JOBS, "get", 80_000 if item % 3 == 0 else 0, item)
        yield done(consumer, LOCK, "acquire", 0, item)
        yield done(consumer, LOCK, "release", 0, item)
        yield done(consumer, RESULTS, "put", 0, item)
        yield done(3 + CONSUMERS, RESULTS, "get", 60_000 if item % 2 == 0 else 0, item)


def write(path: str, count: int) -> int:
    """A session with about `count` operations; how many there are."""
    writer = SessionWriter(path, about={"made by": "benchmark"})
    shared = writer.shared
    for process in range(1, 4 + CONSUMERS):
        role = Role.SUPERVISOR if process == 1 else Role.WORKER if process == 2 else Role.CHILD
        writer.process_started(
            ProcessStarted(process, 4000 + process, 1, BEGAN_NS, process - 1 or None, 1, 1,
                           f"etl-{process}", role, None, ("python", "app.py"))
        )  # fmt: skip
    for number, kind, name in ((JOBS, "Queue", "jobs"), (RESULTS, "Queue", "results"),
                               (LOCK, "Lock", "lock")):  # fmt: skip
        shared.created(ObjectCreated(number, 2, BEGAN_NS, kind, name, f"app.py:{number}", None))
    totals: dict[tuple[int, int, str], int] = {}
    page: list[Operation] = []
    written = 0
    for one in operations(count):
        page.append(one)
        totals[one.object, one.process, one.operation] = one.argument
        if len(page) == 5000:
            written += len(page)
            shared.operations(page)
            page = []
            moment = one.end_ns
            writer.samples(
                Sample(process, 4000 + process, moment, 12.5, 30_000_000 + written, 1, 9, "running")
                for process in range(2, 4 + CONSUMERS)
            )
            writer.messages(2, Stream.STDOUT, b"\n".join([b"item put"] * 20), 20, moment)
            writer.flush()
    shared.operations(page)
    shared.counters(
        (number, process, OperationCount(operation, total, 0, 0, 0, 0, 0))
        for (number, process, operation), total in totals.items()
    )
    writer.close()
    return written + len(page)


def export(path: str, to: str) -> tuple[float, float]:
    """Seconds of the export: by the clock, and of the CPU."""
    begin, used = time.perf_counter(), time.process_time()
    reader = SessionReader(path)
    with open(to, "wb") as out:
        export_chrome_trace(reader, out)
    reader.close()
    return time.perf_counter() - begin, time.process_time() - used


def bare_dump(path: str, to: str) -> tuple[float, float]:
    """Seconds of writing the same rows, with their texts, as JSON and nothing else."""
    begin, used = time.perf_counter(), time.process_time()
    connection = sqlite3.connect(path)
    texts = dict(connection.execute("SELECT id, text FROM text"))
    rows = connection.execute(
        "SELECT id, process, object, operation, thread, start_ns, end_ns, waited_ns, bytes, "
        "preview, outcome, site, argument FROM operation ORDER BY id"
    )
    with open(to, "w") as out:
        for row in rows:
            out.write(
                json.dumps(
                    {
                        "ph": "X", "id": row[0], "pid": row[1], "object": row[2],
                        "name": texts[row[3]], "tid": texts[row[4]], "ts": row[5] / 1000,
                        "dur": (row[6] - row[5]) / 1000, "waited": row[7], "bytes": row[8],
                        "preview": row[9], "outcome": texts[row[10]], "place": texts[row[11]],
                        "argument": row[12],
                    }
                )
            )  # fmt: skip
            out.write(",\n")
    connection.close()
    return time.perf_counter() - begin, time.process_time() - used


def peak_megabytes(path: str) -> float:
    """The most memory that an export of this session takes, in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--only", path], check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def _peak_of_this() -> float:
    # Not ru_maxrss, which a child takes over from whoever forked it.
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--operations", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--keep", metavar="PATH", help="write the trace there and keep it")
    parser.add_argument("--only", metavar="SESSION", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        export(options.only, os.devnull)
        print(_peak_of_this())
        return 0
    with tempfile.TemporaryDirectory() as folder:
        large, small = os.path.join(folder, "large"), os.path.join(folder, "small")
        count = write(large, options.operations)
        write(small, options.operations // 4)
        trace = options.keep or os.path.join(folder, "trace.json")
        bare, bare_cpu = bare_dump(large, os.path.join(folder, "bare.json"))
        seconds, cpu = export(large, trace)
        scaled = seconds * 1_000_000 / count
        verdict = "ok" if scaled < GOAL_SECONDS else "MISSED"
        print(f"{count:,} operations, a trace of {os.path.getsize(trace) / 1e6:,.0f} MB")
        print(
            f"written in {seconds:.1f} s, {cpu:.1f} s of CPU "
            f"({verdict}, goal {GOAL_SECONDS:.0f} s a million)"
        )
        print(
            f"a bare dump of the rows: {bare:.1f} s, {bare_cpu:.1f} s of CPU; "
            f"ratio {seconds / bare:.2f}, of CPU {cpu / bare_cpu:.2f}"
        )
        peak, quarter = peak_megabytes(large), peak_megabytes(small)
        print(
            f"peak memory {peak:.0f} MB; with a quarter of the operations {quarter:.0f} MB; "
            f"ratio {peak / quarter:.2f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
