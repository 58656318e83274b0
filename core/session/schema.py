"""The tables of a session file.

    meta              key, value: format, version, byte order, when it began and ended, "about"
    process           one row a process, its events as JSON; `change` grows with every write
    worker            what was launched
    sample            plain rows in order of time
    message_block     the lines, many in a row; see `message_block`
    message_signature for each full block, which pieces of text it may hold; see `signature`
    open_line         the lines that are still being written
    shared_object, object_state    what processes share, and the last state of each; JSON
    object_history, counter_history    what states and totals were like before
    operation, text   what was done to it, call by call; texts are kept once
    operation_of_object, operation_site    which of them concern an object, and from where; both
                      lag behind, up to the operation that `meta` names
    counters, lost    exact totals, and how many operations have no row of their own
    watched, last_operation        which processes carry a recorder, and where their rows end

SQLite's header carries the application id and the version of the format, so that both are known
before anything else of the file is read.
"""

from __future__ import annotations

import re
from functools import cache

from ..translation import tr

APPLICATION_ID = 0x5370_7753  # "SpwS"
FORMAT = "spawnscope session"  # untranslated: in the file
VERSION = 3
INDEXED = "indexed_operation"
"""Key in `meta`: up to which id operations are in `operation_of_object` and `operation_site`."""
OFFSETS = "H"  # of operation_of_object: uint16

# None of them has changed since the version that it came with.
_OF_VERSION_1 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE process (
    process INTEGER PRIMARY KEY,
    change INTEGER NOT NULL,
    pid INTEGER NOT NULL,
    started TEXT NOT NULL,
    changed TEXT,
    exited TEXT
);
CREATE TABLE worker (
    worker INTEGER PRIMARY KEY,
    process INTEGER NOT NULL,
    title TEXT NOT NULL,
    spec TEXT NOT NULL,
    time_ns INTEGER NOT NULL
);
CREATE TABLE sample (
    id INTEGER PRIMARY KEY,
    process INTEGER NOT NULL,
    time_ns INTEGER NOT NULL,
    cpu_percent REAL NOT NULL,
    rss_bytes INTEGER NOT NULL,
    threads INTEGER NOT NULL,
    fds INTEGER NOT NULL,
    status TEXT NOT NULL
);
CREATE INDEX sample_of_process ON sample (process, time_ns);
CREATE TABLE message_block (
    first_id INTEGER PRIMARY KEY,
    lines INTEGER NOT NULL,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER NOT NULL,
    tally BLOB,
    runs BLOB NOT NULL,
    body BLOB NOT NULL
);
CREATE TABLE message_signature (first_id INTEGER PRIMARY KEY, bits BLOB NOT NULL);
CREATE TABLE open_line (
    process INTEGER NOT NULL,
    stream INTEGER NOT NULL,
    time_ns INTEGER NOT NULL,
    flags INTEGER NOT NULL,
    raw BLOB NOT NULL,
    PRIMARY KEY (process, stream)
) WITHOUT ROWID;
"""
_OF_VERSION_2 = """
CREATE TABLE shared_object (object INTEGER PRIMARY KEY, created TEXT NOT NULL);
CREATE TABLE object_state (object INTEGER PRIMARY KEY, state TEXT NOT NULL);
CREATE TABLE watched (process INTEGER PRIMARY KEY, watched TEXT NOT NULL);
CREATE TABLE text (id INTEGER PRIMARY KEY, text TEXT NOT NULL);
CREATE TABLE operation (
    id INTEGER PRIMARY KEY,
    object INTEGER NOT NULL,
    process INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    thread INTEGER NOT NULL,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER NOT NULL,
    waited_ns INTEGER NOT NULL,
    bytes INTEGER,
    preview TEXT,
    outcome INTEGER NOT NULL,
    site INTEGER NOT NULL,
    text INTEGER NOT NULL,
    argument INTEGER NOT NULL
);
CREATE TABLE last_operation (process INTEGER PRIMARY KEY, id INTEGER NOT NULL);
CREATE TABLE counters (
    object INTEGER NOT NULL,
    process INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    count INTEGER NOT NULL,
    waits INTEGER NOT NULL,
    waited_ns INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    timeouts INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    PRIMARY KEY (object, process, operation)
) WITHOUT ROWID;
CREATE TABLE lost (
    process INTEGER NOT NULL,
    time_ns INTEGER NOT NULL,
    count INTEGER NOT NULL,
    only_counted INTEGER NOT NULL,
    overwritten INTEGER NOT NULL
);
"""
_OF_VERSION_3 = """
CREATE TABLE operation_of_object (
    object INTEGER NOT NULL,
    first_id INTEGER NOT NULL,
    count INTEGER NOT NULL,
    longest_ns INTEGER NOT NULL,
    offsets BLOB NOT NULL,
    PRIMARY KEY (object, first_id)
) WITHOUT ROWID;
CREATE TABLE operation_site (
    object INTEGER NOT NULL,
    site INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    count INTEGER NOT NULL,
    waited_ns INTEGER NOT NULL,
    PRIMARY KEY (object, site, operation)
) WITHOUT ROWID;
CREATE TABLE object_history (
    object INTEGER NOT NULL,
    time_ns INTEGER NOT NULL,
    depth INTEGER,
    inward INTEGER NOT NULL,
    outward INTEGER NOT NULL,
    waited_ns INTEGER NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (object, time_ns)
) WITHOUT ROWID;
CREATE TABLE counter_history (
    object INTEGER NOT NULL,
    process INTEGER NOT NULL,
    operation INTEGER NOT NULL,
    time_ns INTEGER NOT NULL,
    count INTEGER NOT NULL,
    waits INTEGER NOT NULL,
    waited_ns INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    timeouts INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    PRIMARY KEY (object, process, operation, time_ns)
) WITHOUT ROWID;
"""
TABLES = _OF_VERSION_1 + _OF_VERSION_2 + _OF_VERSION_3
"""What a new session is made of."""
_INDEX_OF_VERSION_2 = "CREATE INDEX operation_on_object ON operation (object, id)"
_NAMED = re.compile(r"CREATE (?:TABLE|INDEX) (\w+)")


def misfit(version: int, found: list[tuple[str, str | None]]) -> str:
    """What of a file's schema is not ours: a few words, or "". `found`: the name and the statement
    of each entry; SQLite makes some indexes by itself, without one."""
    known = _statements(TABLES + _INDEX_OF_VERSION_2)
    for name, statement in found:
        if name not in known and not (statement is None and name.startswith("sqlite_autoindex_")):
            return tr("'{name}' is no part of a session", name=name)
        if name in known and _plain(statement or "") != known[name]:
            return tr("'{name}' is not as a session has it", name=name)
    names = {name for name, _ in found}
    needed = "".join((_OF_VERSION_1, _OF_VERSION_2, _OF_VERSION_3)[:version])
    missing = [name for name in _statements(needed) if name not in names]
    return tr("'{name}' is missing", name=missing[0]) if missing else ""


@cache
def _statements(script: str) -> dict[str, str]:
    """The statements of a script, by the name of what they make."""
    found = (_plain(statement) for statement in script.split(";") if statement.strip())
    return {_NAMED.match(statement)[1]: statement for statement in found}  # type: ignore[index]


def _plain(statement: str) -> str:
    return " ".join(statement.split())
