"""Lets a benchmark that is run as a script import `spawnscope` from this checkout."""

from __future__ import annotations

import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def spawnscope_importable() -> None:
    """Stand in for the package, as main.py does."""
    if "spawnscope" not in sys.modules:
        package = types.ModuleType("spawnscope")
        package.__path__ = [str(ROOT)]
        sys.modules["spawnscope"] = package
