"""Which other Pythons this machine has, for what must work with programs of any of them."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
from functools import lru_cache

VERSIONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15")
# Pythons newer than what the system packages: a folder with python3.N in it.
NEWER = os.environ.get("NEWER_PYTHONS") or os.path.expanduser("~/.cache/newer-pythons/usr/bin")
_PLACES = os.pathsep.join((os.environ.get("PATH", os.defpath), NEWER))

EDGES = (VERSIONS[0], "3.9", "3.12", "3.14", VERSIONS[-1])
"""For what takes seconds: those that differ most, in how pools and executors are made."""


@lru_cache(maxsize=1)
def interpreters() -> dict[str, str]:
    """The path of each Python of `VERSIONS` that is here, from pyenv, from PATH or from `NEWER`."""
    found = {}
    for version in VERSIONS:
        path = _from_pyenv(version) or shutil.which(f"python{version}", path=_PLACES)
        if path and _is(path, version):
            found[version] = path
    return found


@lru_cache(maxsize=1)
def _pyenv_versions() -> str:
    root = os.environ.get("PYENV_ROOT", "")
    if not root and shutil.which("pyenv"):
        root = subprocess.run(["pyenv", "root"], capture_output=True, text=True).stdout.strip()
    return os.path.join(root or os.path.expanduser("~/.pyenv"), "versions")


def _from_pyenv(version: str) -> str:
    return max(
        glob.glob(os.path.join(_pyenv_versions(), f"{version}.*", "bin", "python")), default=""
    )


def _is(path: str, version: str) -> bool:
    """A pyenv shim is on PATH also for a version that is not active, and then fails."""
    code = "import sys, multiprocessing.synchronize; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([path, "-c", code], capture_output=True, text=True)
    return done.returncode == 0 and done.stdout.strip() == version
