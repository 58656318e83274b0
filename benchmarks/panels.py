"""40,000 operations a second from 8 processes, with each panel in front in turn: does it answer?

    python benchmarks/panels.py [--seconds 24] [--rate 40000]

The bare minimum of the same run is the window with the panel Messages in front, which shows nothing
of all that: what is hidden costs nothing. A display is needed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PANELS = ("Messages", "Traffic", "Wiring", "Timeline", "Inspector")
GOAL_MS, GOAL_CPU = 16, 35


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def measured(place: int, rate: float, seconds: float) -> dict[str, Any]:
    """A run of the real window with the panel at `place` in front."""
    program = [str(HERE / "programs" / "busy_pairs.py"), "4", str(rate), str(seconds + 4)]
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out.json"
        environment = {**os.environ, "HOME": name, "XDG_DATA_HOME": name, "XDG_CONFIG_HOME": name}
        environment |= {"PROBE_PANEL": str(place), "PROBE_WARM_SECONDS": "3"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        probe = [str(HERE / "window_probe.py"), str(out), str(seconds), "run", *program]
        subprocess.run([sys.executable, *probe], env=environment, check=True)
        found: dict[str, Any] = json.loads(out.read_text())
        return found


def main() -> None:
    """Measure and print a line for each panel."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--rate", type=float, default=40_000)
    options = parser.parse_args()
    print(f"goals: late by {GOAL_MS} ms at p99, {GOAL_CPU} % of a core", flush=True)
    bare = 0.0
    for place, name in enumerate(PANELS):
        result = measured(place, options.rate, options.seconds)
        late = result["late_ms"]
        cpu = {
            who: (result["after"][who]["cpu"] - result["before"][who]["cpu"])
            / result["seconds"]
            * 100
            for who in ("window", "supervisor")
        }
        bare = bare or cpu["window"]
        print(
            f"{name:10} late by: median {percentile(late, 0.5):5.1f} ms, p99 "
            f"{percentile(late, 0.99):5.1f}, worst {max(late):5.1f}; window {cpu['window']:3.0f} % "
            f"of a core ({cpu['window'] / max(bare, 0.1):.1f} x Messages), "
            f"supervisor {cpu['supervisor']:3.0f} %",
            flush=True,
        )


if __name__ == "__main__":
    main()
