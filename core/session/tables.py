"""The columns of every table of a session, written once: what it takes to make a table, to write
its rows and to read them follows from here.

    column = type in SQL, what a cell of it may hold when it is read
    Table --.create---> CREATE TABLE
            |.insert--> INSERT
            |.select--> SELECT, with .kind: a tuple of what each column may hold
            '.of------> the table that files of an older version have

A figure of a sample is a field of `Sample`, which names the version it came with; the version of
the format follows.
"""

from __future__ import annotations

from types import GenericAlias
from typing import Any, NamedTuple, get_args

import msgspec

from ..vocabulary.events import FIGURES, Sample
from .row_types import Int, Number, Real

_LINE = 100  # characters of a statement that stands in one line
_INDENTED = "\n    "


class ColumnSpec(NamedTuple):
    """`is_text`: it holds the number of a text. `since`: the version of the format that it came
    with, if that is not the one of its table."""

    sql: str
    kind: Any
    is_text: bool = False
    since: int = 1


KEY = ColumnSpec("INTEGER PRIMARY KEY", Number)
NAME = ColumnSpec("TEXT PRIMARY KEY", str)
NUMBER = ColumnSpec("INTEGER NOT NULL", Number)
INT = ColumnSpec("INTEGER NOT NULL", Int)
MAYBE_INT = ColumnSpec("INTEGER", Int | None)
REAL = ColumnSpec("REAL NOT NULL", Real)
TEXT = ColumnSpec("TEXT NOT NULL", str)
MAYBE_TEXT = ColumnSpec("TEXT", str | None)
BLOB = ColumnSpec("BLOB NOT NULL", bytes)
MAYBE_BLOB = ColumnSpec("BLOB", bytes | None)
TEXT_ID = ColumnSpec("INTEGER NOT NULL", Number, is_text=True)


class Table:
    """A table. `key`: the columns of its primary key, unless one of them says so itself."""

    def __init__(self, name: str, key: str = "", /, **columns: ColumnSpec) -> None:
        self.name = name
        self.columns = columns
        self._key = key
        parts = [f"{each} {column.sql}" for each, column in columns.items()]
        parts += [f"PRIMARY KEY ({key})"] * bool(key)
        end = ") WITHOUT ROWID;" if key or NAME in columns.values() else ");"
        line = f"CREATE TABLE {name} ({', '.join(parts)}{end}"
        self.create = line
        if len(line) > _LINE:
            rows = f",{_INDENTED}".join(parts)
            self.create = f"CREATE TABLE {name} ({_INDENTED}{rows}\n{end}"

    def of(self, version: int) -> Table:
        """The same table with no columns but those that a file of this version has."""
        there = {name: one for name, one in self.columns.items() if one.since <= version}
        return Table(self.name, self._key, **there)

    def kind(self, *names: str) -> Any:
        """What rows of these columns (none: all) may hold, for `SessionFile.rows`."""
        kinds = tuple(self.columns[name].kind for name in names or self.columns)
        return GenericAlias(tuple, kinds)

    def select(self, *names: str) -> str:
        """The statement for these columns (none: all), up to its WHERE."""
        return f"SELECT {', '.join(names or self.columns)} FROM {self.name}"

    def insert(self, *names: str, replace: bool = False, rows: int = 1) -> str:
        """The statement that adds `rows` rows, of these columns (none: all)."""
        row = f"({', '.join('?' * len(names or self.columns))})"
        into = f"{self.name} ({', '.join(names)})" if names else self.name
        verb = "INSERT OR REPLACE" if replace else "INSERT"
        return f"{verb} INTO {into} VALUES {', '.join([row] * rows)}"


_OF_FIGURE = {int: INT, float: REAL, str: TEXT}


def figures_of(sample: type[msgspec.Struct]) -> dict[str, ColumnSpec]:
    """The columns for the fields of a kind of sample, but for whose and of when it is. Raises
    TypeError where an older file could not be read: the fields that it lacks must be the last ones,
    with a default."""
    found: dict[str, ColumnSpec] = {}
    newest = 1
    for field in msgspec.structs.fields(sample):
        if field.name in ("process", "pid", "time_ns"):
            continue
        kind, *notes = get_args(field.type) or (field.type,)
        since = max(((note.extra or {}).get("since", 1) for note in notes), default=1)
        if since < newest or (since > 1 and field.required):
            raise TypeError(f"{field.name} must stand in order of `since`, with a default")
        newest = since
        found[field.name] = _OF_FIGURE[kind]._replace(since=since)
    return found


_FIGURES = dict.fromkeys(FIGURES, INT)
_OF_COUNTER = {"object": NUMBER, "process": NUMBER, "operation": TEXT_ID}

META = Table("meta", key=NAME, value=TEXT)
PROCESS = Table(
    "process", process=KEY, change=NUMBER, pid=INT, started=TEXT, changed=MAYBE_TEXT,
    exited=MAYBE_TEXT,
)  # fmt: skip
WORKER = Table("worker", worker=KEY, process=NUMBER, title=TEXT, spec=TEXT, time_ns=NUMBER)
SAMPLE = Table("sample", id=KEY, process=NUMBER, time_ns=NUMBER, **figures_of(Sample))
MESSAGE_BLOCK = Table(
    "message_block", first_id=KEY, lines=NUMBER, start_ns=NUMBER, end_ns=NUMBER, tally=MAYBE_BLOB,
    runs=BLOB, body=BLOB,
)  # fmt: skip
MESSAGE_SIGNATURE = Table("message_signature", first_id=KEY, bits=BLOB)
OPEN_LINE = Table(
    "open_line", "process, stream", process=NUMBER, stream=NUMBER, time_ns=NUMBER, flags=NUMBER,
    raw=BLOB,
)  # fmt: skip
SHARED_OBJECT = Table("shared_object", object=KEY, created=TEXT)
OBJECT_STATE = Table("object_state", object=KEY, state=TEXT)
WATCHED = Table("watched", process=KEY, watched=TEXT)
SHARED_TEXT = Table("text", id=KEY, text=TEXT)
OPERATION = Table(
    "operation", id=KEY, object=NUMBER, process=NUMBER, operation=TEXT_ID, thread=TEXT_ID,
    start_ns=INT, end_ns=INT, waited_ns=INT, bytes=MAYBE_INT, preview=MAYBE_TEXT, outcome=TEXT_ID,
    site=TEXT_ID, text=TEXT_ID, argument=INT,
)  # fmt: skip
LAST_OPERATION = Table("last_operation", process=KEY, id=NUMBER)
COUNTERS = Table("counters", "object, process, operation", **_OF_COUNTER, **_FIGURES)
LOST = Table(
    "lost", process=NUMBER, time_ns=NUMBER, count=INT, only_counted=INT, overwritten=INT,
)  # fmt: skip
OPERATION_OF_OBJECT = Table(
    "operation_of_object", "object, first_id", object=NUMBER, first_id=NUMBER, count=INT,
    longest_ns=INT, offsets=BLOB,
)  # fmt: skip
OPERATION_SITE = Table(
    "operation_site", "object, site, operation", object=NUMBER, site=TEXT_ID, operation=TEXT_ID,
    count=INT, waited_ns=INT,
)  # fmt: skip
OBJECT_HISTORY = Table(
    "object_history", "object, time_ns", object=NUMBER, time_ns=NUMBER, depth=MAYBE_INT, inward=INT,
    outward=INT, waited_ns=INT, detail=TEXT,
)  # fmt: skip
COUNTER_HISTORY = Table(
    "counter_history", "object, process, operation, time_ns", **_OF_COUNTER, time_ns=NUMBER,
    **_FIGURES,
)  # fmt: skip
FINDING = Table("finding", finding=KEY, told=TEXT)
KEPT_TASK = Table("kept_task", task=KEY, told=TEXT, pickled=MAYBE_BLOB)

_CAME_WITH: tuple[tuple[Table | str, ...], ...] = (
    (
        META, PROCESS, WORKER, SAMPLE,
        "CREATE INDEX sample_of_process ON sample (process, time_ns);",
        MESSAGE_BLOCK, MESSAGE_SIGNATURE, OPEN_LINE,
    ),
    (
        SHARED_OBJECT, OBJECT_STATE, WATCHED, SHARED_TEXT, OPERATION, LAST_OPERATION, COUNTERS,
        LOST,
    ),
    (OPERATION_OF_OBJECT, OPERATION_SITE, OBJECT_HISTORY, COUNTER_HISTORY),
    (FINDING,),
    (KEPT_TASK,),
)  # fmt: skip
"""The tables, and an index, that are new in each version of the format, from 1 on."""
VERSION = max(len(_CAME_WITH), *(column.since for column in SAMPLE.columns.values()))
"""Of the format: that of the newest table or column."""


def script(version: int, until: int = VERSION) -> str:
    """The statements that make what came up to version `until`, as a file of `version` has it."""
    return "\n".join(
        part if isinstance(part, str) else part.of(version).create
        for parts in _CAME_WITH[:until]
        for part in parts
    )
