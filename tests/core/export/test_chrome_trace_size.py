"""Chrome traces of large sessions: in little memory, and never by halves."""

from __future__ import annotations

import contextlib
import io
import os
import select
import signal
import subprocess
import termios
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from flow_sessions import MS, a_made, an_operation
from recording import TIMEOUT, spawnscope
from waiting import wait_until

from spawnscope.core.analysis.flows import order as operation_order
from spawnscope.core.export import command
from spawnscope.core.export.chrome_trace import export_chrome_trace
from spawnscope.core.vocabulary.events import OperationCount

MAIN = "MainThread"


def fill(session: Any, events: Any, count: int) -> None:
    """Three processes pass items on, one operation every 10 ms."""
    for process in (1, 2, 3):
        session.writer.process_started(events.started(process, 1))
    shared = session.writer.shared
    shared.created(a_made("Queue"))
    totals: dict[tuple[int, str], int] = {}
    for first in range(0, count, 500):
        rows = []
        for n in range(first, min(first + 500, count)):
            process, operation = (1, "put") if n % 2 == 0 else (2 + n % 4 // 2, "get")
            total = totals[process, operation] = totals.get((process, operation), 0) + 1
            at = n * 10 * MS
            rows.append(
                an_operation(
                    operation, (process, MAIN), at, at + MS, argument=total, preview=str(n // 2)
                )
            )
        shared.operations(rows)
        session.say(*[b"line %d" % n for n in range(100)], time_ns=first * 10 * MS)
        session.writer.samples([events.sample(1, first * 10 * MS)])
        session.writer.flush()
    shared.counters(
        (1, process, OperationCount(operation, total, 0, 0, 0, 0, 0))
        for (process, operation), total in totals.items()
    )
    session.writer.flush()


def test_memory_stays_flat(new_session: Any, events: Any) -> None:
    peaks = []
    with mock.patch.object(operation_order, "_PAGE", 400):
        for count in (2000, 12_000):
            with new_session() as session:
                fill(session, events, count)
                with session.reader() as reader, open("/dev/null", "wb") as out:
                    tracemalloc.start()
                    assert export_chrome_trace(reader, out)
                    peaks.append(tracemalloc.get_traced_memory()[1])
                    tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0], peaks


def test_an_export_can_be_cancelled_at_any_step(session: Any, events: Any) -> None:
    fill(session, events, 3000)
    with session.reader() as reader:
        seen: list[float] = []
        assert export_chrome_trace(reader, io.BytesIO(), lambda done: not seen.append(done))
        assert seen == sorted(seen)
        assert (seen[0], seen[-1]) == (0.0, 1.0)
        assert len(seen) >= 8
        for last in range(len(seen)):
            steps = iter(range(len(seen)))
            out = io.BytesIO()
            assert not export_chrome_trace(reader, out, lambda done: next(steps) < last)  # noqa: B023
            if last < len(seen) - 1:
                assert not out.getvalue().endswith(b"}\n")  # it is cut off


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_cancelled_by_a_signal_it_leaves_no_file(
    session: Any, events: Any, tmp_path: Path, number: signal.Signals
) -> None:
    fill(session, events, 500)
    folder = tmp_path / "out"
    folder.mkdir()
    export = spawnscope("export", session.path, "--format", "chrome-trace", "-o", folder / "trace")
    master, terminal = os.openpty()
    termios.tcflow(terminal, termios.TCOOFF)  # its first sign of progress holds it up
    with open(master, "rb", 0) as seen, open(terminal, "rb", 0) as stderr:
        with subprocess.Popen(export, stderr=stderr) as process:
            wait_until(lambda: list(folder.glob(".trace-*.part")), TIMEOUT)
            process.send_signal(number)
            termios.tcflow(terminal, termios.TCOON)
            process.wait(TIMEOUT)
        said = os.read(seen.fileno(), 10_000) if select.select([seen], [], [], 0)[0] else b""
    assert process.returncode == 128 + number, said
    assert os.listdir(folder) == []


@pytest.mark.parametrize("shown", [command._silent, command._progress])
def test_a_signal_that_was_swallowed_is_heard_at_the_next_step(
    shown: Callable[[float], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a handler raises may be, where C code has called Python."""
    monkeypatch.setattr(command, "_asked", 0)
    assert shown(0.5)
    with contextlib.suppress(KeyboardInterrupt):
        command._leave(signal.SIGINT, None)
    with pytest.raises(KeyboardInterrupt):
        shown(0.5)
    with contextlib.suppress(SystemExit):
        command._leave(signal.SIGTERM, None)
    with pytest.raises(SystemExit):
        shown(0.5)
