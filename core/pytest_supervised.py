"""Run a command under watch: what `pytest --spawnscope` becomes. A program, not a module.

    pytest_supervised.py SESSION COMMAND [ARG...]

The session lies in a folder of its own while it lasts, and is gone afterwards.
"""

from __future__ import annotations

import os
import runpy
import shutil
import sys


def _run(session: str, command: list[str]) -> None:
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    main = os.path.join(root, "main.py")
    sys.path[0] = root  # as Python has it for that program
    sys.argv = [main, "record", "--quiet", "-o", session, "--", *command]
    try:
        runpy.run_path(main, run_name="__main__")  # exits with the status of the command
    finally:
        shutil.rmtree(os.path.dirname(session), ignore_errors=True)


if __name__ == "__main__":
    _run(sys.argv[1], sys.argv[2:])
