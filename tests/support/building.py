"""Small C programs that tests need, compiled where there is a compiler."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[1] / "targets"


def built(name: str, folder: Path, *options: str) -> Path:
    """tests/targets/<name>.c as a program (or what `options` make of it) in `folder`."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("NOT TESTED: there is no C compiler")
    made = folder / name
    command = [compiler, "-O1", *options, "-o", str(made), str(SOURCES / f"{name}.c")]
    subprocess.run([*command, "-ldl"], check=True)
    return made
