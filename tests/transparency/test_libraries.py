"""Programs that use other libraries for processes print with the probe what they print without it.

The libraries are looked for in each Python that is here, and in those that the variable
TRANSPARENCY_PYTHONS names, separated by colons.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from interpreters import interpreters
from probing import TARGETS
from transparency import run

pytestmark = pytest.mark.transparency

LIBRARIES = ("joblib", "loky", "pebble", "billiard", "sklearn", "dask")


def _pythons() -> list[str]:
    named = os.environ.get("TRANSPARENCY_PYTHONS", "")
    return [*filter(None, named.split(os.pathsep)), sys.executable, *interpreters().values()]


def _has(python: str, library: str) -> bool:
    return subprocess.run([python, "-c", f"import {library}"], capture_output=True).returncode == 0


@pytest.mark.parametrize("library", LIBRARIES)
def test_output_is_the_same(library: str, tmp_path: Path) -> None:
    found = [python for python in dict.fromkeys(_pythons()) if _has(python, library)]
    if not found:
        pytest.skip(f"NOT CHECKED: {library} is not installed in any Python here")
    program = TARGETS / "libraries" / f"with_{library}.py"
    for number, python in enumerate(found):
        recorders = tmp_path / str(number)
        without = run(python, program, cwd=tmp_path, probe=None)
        with_it = run(python, program, cwd=tmp_path, probe=recorders)
        assert without.returncode == 0, without.stdout
        assert (with_it.stdout, with_it.returncode) == (without.stdout, 0)
        assert len(list(recorders.glob("*.rec"))) > 1, "only one process was watched"
        assert [path.read_text() for path in recorders.glob("*.fault")] == []
