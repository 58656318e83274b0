"""What watching costs when nothing happens: 10 quiet workers, the window visible.

    python benchmarks/idle.py [--seconds 30] [--workers 10]

CPU of window and supervisor together, of one core; goal under 1 %. A display is needed.
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
GOAL_PERCENT = 1.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--workers", type=int, default=10)
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out.json"
        environment = {
            **os.environ,
            "HOME": name,
            "XDG_DATA_HOME": name,
            "XDG_CONFIG_HOME": name,
            "PROBE_LATENESS": "0",
            "PROBE_WARM_SECONDS": "5",
        }
        program = [sys.executable, str(HERE / "window_probe.py"), str(out), str(options.seconds)]
        quiet = ["--count", str(options.workers), "--", "sleep", str(options.seconds + 60)]
        subprocess.run([*program, "run", *quiet], env=environment, check=True)
        result = json.loads(out.read_text())
    percent = {
        who: (result["after"][who]["cpu"] - result["before"][who]["cpu"]) / result["seconds"] * 100
        for who in ("window", "supervisor")
    }
    total = sum(percent.values())
    print(
        f"idle with {options.workers} quiet workers: window {percent['window']:.2f} %, supervisor "
        f"{percent['supervisor']:.2f} %, together {total:.2f} % of one core; goal under "
        f"{GOAL_PERCENT:g} %"
    )


if __name__ == "__main__":
    main()
