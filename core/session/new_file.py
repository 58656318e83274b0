"""Making a session file: claimed, so that nobody replaces it, and with room kept for its end.

FILE (new, 0600) --claim--> companions of an earlier one removed --> tables --> WAL
RESERVE (nameless, beside it) --given back when the disk is full at the end--> last flush
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys

from ..translation import tr
from .schema import APPLICATION_ID, FORMAT, TABLES
from .session_error import SessionError
from .tables import META, VERSION
from .written_now import (
    COMPANIONS,
    FileInUseError,
    check_alone,
    claim,
    closed_here,
    opened_here,
    release,
)

_CHECKPOINT_PAGES = 4096  # 16 MiB of WAL between two fsyncs: the supervisor has one thread
_RESERVES = (1 << 20, 1 << 17)  # bytes: as much as there is room for


class NewFile:
    """A new, empty session file in WAL mode, with no transaction open."""

    _reserve = -1

    def __init__(self, path: str, about: dict[str, str], began_ns: int) -> None:
        """The tables are written before WAL begins: a copy of the main file alone is a valid
        session. Leaves nothing behind where it fails.

        Raises FileExistsError and other OSErrors of the path, SessionError, sqlite3.Error.
        """
        self._claimed = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
        self._here = opened_here(path)
        try:
            claim(self._claimed, path)
            # Nobody else may do so any more: they would have to make or to claim the file.
            _remove_companions(path)
            self._reserve = _reserved(os.path.dirname(os.path.abspath(path)))
            self.connection = _laid_out(path, about, began_ns)
        except BaseException:
            self.release()
            os.unlink(path)
            raise

    def release(self) -> None:
        """Let others have the file; after the connection was closed."""
        if self._claimed >= 0:
            release(self._claimed)
            self._claimed = -1
            closed_here(self._here)
        self.give_reserve_back()

    def give_reserve_back(self) -> bool:
        """Let the disk have a little room again; False when there is nothing (more) to give."""
        reserve, self._reserve = self._reserve, -1
        if reserve >= 0:
            os.close(reserve)
        return reserve >= 0


def _laid_out(path: str, about: dict[str, str], began_ns: int) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={VERSION}")
        connection.execute("PRAGMA secure_delete=OFF")
        # One transaction, so that a session never exists by halves.
        connection.executescript(f"BEGIN; {TABLES}")
        meta = {f"about.{key}": value for key, value in about.items()}
        meta |= {"format": FORMAT, "version": str(VERSION), "byte_order": sys.byteorder}
        connection.executemany(META.insert(), meta.items())
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
        # The first that goes through the WAL, so that there is one.
        connection.execute("INSERT INTO meta VALUES ('began_ns', ?)", (str(began_ns),))
        _check_owner(path)
    except BaseException:
        connection.close()
        for suffix in COMPANIONS:
            with contextlib.suppress(OSError):
                os.unlink(path + suffix)
        raise
    return connection


def _remove_companions(path: str) -> None:
    """What lies beside a new file cannot be its own; SQLite would take it for that. Raises
    SessionError where it can't be removed: in a shared folder it may be somebody else's."""
    for suffix in COMPANIONS:
        name = path + suffix
        try:
            check_alone(name)
            os.unlink(name)
        except FileNotFoundError:
            continue
        except OSError as error:
            why = error.strerror
            if not isinstance(error, FileInUseError):
                why = tr(
                    "'{name}' lies beside it and cannot be removed ({error}); choose another name",
                    name=name,
                    error=why,
                )
            raise SessionError(
                tr("A session cannot begin in '{path}': {why}.", path=path, why=why)
            ) from None


def _check_owner(path: str) -> None:
    """What SQLite has open now is ours: nobody was quicker in a folder that all may write to."""
    owner = os.stat(path).st_uid  # not always us: some network file systems say "nobody"
    for suffix in ("-wal", "-shm"):
        if os.stat(path + suffix).st_uid != owner:
            raise SessionError(
                tr(
                    "A session cannot begin in '{path}': somebody else made '{other}'; choose "
                    "another name.",
                    path=path,
                    other=path + suffix,
                )
            )


def _reserved(folder: str) -> int:
    """A file without a name that takes up a little room; -1 where there is none such."""
    try:
        descriptor = os.open(folder, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    except OSError:
        return -1
    for size in _RESERVES:
        try:
            os.posix_fallocate(descriptor, 0, size)
        except OSError:
            continue
        return descriptor
    os.close(descriptor)
    return -1
