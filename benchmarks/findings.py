"""What it costs to look for findings, and how soon a deadlock is told.

Cost: 200 processes share 500 objects for some seconds, watched as `record` does. The processor time
of this process per second, with the search and without, in the same run; and of one look.
Delay: 40 programs deadlock one after the other; from the instant at which a circle is complete to
the telling, as a distribution.

    python benchmarks/findings.py [--seconds 20]
"""

from __future__ import annotations

import argparse
import select
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from checkout import spawnscope_importable  # noqa: E402

spawnscope_importable()

from live import Live  # noqa: E402

from spawnscope.core.analysis.findings.looking import Looking  # noqa: E402
from spawnscope.core.record_findings import RecordFindings  # noqa: E402
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind  # noqa: E402

CROWD = ROOT / "benchmarks" / "programs" / "crowd_of_sharers.py"
DEADLOCK = ROOT / "tests" / "targets" / "sick" / "deadlock" / "two_locks.py"
PROCESSES, OBJECTS, TRIALS = 200, 500, 40


def spec(path: Path, *arguments: str) -> LaunchSpec:
    """How a program is started."""
    return LaunchSpec(kind=TargetKind.SCRIPT, target=str(path), arguments=arguments)


def watch(live: Live, findings: RecordFindings, until: float, search: bool) -> None:
    """Take in events, and look for findings, as `record` does."""
    while time.monotonic() < until and not live.client.lost:
        due = findings.due_in if search else None
        select.select([live.client], [], [], 0.05 if due is None else min(due, 0.05))
        findings.take(live.client.receive())
        if search:
            findings.look()


def cost(seconds: int) -> None:
    """Print the share of a processor that the search takes."""
    looks: list[float] = []
    plain = Looking.look

    def timed(self: Looking) -> None:
        begin = time.thread_time()
        plain(self)
        looks.append(time.thread_time() - begin)

    Looking.look = timed  # type: ignore[method-assign]
    shares = {}
    with tempfile.TemporaryDirectory() as folder:
        for search in (False, True):
            with Live(Path(folder) / f"{search}.spawnscope") as live:
                findings = RecordFindings(live.client)
                live.client.launch(spec(CROWD, str(PROCESSES), str(OBJECTS), str(seconds + 30)))
                watch(live, findings, time.monotonic() + 15, search)
                begin, at = time.thread_time(), time.monotonic()
                looks.clear()
                watch(live, findings, at + seconds, search)
                shares[search] = (time.thread_time() - begin) / (time.monotonic() - at)
                store = findings.store
                findings.close()
    Looking.look = plain  # type: ignore[method-assign]
    count = 0 if store is None else len(store.processes) - 1
    print(f"{count} processes, {0 if store is None else len(store.objects)} objects")
    print(
        f"share of a processor: {shares[False]:.2%} without the search, {shares[True]:.2%} with it"
    )
    if looks:
        median, most = statistics.median(looks) * 1e3, max(looks) * 1e3
        print(f"a look: {median:.1f} ms (median), {most:.1f} ms (longest); {len(looks)} looks")


def delay() -> None:
    """Print how long it takes from a complete circle to its finding."""
    found = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Live(Path(folder) / "s.spawnscope") as live,
    ):
        findings = RecordFindings(live.client)
        for number in range(1, TRIALS + 1):
            live.client.launch(spec(DEADLOCK))
            end = time.monotonic() + 20
            while time.monotonic() < end:
                watch(live, findings, time.monotonic() + 0.02, True)
                told = [] if findings.store is None else list(findings.store.findings)
                if len(told) >= number:
                    last = told[-1]
                    found.append((last.time_ns - last.since_ns) / 1e9)
                    live.client.stop(last.processes, grace=0.0)
                    break
        findings.close()
    found.sort()
    parts = {"median": 0.5, "90 %": 0.9, "longest": 1.0}
    told = ", ".join(
        f"{found[min(len(found) - 1, int(part * len(found)))]:.2f} s ({name})"
        for name, part in parts.items()
    )
    print(f"from a complete circle to its finding, {len(found)} of {TRIALS}: {told}")


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    delay()
    cost(options.seconds)


if __name__ == "__main__":
    main()
