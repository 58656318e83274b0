"""What a session says of a moment, and of how things went until then."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from older_session import as_version
from probing import TARGETS, recorded

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.vocabulary.events import ObjectCreated, ObjectState, OperationCount, Stream

SECOND = 10**9


def created(number: int) -> ObjectCreated:
    return ObjectCreated(number, 1, 1, "Queue", f"queue {number}", "app.py:3", None)


def counted(operation: str, count: int, waited_ns: int = 0) -> OperationCount:
    return OperationCount(operation, count, 1, waited_ns, 7, 2, 3)


def state(number: int, time_ns: int, puts: int, gets: int = 0) -> ObjectState:
    counts = (counted("put", puts, 40), counted("get", gets, 2))
    return ObjectState(
        number, time_ns, counts, puts - gets, ((1, "Main\u2028Thread"),), ((2, "a"), (3, "b"))
    )


@pytest.fixture
def written(session: Any, events: Any) -> Iterator[SessionReader]:
    """Two objects, three processes, and what became of them between 100 and 400."""
    writer, shared = session.writer, session.writer.shared
    for process in (1, 2, 3):
        writer.process_started(events.started(process))
    shared.created(created(1))
    shared.created(created(2))
    for time_ns in range(100, 400, 10):
        shared.object_history([state(1, time_ns, time_ns, time_ns // 2)])
        shared.counter_history(time_ns, [(1, 1, counted("put", time_ns))])
        writer.samples([events.sample(1, time_ns, 1000 + time_ns % 50)])
        writer.flush()
    shared.object_history([state(2, 200, 5)])
    shared.counter_history(200, [(1, 2, counted("get", 5)), (2, 1, counted("put", 6))])
    shared.counters([(1, 1, counted("put", 500)), (1, 2, counted("get", 5))])
    shared.counters([(2, 1, counted("put", 6))])
    writer.samples([events.sample(2, 150)])
    shared.state(state(1, 395, 395))  # not in the history yet
    shared.state(state(2, 200, 5))
    writer.flush()
    with session.reader() as reader:
        yield reader


def test_the_state_of_every_object_at_a_moment(written: SessionReader) -> None:
    assert written.history.states_at(99) == []
    assert written.history.states_at(100) == [state(1, 100, 100, 50)]
    assert written.history.states_at(199) == [state(1, 190, 190, 95)]
    assert written.history.states_at(394) == [state(1, 390, 390, 195), state(2, 200, 5)]
    assert written.history.states_at(395) == [state(1, 395, 395), state(2, 200, 5)]
    assert written.history.states_at(395) == written.objects.states()


def test_the_totals_at_a_moment(written: SessionReader) -> None:
    assert written.history.counters_at(99) == []
    assert written.history.counters_at(199) == [(1, 1, counted("put", 190))]
    assert written.history.counters_at(10**6) == [
        (1, 1, counted("put", 390)),
        (1, 2, counted("get", 5)),
        (2, 1, counted("put", 6)),
    ]


def test_the_samples_at_a_moment(written: SessionReader, events: Any) -> None:
    assert written.samples.at(99) == {}
    assert written.samples.at(149) == {1: events.sample(1, 140, 1040)}
    assert written.samples.at(155) == {1: events.sample(1, 150, 1000), 2: events.sample(2, 150)}
    assert written.samples.at(10**6) == written.samples.last()


def test_how_an_object_went_from_a_time_on(written: SessionReader) -> None:
    whole = [(t, t - t // 2, t, t // 2) for t in range(100, 400, 10)]
    assert written.history.series(1, 0, 1000, 1000) == whole
    assert written.history.series(1, 195, 225, 100) == whole[9:13]
    assert written.history.series(1, 200, 220, 100) == whole[10:13]
    assert written.history.series(1, 500, 600, 9) == whole[-1:]
    assert written.history.series(1, 10, 20, 9) == written.history.series(3, 0, 1000, 9) == []


@pytest.mark.parametrize("points", [1, 2, 3, 7, 29, 1000])
def test_a_series_is_thinned_to_the_last_of_each_part(written: SessionReader, points: int) -> None:
    series = written.history.series(1, 100, 390, points)
    assert len(series) <= points + 1
    assert (series[0][0], series[-1][0]) == (100, 390)
    times = [one[0] for one in series]
    assert times == sorted(set(times))
    # Nothing is further apart than a part, but for the rows themselves.
    width = 290 / points
    assert all(b - a <= max(10, 2 * width) for a, b in pairwise(times))


def test_no_peak_of_a_process_is_thinned_away(written: SessionReader) -> None:
    assert written.samples.series(1, 0, 1000, 1000) == [
        (t, 12.5, 1000 + t % 50) for t in range(100, 400, 10)
    ]
    thinned = written.samples.series(1, 119, 419, 3)  # the last of each part is not its highest
    assert [(time_ns, rss) for time_ns, _, rss in thinned] == [
        (110, 1010),
        (210, 1040),
        (310, 1040),
        (390, 1040),
    ]
    assert written.samples.series(2, 160, 300, 5) == [(150, 12.5, 4096)]
    assert written.samples.series(3, 0, 1000, 5) == []


def test_a_span_goes_from_the_beginning_to_whatever_came_last(session: Any, events: Any) -> None:
    writer = session.writer
    with session.reader() as reader:
        began = reader.began_ns
        assert reader.span() == (began, began)
        writer.process_started(events.started(1))
        for step, tell in enumerate(
            (
                lambda at: writer.samples([events.sample(1, at)]),
                lambda at: writer.messages(1, Stream.STDOUT, b"hello", 1, at),
                lambda at: writer.shared.state(state(1, at, 1)),
                lambda at: writer.process_exited(events.exited(1, at)),
            ),
            1,
        ):
            tell(began + step)
            writer.flush()
            assert reader.span() == (began, began + step)
    writer.close()
    with session.reader() as reader:
        assert reader.span()[1] > began + 10


def test_of_an_older_session_the_end_is_told_and_the_rest_is_not_known(
    session: Any, events: Any
) -> None:
    shared = session.writer.shared
    session.writer.process_started(events.started(1))
    for number in (1, 2):
        shared.created(msgspec.structs.replace(created(number), time_ns=10 * number))
        shared.state(
            msgspec.structs.replace(state(number, 50, 3), holders=((1, "a"),), waiters=((1, "b"),))
        )
    shared.counters([(number, 1, counted("put", 3)) for number in (1, 2)])
    session.writer.close()
    made_older(session.path, 2)
    with session.reader() as reader:
        history = reader.history
        assert not history.knows_moments
        assert (history.states_at(9), history.counters_at(9)) == ([], [])
        (then,) = history.states_at(15)
        assert then.object == 1
        assert (then.depth, then.holders, then.waiters) == (None, (), ())
        assert then.counts == state(1, 50, 3).counts
        assert history.counters_at(15) == [(1, 1, counted("put", 3))]
        # Nothing has changed since: all of it is known.
        assert history.states_at(50) == reader.objects.states()
        assert [one.depth for one in history.states_at(50)] == [state(1, 50, 3).depth] * 2


def made_older(path: str, version: int) -> None:
    """Make it a session as this version wrote it."""
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        tables = ["operation_of_object", "operation_site", "object_history", "counter_history"]
        if version == 1:
            tables += ["shared_object", "object_state", "operation", "counters"]
        for table in tables:
            file.execute(f"DROP TABLE {table}")
        as_version(file, version)


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_session_has_no_history(session: Any, events: Any, version: int) -> None:
    session.writer.process_started(events.started(1))
    session.writer.samples([events.sample(1, 50)])
    session.writer.shared.created(created(1))
    session.writer.shared.state(state(1, 20, 3))
    session.writer.close()
    made_older(session.path, version)
    with session.reader() as reader:
        assert not reader.history.knows_moments
        assert reader.history.states_noted(10**18) == reader.history.counters_noted(10**18) == []
        assert reader.history.series(1, 0, 1000, 10) == []
        assert reader.samples.at(60) == {1: events.sample(1, 50)}
        assert reader.samples.series(1, 0, 100, 10) == [(50, 12.5, 4096)]
        assert reader.span()[0] == reader.began_ns
        assert reader.operations.by_site(1) == []
        assert reader.operations.count(1) == 0
        assert reader.operations.page(1, processes=[1], text="x") == []
        assert len(reader.objects.states()) == version - 1


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionReader]:
    """A real program that puts into a queue for more than two seconds."""
    folder = tmp_path_factory.mktemp("run")
    recorded(folder, TARGETS / "steady_queue.py", "2.4")
    reader = SessionReader(folder / "session.spawnscope")
    yield reader
    reader.close()


def test_the_history_of_a_run_ends_in_its_last_state(run: SessionReader) -> None:
    first, last = run.span()
    assert run.history.states_at(last) == run.objects.states()
    assert run.history.counters_at(last) == run.objects.counters()
    assert run.samples.at(last) == run.samples.last()
    assert 2.4 * SECOND < last - first < 60 * SECOND
    (queue,) = (made for made in run.objects.all() if made.type == "Queue")
    (final,) = (one for one in run.objects.states() if one.object == queue.object)
    puts, gets = (
        next(one.count for one in final.counts if one.operation == name) for name in ("put", "get")
    )
    series = run.history.series(queue.object, first, last, 10_000)
    assert series[-1][1:] == (puts - gets, puts, gets) == (0, puts, puts)
    assert puts > 20


def test_the_history_of_a_run_has_at_most_a_state_a_second(run: SessionReader) -> None:
    first, last = run.span()
    (queue,) = (made for made in run.objects.all() if made.type == "Queue")
    series = run.history.series(queue.object, first, last, 10_000)
    times = [one[0] for one in series]
    assert 3 <= len(times) <= (last - first) / SECOND + 3
    # The state of a moment may be told up to a second later: of three, the outer ones are apart.
    assert all(c - a >= 0.9 * SECOND for a, c in zip(times, times[2:], strict=False))
    for (_, _, put, got), (_, _, later_put, later_got) in pairwise(series):
        assert put <= later_put
        assert got <= later_got
    halfway = run.history.counters_at((times[0] + times[-1]) // 2)
    totals = {(row[0], row[1], row[2].operation): row[2].count for row in run.objects.counters()}
    assert halfway
    assert all(row[2].count <= totals[row[0], row[1], row[2].operation] for row in halfway)


def test_the_lines_of_code_of_a_run(run: SessionReader) -> None:
    (queue,) = (made for made in run.objects.all() if made.type == "Queue")
    sites = run.operations.by_site(queue.object)
    assert {(Path(site).name.split(":")[0], operation) for site, operation, _, _ in sites} >= {
        ("steady_queue.py", "put"),
        ("steady_queue.py", "get"),
    }
    assert sum(one[2] for one in sites) == run.operations.count(queue.object)
    assert run.operations.count(queue.object) == len(run.operations.page(queue.object, limit=10**6))
