"""Waits that are not over: whatever adds up waiting has them too."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from recording import TIMEOUT, Recording
from waiting import wait_until

from spawnscope.core.export.csv import CsvExport
from spawnscope.core.export.jsonl import export
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.vocabulary.events import (
    Doing,
    ObjectCreated,
    ObjectState,
    OperationCount,
    ProcessExited,
)
from spawnscope.core.vocabulary.operation import Operation

SECOND = 1_000_000_000
BEGAN = 1_700_000_000 * SECOND
HANGS = """
import multiprocessing as mp
def child(lock):
    print("waits", flush=True)
    lock.acquire()
if __name__ == "__main__":
    mp.set_start_method("fork")
    lock = mp.Lock()
    lock.acquire()
    process = mp.Process(target=child, args=(lock,), name="child")
    process.start()
    process.join()
"""


class Hung:
    """What `record` said of a program that hung for a second and was ended, and the session."""

    def __init__(self, said: str, reader: SessionReader) -> None:
        self.said, self.reader = said, reader
        self.lock = next(made.object for made in reader.objects.all() if made.type == "Lock")
        exits = [one.exited for one in reader.processes.all() if one.exited is not None]
        self.child, self.waited_ns = next(
            (exited.process, exited.time_ns - doing.since_ns)
            for exited in exits
            for doing in exited.doing
            if doing.operation == "acquire"
        )


def _hangs(path: Path) -> bool:
    """Whether somebody has waited for a lock for a second."""
    with contextlib.closing(SessionReader(path)) as reader:
        locks = {made.object for made in reader.objects.all() if made.type == "Lock"}
        states = (state for state in reader.objects.states() if state.object in locks)
        return any(state.waiters and time.time_ns() - state.time_ns > SECOND for state in states)


@pytest.fixture(scope="module")
def hung(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hung]:
    folder = tmp_path_factory.mktemp("hung")
    (folder / "hangs.py").write_text(HANGS)
    path = folder / "hangs.spawnscope"
    with Recording("-o", path, folder / "hangs.py") as recording:
        recording.says(b"waits")
        wait_until(lambda: _hangs(path), TIMEOUT, "a process that waits for the lock")
        recording.process.terminate()
        said = recording.finish()[2].decode()
    with contextlib.closing(SessionReader(path)) as reader:
        yield Hung(said, reader)


def test_the_summary_says_how_long_a_program_hung(hung: Hung) -> None:
    line = next(line for line in hung.said.splitlines() if line.startswith("Lock lock"))
    found = re.search(r" (\d+\.\d) s", line)
    assert found, line
    assert float(found[1]) == pytest.approx(hung.waited_ns / 1e9, abs=0.06)


def test_totals_have_the_wait_that_an_end_cut_off(hung: Hung) -> None:
    (state,) = (one for one in hung.reader.objects.states() if one.object == hung.lock)
    assert sum(one.waited_ns for one in state.counts) == hung.waited_ns
    for rows in (hung.reader.objects.counters(), hung.reader.objects.counters(hung.child)):
        (count,) = (count for number, process, count in rows
                    if (number, process) == (hung.lock, hung.child))  # fmt: skip
        assert (count.operation, count.count, count.waits) == ("acquire", 0, 1)
        assert count.waited_ns == hung.waited_ns
    sites = hung.reader.operations.by_site(hung.lock)
    found = [(site.rpartition("/")[2], *row) for site, *row in sites]
    assert ("hangs.py:5", "acquire", 0, hung.waited_ns) in found


def test_so_have_exports(hung: Hung) -> None:
    table = io.BytesIO()
    for _ in CsvExport(hung.reader).steps("objects", table):
        pass
    rows = csv.DictReader(io.StringIO(table.getvalue().decode()))
    (row,) = (row for row in rows if row["type"] == "Lock")
    assert (int(row["waits"]), int(row["waited_ns"])) == (1, hung.waited_ns)
    lines = io.StringIO()
    export(hung.reader, lines)
    events = map(json.loads, lines.getvalue().splitlines())
    (counters,) = (
        event for event in events
        if event["kind"] == "counters" and (event["object"], event["process"]) ==
        (hung.lock, hung.child)
    )  # fmt: skip
    assert counters["operations"]["acquire"]["waited_ns"] == hung.waited_ns


def test_at_a_moment_a_wait_has_lasted_until_then(hung: Hung) -> None:
    ended = hung.reader.span()[1]
    for share in (0.25, 0.5, 0.75):
        moment = ended - int(hung.waited_ns * share)
        (state,) = (one for one in hung.reader.history.states_at(moment) if one.object == hung.lock)
        exited = next(one.exited for one in hung.reader.processes.all()
                      if one.started.process == hung.child)  # fmt: skip
        assert exited is not None
        expected = min(moment, exited.time_ns) - (exited.time_ns - hung.waited_ns)
        assert sum(one.waited_ns for one in state.counts) == expected
        (count,) = (count for number, process, count in hung.reader.history.counters_at(moment)
                    if (number, process) == (hung.lock, hung.child))  # fmt: skip
        assert count.waited_ns == expected


@pytest.fixture
def noted(session: Any, events: Any) -> Iterator[SessionReader]:
    """A get that waited from second 10 to second 40, and was counted 0.4 s later; the put that
    ended it was counted at once. The next get never came to an end."""
    writer, shared = session.writer, session.writer.shared
    writer.process_started(events.started(1))
    shared.created(ObjectCreated(1, 1, BEGAN, "Queue", "jobs", "app.py:3", None))

    def state(second: float, puts: int, gets: int, waited: int) -> ObjectState:
        counts = (
            OperationCount("put", puts, 0, 0, 0, 0, 0),
            OperationCount("get", gets, gets, waited * SECOND, 0, 0, 0),
        )
        return ObjectState(1, BEGAN + int(second * SECOND), counts, puts - gets, (), ())

    def get(start: float, end: float) -> Operation:
        times = (BEGAN + int(start * SECOND), BEGAN + int(end * SECOND))
        waited = times[1] - times[0]
        return Operation(1, 1, "get", "MainThread", *times, waited, 1, "'x'", "ok", "a.py:9", "", 0)

    states = [state(5, 0, 0, 0), state(40.1, 1, 0, 0), state(41.2, 1, 1, 30)]
    for one in states:
        shared.object_history([one])
        shared.state(one)
        shared.counter_history(one.time_ns, [(1, 1, one.counts[1])])
    shared.counters([(1, 1, states[-1].counts[1])])
    shared.operations([get(10, 40)])
    doing = (Doing("MainThread", "get", 1, BEGAN + 50 * SECOND, "a.py:9", ""),)
    writer.process_exited(
        ProcessExited(1, 7, BEGAN + 60 * SECOND, None, "SIGKILL", "Killed.", doing, ())
    )
    writer.flush()
    with contextlib.closing(sqlite3.connect(session.path)) as file, file:
        file.execute("UPDATE meta SET value = ? WHERE key = 'began_ns'", (str(BEGAN),))
    with session.reader() as reader:
        yield reader


def test_as_a_moment_goes_on_no_wait_ever_falls(noted: SessionReader) -> None:
    for tenth in range(60, 700, 1):
        second = tenth / 10
        moment = BEGAN + tenth * SECOND // 10
        expected = min(max(0, second - 10), 30) + min(max(0, second - 50), 10)
        (state,) = noted.history.states_at(moment)
        assert state.counts[1].waited_ns / SECOND == pytest.approx(expected), second
        assert state.counts[1].waits == (second > 10) + (second > 50)
        ((_, _, count),) = noted.history.counters_at(moment)
        assert count.waited_ns / SECOND == pytest.approx(expected), second
