"""Programs that subprocess and asyncio start: what is recorded, and that nobody notices."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from interpreters import VERSIONS, interpreters
from probing import recorded
from transparency import run

PROGRAM = """\
import asyncio, ctypes.util, os, platform, signal, subprocess, sys, traceback

def numbers():
    try:
        yield from range(3)
    finally:
        pass

def main():
    for number in numbers():
        print(subprocess.call(["true"]), subprocess.check_output(["echo", str(number)]))
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as echo:
        print(echo.communicate(b"hello", timeout=60), echo.wait(), echo.poll())
    sleeper = subprocess.Popen(["sleep", "60"])
    try:
        sleeper.wait(0.01)
    except subprocess.TimeoutExpired as error:
        print(error)
    sleeper.terminate()
    print(sleeper.wait(), os.popen("echo shell").read())
    try:
        subprocess.run(["no such program"])
    except FileNotFoundError as error:
        print(error, error.filename)
    try:
        sleeper.wait(1, 2, 3)
    except TypeError as error:
        print(error)
    platform.libc_ver(), platform.processor(), ctypes.util.find_library("c")

    async def together():
        first = await asyncio.create_subprocess_exec(
            "cat", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        second = await asyncio.create_subprocess_shell("sleep 0.3; exit 3")
        print(await asyncio.gather(first.communicate(b"loop"), second.wait()))
        lost = await asyncio.create_subprocess_exec("sleep", "60")
        task = asyncio.ensure_future(lost.wait())
        await asyncio.sleep(0)
        task.cancel()
        lost.kill()
        print(await lost.wait(), task.cancelled())

    asyncio.run(together())

main()
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    program = tmp_path / "starts.py"
    program.write_text(PROGRAM)
    return program


@pytest.mark.parametrize("version", VERSIONS)
def test_programs_are_started_as_without_us(version: str, program: Path, tmp_path: Path) -> None:
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    command = (interpreters()[version], program)
    probe = tmp_path / "probe"
    plain = run(*command, cwd=tmp_path, probe=None)
    watched = run(*command, cwd=tmp_path, probe=probe)
    assert plain.returncode == 0, plain.stdout
    assert watched.stdout == plain.stdout
    assert list(probe.glob("*.rec"))
    assert not list(probe.glob("*.fault"))


def test_what_a_program_starts_is_counted_and_named(program: Path, tmp_path: Path) -> None:
    newest = list(interpreters().values())[-1]
    for number, python in enumerate((sys.executable, newest)):
        folder = tmp_path / str(number)
        folder.mkdir()
        events = recorded(folder, "--python", python, program)
        found = {
            (made["name"], int(made["site"].rpartition(":")[2])): events.totals(made["object"])
            for made in events.of("object_created", type="Popen")
        }
        assert found == {
            ("true", 11): {"start": 3, "wait": 3},
            ("echo", 11): {"start": 3, "communicate": 3, "wait": 3},
            ("echo", 12): {"start": 1, "communicate": 1, "wait": 1},
            ("sleeper", 14): {"start": 1, "wait": 1, "terminate": 1},
            ("echo", 20): {"start": 1},  # os.popen: the shell's line
            ("first", 32): {"start": 1, "await": found[("first", 32)].get("await")},
            ("second", 35): {"start": 1, "await": 1},
            ("lost", 37): {"start": 1, "await": 1, "kill": 1},
        }
        # asyncio's `communicate` waits as well.
        assert found[("first", 32)]["await"] in (1, 2)
        (ended,) = events.of("process_exited", signal="SIGTERM")
        (starter,) = events.of("process_started", parent=1)
        assert ended["terminated_by"] == starter["process"]
        started = {e["pid"] for e in events.of("process_started")}
        pids = {e["argument"] for e in events.of("operation", operation="start")}
        assert pids <= started
        assert f"Terminated by its parent {program.name}" in ended["outcome"]
