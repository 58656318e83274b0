"""Opening a session file to read it, whatever state it was left in.

    read-only, as it lies
        '-- its folder can't be written to, as SQLite must to read a WAL:
                without a WAL as immutable, else a copy of the file and its WAL

A live session and one that a crash left behind have a WAL beside them; SQLite recovers it.

Nothing here opens the file but SQLite: closing any descriptor of a file drops all locks that this
process holds on it, and so those of other readers (https://sqlite.org/howtocorrupt.html, 2.2).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
from pathlib import Path

from .schema import APPLICATION_ID, VERSION
from .session_error import SessionError

_FOLDER_MAY_BE_READ_ONLY = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
)


def open_read_only(path: str) -> tuple[sqlite3.Connection, str | None]:
    """A read-only connection, and the temporary folder to remove after closing it, if any.

    Raises SessionError.
    """
    _check_kind(path)
    try:
        return _connected(path, "mode=ro"), None
    except sqlite3.OperationalError as error:
        if not os.access(path, os.R_OK):
            raise SessionError(f"You have no permission to read {path}.") from None
        if error.sqlite_errorcode & 0xFF not in _FOLDER_MAY_BE_READ_ONLY:
            raise damaged(path, error) from None
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            raise SessionError(f"{path} is not a session file.") from None
        raise damaged(path, error) from None
    try:
        if not _has_wal(path):
            return _connected(path, "mode=ro&immutable=1"), None
        return _copied(path)
    except (sqlite3.DatabaseError, UnicodeDecodeError, OSError) as error:
        raise SessionError(f"The session {path} cannot be opened: {error}.") from None


def damaged(path: str, error: Exception) -> SessionError:
    """The sentence for a file whose content does not hold together."""
    return SessionError(f"The session {path} is damaged: {error}.")


def _check_kind(path: str) -> None:
    """Tell what can't be a session by its kind alone. Raises SessionError."""
    try:
        status = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        raise SessionError(f"There is no session file at {path}.") from None
    except PermissionError:
        raise SessionError(f"You have no permission to read {path}.") from None
    except (OSError, ValueError) as error:
        raise SessionError(f"The session {path} cannot be read: {error}.") from None
    if stat.S_ISDIR(status.st_mode):
        raise SessionError(f"{path} is a folder, not a session file.")
    if not stat.S_ISREG(status.st_mode):
        raise SessionError(f"{path} is not a regular file, so it cannot be a session.")
    if status.st_size == 0:
        raise SessionError(f"{path} is empty, not a session file.")


def _connected(path: str, parameters: str) -> sqlite3.Connection:
    """A connection that has proved that it can read a session of ours.

    Raises SessionError for another kind of database; sqlite3.DatabaseError, or UnicodeDecodeError
    where SQLite quotes what is damaged.
    """
    uri = f"{Path(os.path.abspath(path)).as_uri()}?{parameters}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise SessionError(f"{path} is an SQLite database, but not a Spawnscope session.")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise SessionError(
                f"{path} was made by a newer Spawnscope (format {version}; this one reads "
                f"up to {VERSION})."
            )
        connection.execute("SELECT count(*) FROM meta").fetchone()
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
