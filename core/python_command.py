"""Whether a command line starts Python."""

from __future__ import annotations

from pathlib import PurePath


def is_python(cmdline: tuple[str, ...]) -> bool:
    """Whether the program looks like a Python interpreter by its name."""
    return bool(cmdline) and PurePath(cmdline[0]).name.lower().startswith(("python", "pypy"))
