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
    finding           what was found to be wrong, as it was last told; JSON
    kept_task         tasks that failed, as their program had pickled them, to be run alone

SQLite's header carries the application id and the version of the format, so that both are known
before anything else of the file is read.
"""

from __future__ import annotations

import re
from functools import cache

from ..translation import tr
from .tables import VERSION, script

APPLICATION_ID = 0x5370_7753  # "SpwS"
FORMAT = "spawnscope session"  # untranslated: in the file
INDEXED = "indexed_operation"
"""Key in `meta`: up to which id operations are in `operation_of_object` and `operation_site`."""
OFFSETS = "H"  # of operation_of_object: uint16

TABLES = script(VERSION)
"""What a new session is made of."""
_INDEX_OF_VERSION_2 = "CREATE INDEX operation_on_object ON operation (object, id)"
_NAMED = re.compile(r"CREATE (?:TABLE|INDEX) (\w+)")


def misfit(version: int, found: list[tuple[str, str | None]]) -> str:
    """What of a file's schema is not ours: a few words, or "". `found`: the name and the statement
    of each entry; SQLite makes some indexes by itself, without one."""
    known = _statements(script(version) + _INDEX_OF_VERSION_2)
    for name, statement in found:
        if name not in known and not (statement is None and name.startswith("sqlite_autoindex_")):
            return tr("'{name}' is no part of a session", name=name)
        if name in known and _plain(statement or "") != known[name]:
            return tr("'{name}' is not as a session has it", name=name)
    names = {name for name, _ in found}
    missing = [name for name in _statements(script(version, version)) if name not in names]
    return tr("'{name}' is missing", name=missing[0]) if missing else ""


@cache
def _statements(script: str) -> dict[str, str]:
    """The statements of a script, by the name of what they make."""
    found = (_plain(statement) for statement in script.split(";") if statement.strip())
    return {_NAMED.match(statement)[1]: statement for statement in found}  # type: ignore[index]


def _plain(statement: str) -> str:
    return " ".join(statement.split())
