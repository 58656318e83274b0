"""All benchmarks in turn: `make bench`, or `python benchmarks [NAME...]`.

Those with a window run on DISPLAY, or on a virtual display of their own where there is none.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ALL = (
    "first_paint",
    "launch_latency",
    "idle",
    "flood",
    "printers",
    "live_line",
    "ten_million_messages",
    "probe_overhead",
    "recorder_reading",
    "chrome_trace",
    "timeline",
    "wiring",
    "panels",
    "many_forks",
    "ended_rows",
    "findings",
)


def main() -> int:
    """Run what was asked for; the status is that of the first that failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*ALL, []], help="which; all by default")
    names = parser.parse_args().names or ALL
    prefix = []
    if not os.environ.get("DISPLAY"):
        prefix = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"]
    status = 0
    for name in names:
        print(f"== {name}", flush=True)
        result = subprocess.run([*prefix, sys.executable, str(HERE / f"{name}.py")], check=False)
        status = status or result.returncode
    return status


if __name__ == "__main__":
    sys.exit(main())
