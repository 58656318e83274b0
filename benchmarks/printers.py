"""What a program's own prints cost: into a pipe, at a terminal, with `-u`, and watched, in turn.

    python benchmarks/printers.py [NAME...] [--passes 5] [--lines 100000] [--python PYTHON]

One, two and four processes print as many lines each as fast as they can; `print` has several
arguments, `flush` says so at each line, `logging` goes to stderr. A time is what the program takes
by its own clock, from before its processes start until they have ended. The terminal is the one
that `script` makes. `late`: how long after a live line was printed the session has it.
"""

from __future__ import annotations

import argparse
import os
import select
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from checkout import spawnscope_importable

spawnscope_importable()

from spawnscope.core.client.client import Client  # noqa: E402
from spawnscope.core.session.reader import SessionReader  # noqa: E402
from spawnscope.core.vocabulary.events import MessagesCommitted, ProcessExited  # noqa: E402
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "benchmarks" / "programs" / "printer.py"
WAYS = ("print", "flush", "logging")
PRINTERS = (1, 2, 4)
GOALS = {1: 0.7, 2: 1.0, 4: 1.0}  # the most that watched may take, to the time at a terminal
LATE_MS = 50
_LIVE = (
    "import time\n"
    "for n in range(100): time.sleep(0.02 + n % 7 / 1000); print(time.time_ns(), flush=True)\n"
)


def main() -> None:
    """Measure and print a line for each way and number of printers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*WAYS, "late", []])
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--python", default=sys.executable)
    options = parser.parse_args()
    for name in ("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder
        for way in options.names or (*WAYS, "late"):
            if way == "late":
                print(_late(Path(folder), options.python), flush=True)
                continue
            for printers in PRINTERS:
                passes = [_pass(way, printers, options, folder) for _ in range(options.passes)]
                print(_line(way, printers, passes), flush=True)


def _pass(way: str, printers: int, options: argparse.Namespace, folder: str) -> list[float]:
    """Seconds into a pipe, at a terminal, into a pipe with -u, and watched."""
    result = Path(folder) / "seconds"
    program = [str(PROGRAM), way, str(printers), str(options.lines), str(result)]
    python = [options.python]
    session = Path(folder) / "session.spawnscope"
    record = [sys.executable, str(ROOT / "main.py"), "record", "--quiet", "-o", str(session)]
    terminal = " ".join(python + program)
    times = []
    for command in (
        [*python, *program],
        ["script", "-qc", terminal, os.devnull],
        [*python, "-u", *program],
        [*record, "--python", options.python, *program],
    ):
        _run(command)
        times.append(float(result.read_text()))
    session.unlink()
    return times


def _run(command: list[str]) -> None:
    """Run it, and read and throw away what it prints."""
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        while os.read(process.stdout.fileno(), 1 << 18):
            pass
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")


def _line(way: str, printers: int, passes: list[list[float]]) -> str:
    pipe, terminal, unbuffered, watched = map(statistics.median, zip(*passes, strict=True))
    ratio = statistics.median(one[3] / one[1] for one in passes)
    return (
        f"{way:8} {printers}: pipe {pipe:6.2f} s, terminal {terminal:6.2f} s, "
        f"-u {unbuffered:6.2f} s, watched {watched:6.2f} s: "
        f"{ratio:5.2f} x the terminal (goal {GOALS[printers]} x)"
    )


def _late(folder: Path, python: str) -> str:
    """How late live lines are told to be in the session: what a window waits for."""
    script, session = folder / "live.py", folder / "session.spawnscope"
    script.write_text(_LIVE)
    client = Client(session_path=str(session))
    client.guard()
    client.launch(LaunchSpec(kind=TargetKind.SCRIPT, target=str(script), interpreter=python))
    late: list[float] = []
    read = 0
    ended = False
    while not ended:
        select.select([client], [], [])
        for event in client.receive():
            ended = ended or (isinstance(event, ProcessExited) and event.exit_code == 0)
            if isinstance(event, MessagesCommitted) and event.last_id > read:
                now = time.time_ns()
                reader = SessionReader(str(session))
                for message in reader.messages.page(read + 1, event.last_id - read):
                    late.append((now - int(message.text)) / 1e6)
                reader.close()
                read = event.last_id
    client.close()
    session.unlink()
    late.sort()
    return (
        f"a live line is in the session after {statistics.median(late):.0f} ms (median), "
        f"{late[-1]:.0f} ms (worst of {len(late)}; goal {LATE_MS} ms)"
    )


if __name__ == "__main__":
    main()
