"""Runs the real window with a probe inside: how late is its event loop, what does it cost?

    python benchmarks/window_probe.py OUT SECONDS ARGUMENTS...   (what main.py would take)

Begins to measure when the panels stand; after SECONDS writes a JSON object to OUT (lateness in
milliseconds of a timer that is due every 4 ms, CPU seconds and memory of window and supervisor at
the beginning, at each second and at the end), then closes the window.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any

INTERVAL_MS = 4
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")


def usage(pid: int) -> dict[str, float]:
    """CPU seconds and resident bytes of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return {
        "cpu": (int(fields[11]) + int(fields[12])) / _TICKS,
        "rss": int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE,
    }


def measure(window: Any, out: str, seconds: float) -> None:
    """Start the measurement in the window's own event loop."""
    from PySide6.QtCore import Qt, QTimer

    pid = window._session._client.pid
    window._view.tabs.show_place(int(os.environ.get("PROBE_PANEL", "0")))
    if os.environ.get("PROBE_SELECT") == "1":
        window._view.processes.select(next(iter(window._session._running)))
    late: list[float] = []
    timer = QTimer(window, interval=INTERVAL_MS, timerType=Qt.TimerType.PreciseTimer)
    state = {"last": time.perf_counter()}
    before = {"window": usage(os.getpid()), "supervisor": usage(pid)}
    memory: list[tuple[float, float]] = []
    cpu: list[tuple[float, float]] = []
    began = time.monotonic()
    until_done = os.environ.get("PROBE_UNTIL_DONE") == "1"

    def on_tick() -> None:
        now = time.perf_counter()
        late.append((now - state["last"]) * 1000 - INTERVAL_MS)
        state["last"] = now

    def on_second() -> None:
        both = usage(os.getpid()), usage(pid)
        memory.append((both[0]["rss"], both[1]["rss"]))
        cpu.append((both[0]["cpu"], both[1]["cpu"]))

    def on_end() -> None:
        if until_done and window._view.store.processes.live_count > 1:
            QTimer.singleShot(200, on_end)
            return
        timer.stop()
        result = {
            "late_ms": late,
            "before": before,
            "after": {"window": usage(os.getpid()), "supervisor": usage(pid)},
            "memory": memory,
            "cpu": cpu,
            "seconds": time.monotonic() - began,
            "session": window._session.path,
            "peak_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        }
        second.stop()
        Path(out).write_text(json.dumps(result))
        os.kill(os.getpid(), signal.SIGTERM)  # as closing the window, but nobody is asked

    if os.environ.get("PROBE_LATENESS", "1") == "1":
        timer.timeout.connect(on_tick)
        timer.start()
    second = QTimer(window, interval=1000)
    second.timeout.connect(on_second)
    if os.environ.get("PROBE_SECONDS", os.environ.get("PROBE_LATENESS", "1")) == "1":
        second.start()
    QTimer.singleShot(int(seconds * 1000), on_end)


def main() -> None:
    """Run main.py, hooked where the window has begun its session."""
    from hooked_window import run_main

    out, seconds, *arguments = sys.argv[1:]
    warm = float(os.environ.get("PROBE_WARM_SECONDS", "1"))

    def patch(window_class: Any) -> None:
        begin = window_class._begin

        def begin_and_measure(window: Any) -> None:
            from PySide6.QtCore import QTimer

            begin(window)
            QTimer.singleShot(int(warm * 1000), lambda: measure(window, out, float(seconds)))

        window_class._begin = begin_and_measure

    run_main(arguments, patch)


if __name__ == "__main__":
    main()
