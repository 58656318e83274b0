"""The window while a program starts 20 short processes a second, with few and with many that ended.

    python benchmarks/ended_rows.py [--seconds 8] [--rate 20] [--real SECONDS]

A panel of everything, on screen, is given the events that a supervisor would send: first those of
10, 3,200, 6,400 and 10,000 processes that ended well, then the same 20 starts and ends a second as
a program causes them. Printed are the CPU that this takes, in percent of a core and in proportion
to the first, what one batch costs until everything is painted, and the memory of one process. Goal:
10,000 cost no more than 1.5 times what ten do. `--real` measures the whole window with a real
program besides, at its beginning and at its end. A display is needed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path
from typing import Any

from checkout import spawnscope_importable

HERE = Path(__file__).resolve().parent
COUNTS = (10, 3_200, 6_400, 10_000)
GOAL = 1.5
SECOND = 1_000_000_000


class Family:
    """Events of a program that starts /bin/true again and again."""

    def __init__(self) -> None:
        self._last = 2

    def parents(self) -> list[Any]:
        """The supervisor and the program."""
        from spawnscope.core.vocabulary.events import ProcessStarted, Role, WorkerStarted

        now = time.time_ns()
        return [
            ProcessStarted(1, 1001, 1, now, None, 1, None, "spawnscope", Role.SUPERVISOR, None, ()),
            ProcessStarted(2, 1002, 2, now, 1, 1001, 1, "forks.py", Role.WORKER, None, ("python",)),
            WorkerStarted(1, 1, 2, "forks"),
        ]

    def child(self, time_ns: int) -> list[Any]:
        """One child that started and ended."""
        from spawnscope.core.vocabulary.events import (
            ProcessChanged,
            ProcessExited,
            ProcessStarted,
            Role,
        )

        self._last += 1
        number, pid = self._last, 1000 + self._last
        command = ("/bin/true",)
        return [
            ProcessStarted(
                number, pid, number, time_ns, 2, 1002, 1, "python", Role.OTHER, None, ("python",)
            ),
            ProcessChanged(number, time_ns + 1, 1002, "true", Role.OTHER, None, command),
            ProcessExited(
                number, pid, time_ns + SECOND // 100, 0, None, "Ended normally after 0.01 s."
            ),
        ]


def measured(application: Any, count: int, rate: float, seconds: float) -> dict[str, float]:
    """The panel with `count` ended processes, for so many seconds."""
    from PySide6.QtCore import QTimer
    from PySide6.QtTest import QTest

    from spawnscope.gui.shell.session_view import SessionView

    family = Family()
    view = SessionView()
    view.resize(1400, 900)
    view.show()
    QTest.qWaitForWindowExposed(view)
    view._on_events(family.parents())
    long_ago = time.time_ns() - 3600 * SECOND
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for first in range(0, count, 500):
        number = min(500, count - first)
        events = [family.child(long_ago + (first + i) * SECOND // 20) for i in range(number)]
        view._on_events([event for one in events for event in one])
    end = time.monotonic() + 7  # everything old is folded by then, and all glows are out
    while time.monotonic() < end:
        application.processEvents()
        time.sleep(0.005)
    memory = (tracemalloc.get_traced_memory()[0] - before) / count
    tracemalloc.stop()
    costs: list[float] = []

    def feed() -> None:
        began = time.thread_time()
        view._on_events(family.child(time.time_ns()))
        application.processEvents()
        costs.append(time.thread_time() - began)

    timer = QTimer()
    timer.timeout.connect(feed)
    timer.start(round(1000 / rate))
    QTest.qWait(6000)  # as many come as fold
    costs.clear()
    cpu = time.process_time()
    QTest.qWait(round(seconds * 1000))
    # A busy machine lets fewer batches through; what counts is what all of them would take.
    share = (time.process_time() - cpu) / max(1, len(costs)) * rate
    timer.stop()
    result = {"share": share, "batch": statistics.median(costs), "memory": memory}
    view.close_session()
    view.hide()
    view.deleteLater()
    return result


def real(rate: float, seconds: float) -> tuple[float, float, int]:
    """The whole window with a real program: its share of a core in the first and in the last ten
    seconds, and how many processes ended."""
    shares = []
    for warm, length in ((3.0, 10.0), (seconds, 10.0)):
        program = [str(HERE / "programs" / "forks.py"), str(rate), str(warm + length + 8)]
        with tempfile.TemporaryDirectory() as name:
            out = Path(name) / "out.json"
            environment = {**os.environ, "HOME": name, "XDG_DATA_HOME": name}
            environment |= {"XDG_CONFIG_HOME": name, "PROBE_WARM_SECONDS": str(warm)}
            environment["PROBE_LATENESS"] = "0"
            probe = [str(HERE / "window_probe.py"), str(out), str(length), "run", *program]
            subprocess.run([sys.executable, *probe], env=environment, check=True)
            found = json.loads(out.read_text())
        spent = found["after"]["window"]["cpu"] - found["before"]["window"]["cpu"]
        shares.append(spent / found["seconds"])
    return shares[0], shares[1], int(rate * (seconds + 10))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--real", type=float, default=0, metavar="SECONDS")
    options = parser.parse_args()
    spawnscope_importable()
    from PySide6.QtWidgets import QApplication

    application = QApplication([])
    first: dict[str, float] = {}
    for count in COUNTS:
        result = measured(application, count, options.rate, options.seconds)
        first = first or result
        memory = f", {result['memory']:,.0f} bytes for each" if count > 1000 else ""
        print(
            f"{count:6,} ended: {result['share']:5.1%} of a core "
            f"({result['share'] / first['share']:.2f} x), a batch {result['batch'] * 1000:.2f} "
            f"ms ({result['batch'] / first['batch']:.2f} x){memory}",
            flush=True,
        )
    print(f"goal: at most {GOAL} x")
    if options.real:
        early, late, count = real(options.rate, options.real)
        print(f"a real program: {early:.1%} at first, {late:.1%} with {count:,} ended")


if __name__ == "__main__":
    main()
