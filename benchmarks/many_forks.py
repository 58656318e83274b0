"""Ten minutes of a program that starts 20 processes a second: do CPU and memory stay flat?

    python benchmarks/many_forks.py [--minutes 10] [--rate 20]

Each process ends at once and stays in the tree as one that has ended. Printed for each minute: CPU
and memory of window and supervisor; and the ratio of the last minute to the second. A display is
needed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
GOAL = 1.25  # the last minute to the second one
_MINUTE = 60  # seconds
PROGRAM = """
import subprocess, sys, time
rate, seconds = float(sys.argv[1]), float(sys.argv[2])
began = time.monotonic()
for number in range(int(rate * seconds)):
    time.sleep(max(0.0, began + number / rate - time.monotonic()))
    subprocess.run(["/bin/true"])
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--rate", type=float, default=20)
    options = parser.parse_args()
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):
        os.environ.pop(name, None)
    seconds = options.minutes * _MINUTE
    with tempfile.TemporaryDirectory() as name:
        script, out = Path(name) / "forks.py", Path(name) / "out.json"
        script.write_text(PROGRAM)
        environment = {**os.environ, "HOME": name, "PROBE_LATENESS": "0", "PROBE_SECONDS": "1"}
        environment |= {f"XDG_{what}_HOME": name for what in ("DATA", "CONFIG", "STATE", "CACHE")}
        program = [sys.executable, str(HERE / "window_probe.py"), str(out), str(seconds + 1)]
        forks = ["run", str(script), str(options.rate), str(seconds + 30)]
        subprocess.run([*program, *forks], env=environment, check=True)
        result = json.loads(out.read_text())
    cpu, memory = result["cpu"], result["memory"]
    for place, who in enumerate(("window", "supervisor")):
        percent, size = [], []
        for minute in range(options.minutes):
            first, last = minute * _MINUTE, min((minute + 1) * _MINUTE, len(cpu) - 1)
            percent.append((cpu[last][place] - cpu[first][place]) / (last - first) * 100)
            size.append(memory[last][place] / 1e6)
        print(f"{who}, % of one core:", *(f"{value:.1f}" for value in percent))
        print(f"{who}, MB:", *(f"{value:.0f}" for value in size))
        if options.minutes > 2:
            print(
                f"{who}, last minute to the second: CPU {percent[-1] / percent[1]:.2f}, memory "
                f"{size[-1] / size[1]:.2f}; goal {GOAL}"
            )


if __name__ == "__main__":
    main()
