"""Where the recorders of a session lie, and how that folder is removed by whoever outlives it.

/dev/shm/spawnscope-<uid>-<session>      in memory; the folder for temporary files elsewhere
"""

from __future__ import annotations

import os
import tempfile

SHARED_MEMORY = "/dev/shm"


def base() -> str:
    """The folder that holds the run folders."""
    if os.access(SHARED_MEMORY, os.W_OK | os.X_OK):
        return SHARED_MEMORY
    return tempfile.gettempdir()


def prefix() -> str:
    """What the names of this user's run folders begin with."""
    return f"spawnscope-{os.getuid()}-"


def place_of(session: str) -> str:
    """The run folder of a session."""
    return os.path.join(base(), prefix() + session)


def remove(session: str) -> None:
    """Remove what a supervisor that was killed could not; harmless when there is nothing."""
    import shutil

    shutil.rmtree(place_of(session), ignore_errors=True)
