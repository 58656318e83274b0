"""The process table: what it makes of events, in any order."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawnscope.core.store.change import ChangeKind
from spawnscope.core.store.process_row import HISTORY
from spawnscope.core.store.processes import ProcessTable
from spawnscope.core.vocabulary.codes import StopStep
from spawnscope.core.vocabulary.events import (
    Event,
    LaunchRefused,
    ProcessChanged,
    ProcessExited,
    ProcessStarted,
    Role,
    Sample,
    StopProgress,
    WorkerStarted,
)

SECOND = 1_000_000_000


def started(
    process: int, parent: int | None = None, *, role: Role = Role.CHILD, time_ns: int = SECOND
) -> ProcessStarted:
    return ProcessStarted(
        process=process,
        pid=1000 + process,
        start_ticks=process,
        time_ns=time_ns,
        parent=parent,
        ppid=1,
        worker=None,
        name=f"name {process}",
        role=role,
        start_method=None,
        cmdline=("python", f"{process}.py"),
    )


def changed(process: int, *, ppid: int = 1, name: str = "new", at: int = 2) -> ProcessChanged:
    return ProcessChanged(
        process=process,
        time_ns=at * SECOND,
        ppid=ppid,
        name=name,
        role=Role.CHILD,
        start_method=None,
        cmdline=("python", f"{process}.py"),
    )


def exited(process: int, *, at: int = 5, code: int | None = 0) -> ProcessExited:
    return ProcessExited(
        process=process,
        pid=1000 + process,
        time_ns=at * SECOND,
        exit_code=code,
        signal=None if code is not None else "SIGKILL",
        outcome=f"Exited with code {code}.",
    )


def sample(process: int, *, cpu: float = 1.0, at: int = 2, status: str = "sleeping") -> Sample:
    return Sample(
        process=process,
        pid=1000 + process,
        time_ns=at * SECOND,
        cpu_percent=cpu,
        rss_bytes=4096,
        threads=1,
        fds=3,
        status=status,
    )


def step(process: int, which: StopStep, at: int = 3, grace: int = 0) -> StopProgress:
    deadline = (at + grace) * SECOND if grace else None
    grace_ns = grace * SECOND
    return StopProgress(process, at * SECOND, False, which, "it", 5, grace_ns, deadline)


@pytest.fixture
def table() -> ProcessTable:
    table = ProcessTable()
    table.apply(started(1, role=Role.SUPERVISOR))
    table.apply(started(2, 1, role=Role.WORKER))
    table.apply(started(3, 2))
    return table


def test_a_process_stands_under_what_launched_it(table: ProcessTable) -> None:
    assert list(table.children(None)) == [1]
    assert list(table.children(2)) == [3]
    assert set(table.descendants(1)) == {2, 3}


def test_a_reparented_process_keeps_its_place_and_tells_its_new_ppid(table: ProcessTable) -> None:
    change = table.apply(changed(3, ppid=1, name="name 3"))
    assert change is None, "nothing differs"
    change = table.apply(changed(3, ppid=77, name="name 3"))
    assert change is not None
    assert change.fields == {"ppid"}
    assert table.parent(3) == 2
    assert table[3].ppid == 77


def test_repeated_events_change_nothing(table: ProcessTable) -> None:
    assert table.apply(started(3, 1)) is None
    assert table.parent(3) == 2
    assert table.apply(exited(3)) is not None
    assert table.apply(exited(3, code=1)) is None
    assert table[3].exit_code == 0
    assert table.live_count == 2


def test_older_events_do_not_overwrite_newer_ones(table: ProcessTable) -> None:
    table.apply(changed(3, name="newer", at=9))
    assert table.apply(changed(3, name="older", at=8)) is None
    table.apply(sample(3, cpu=50.0, at=9))
    assert table.apply(sample(3, cpu=10.0, at=8)) is None
    assert (table[3].name, table[3].measured("cpu_percent")) == ("newer", 50.0)


def test_a_child_that_comes_before_its_parent_is_adopted_later(table: ProcessTable) -> None:
    table.apply(started(9, 8))
    assert table.parent(9) is None
    change = table.apply(started(8, 2))
    assert change is not None
    assert change.adopted == (9,)
    assert table.parent(9) == 8
    assert list(table.children(None)) == [1]


def test_events_before_the_start_wait_for_it(table: ProcessTable) -> None:
    for early in (exited(4), sample(4), changed(4, name="late"), WorkerStarted(1, 1, 4, "job")):
        assert table.apply(early) is None
    change = table.apply(started(4, 1))
    assert change is not None
    assert change.kind is ChangeKind.STARTED
    row = table[4]
    assert (row.label, row.name, row.exit_code, row.measured("cpu_percent")) == (
        "job",
        "late",
        0,
        1.0,
    )
    assert table.live_count == 3


def test_parents_in_a_ring_do_not_hang_anything() -> None:
    table = ProcessTable()
    for event in (started(1, 2), started(2, 3), started(3, 1), started(4, 4)):
        table.apply(event)
    seen = [number for top in table.children(None) for number in (top, *table.descendants(top))]
    assert sorted(seen) == [1, 2, 3, 4]


def test_the_history_keeps_the_last_sixty_samples(table: ProcessTable) -> None:
    for at in range(100):
        table.apply(sample(3, cpu=float(at), at=at + 2))
    assert table[3].cpu_history == tuple(map(float, range(100 - HISTORY, 100)))


def test_a_sample_tells_just_what_differs_and_nothing_for_an_idle_process(
    table: ProcessTable,
) -> None:
    table.apply(sample(3, cpu=0.0, at=2))
    assert table.apply(sample(3, cpu=0.0, at=3)) is None
    change = table.apply(sample(3, cpu=0.0, at=4, status="running"))
    assert change is not None
    assert change.fields == {"status"}
    change = table.apply(sample(3, cpu=5.0, at=5, status="running"))
    assert change is not None
    assert change.fields == {"cpu_percent", "cpu_history"}


def test_rows_never_change_so_that_a_paused_display_can_keep_them(table: ProcessTable) -> None:
    before = table[3]
    table.apply(sample(3, cpu=80.0))
    table.apply(exited(3))
    assert before.measured("cpu_percent") is None
    assert before.is_live
    assert not table[3].is_live


def test_a_stop_shows_its_step_with_the_seconds_left_until_the_process_ends(
    table: ProcessTable,
) -> None:
    table.apply(step(3, StopStep.ASKED))
    assert table[3].status == "stopping"
    table.apply(step(3, StopStep.WAITING, at=4, grace=3))
    stopping = table[3].stopping
    assert stopping is not None
    assert stopping.deadline_ns == 7 * SECOND
    assert stopping.sentence == "Waiting up to 3 s for it (PID 5) to end."
    assert stopping.text(int(4.5 * SECOND)) == "asked, waiting 3 s"
    assert stopping.text(int(6.5 * SECOND)) == "asked, waiting 1 s"
    assert stopping.text(60 * SECOND) == "asked, waiting 0 s"
    table.apply(step(3, StopStep.KILLED, at=7))
    stopping = table[3].stopping
    assert stopping is not None
    assert stopping.text(7 * SECOND) == "killed"
    table.apply(exited(3, at=8, code=None))
    assert (table[3].status, table[3].stopping) == ("ended", None)
    assert table.apply(step(3, StopStep.ENDED, at=9)) is None


def test_a_stop_that_failed_is_under_way_no_more(table: ProcessTable) -> None:
    table.apply(step(3, StopStep.FAILED))
    assert not table[3].is_stopping
    assert table[3].status == "started"


def test_the_duration_of_an_ended_process_is_final(table: ProcessTable) -> None:
    assert table[3].elapsed_ns(4 * SECOND) == 3 * SECOND
    table.apply(exited(3, at=5))
    assert table[3].elapsed_ns(100 * SECOND) == 4 * SECOND


def test_a_lost_supervisor_takes_all_that_lived_with_it(table: ProcessTable) -> None:
    table.apply(exited(3))
    changes = table.mark_lost(9 * SECOND)
    assert [change.process for change in changes] == [1, 2]
    assert (table[2].status, table[2].outcome) == ("lost", "Ended with the supervisor.")
    assert table[3].outcome == "Exited with code 0."
    assert table.live_count == 0
    assert table.mark_lost(10 * SECOND) == []
    late = table.apply(exited(2, at=8, code=3))
    assert late is not None, "what is really known replaces the guess"
    assert (table[2].exit_code, table[2].lost, table.live_count) == (3, False, 0)


@dataclass
class Recorded:
    started: ProcessStarted
    changed: ProcessChanged | None = None
    exited: ProcessExited | None = None


def test_a_past_session_is_loaded_as_it_was_at_its_end() -> None:
    table = ProcessTable()
    records = [
        Recorded(started(1, role=Role.SUPERVISOR)),
        Recorded(started(2, 1, role=Role.WORKER), changed(2, name="renamed"), exited(2)),
    ]
    changes = table.load(records, {2: sample(2, cpu=33.0)})
    assert {change.process for change in changes} == {1, 2}
    row = table[2]
    assert (row.name, row.measured("cpu_percent"), row.exit_code) == ("renamed", 33.0, 0)


def test_what_a_past_session_does_not_tell_the_end_of_ended_with_it() -> None:
    table = ProcessTable()
    records = [
        Recorded(started(1, role=Role.SUPERVISOR)),
        Recorded(started(2, 1, role=Role.WORKER), None, exited(2, at=7)),
        Recorded(started(3, 1, role=Role.WORKER)),
    ]
    table.load(records)
    assert table.live_count == 0
    assert (table[1].outcome, table[1].lost) == ("Ended with the session.", False)
    assert (table[3].outcome, table[3].lost) == ("Ended with the supervisor.", True)
    assert table[3].elapsed_ns(10**18) == 6 * SECOND


def test_events_about_other_things_are_none_of_its_business(table: ProcessTable) -> None:
    assert table.apply(LaunchRefused(1, "target", "No such file.")) is None


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """The events of a small family, shuffled, some of them twice."""
    count = draw(st.integers(1, 8))
    events: list[Event] = []
    for number in range(1, count + 1):
        parent = draw(st.integers(1, number - 1)) if number > 1 else None
        events.append(started(number, parent))
        if draw(st.booleans()):
            events.append(changed(number, name="last", at=3))
        if draw(st.booleans()):
            events.append(sample(number))
        if draw(st.booleans()):
            events.append(exited(number))
    again = draw(st.lists(st.sampled_from(events), max_size=4))
    return list(draw(st.permutations(events + again)))


@given(histories())
def test_the_order_of_events_makes_no_difference_to_the_tree(events: list[Event]) -> None:
    table = ProcessTable()
    for event in events:
        table.apply(event)
    starts = {each.process: each for each in events if isinstance(each, ProcessStarted)}
    exits = {each.process for each in events if isinstance(each, ProcessExited)}
    renamed = {each.process for each in events if isinstance(each, ProcessChanged)}
    assert len(table) == len(starts)
    assert table.live_count == len(starts) - len(exits)
    for number, start in starts.items():
        assert table.parent(number) == start.parent
        assert number in table.children(start.parent)
        assert table[number].is_live == (number not in exits)
        assert table[number].name == ("last" if number in renamed else start.name)
        assert list(table.children(number)) == sorted(table.children(number))
