"""From the click to the start: what launching through the supervisor costs.

1. A function worker by fork: from `Client.launch` (what a click calls) to the event
   `process_started` in the client. Goal: under 10 ms.
2. A script: from the launch to the script's last act, against subprocess.run of the same script
   in the same run. Goal: at most 1.1 x.

    python benchmarks/launch_latency.py [--rounds N]
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

sys.path.insert(0, str(Path(__file__).resolve().parent))

from checkout import spawnscope_importable

spawnscope_importable()

from spawnscope.core.client.client import Client  # noqa: E402
from spawnscope.core.vocabulary.events import (  # noqa: E402
    Event,
    ProcessExited,
    ProcessStarted,
    Role,
    SessionOpened,
)
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind  # noqa: E402

SCRIPT = "import os, time\nos.write(1, b'%d\\n' % time.monotonic_ns())\n"


def events_until(client: Client, wanted: type, seen: list[Event]) -> Event:
    """Take events in until one of the kind came."""
    while True:
        for event in seen:
            if isinstance(event, wanted) and getattr(event, "role", None) is not Role.SUPERVISOR:
                seen.remove(event)
                return event
        select.select([client], [], [], 10)
        seen += client.receive()


def function_latency(client: Client, rounds: int) -> list[float]:
    """Milliseconds from launch to process_started, each."""
    spec = LaunchSpec(kind=TargetKind.FUNCTION, target="time:sleep", arguments=(0,))
    found = []
    for number in range(rounds + 3):
        seen: list[Event] = []
        began = time.perf_counter()
        client.launch(spec)
        events_until(client, ProcessStarted, seen)
        taken = (time.perf_counter() - began) * 1000
        events_until(client, ProcessExited, seen)
        if number >= 3:
            found.append(taken)
    return found


def script_times(client: Client, rounds: int, folder: Path) -> tuple[list[float], list[float]]:
    """Milliseconds from the launch to the script's own first act: ours and plain, in turn."""
    script = folder / "act.py"
    out = folder / "out"
    script.write_text(
        f"import os, time\nwith open({str(out)!r}, 'w') as f: f.write(str(time.monotonic_ns()))\n"
    )
    spec = LaunchSpec(kind=TargetKind.SCRIPT, target=str(script))
    ours, plain = [], []
    for number in range(rounds + 3):
        seen: list[Event] = []
        began = time.monotonic_ns()
        client.launch(spec)
        events_until(client, ProcessExited, seen)
        mine = (int(out.read_text()) - began) / 1e6
        began = time.monotonic_ns()
        subprocess.run([sys.executable, str(script)], check=True)
        theirs = (int(out.read_text()) - began) / 1e6
        if number >= 3:
            ours.append(mine)
            plain.append(theirs)
    return ours, plain


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args().rounds
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        client = Client(session_path=str(folder / "bench.spawnscope"))
        seen: list[Event] = []
        events_until(client, SessionOpened, seen)
        latency = function_latency(client, rounds)
        ours, plain = script_times(client, rounds, folder)
        client.close()
    print(
        f"function worker by fork, launch to process_started: median "
        f"{statistics.median(latency):.1f} ms, worst {max(latency):.1f} ms; goal under 10 ms"
    )
    ratio = statistics.median(o / p for o, p in zip(ours, plain, strict=True))
    print(
        f"script, launch to its first act: ours {statistics.median(ours):.1f} ms, plain "
        f"{statistics.median(plain):.1f} ms: ratio {ratio:.2f}; goal at most 1.1"
    )


if __name__ == "__main__":
    main()
