"""What is written under a name is read under that name, wherever it passes; and a session file is
made of what its version has always been made of."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import sqlite3
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any

import msgspec
import pytest
from older_session import as_version

from spawnscope.core.export.csv import CsvExport
from spawnscope.core.export.jsonl import export
from spawnscope.core.observe.recorder_layout import COUNTER_WORDS, KIND
from spawnscope.core.probe._spawnscope_probe.layout import CODE, OUTCOMES
from spawnscope.core.session.records import OPERATION_ROW, LostOperations
from spawnscope.core.session.tables import INT, REAL, TEXT, VERSION, Table, figures_of, script
from spawnscope.core.supervisor.operation_rows import OperationRows
from spawnscope.core.supervisor.shared_object import totals_of
from spawnscope.core.vocabulary.events import ObjectCreated, OperationCount
from spawnscope.core.vocabulary.operation import Operation

_VERSIONS = {
    3: "e59db71b0c49fa93ff6635be312156815243c24f7556b77585b001b1f5cbbc18",
    4: "ba5af075d4c48602a93a9e08edc98b7e93a521db71995a41929d4ebb75195c17",
    5: "9fcdcaac4aef29e05238d54bf98015b6061b5c5971c97f4fab5b4c439ae181fc",
}
# No two fields have the same value.
ONE = Operation(1, 2, "put", "a thread", 103, 104, 105, 106, "a preview", "ok", "a.py:7", "f", 108)
COUNT = OperationCount("put", 11, 12, 13, 14, 15, 16)


@pytest.mark.parametrize("version", sorted(_VERSIONS))
def test_a_file_of_a_version_is_what_it_has_always_been(version: int) -> None:
    with contextlib.closing(sqlite3.connect(":memory:")) as file:
        file.executescript(script(version, min(version, VERSION)))
        assert _digest(file) == _VERSIONS[version]


def test_a_new_file_is_of_the_newest_version(session: Any) -> None:
    session.writer.close()
    with contextlib.closing(sqlite3.connect(session.path)) as file:
        assert file.execute("PRAGMA user_version").fetchone() == (max(_VERSIONS),)
        assert _digest(file) == _VERSIONS[max(_VERSIONS)]


def _digest(file: sqlite3.Connection) -> str:
    made = file.execute("SELECT sql FROM sqlite_master ORDER BY rowid").fetchall()
    text = "\n".join(statement or "" for (statement,) in made)
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_session_of_version_3_knows_no_limit_of_descriptors(session: Any, events: Any) -> None:
    sample = msgspec.structs.replace(events.sample(1, 50), fds_limit=1024)
    session.writer.process_started(events.started(1))
    session.writer.samples([sample])
    session.writer.close()
    with session.reader() as reader:
        assert reader.samples.of(1)[0].fds_limit == 1024
    with contextlib.closing(sqlite3.connect(session.path)) as file, file:
        as_version(file, 3)
    with session.reader() as reader:
        assert reader.samples.of(1) == [events.sample(1, 50)]


def test_each_field_comes_back_under_its_name(session: Any, events: Any, tmp_path: Path) -> None:
    shared = session.writer.shared
    session.writer.process_started(events.started(1))
    session.writer.samples([events.sample(1, 50)])
    shared.created(ObjectCreated(2, 1, 90, "Queue", "q", "a.py:1", None))
    shared.operations([ONE])
    shared.counters([(2, 1, COUNT)])
    shared.counter_history(110, [(2, 1, COUNT)])
    shared.lost(LostOperations(1, 120, 21, 22, 23))
    session.writer.process_exited(events.exited(1, 130))
    session.writer.close()
    with session.reader() as reader:
        assert reader.operations.page() == [(1, ONE)]
        assert reader.objects.counters() == [(2, 1, COUNT)]
        assert reader.history.counters_noted(110) == [(110, 2, 1, COUNT)]
        assert reader.operations.lost() == [LostOperations(1, 120, 21, 22, 23)]
        assert reader.samples.of(1) == [events.sample(1, 50)]
        tables = io.BytesIO()
        list(CsvExport(reader).steps("operations", tables))
        lines = io.BytesIO()
        export(reader, lines)
    (row,) = csv.DictReader(io.StringIO(tables.getvalue().decode()))
    fields = {name: str(value) for name, value in msgspec.structs.asdict(ONE).items()}
    assert {name: row[name] for name in fields} == fields
    kinds = {each["kind"]: each for each in map(msgspec.json.decode, lines.getvalue().splitlines())}
    fields = msgspec.structs.asdict(ONE)
    assert {name: kinds["operation"][name] for name in fields} == fields
    assert {"operation": "put", **kinds["counters"]["operations"]["put"]} == msgspec.structs.asdict(
        COUNT
    )


_Four = Annotated[float, msgspec.Meta(extra={"since": 4})]
_Five = Annotated[str, msgspec.Meta(extra={"since": 5})]


def test_a_field_of_a_sample_is_a_column_from_its_version_on() -> None:
    kind = msgspec.defstruct(
        "Used", [("pid", int), ("fds", int), ("load", _Four, 0.0), ("why", _Five, "")]
    )
    table = Table("used", **figures_of(kind))
    assert table.of(3).columns == {"fds": INT}
    assert table.of(4).columns == {"fds": INT, "load": REAL._replace(since=4)}
    assert table.of(5).columns == table.columns
    assert table.columns["why"] == TEXT._replace(since=5)
    assert table.of(4).create == "CREATE TABLE used (fds INTEGER NOT NULL, load REAL NOT NULL);"


@pytest.mark.parametrize(
    "fields",
    [
        [("fds", int), ("load", _Four)],
        [("why", _Five, ""), ("load", _Four, 0.0)],
        [("load", _Four, 0.0), ("fds", int, 0)],
    ],
    ids=["no default", "newer before older", "later before the first"],
)
def test_a_sample_that_older_files_could_not_fill_is_refused(fields: list[Any]) -> None:
    with pytest.raises(TypeError, match="must stand in order"):
        figures_of(msgspec.defstruct("Used", fields))


def test_each_word_of_a_recorder_gets_to_its_place() -> None:
    names = ["", "the thread", "the site", "the text"]
    ids: list[str] = []

    def text_id(text: str) -> int:
        ids.append(text)
        return 1000 + len(ids)

    rows = OperationRows(
        7, 1_000_000, names.__getitem__, {5: "the thread"}.__getitem__, text_id, lambda: None
    )
    rows.objects[3] = 33
    kind = KIND.pack(3 | CODE["put"] << 32, 5 | OUTCOMES.index("timeout") << 48, 2 << 32 | 3)
    (row,) = rows.of([(1, 10, 20, 30, kind, 41, 50, 3, b"abcdef")])
    named = dict(zip(OPERATION_ROW, row, strict=True))
    for field in ("operation", "thread", "outcome", "site", "text"):
        named[field] = ids[named[field] - 1001]
    assert named == {
        "object": 33, "process": 7, "operation": "put", "thread": "the thread",
        "outcome": "timeout", "site": "the site", "text": "the text", "start_ns": 1_000_010,
        "end_ns": 1_000_020, "waited_ns": 30, "bytes": 40, "preview": "abc", "argument": 50,
    }  # fmt: skip


def test_a_counter_is_put_in_order() -> None:
    words = dict(zip(COUNTER_WORDS, range(1, 7), strict=True))
    total = totals_of(CODE["put"], tuple(words.values()))  # type: ignore[arg-type]
    assert total.operation == "put"
    assert dict(zip(words, attrgetter(*words)(total), strict=True)) == words
