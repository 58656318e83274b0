"""However much a program does, what the probe keeps of it and writes about it has a bound."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from probing import probed

from spawnscope.core.probe._spawnscope_probe.managers import Methods

PROGRAMS = """
import subprocess
for number in range(120):  # a line starts as many programs as it is given
    subprocess.call([f"program-{number}"], executable="/bin/true")
    if number < 100:
        subprocess.call(["true"])
"""


def test_methods_beyond_the_first_are_counted_together() -> None:
    recorder: Any = SimpleNamespace(text=len)
    methods = Methods(SimpleNamespace(recorder=recorder, index=1))
    tallies = {id(methods[f"method{number}"]) for _ in range(3) for number in range(200)}
    assert len(tallies) == len(methods) == 65


def test_programs_beyond_the_first_are_told_together(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAMS)
    done = probed(tmp_path, sys.executable, program)
    assert done.returncode == 0, done.stderr
    (recorder,) = tmp_path.glob("*.rec")
    # One of them all, one of all others, and those that were told by name.
    assert recorder.read_bytes().count(b"\x1fPopen\x1f") == 101
