"""Session files that are wrong in every way we could think of.

whole session --mutated(seed)--> bytes flipped, pages swapped, cells of other types,
                                 columns dropped, tables that are views ...
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

_ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
_WORDS = (
    "", "x", "ended_ns", "\x1b[2J", "=cmd()", "{}", "[]", "null", '{"process":1}', "9" * 5000,
    "1e999", "ﷺ" * 50, "[" * 3000,
)  # fmt: skip
_NUMBERS = (
    0, 1, -1, 2, 7, 255, 65536, 2**31, 2**32, 2**53, 2**62, 2**62 + 1, 2**63 - 1, -(2**63), 10**18,
)  # fmt: skip

Change = Callable[[sqlite3.Connection, random.Random], object]


def mutated(whole: Path, seed: int, path: Path) -> str:
    """Write what `whole` is with some changes that `seed` chooses to `path`; says which kind."""
    chance = random.Random(seed)
    kind = chance.choice(list(_MUTATIONS))
    path.unlink(missing_ok=True)
    path.write_bytes(whole.read_bytes())
    _MUTATIONS[kind](path, chance)
    return kind


def _flip(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 3, 20, 200))):
        content[chance.randrange(100, len(content))] = chance.randrange(256)
    path.write_bytes(content)


def _header(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 2, 5))):
        content[chance.randrange(200)] = chance.randrange(256)
    path.write_bytes(content)


def _truncate(path: Path, chance: random.Random) -> None:
    os.truncate(path, chance.randrange(1, path.stat().st_size))


def _pages(path: Path, chance: random.Random) -> None:
    """Pages that stand where others should: trees that share branches, or go round in circles."""
    content = bytearray(path.read_bytes())
    pages = len(content) // 4096
    for _ in range(chance.choice((1, 2, 8))):
        source, target = chance.randrange(pages) * 4096, chance.randrange(1, pages) * 4096
        content[target : target + 4096] = content[source : source + 4096]
    path.write_bytes(content)


def _branches(path: Path, chance: random.Random) -> None:
    """Inner pages whose branches all are the same page, or the page itself."""
    content = bytearray(path.read_bytes())
    inner = [page for page in range(4096, len(content), 4096) if content[page] in (2, 5)]
    for page in chance.sample(inner, min(len(inner), chance.choice((1, 2, 9)))):
        cells = int.from_bytes(content[page + 3 : page + 5], "big")
        same = chance.choice(
            [page // 4096 + 1, int.from_bytes(content[page + 8 : page + 12], "big")]
        )
        for cell in range(min(cells, 500)):
            place = page + 12 + 2 * cell
            at = page + int.from_bytes(content[place : place + 2], "big")
            content[at : at + 4] = same.to_bytes(4, "big")
    path.write_bytes(content)


def _garbage(path: Path, chance: random.Random) -> None:
    path.write_bytes(chance.randbytes(chance.choice((1, 50, 5000))))


def _in_sql(change: Change) -> Callable[[Path, random.Random], None]:
    """A change that SQLite makes, with its own checks off."""

    def mutate(path: Path, chance: random.Random) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            connection.execute("PRAGMA ignore_check_constraints=ON")
            connection.execute("PRAGMA writable_schema=ON")
            connection.create_function("one_in", 1, lambda count: chance.randrange(count) == 0)
            with contextlib.suppress(sqlite3.Error):
                change(connection, chance)
        finally:
            connection.close()

    return mutate


def _tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [row[0] for row in rows]


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def _value(chance: random.Random) -> object:
    return chance.choice(
        (
            lambda: chance.choice(_NUMBERS),
            lambda: chance.choice(_WORDS),
            lambda: chance.choice(_WORDS).encode(),
            lambda: chance.randbytes(chance.choice((0, 1, 40, 5000))),
            lambda: chance.choice((1.5, -1e300, float("inf"))),
            lambda: None,
        )
    )()


def _cells(connection: sqlite3.Connection, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 3, 10))):
        table = chance.choice(_tables(connection))
        column = chance.choice(_columns(connection, table))
        some = "" if chance.random() < 0.3 else " WHERE one_in(5)"
        # NULL goes into columns that forbid it, too.
        with contextlib.suppress(sqlite3.Error):
            connection.execute(
                f"UPDATE OR REPLACE {table} SET {column} = ?{some}", (_value(chance),)
            )


def _json(connection: sqlite3.Connection, chance: random.Random) -> None:
    """Numbers and texts within events."""
    table, column = chance.choice(
        [("process", "started"), ("process", "exited"), ("process", "changed"),
         ("shared_object", "created"), ("object_state", "state"), ("object_history", "detail"),
         ("watched", "watched")]
    )  # fmt: skip
    number = str(chance.choice((*_NUMBERS, 10**400)))
    text = f'"{chance.choice(("", "x", chr(27) + "[2J", chr(0x202E), "a" * 4000))}"'
    for key, value in connection.execute(f"SELECT rowid, {column} FROM {table}").fetchall():
        if not isinstance(value, str):
            continue
        pieces = re.split(r'(-?\d+|"[^"]*"(?!:)|null)', value)
        at = chance.randrange(len(pieces))
        pieces[at] = chance.choice((number, text, "null", "[[]]", "", "1.5"))
        connection.execute(
            f"UPDATE {table} SET {column} = ? WHERE rowid = ?", ("".join(pieces), key)
        )


def _rows_gone(connection: sqlite3.Connection, chance: random.Random) -> None:
    table = chance.choice(_tables(connection))
    connection.execute(f"DELETE FROM {table} WHERE one_in(?)", (chance.choice((1, 2, 9)),))


def _drop_column(connection: sqlite3.Connection, chance: random.Random) -> None:
    table = chance.choice(_tables(connection))
    column = chance.choice(_columns(connection, table))
    how = chance.choice(("DROP COLUMN {0}", "RENAME COLUMN {0} TO other", "ADD COLUMN {0}x"))
    connection.execute(f"ALTER TABLE {table} {how.format(column)}")


def _drop_table(connection: sqlite3.Connection, chance: random.Random) -> None:
    connection.execute(f"DROP TABLE {chance.choice(_tables(connection))}")


def _view(connection: sqlite3.Connection, chance: random.Random) -> None:
    """A table that is a program: without an end, or with values of any size."""
    table = chance.choice(_tables(connection))
    columns = _columns(connection, table)
    value = chance.choice(("x", "zeroblob(900000000)", "printf('%.*c', 100000000, 'a')", "NULL"))
    select = ", ".join(f"{value} AS {column}" for column in columns)
    connection.execute(f"ALTER TABLE {table} RENAME TO was_{table}")
    connection.execute(f"CREATE VIEW {table} AS {_ENDLESS} SELECT {select} FROM c")


def _extras(connection: sqlite3.Connection, chance: random.Random) -> None:
    connection.execute(
        chance.choice(
            (
                "CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM process; END",
                "CREATE VIRTUAL TABLE extra USING fts5(a)",
                "CREATE INDEX extra ON process (json_extract(started, '$.name'))",
                "CREATE TABLE extra (a, b AS (a || a))",
                "ALTER TABLE sample ADD COLUMN extra AS (zeroblob(id))",
                "ANALYZE",
            )
        )
    )


def _schema(connection: sqlite3.Connection, chance: random.Random) -> None:
    """The schema itself, as only an editor of bytes or `writable_schema` changes it."""
    table = chance.choice(_tables(connection))
    how = chance.choice(
        ("rootpage = 1", "rootpage = 9999", "sql = NULL", "sql = 'x'", "name = 'other'",
         "type = 'view'", "sql = replace(sql, 'INTEGER', 'TEXT')", "sql = sql || sql",
         "rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'meta')",
         "sql = replace(sql, 'NOT NULL', 'COLLATE other')")
    )  # fmt: skip
    connection.execute(f"UPDATE sqlite_master SET {how} WHERE name = ?", (table,))


def _version(connection: sqlite3.Connection, chance: random.Random) -> None:
    connection.execute(f"PRAGMA user_version={chance.choice((-5, 0, 1, 2, 3, 5, 2**31 - 1))}")


_MUTATIONS: dict[str, Callable[[Path, random.Random], None]] = {
    "bytes": _flip,
    "header": _header,
    "truncated": _truncate,
    "pages": _pages,
    "branches": _branches,
    "garbage": _garbage,
    "cells": _in_sql(_cells),
    "more cells": _in_sql(_cells),
    "json": _in_sql(_json),
    "rows gone": _in_sql(_rows_gone),
    "columns": _in_sql(_drop_column),
    "table gone": _in_sql(_drop_table),
    "view": _in_sql(_view),
    "extras": _in_sql(_extras),
    "schema": _in_sql(_schema),
    "version": _in_sql(_version),
}
