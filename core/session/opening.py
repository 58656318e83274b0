"""Opening a session file to read it, whatever state it was left in.

    header of the file --ours?--> read-only, as it lies
                                    '-- its folder can't be written to, as SQLite must to read a
                                        WAL: without WAL as immutable, else a copy of file and WAL

A live session and one that a crash left behind have a WAL beside them; SQLite recovers it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

from .schema import APPLICATION_ID, VERSION
from .session_error import SessionError

_HEADER_BYTES = 100
_MAGIC = b"SQLite format 3\0"


def open_read_only(path: str) -> tuple[sqlite3.Connection, str | None]:
    """A read-only connection, and the temporary folder to remove after closing it, if any.

    Raises SessionError.
    """
    _check_header(path)
    try:
        return _connected(path, "mode=ro"), None
    except sqlite3.OperationalError:
        pass  # most likely a folder that can't be written to
    except sqlite3.DatabaseError as error:
        raise damaged(path, error) from None
    try:
        if not _has_wal(path):
            return _connected(path, "mode=ro&immutable=1"), None
        return _copied(path)
    except (sqlite3.DatabaseError, OSError) as error:
        raise SessionError(f"The session {path} cannot be opened: {error}.") from None


def damaged(path: str, error: Exception) -> SessionError:
    """The sentence for a file whose content does not hold together."""
    return SessionError(f"The session {path} is damaged: {error}.")


def _check_header(path: str) -> None:
    """Tell by the first bytes whether this can be a session. Raises SessionError."""
    try:
        if os.path.isdir(path):
            raise SessionError(f"{path} is a folder, not a session file.")
        if not os.path.isfile(path) and os.path.exists(path):
            raise SessionError(f"{path} is not a regular file, so it cannot be a session.")
        with open(path, "rb") as file:
            header = file.read(_HEADER_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        raise SessionError(f"There is no session file at {path}.") from None
    except PermissionError:
        raise SessionError(f"You have no permission to read {path}.") from None
    except (OSError, ValueError) as error:
        raise SessionError(f"The session {path} cannot be read: {error}.") from None
    if not header:
        raise SessionError(f"{path} is empty, not a session file.")
    if not header.startswith(_MAGIC):
        raise SessionError(f"{path} is not a session file.")
    if len(header) < _HEADER_BYTES:
        raise SessionError(f"The session {path} is damaged: it is cut short.")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise SessionError(f"{path} is an SQLite database, but not a Spawnscope session.")
    version = int.from_bytes(header[60:64], "big")
    if version > VERSION:
        raise SessionError(
            f"{path} was made by a newer Spawnscope (format {version}; this one reads "
            f"up to {VERSION})."
        )


def _connected(path: str, parameters: str) -> sqlite3.Connection:
    """A connection that has proved that it can read. Raises sqlite3.DatabaseError."""
    uri = f"{Path(os.path.abspath(path)).as_uri()}?{parameters}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("SELECT value FROM meta LIMIT 1").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _has_wal(path: str) -> bool:
    try:
        return os.path.getsize(f"{path}-wal") > 0
    except FileNotFoundError:
        return False


def _copied(path: str) -> tuple[sqlite3.Connection, str]:
    """Open a private copy of the file and its WAL."""
    folder = tempfile.mkdtemp(prefix="spawnscope-")
    try:
        copy = os.path.join(folder, "session")
        shutil.copyfile(path, copy)
        shutil.copyfile(f"{path}-wal", f"{copy}-wal")
        return _connected(copy, "mode=ro"), folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
