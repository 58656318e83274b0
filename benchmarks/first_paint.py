"""From the start of the process to the first painted window: ours against a bare QMainWindow.

Both run in turn, each in a fresh process; what counts is the ratio of the medians.

    python benchmarks/first_paint.py [--rounds N]

A display is needed (DISPLAY, or `xvfb-run python benchmarks/first_paint.py`).
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

GOAL = 1.35


def bare(began: float) -> None:
    """What any PySide6 program has to pay."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Window(QMainWindow):
        painted = False

        def paintEvent(self, event: object) -> None:
            if not self.painted:
                self.painted = True
                QTimer.singleShot(0, lambda: done(began))

    application = QApplication([])
    window = Window()
    window.resize(1440, 900)
    window.show()
    application.exec()


def ours(began: float, whole: bool = False) -> None:
    """The program as it is started by anybody, with one hook: its window tells of its paint.

    `whole`: wait for the paint after the panels have taken their places.
    """
    from hooked_window import run_main

    def patch(window_class: Any) -> None:
        from PySide6.QtCore import QTimer

        begin = window_class._begin

        def paint_event(window: Any, event: object) -> None:
            if not hasattr(window, "was_painted"):
                window.was_painted = True
                QTimer.singleShot(0, lambda: done(began))

        def begin_and_tell(window: Any) -> None:
            begin(window)
            QTimer.singleShot(0, lambda: QTimer.singleShot(0, lambda: done(began)))

        if whole:
            window_class._begin = begin_and_tell
        else:
            window_class.paintEvent = paint_event

    run_main([], patch)


def done(began: float) -> None:
    """Tell the time and leave at once; a supervisor ends by itself when its window is gone."""
    print(time.clock_gettime(time.CLOCK_MONOTONIC) - began, flush=True)
    os._exit(0)


def measure(which: str, environment: dict[str, str]) -> float:
    """Seconds of one run."""
    began = time.clock_gettime(time.CLOCK_MONOTONIC)
    result = subprocess.run(
        [sys.executable, __file__, "--child", which, str(began)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    if not result.stdout:
        sys.exit(f"{which} did not paint:\n{result.stderr}")
    return float(result.stdout.split()[-1])


def main() -> None:
    """Measure both in turn and print the ratio."""
    if sys.argv[1:2] == ["--child"]:
        which, began = sys.argv[2], float(sys.argv[3])
        if which == "bare":
            bare(began)
        else:
            ours(began, whole=which == "whole")
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_DATA_HOME": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as anybody runs it: compiled once
        times: dict[str, list[float]] = {"bare": [], "ours": [], "whole": []}
        for number in range(rounds + 2):
            for which, found in times.items():
                seconds = measure(which, environment)
                if number >= 2:
                    found.append(seconds)
    middle = {which: statistics.median(found) for which, found in times.items()}
    pairs = [o / b for o, b in zip(times["ours"], times["bare"], strict=True)]
    bare_ms, ours_ms = middle["bare"] * 1000, middle["ours"] * 1000
    print(f"bare QMainWindow {bare_ms:6.0f} ms   Spawnscope {ours_ms:6.0f} ms")
    print(
        f"first paint: ratio {middle['ours'] / middle['bare']:.2f} of the medians "
        f"(pairs: median {statistics.median(pairs):.2f}, best {min(pairs):.2f}, "
        f"worst {max(pairs):.2f}); goal at most {GOAL}"
    )
    print(
        f"with all panels in place: {middle['whole'] * 1000:.0f} ms, "
        f"{middle['whole'] / middle['bare']:.2f} x the bare window"
    )


if __name__ == "__main__":
    main()
