"""Running something of ours that may not signal everybody: as root, but without CAP_KILL.

So a process that has become another user is out of its reach, as a setuid program or `sudo` is out
of an ordinary user's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

SUPPORT = Path(__file__).resolve().parent
NOBODY = 65534


def weakly(*command: str) -> list[str]:
    """`command`, without the right to signal other users' processes."""
    if os.getuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("NOT TESTED: only root can give up the right to signal others (setpriv)")
    return ["setpriv", "--bounding-set=-kill", "--inh-caps=-kill", "--", *command]


def run_weakly(folder: Path, body: str, timeout: float = 60) -> None:
    """Run `body` (Python) in a process of its own, with `Live` and the events at hand."""
    program = folder / "weak_program.py"
    program.write_text(
        "import os, signal, sys, time\n"
        f"sys.path.insert(0, {str(SUPPORT)!r})\n"
        "from pathlib import Path\n"
        "from live import Live, alive\n"
        "from spawnscope.core.sentences.notes import said\n"
        "from spawnscope.core.sentences.stopping import stopping\n"
        "from spawnscope.core.vocabulary.events import *\n"
        f"path = Path({str(folder / 's.spawnscope')!r})\n" + textwrap.dedent(body)
    )
    command = weakly(sys.executable, str(program))
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout)
    assert done.returncode == 0, done.stdout + done.stderr
