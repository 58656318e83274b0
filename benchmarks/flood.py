"""100,000 lines a second from 4 writers into the real window: is all recorded, does it answer?

Each line is a write of its own. The same writers into a bare reader (a pipe that is read and
thrown away) tell what the machine can give at all in this run.

    python benchmarks/flood.py [--seconds 30] [--rate 100000]

A display is needed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from checkout import spawnscope_importable

spawnscope_importable()

from spawnscope.core.session.reader import SessionReader  # noqa: E402

HERE = Path(__file__).resolve().parent
WRITERS = 4
GOAL_MS = 16
WRITER = """
import os, sys, time
rate, seconds, name = float(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
total = int(rate * seconds)
began = time.monotonic()
done = 0
write = os.write
while done < total:
    due = min(total, int((time.monotonic() - began) * rate))
    if due == done:
        time.sleep(0.002)
        continue
    for number in range(done, due):
        write(1, b"%s %09d INFO some work was done on item %d of the batch\\n"
              % (name.encode(), number, number))
    done = due
"""


def bare(rate: float, seconds: float, script: Path) -> float:
    """Lines a second that the same writers reach into pipes that are only read."""
    began = time.monotonic()
    reader, writer = os.pipe()
    writers = [
        subprocess.Popen(
            [sys.executable, str(script), str(rate / WRITERS), str(seconds), f"w{n}"], stdout=writer
        )
        for n in range(WRITERS)
    ]
    os.close(writer)
    lines = 0
    while data := os.read(reader, 1 << 18):
        lines += data.count(b"\n")
    for process in writers:
        process.wait()
    os.close(reader)
    return lines / (time.monotonic() - began)


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rate", type=float, default=100_000)
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = folder / "writer.py"
        script.write_text(WRITER)
        reached = bare(options.rate, min(5.0, options.seconds), script)
        launcher = folder / "four.py"
        launcher.write_text(
            "import subprocess, sys\n"
            f"args = [sys.executable, {str(script)!r}, '{options.rate / WRITERS}', "
            f"'{options.seconds}']\n"
            f"for p in [subprocess.Popen([*args, f'w{{n}}']) for n in range({WRITERS})]: p.wait()\n"
        )
        out = folder / "out.json"
        environment = {**os.environ, "HOME": name, "XDG_DATA_HOME": name, "XDG_CONFIG_HOME": name}
        environment["PROBE_UNTIL_DONE"] = "1"
        subprocess.run(
            [
                sys.executable,
                str(HERE / "window_probe.py"),
                str(out),
                str(options.seconds),
                "run",
                str(launcher),
            ],
            env=environment,
            check=True,
        )
        result = json.loads(out.read_text())
        reader = SessionReader(result["session"])
        recorded = reader.messages.last_id()
        reader.close()
    expected = int(options.rate / WRITERS * options.seconds) * WRITERS
    late = result["late_ms"]
    half = len(result["memory"]) // 3
    early, end = result["memory"][half], result["memory"][-1]
    cpu = {
        who: (result["after"][who]["cpu"] - result["before"][who]["cpu"]) / result["seconds"] * 100
        for who in ("window", "supervisor")
    }
    print(f"writers alone, into a bare reader: {reached:,.0f} lines/s")
    print(f"recorded: {recorded:,} of {expected:,} lines ({recorded / expected:.4f})")
    print(
        f"event loop late by: median {percentile(late, 0.5):.1f} ms, "
        f"p99 {percentile(late, 0.99):.1f} ms, worst {max(late):.1f} ms; goal p99 <= {GOAL_MS} ms"
    )
    print(f"CPU: window {cpu['window']:.0f} %, supervisor {cpu['supervisor']:.0f} % of one core")
    for place, who in enumerate(("window", "supervisor")):
        print(
            f"memory of the {who}: {early[place] / 1e6:.1f} MB after a third, "
            f"{end[place] / 1e6:.1f} MB at the end: ratio {end[place] / early[place]:.2f}"
        )


if __name__ == "__main__":
    main()
