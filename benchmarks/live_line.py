"""How long after a program printed a line the window has painted it.

    python benchmarks/live_line.py [--platform offscreen|xcb]

The program prints the time, some 40 times a second; the real window's message table notes each row
that it paints for the first time. Goal: 50 ms.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

GOAL_MS = 50
_LINES = 200
_PROGRAM = (
    "import time\n"
    "time.sleep(2)\n"  # by then the window stands
    f"for n in range({_LINES}):\n"
    "    time.sleep(0.02 + n % 7 / 1000)\n"
    "    print(time.time_ns(), flush=True)\n"
)


def watch(window_class: Any) -> None:
    """Note when each row of the message table is painted first, and close the window at the end."""
    from spawnscope.gui.panels.messages.table import MessageTable

    late: dict[str, float] = {}
    paint = MessageTable.paintEvent

    def paint_event(table: Any, event: Any) -> None:
        paint(table, event)
        now = time.time_ns()
        for row in table.model().rows:
            if row.text.isdigit() and row.text not in late:
                late[row.text] = (now - int(row.text)) / 1e6
        if len(late) >= _LINES:
            found = sorted(late.values())
            print(
                f"a live line is painted after {statistics.median(found):.0f} ms (median), "
                f"{found[int(len(found) * 0.95)]:.0f} ms (95 %), {found[-1]:.0f} ms (worst of "
                f"{len(found)}; goal {GOAL_MS} ms)",
                flush=True,
            )
            os.kill(os.getpid(), 15)

    MessageTable.paintEvent = paint_event


def main() -> None:
    """Run the window."""
    from hooked_window import run_main

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--platform", default="offscreen")
    os.environ["QT_QPA_PLATFORM"] = parser.parse_args().platform
    for name in ("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            os.environ[name] = folder
        program = Path(folder) / "live.py"
        program.write_text(_PROGRAM)
        run_main(["run", "--python", sys.executable, str(program)], watch)


if __name__ == "__main__":
    main()
