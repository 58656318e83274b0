"""Operations are found by object, page and filter, however they are looked up."""

from __future__ import annotations

import random
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from older_session import as_version

from spawnscope.core.session import operation_reader, operation_writer
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.session_error import SessionError
from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.vocabulary.operation import Operation

COUNT = 700
PREVIEWS = (None, "'Straße'", "'a%b'", "{'n': 12}", "'STRASSE'", "'a_b'")


def some_operations() -> list[Operation]:
    chance = random.Random(5)
    return [
        Operation(
            process=chance.randrange(1, 5),
            object=chance.choice((0, 1, 1, 1, 2, 3)) if number % 300 else 9,
            operation=chance.choice(("put", "get")),
            thread="MainThread",
            start_ns=number,
            end_ns=number + 1,
            waited_ns=chance.choice((0, 0, 0, 5, 10_000_000)),
            bytes=chance.choice((None, number)),
            preview=chance.choice(PREVIEWS),
            outcome="ok",
            site=f"app.py:{chance.randrange(3)}",
            text="",
            argument=-number,
        )
        for number in range(COUNT)
    ]


OPERATIONS = some_operations()


def of_version_2(path: str) -> None:
    """Make a session what the version before would have written."""
    connection = sqlite3.connect(path)
    for table in ("operation_of_object", "operation_site", "object_history", "counter_history"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("CREATE INDEX operation_on_object ON operation (object, id)")
    as_version(connection, 2)
    connection.commit()
    connection.close()


@pytest.fixture(scope="module", params=["packed", "partly packed", "not packed", "version 2"])
def reader(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SessionReader]:
    """A session with OPERATIONS, whose lookup is filled in arrays of at most 50 ids."""
    every = {"packed": COUNT // 7, "partly packed": 150, "not packed": 10**6}.get(request.param, 90)
    path = tmp_path_factory.mktemp("session") / "session"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operation_writer, "INDEX_EVERY", every)
        patch.setattr(operation_writer, "_MOST_OFFSETS", 50)
        writer = SessionWriter(path, about={})
        for start in range(0, COUNT, 70):
            writer.shared.operations(OPERATIONS[start : start + 70])
            writer.flush()
        writer.close()
    if request.param == "version 2":
        of_version_2(str(path))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operation_reader, "_ARRAYS", 3)
        patch.setattr(operation_reader, "_IDS", 20)
        opened = SessionReader(path)
        yield opened
        opened.close()


@settings(max_examples=70, deadline=None)
@given(
    number=st.sampled_from((None, 1, 2, 3, 9, 77)),
    after=st.integers(0, COUNT + 5),
    before=st.none() | st.integers(0, COUNT + 5),
    limit=st.sampled_from((1, 3, 50, 1000)),
    newest=st.booleans(),
    processes=st.none() | st.frozensets(st.integers(1, 5), max_size=3),
    waited=st.sampled_from((0, 4, 5, 10**6)),
    text=st.sampled_from(("", "strasse", "STRASSE", "ß", "a%b", "_", "12", "'")),
)
def test_the_operations_are_those_that_were_asked_for(
    reader: SessionReader,
    number: int | None,
    after: int,
    before: int | None,
    limit: int,
    newest: bool,
    processes: frozenset[int] | None,
    waited: int,
    text: str,
) -> None:
    expected = [
        (at, one)
        for at, one in enumerate(OPERATIONS, 1)
        if (number is None or one.object == number)
        and at > after
        and (before is None or at < before)
        and (processes is None or one.process in processes)
        and (not waited or one.waited_ns > waited)
        and text.casefold() in (one.preview or "" if text else "").casefold()
    ]
    found = reader.operations.page(
        number, after, limit, newest,
        before_id=before, processes=processes, waited_over_ns=waited, text=text,
    )  # fmt: skip
    assert found == (expected[-limit:] if newest else expected[:limit])


def totals() -> dict[int, list[tuple[str, str, int, int]]]:
    """What `by_site` has to say, by object; in any order."""
    found: dict[tuple[int, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in OPERATIONS:
        total = found[one.object, one.site, one.operation]
        total[0] += 1
        total[1] += one.waited_ns
    sites = defaultdict(list)
    for (number, site, operation), (count, waited_ns) in found.items():
        sites[number].append((site, operation, count, waited_ns))
    return sites


def test_the_lines_of_code_that_use_an_object(reader: SessionReader) -> None:
    for number in (1, 2, 3, 9):
        found = reader.operations.by_site(number)
        assert sorted(found) == sorted(totals()[number])
        assert [one[2] for one in found] == sorted((one[2] for one in found), reverse=True)
        assert reader.operations.count(number) == sum(one[2] for one in found)
    assert reader.operations.by_site(77) == []
    assert reader.operations.count(77) == 0


def test_a_full_disk_costs_no_operation_and_counts_none_twice(
    session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operation_writer, "INDEX_EVERY", 100)
    writer: SessionWriter = session.writer
    connection = writer._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    half = COUNT // 2
    writer.shared.operations(OPERATIONS[:half])
    connection.execute(f"PRAGMA max_page_count={pages}")
    for _ in range(3):
        with pytest.raises(SessionError):
            writer.flush()
    writer.shared.operations(OPERATIONS[half:])
    connection.execute("PRAGMA max_page_count=1000000")
    writer.flush()
    with session.reader() as reader:
        found = [one for number in (1, 2, 3, 9) for one in reader.operations.page(number)]
        assert sorted(found) == sorted(
            (at, one) for at, one in enumerate(OPERATIONS, 1) if one.object
        )
        assert sorted(reader.operations.by_site(1)) == sorted(totals()[1])


def test_the_last_operation_of_a_process_is_known_after_its_end(session: Any, events: Any) -> None:
    session.writer.shared.operations(OPERATIONS[:100])
    session.writer.flush()
    last = {one.process: at for at, one in enumerate(OPERATIONS[:100], 1)}
    with session.reader() as reader:
        assert (reader.operations.last_id(), reader.operations.last_id(2)) == (100, 0)
        for process in (2, 3, 99):
            session.writer.process_started(events.started(process))
            session.writer.process_exited(events.exited(process))
        session.writer.flush()
        assert [reader.operations.last_id(n) for n in (2, 3, 99)] == [last[2], last[3], 0]
