"""What watching costs while little or nothing happens: a quiet program and one at its work.

    python benchmarks/idle.py [--seconds 30] [--workers 10] [SCENE ...]

CPU of window and supervisor, of one core, with one panel in front. "sleepers": as many `sleep`s as
there are workers; "pipeline": the example Image pipeline. "selected": a worker is selected, so the
timeline has its curves below. Shares of a core vary little with what else the machine does, but
for what the caches cost. A display is needed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
PIPELINE = HERE.parent / "resources" / "examples" / "image_pipeline.py"
MESSAGES, TIMELINE, INSPECTOR = 0, 3, 4  # the places of the tabs


class Scene(NamedTuple):
    """What runs and what is looked at. Goals: percent of a core; None where there is none."""

    name: str
    busy: bool
    panel: int
    selected: bool
    window_goal: float | None = None
    supervisor_goal: float | None = None


SCENES = (
    Scene("sleepers-messages", False, MESSAGES, False, 0.5, 0.5),
    Scene("sleepers-timeline", False, TIMELINE, False, 1.0),
    Scene("sleepers-timeline-selected", False, TIMELINE, True, 1.0),
    Scene("sleepers-inspector", False, INSPECTOR, True, 1.0),
    Scene("pipeline-messages", True, MESSAGES, False),
    Scene("pipeline-timeline", True, TIMELINE, False, 5.0),
    Scene("pipeline-timeline-selected", True, TIMELINE, True, 5.0),
    Scene("pipeline-inspector", True, INSPECTOR, True, 5.0),
)


def measured(scene: Scene, seconds: float, workers: int) -> dict[str, float]:
    """Percent of a core that window and supervisor take."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "out.json"
        environment = {
            **os.environ,
            "HOME": name,
            "XDG_DATA_HOME": name,
            "XDG_CONFIG_HOME": name,
            "PROBE_LATENESS": "0",
            "PROBE_WARM_SECONDS": "5",
            "PROBE_PANEL": str(scene.panel),
            "PROBE_SELECT": str(int(scene.selected)),
        }
        for unwanted in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):
            environment.pop(unwanted, None)
        program = [sys.executable, str(HERE / "window_probe.py"), str(out), str(seconds), "run"]
        if scene.busy:
            program += [str(PIPELINE), "--photos", "1000000"]
        else:
            program += ["--count", str(workers), "--", "sleep", str(seconds + 60)]
        subprocess.run(program, env=environment, check=True, stdout=subprocess.DEVNULL)
        result = json.loads(out.read_text())
    before, after = result["before"], result["after"]
    return {
        who: (after[who]["cpu"] - before[who]["cpu"]) / result["seconds"] * 100
        for who in ("window", "supervisor")
    }


def against(goal: float | None) -> str:
    """The goal, as it stands behind a figure."""
    return "" if goal is None else f" (goal {goal:g})"


def main() -> None:
    """Measure and print a line for each scene."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="scenes; all by default")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--workers", type=int, default=10)
    options = parser.parse_args()
    for scene in SCENES:
        if options.names and scene.name not in options.names:
            continue
        percent = measured(scene, options.seconds, options.workers)
        print(
            f"{scene.name:27} window {percent['window']:5.2f} %{against(scene.window_goal)}, "
            f"supervisor {percent['supervisor']:5.2f} %{against(scene.supervisor_goal)} of a core",
            flush=True,
        )


if __name__ == "__main__":
    main()
