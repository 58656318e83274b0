"""One time for a session, whatever is done to the system's clock."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from building import built
from live import TARGETS
from recording import TIMEOUT, spawnscope
from waiting import wait_until

from spawnscope.core.observe.session_clock import SessionClock
from spawnscope.core.session.reader import SessionReader

_DAY = 86_400
_NS = 1_000_000_000


def test_it_begins_with_the_time_on_the_wall() -> None:
    clock = SessionClock()
    assert abs(clock.now_ns() - time.time_ns()) < _NS
    boot = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    assert abs(clock.since_boot(boot) - clock.now_ns()) < _NS


def test_a_step_of_the_wall_is_told_once_and_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SessionClock()
    true = time.time_ns
    before = clock.now_ns()
    assert clock.step_ns() == 0
    monkeypatch.setattr(time, "time_ns", lambda: true() - 3600 * _NS)
    assert before <= clock.now_ns() < before + 10 * _NS
    assert round(clock.step_ns() / _NS) == -3600
    assert clock.step_ns() == 0


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("seconds", [_DAY, -3600])
def test_a_step_while_a_program_runs_moves_no_time_of_its_session(
    tmp_path: Path, seconds: int
) -> None:
    shim = built("clock_shim", tmp_path, "-shared", "-fPIC")
    offset = tmp_path / "seconds"
    offset.write_text("0")
    path = tmp_path / "s.spawnscope"
    program = subprocess.Popen(
        spawnscope("record", "--quiet", "-o", path, TARGETS / "on_each_line.py"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "LD_PRELOAD": str(shim), "SHIM_SECONDS": str(offset)},
    )
    assert program.stdin is not None
    assert program.stdout is not None
    with program:
        assert program.stdout.readline() == "ready\n"
        for number in range(6):
            if number == 3:
                offset.write_text(str(seconds))
            program.stdin.write(f"{number}\n")
            program.stdin.flush()
            assert program.stdout.readline() == f"got {number}\n"
        # The step is noticed with the samples, once a second.
        reader = _reader_with_step(path)
        program.stdin.close()
        assert program.wait(TIMEOUT) == 0
    messages = reader.messages.page(1, 100)
    said = [m.time_ns for m in messages]
    assert said == sorted(said)
    assert said[-1] - said[0] < 60 * _NS
    assert len({m.time_ns for m in messages if m.text.startswith("got")}) == 6
    way = "ahead by 24 h 00 min" if seconds > 0 else "back by 1 h 00 min"
    assert len([m for m in messages if f"clock was set {way}" in m.text]) == 1
    done = [operation.end_ns for _, operation in reader.operations.page(limit=100)]
    assert done
    assert all(said[0] - 2 * _NS < end < said[-1] + 2 * _NS for end in done)
    for process in reader.processes.all():
        assert process.exited is None or 0 <= process.exited.time_ns - said[0] < 60 * _NS
    reader.close()


def _reader_with_step(path: Path) -> SessionReader:
    reader = SessionReader(path)
    wait_until(
        lambda: any("clock was set" in m.text for m in reader.messages.page(1, 100)), 20, "the note"
    )
    return reader
