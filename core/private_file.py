"""Files that tell what programs did and said: for their owner alone, unless the user chose else."""

from __future__ import annotations

import os


def private(path: str, flags: int) -> int:
    """An opener for `open`: what is new is made with mode 0600; what is there keeps its own."""
    return os.open(path, flags, 0o600)


def keep_mode(descriptor: int, path: str) -> None:
    """Give a new file, which is to replace `path`, the mode of that, if there is one."""
    try:
        os.fchmod(descriptor, os.stat(path).st_mode & 0o777)
    except OSError:
        pass
