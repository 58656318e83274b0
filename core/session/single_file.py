"""Leaving one file behind: whoever closes a session last does away with its WAL."""

from __future__ import annotations

import os
import sqlite3

from .written_now import check_alone


def leave_single_file(connection: sqlite3.Connection) -> bool:
    """Move the WAL into the file and do away with it; False while others have the file open."""
    connection.execute("PRAGMA busy_timeout=0")
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlite3.OperationalError:
        return False
    return bool(mode == "delete")


def single_file(path: str | os.PathLike[str]) -> bool:
    """Tidy up a session whose writer has gone, once its readers have closed: fold a WAL that is
    left into the file. False, and no harm, where that can't be done (yet)."""
    path = os.fspath(path)
    if not os.path.exists(f"{path}-wal"):
        return True
    try:
        check_alone(path)
        if os.stat(path).st_uid != os.geteuid():
            return False  # for its owner to do: what we make would be ours
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            return leave_single_file(connection)
        finally:
            connection.close()
    except (sqlite3.Error, OSError):
        return False
