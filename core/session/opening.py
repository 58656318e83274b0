"""Opening a session file to read it, whatever state it was left in, and whoever made it.

    read-only, as it lies
        '-- its folder can't be written to, as SQLite must to read a WAL, or somebody else could
            shrink what SQLite maps of it:
                without a WAL as immutable, else a copy of the file and its WAL

A live session and one that a crash left behind have a WAL beside them; SQLite recovers it.

Nothing here opens the file but SQLite, unless it is to be copied: closing any descriptor of a file
drops all locks that this process holds on it, and so those of other readers
(https://sqlite.org/howtocorrupt.html, 2.2).
"""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

from ..translation import tr
from .private_copy import open_copy
from .schema import APPLICATION_ID, misfit
from .session_error import SessionError
from .session_file import SessionFile, damaged
from .tables import VERSION
from .written_now import COMPANIONS

_FOLDER_MAY_BE_READ_ONLY = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
)

_trusted: set[str] = set()
_copies: dict[tuple[int, ...], SessionFile] = {}
"""By the state of what they were made of: several readers of this process share one."""


def open_session(path: str) -> SessionFile:
    """The session at `path`, to be read. Raises SessionError."""
    _check_kind(path)
    try:
        if _is_ours(path):
            return _connected(path, path, "mode=ro")
    except sqlite3.OperationalError as error:
        if not os.access(path, os.R_OK):
            raise SessionError(tr("You have no permission to read {path}.", path=path)) from None
        if error.sqlite_errorcode & 0xFF not in _FOLDER_MAY_BE_READ_ONLY:
            raise damaged(path, error) from None
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise _not_read(path, error) from None
    try:
        if not _has_wal(path):
            return _connected(path, path, "mode=ro&immutable=1")
        return _copied(path)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise _not_read(path, error) from None
    except PermissionError:
        raise SessionError(tr("You have no permission to read {path}.", path=path)) from None
    except OSError as error:
        raise SessionError(
            tr("The session {path} cannot be opened: {error}.", path=path, error=error.strerror)
        ) from None


def _not_read(path: str, error: sqlite3.DatabaseError | UnicodeDecodeError) -> SessionError:
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
        return SessionError(tr("{path} is not a session file.", path=path))
    return damaged(path, error)


def _check_kind(path: str) -> None:
    """Tell what can't be a session by its kind alone. Raises SessionError."""
    try:
        status = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        raise SessionError(tr("There is no session file at {path}.", path=path)) from None
    except PermissionError:
        raise SessionError(tr("You have no permission to read {path}.", path=path)) from None
    except (OSError, ValueError) as error:
        raise SessionError(
            tr("The session {path} cannot be read: {error}.", path=path, error=error)
        ) from None
    if stat.S_ISDIR(status.st_mode):
        raise SessionError(tr("{path} is a folder, not a session file.", path=path))
    if not stat.S_ISREG(status.st_mode):
        raise SessionError(
            tr("{path} is not a regular file, so it cannot be a session.", path=path)
        )
    if status.st_size == 0:
        raise SessionError(tr("{path} is empty, not a session file.", path=path))


def _connected(path: str, name: str, parameters: str) -> SessionFile:
    """The session that calls itself `path`, at `name`, proved to be one of ours.

    Raises SessionError for another kind of database; sqlite3.DatabaseError, or UnicodeDecodeError
    where SQLite quotes what is damaged.
    """
    uri = f"{Path(os.path.abspath(name)).as_uri()}?{parameters}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    file: SessionFile | None = None
    try:
        # Both lie in the header: nothing else of the file is looked at before it is guarded.
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise SessionError(
                tr("{path} is an SQLite database, but not a Spawnscope session.", path=path)
            )
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise SessionError(
                tr(
                    "{path} was made by a newer Spawnscope (format {version}; this one "
                    "reads up to {version2}).",
                    path=path,
                    version=version,
                    version2=VERSION,
                )
            )
        file = SessionFile(path, connection, in_place=name == path)
        file.version = version
        _check_tables(file)
    except BaseException:
        if file is None:
            connection.close()
        else:
            file.close()
        raise
    return file


def _check_tables(file: SessionFile) -> None:
    """A session has its tables and nothing else: no view or trigger, which could be any program,
    and no table that lacks what our statements rely on. Raises SessionError."""
    found = file.rows(tuple[str, str | None], "SELECT name, sql FROM sqlite_master")
    fault = tr("format {version} is none", version=file.version)
    if file.version >= 1:
        fault = misfit(file.version, found)
    if fault:
        raise damaged(file.path, fault)


def trust(path: str) -> None:
    """This session is written by a supervisor of ours, whoever its file system says owns it."""
    _trusted.add(os.path.realpath(path))


def _is_ours(path: str) -> bool:
    """The file and what lies beside it belong to this user. SQLite maps `-shm`: of somebody else,
    it could be made shorter at any moment, and the kernel would kill us."""
    if os.path.realpath(path) in _trusted:
        return True
    for suffix in ("", *COMPANIONS):
        try:
            if os.stat(path + suffix).st_uid != os.geteuid():
                return False
        except OSError:
            continue
    return True


def _has_wal(path: str) -> bool:
    try:
        return os.path.getsize(f"{path}-wal") > 0
    except FileNotFoundError:
        return False


def _copied(path: str) -> SessionFile:
    """A private copy of the file and its WAL, as they are now."""
    states = (os.stat(path), os.stat(f"{path}-wal"))
    key = tuple(
        figure
        for one in states
        for figure in (one.st_dev, one.st_ino, one.st_size, one.st_mtime_ns)
    )
    for before in [before for before, copy in _copies.items() if copy.closed]:
        del _copies[before]
    if key in _copies:
        return _copies[key].again()
    _copies[key] = copy = open_copy(path, lambda name: _connected(path, name, "mode=rw"))
    return copy
