"""Sessions as earlier versions of the format had them."""

from __future__ import annotations

import sqlite3

from spawnscope.core.session.tables import SAMPLE


def as_version(connection: sqlite3.Connection, version: int) -> None:
    """Take the columns away that came later than `version`, and say that the file is of it. Tables
    that came later are for the caller to drop."""
    old = SAMPLE.of(version)
    names = ", ".join(old.columns)
    connection.execute("ALTER TABLE sample RENAME TO newer")
    connection.execute(old.create)
    connection.execute(f"INSERT INTO sample SELECT {names} FROM newer")
    connection.execute("DROP TABLE newer")
    connection.execute("CREATE INDEX sample_of_process ON sample (process, time_ns)")
    connection.execute(f"PRAGMA user_version={version}")
