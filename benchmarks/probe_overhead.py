"""What being watched costs a program: plain, recorded, and under viztracer, in turn.

    python benchmarks/probe_overhead.py [NAME...] [--passes 7] [--python PYTHON]... [--cpu]

Each program of programs/hot_sections.py times its own hot section; the ratio of two is the median
over the passes, in each of which both run, by each of the Pythons. viztracer, which traces children
by itself, is measured where it is installed. `start_up` is how much later a Python is ready. On a
machine that others use, `--cpu` tells more: CPU of the whole program, without a supervisor.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "benchmarks" / "programs" / "hot_sections.py"
# The most that the ratio watched/plain may be. For the lock nobody wants: microseconds more.
TRUE_GOAL_MS = 100.0  # what `record` may add to a command that does nothing
GOALS = {
    "queue": 1.12,
    "pool": 1.08,
    "tasks_of_1_ms": 1.01,
    "pipe": 1.12,
    "contended_lock": 1.2,
    "lock": 0.9,
    "event": 1.08,
    "manager": 1.08,
    "fork_start": 1.25,
    "alone": 1.0,
}


def main() -> None:
    """Measure and print a line for each program and Python."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*GOALS, "start_up", []])
    parser.add_argument("--passes", type=int, default=7)
    parser.add_argument("--python", action="append", help="of the programs; ours by default")
    parser.add_argument("--cpu", action="store_true", help="CPU instead of the clock")
    options = parser.parse_args()
    usual = _cpu if options.cpu else _pass
    pythons = options.python or [sys.executable]
    with tempfile.TemporaryDirectory() as folder:
        for name in options.names or [*GOALS, "start_up"]:
            measure = _start_up if name == "start_up" else usual
            passes = [
                [measure(name, Path(folder), python) for python in pythons]
                for _ in range(options.passes)
            ]
            for number, python in enumerate(pythons):
                mine = [one[number] for one in passes]
                by_cpu = options.cpu and name != "start_up"
                said = _line_of_cpu(name, mine) if by_cpu else _line(name, mine)
                print(said + (f" ({python})" if options.python else ""), flush=True)
        if not options.names:
            print(_of_true(Path(folder), options.passes), flush=True)


def _pass(name: str, folder: Path, python: str) -> list[float]:
    """Seconds of the hot section: plain, recorded, and under viztracer."""
    target = [str(PROGRAM), name]
    record = [str(ROOT / "main.py"), "record", "--quiet", "-o", str(folder / "session.spawnscope")]
    commands = [
        [python, *target], [sys.executable, *record, "--python", python, *target]
    ]  # fmt: skip
    if python == sys.executable and importlib.util.find_spec("viztracer") is not None:
        trace = ["-m", "viztracer", "--quiet", "--output_file"]
        commands.append([python, *trace, str(folder / "trace.json"), *target])
    environment = {**os.environ, "XDG_DATA_HOME": str(folder)}
    return [_seconds(command, environment) for command in commands]


def _start_up(_: str, folder: Path, python: str) -> list[float]:
    """Seconds that a Python with nothing to do takes, plain and with the probe, by the clock; then
    of CPU. The least of each: others may use the machine."""
    command = [python, "-c", "pass"]
    took = [_both(command, folder) for _ in range(21)]  # the first one compiles
    return [min(one[at] for one in took[1:]) for at in range(4)]


def _cpu(name: str, folder: Path, python: str) -> list[float]:
    """Seconds of CPU that the whole program takes: plain, and with the probe."""
    return _both([python, str(PROGRAM), name], folder)[2:]


def _both(command: list[str], folder: Path) -> list[float]:
    """Seconds of a command plain, and with the probe but without a supervisor; then those of CPU,
    with its children."""
    probe, recorders = folder / "probe", folder / "recorders"
    if not probe.exists():
        shutil.copytree(ROOT / "core" / "probe", probe)
    plain = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    watched = {**plain, "PYTHONPATH": str(probe), "SPAWNSCOPE_PROBE": str(recorders)}
    recorders.mkdir(0o700)
    (recorders / "tick").write_bytes(bytes(4096))
    wall, cpu = [], []
    silence = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    for environment in (plain, watched):
        begin = time.perf_counter()
        child = os.posix_spawn(command[0], command, environment, file_actions=silence)
        _, status, used = os.wait4(child, 0)
        assert status == 0, command
        wall.append(time.perf_counter() - begin)
        cpu.append(used.ru_utime + used.ru_stime)
    assert len(list(recorders.iterdir())) > 1, "the probe was not there"
    shutil.rmtree(recorders)
    return wall + cpu


def _seconds(command: list[str], environment: dict[str, str]) -> float:
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    # viztracer may say something of its own there as well.
    return next(float(line) for line in done.stdout.splitlines() if line[:1].isdigit())


def _of_true(folder: Path, passes: int) -> str:
    """What `record -- true` takes more than `true`, in turn: wall clock, and CPU of all processes
    of ours."""
    record = [sys.executable, str(ROOT / "main.py"), "record", "--quiet"]
    record += ["-o", str(folder / "true.spawnscope"), "--", "true"]
    more, cpu = [], []
    for _ in range(passes):
        took = []
        for command in (["true"], record):
            used = os.times()
            begin = time.perf_counter()
            subprocess.run(command, check=True)
            took.append(time.perf_counter() - begin)
        now = os.times()
        more.append(took[1] - took[0])
        cpu.append(sum(now[2:4]) - sum(used[2:4]))
    return (
        f"record true: {statistics.median(more) * 1000:.0f} ms more (goal {TRUE_GOAL_MS:g}), "
        f"{statistics.median(cpu) * 1000:.0f} ms of CPU"
    )


def _line_of_cpu(name: str, passes: list[list[float]]) -> str:
    plain = statistics.median(one[0] for one in passes)
    ratio = statistics.median(one[1] / one[0] for one in passes)
    return f"{name:15} {plain:9.2f} s of CPU plain; with the probe {ratio:5.2f} x"


def _line(name: str, passes: list[list[float]]) -> str:
    plain = statistics.median(one[0] for one in passes)
    ratios = [
        statistics.median(one[i] / one[0] for one in passes) for i in range(1, len(passes[0]))
    ]
    if name == "start_up":
        more, cpu = (
            statistics.median(one[at + 1] - one[at] for one in passes) * 1000 for at in (0, 2)
        )
        return f"{name:15} {plain * 1000:9.2f} ms plain; {more:.2f} ms more, {cpu:.2f} ms of CPU"
    goal = GOALS[name]
    text = f"{name:15} {plain * 1e6:9.2f} us plain; recorded {ratios[0]:5.2f} x"
    if name == "lock":
        more = statistics.median(one[1] - one[0] for one in passes) * 1e6
        text += f" ({more:.2f} us more; goal {goal} us)"
    else:
        text += f" (goal {goal} x)"
    return text + (f"; viztracer {ratios[1]:5.2f} x" if len(ratios) > 1 else "")


if __name__ == "__main__":
    main()
