"""A session file that is open for reading, whoever made it.

    statement --limits of SQLite--> steps, as many as the file's size can justify
                                      '--> rows, no more than it can hold --checked--> tuples

A file may be damaged, or made to hang or to flood its reader: pages of a B-tree that name one page
many times are endless rows in a few KiB. So nothing here trusts it; whatever is wrong becomes a
SessionError. While SQLite is at work, signals (Ctrl+C) are heard every few thousand steps.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeVar, get_args

import msgspec

from ..plain_text import plain
from ..translation import tr
from .row_types import Number, checked, numbered
from .session_error import SessionError
from .single_file import single_file
from .written_now import closed_here, opened_here

_EVERY = 4096  # steps of SQLite's machine between two looks: about 0.1 ms
_STEPS, _STEPS_A_BYTE = 3_000_000, 16  # our costliest statement takes about two a byte
_BYTES = 1 << 20  # of text in the rows of a statement, beyond the size of the file
_PIECE = 500  # rows fetched at a time
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 64 << 20,  # of a value; a block of messages has 64 KiB
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 20,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 100_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_PRAGMAS = "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
_DAMAGE = (
    sqlite3.Error,
    ValueError,
    LookupError,
    TypeError,
    OverflowError,
    RecursionError,
    msgspec.MsgspecError,
)
"""What reading a file with wrong bytes in it leads to."""
_LONGEST_REASON = 200  # characters: it may quote the file

E = TypeVar("E")


class SessionFile:
    """See the module. For any thread; two that read at one time, as readers of one copy may, wait
    for each other. `version`: of its format, once it is known."""

    def __init__(self, path: str, connection: sqlite3.Connection, *, in_place: bool) -> None:
        """`in_place`: the connection is to the file at `path`, not to a copy."""
        self.path = path
        self.version = 0
        self._connection = connection
        self._users = 1
        self._lock = threading.RLock()
        self._here = opened_here(path) if in_place else None
        self._steps = self._size = 0
        self._measured()
        self._signalled: BaseException | None = None
        # A generator, begun: it is only ever entered at its `yield`, within `try`. A function could
        # be hit by a signal before its first line, and SQLite swallows what its handler raises.
        watch = self._watch()
        next(watch)
        connection.set_progress_handler(watch.__next__, _EVERY)
        for limit, most in _LIMITS.items():
            connection.setlimit(limit, most)
        with self.checking():
            connection.executescript(_PRAGMAS)

    @property
    def closed(self) -> bool:
        """Nobody uses it any more."""
        return not self._users

    def again(self) -> SessionFile:
        """The same file for one more user, who closes it too."""
        with self._lock:
            self._users += 1
        return self

    def rows(
        self, kind: object, statement: str, parameters: tuple[Any, ...] = (), since: int = 1
    ) -> list[Any]:
        """All rows of a statement, each of `kind`: a tuple of what each column may hold; none in a
        session from before version `since`, which the table came with. No transaction stays open.
        Raises SessionError."""
        if self.version < since:
            return []
        found: list[Any] = []
        texts = _text_columns(kind)
        with self._lock, self.checking():
            self._steps, self._signalled = 0, None
            left = self._size + _BYTES
            cursor = self._connection.execute(statement, parameters)
            try:
                while piece := cursor.fetchmany(_PIECE):
                    found += checked(piece, kind)
                    if texts:
                        left -= sum(len(row[at] or "") for at in texts for row in piece)
                        if left < 0:
                            left += self._measured()
                        if left < 0:
                            raise ValueError("its rows hold more than the file")
            finally:
                cursor.close()
        return found

    def events(
        self, kind: type[E], key: str, statement: str, *which: int, since: int = 2
    ) -> list[E]:
        """The rows of a statement that asks for (number, event as JSON); the event has the number
        under the name `key`. None in a session from before version `since`. Raises SessionError."""
        rows = self.rows(tuple[Number, str], statement, which, since=since)
        with self.checking():
            return [numbered(row, kind, key) for row in rows]

    def define_function(self, name: str, function: Callable[..., Any]) -> None:
        """Let statements call a function of two values."""
        with self._lock, self.checking():
            self._connection.create_function(name, 2, function, deterministic=True)

    def checking(self) -> Checking:
        """In this context, what a damaged file leads to becomes a SessionError."""
        return Checking(self)

    def close(self) -> None:
        """One user less; the last one closes the file. Who is the last to close a session that
        ended in order leaves a single file behind."""
        with self._lock:
            if self._users > 1:
                self._users -= 1
            else:
                left_over = self._here is not None and self._is_left_over()
                self._users = 0
                self._connection.close()
                if self._here is not None and closed_here(self._here) and left_over:
                    single_file(self.path)

    def missing(self, what: str) -> SessionError:
        """The fault of a file in which something is not there that must be."""
        return damaged(self.path, tr("{what} is missing", what=what))

    def why(self, error: BaseException) -> BaseException:
        """What to raise for an error met while reading: a signal that came, or a sentence."""
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            if self._steps > self._allowed:
                return SessionError(
                    tr(
                        "The session {path} is damaged: to read it takes longer than its "
                        "size can explain.",
                        path=self.path,
                    )
                )
            return self._signalled or KeyboardInterrupt()
        if isinstance(error, MemoryError):
            return SessionError(
                tr("The session {path} cannot be read: out of memory.", path=self.path)
            )
        return damaged(self.path, error)

    def _is_left_over(self) -> bool:
        """A WAL lies beside a session that ended in order."""
        if not os.path.exists(f"{self.path}-wal"):
            return False
        try:
            return bool(self.rows(tuple[str], "SELECT key FROM meta WHERE key = 'ended_ns'"))
        except SessionError:
            return False

    @property
    def _allowed(self) -> int:
        return _STEPS + _STEPS_A_BYTE * self._size

    def _measured(self) -> int:
        """How much larger the file, its WAL included, is than when last measured: a live one
        grows."""
        before, self._size = self._size, 0
        for name in (self.path, f"{self.path}-wal"):
            try:
                self._size += os.stat(name).st_size
            except OSError:
                pass
        return self._size - before

    def _watch(self) -> Iterator[bool]:
        """Says, every few steps, whether to give up."""
        while True:
            try:
                while True:
                    yield self._signalled is not None or self._is_beyond()
            except GeneratorExit:
                return
            except BaseException as signalled:  # noqa: BLE001 - `why` raises it where it is heard
                self._signalled = signalled

    def _is_beyond(self) -> bool:
        self._steps += _EVERY
        if self._steps > self._allowed:
            self._measured()
        return self._steps > self._allowed


class Checking:
    """See `SessionFile.checking`."""

    __slots__ = ("_file",)

    def __init__(self, file: SessionFile) -> None:
        self._file = file

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if isinstance(error, sqlite3.ProgrammingError):
            return  # a mistake of the caller's: a closed reader
        if isinstance(error, (*_DAMAGE, MemoryError)):
            raise self._file.why(error) from None


def damaged(path: str, error: BaseException | str) -> SessionError:
    """The sentence for a file whose content does not hold together."""
    reason = plain(str(error)).rstrip(".")
    if len(reason) > _LONGEST_REASON:
        reason = f"{reason[:_LONGEST_REASON]}…"
    return SessionError(tr("The session {path} is damaged: {reason}.", path=path, reason=reason))


@cache
def _text_columns(kind: Any) -> tuple[int, ...]:
    """The columns of such rows that hold text or bytes."""
    return tuple(
        at
        for at, one in enumerate(get_args(kind))
        if {str, bytes} & {one, *get_args(one), getattr(one, "__origin__", None)}
    )
