"""A figure that nobody measured before, the context switches of a process, from the sampler to the
tree, into the session file and out of it. Runs in a tree that measures it; argument: a session of
the version before, with one sample. Sessions are made beside it."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from spawnscope import core
from spawnscope.core.export.csv import CsvExport
from spawnscope.core.export.jsonl import export
from spawnscope.core.observe.sampler import Sampler
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.session_error import SessionError
from spawnscope.core.session.tables import VERSION
from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.events import Batch, ProcessExited, ProcessStarted, Role
from spawnscope.gui.panels.processes.columns import COLUMNS

assert Path(core.__path__[0]).is_relative_to(Path.cwd()), "the changed tree is the one that runs"
FIELD = "ctx_switches"
before = Path(sys.argv[1])
after, mixed = before.with_name("after.spawnscope"), before.with_name("mixed.spawnscope")
started = ProcessStarted(1, os.getpid(), 1, 0, None, 1, None, "p", Role.CHILD, None, ())

sampler = Sampler()
sampler.add(1, os.getpid())
(first,) = sampler.take(5)
sampler.close()
measured: Any = getattr(first, FIELD)
assert measured > 0
batch = Batch(1, (first,))
assert msgspec.msgpack.decode(msgspec.msgpack.encode(batch), type=Batch) == batch

table = ProcessTable()
table.apply(started)
(column,) = [column for column in COLUMNS if FIELD in column.fields]
assert column.text(table[1]) == ""
change = table.apply(first)
assert change is not None
assert FIELD in change.fields
assert column.text(table[1]) == str(measured)
assert column.value(table[1]) == measured
later = msgspec.structs.replace(first, time_ns=6, **{FIELD: measured + 1})
change = table.apply(later)
assert change is not None
assert change.fields == {FIELD}, change
touched = [each for each in COLUMNS if each.fields & change.fields]
assert touched == [column], "only its cell is painted anew"


def exported(reader: SessionReader) -> list[object]:
    """The figure as the exports have it, of one sample."""
    sheet, lines = io.BytesIO(), io.BytesIO()
    list(CsvExport(reader).steps("samples", sheet))
    (row,) = csv.DictReader(io.StringIO(sheet.getvalue().decode()))
    export(reader, lines)
    events = map(msgspec.json.decode, lines.getvalue().splitlines())
    (event,) = (event for event in events if event["kind"] == "sample")
    return [int(row[FIELD]), event[FIELD]]


def version(path: Path, new: int | None = None) -> int:
    """Of the format, as the file says; `new`: what to let it say."""
    with contextlib.closing(sqlite3.connect(path)) as file:
        if new is not None:
            file.execute(f"PRAGMA user_version={new}")
        return int(file.execute("PRAGMA user_version").fetchone()[0])


# Written, and read by all who read.
writer = SessionWriter(after, about={})
writer.process_started(started)
writer.samples([first])
writer.process_exited(ProcessExited(1, os.getpid(), 9, 0, None))
writer.close()
assert version(after) == VERSION
with contextlib.closing(SessionReader(after)) as reader:
    assert reader.samples.of(1) == [first]
    assert reader.samples.last() == reader.samples.at(5) == {1: first}
    assert [sample for _, sample in reader.samples.after(0)] == [first]
    assert exported(reader) == [measured, measured]
store = SessionStore()
store.load(str(after))
assert store.processes[1].measured(FIELD) == measured
assert column.text(store.at(5).processes[1]) == str(measured)
store.close()

# A file of the version before has the default, and what it always had.
assert version(before) == VERSION - 1
with contextlib.closing(SessionReader(before)) as reader:
    (old,) = reader.samples.of(1)
    assert (old.status, getattr(old, FIELD)) == ("running", 0), old
    assert reader.samples.last_row() == 1
    assert exported(reader) == [0, 0]
    assert reader.samples.series(1, 0, 9, 1) == [(5, 12.5, 4096)]

# A file that says one version and is made as another is none.
for path, said in ((before, VERSION), (after, VERSION - 1)):
    shutil.copyfile(path, mixed)
    version(mixed, said)
    with pytest.raises(SessionError, match="'sample' is not as a session has it"):
        SessionReader(mixed)
