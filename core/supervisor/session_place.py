"""Where a session's file lies when nobody chose a place."""

from __future__ import annotations

import os
import time
from pathlib import Path


def new_session_path(session: str) -> str:
    """A new name in the user's data folder, which only the user can enter."""
    import platformdirs

    folder = Path(platformdirs.user_data_dir("spawnscope")) / "sessions"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.chmod(folder, 0o700)
    stamp = time.strftime("%Y-%m-%d_%H-%M-%S")
    return str(folder / f"{stamp}_{session}.spawnscope")
