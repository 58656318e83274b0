"""Arrows from causes to effects, rule by rule: what may be led to what, and what must not."""

from __future__ import annotations

from typing import Any

import pytest
from flow_sessions import MS, a_made, an_operation

from spawnscope.core.analysis.flows import flows as flows_module
from spawnscope.core.analysis.flows.details import Counted, Details, Gaps, noted_in, pipe_peers
from spawnscope.core.analysis.flows.flows import FlowMatcher, served_by
from spawnscope.core.vocabulary.events import OperationCount
from spawnscope.core.vocabulary.operation import Operation

A, B, C = (2, "MainThread"), (3, "MainThread"), (4, "MainThread")


def matched(kind: str, *rows: Operation, more: int | None = 0) -> list[Any]:
    """(cause, effect) by their index. `more`: how many of each operation have no row; None: nobody
    knows."""
    numbered = sorted(enumerate(rows), key=lambda entry: entry[1].end_ns)
    counted: dict[tuple[int, str], dict[int, Counted]] = {}
    for one in rows if more is not None else ():
        totals = counted.setdefault((1, one.operation), {})
        totals[one.process] = Counted(totals.get(one.process, (more, 0))[0] + 1, 0)
    ordered = [one for _, one in numbered]
    matcher = FlowMatcher([a_made(kind)], Details(noted_in(ordered), counted, lambda _: ordered))
    flows = matcher.feed(numbered) + matcher.finish()
    return [(flow.cause_id, flow.effect_id) for flow in flows]


def test_the_first_set_within_a_wait_ended_it_if_none_is_missing() -> None:
    rows = [
        an_operation("set", B, 5 * MS, 5 * MS),
        an_operation("wait", A, 10 * MS, 31 * MS, waited_ns=21 * MS),
        an_operation("set", B, 30 * MS, 30 * MS),
        an_operation("set", C, 30 * MS + 5, 30 * MS + 5),
    ]
    assert matched("Event", *rows) == [(2, 1)]
    assert matched("Event", *rows, more=1) == []
    assert matched("Event", *rows, more=None) == []  # nobody knows how many there were


def test_a_set_may_be_noted_after_the_wait_that_it_ended() -> None:
    wait = an_operation("wait", A, 10 * MS, 31 * MS, waited_ns=21 * MS)
    late = an_operation("set", B, 32 * MS, 32 * MS)
    assert matched("Event", wait, late) == [(1, 0)]
    too_late = an_operation("set", B, 60 * MS, 60 * MS)
    assert matched("Event", wait, too_late) == []


def test_a_wait_for_a_condition_needs_one_notify_alone() -> None:
    wait = an_operation("wait", A, 10 * MS, 31 * MS, waited_ns=21 * MS)
    one = an_operation("notify", B, 20 * MS, 20 * MS)
    other = an_operation("notify", C, 30 * MS, 30 * MS)
    assert matched("Condition", wait, one) == [(1, 0)]
    assert matched("Condition", wait, one, other) == []


def test_a_semaphore_needs_one_release_close_to_the_end() -> None:
    got = an_operation("acquire", A, 10 * MS, 90 * MS, waited_ns=80 * MS, argument=1)
    far = an_operation("release", B, 20 * MS, 20 * MS, argument=1)
    near = an_operation("release", C, 89 * MS, 89 * MS, argument=1)
    also = an_operation("release", B, 91 * MS, 91 * MS, argument=2)
    assert matched("Semaphore", got, far, near) == [(2, 0)]
    assert matched("Semaphore", got, far, near, also) == []


def test_what_did_not_wait_or_was_in_vain_has_no_cause() -> None:
    held = an_operation("acquire", B, 3 * MS, 3 * MS, argument=1)
    release = an_operation("release", B, 5 * MS, 5 * MS, argument=1)
    waited = an_operation("acquire", A, 4 * MS, 6 * MS, waited_ns=MS, argument=1)
    at_once = an_operation("acquire", A, 4 * MS, 6 * MS, argument=1)
    in_vain = an_operation("acquire", A, 4 * MS, 6 * MS, waited_ns=MS, outcome="timeout")
    assert matched("Lock", held, release, waited) == [(1, 2)]
    assert matched("Lock", held, release, at_once) == []
    assert matched("Lock", held, release, in_vain) == []


def test_nobody_serves_himself() -> None:
    before = an_operation("acquire", A, 2 * MS, 2 * MS, argument=1)
    mine = an_operation("release", A, 5 * MS, 5 * MS, argument=1)
    wait = an_operation("acquire", A, 4 * MS, 6 * MS, waited_ns=MS, argument=2)
    assert matched("Lock", before, mine, wait) == []


def test_a_lock_held_several_times_is_let_go_by_the_last_release() -> None:
    rows = [
        an_operation("acquire", B, 1 * MS, 1 * MS, argument=1),
        an_operation("acquire", B, 2 * MS, 2 * MS, argument=2),
        an_operation("release", B, 5 * MS, 5 * MS, argument=1),
        an_operation("acquire", A, 4 * MS, 7 * MS, waited_ns=MS, argument=1),
        an_operation("release", B, 8 * MS, 8 * MS, argument=2),  # noted late
    ]
    assert matched("RLock", *rows) == [(4, 3)]
    assert matched("RLock", *rows[:4]) == []


def test_a_lock_that_was_free_when_the_wait_began_has_no_arrow() -> None:
    """The thread only waited for its turn on the CPU."""
    held = an_operation("acquire", B, 1 * MS, 1 * MS, argument=1)
    release = an_operation("release", B, 2 * MS, 2 * MS, argument=1)
    late = an_operation("acquire", A, 3 * MS, 5 * MS, waited_ns=2 * MS, argument=1)
    assert matched("Lock", held, release, late) == []


def test_a_lock_that_another_thread_let_go_has_no_arrow() -> None:
    rows = [
        an_operation("acquire", B, 1 * MS, 1 * MS, argument=1),
        an_operation("acquire", B, 2 * MS, 3 * MS, waited_ns=MS, argument=2),
        an_operation("release", B, 6 * MS, 6 * MS, argument=1),
        an_operation("acquire", A, 4 * MS, 7 * MS, waited_ns=MS, argument=1),
    ]
    assert matched("Lock", *rows) == []


def test_items_that_were_lost_on_their_way_leave_no_arrows() -> None:
    rows = [
        an_operation("put", A, MS, MS, argument=1, preview="1"),
        an_operation("get", B, MS, 2 * MS, argument=1, preview="1"),
    ]
    counted = {(1, "feed"): {2: Counted(1, 1)}}
    matcher = FlowMatcher([a_made("Queue")], Details(noted_in(rows), counted, lambda _: rows))
    numbered = list(enumerate(rows, 1))
    assert matcher.feed(numbered) + matcher.finish() == []
    assert matched("Queue", *rows) == [(0, 1)]
    interrupted = an_operation("get", B, 3 * MS, 4 * MS, outcome="error", preview="UnpicklingError")
    counted = {(1, "get"): {3: Counted(1, 1)}}
    rows.append(interrupted)
    matcher = FlowMatcher([a_made("Queue")], Details(noted_in(rows), counted, lambda _: rows))
    assert matcher.feed(list(enumerate(rows, 1))) + matcher.finish() == []


def test_an_interrupted_get_takes_nothing() -> None:
    rows = [
        an_operation("put", A, MS, MS, argument=1, preview="1"),
        an_operation("get", B, MS, 2 * MS, argument=1, preview="1"),
        an_operation("get", B, 3 * MS, 4 * MS, outcome="error", preview="KeyboardInterrupt"),
    ]
    counted = {(1, "get"): {3: Counted(1, 1)}}
    matcher = FlowMatcher([a_made("Queue")], Details(noted_in(rows), counted, lambda _: rows))
    assert len(matcher.feed(list(enumerate(rows, 1))) + matcher.finish()) == 1


def test_two_threads_of_one_name_are_no_one_putter() -> None:
    rows = [
        an_operation("put", A, n * MS, n * MS, argument=1 + n // 2, preview="'same'")
        for n in range(4)
    ]
    rows.append(an_operation("get", B, 9 * MS, 10 * MS, argument=1, preview="'same'"))
    assert matched("Queue", *rows) == []


def test_what_is_remembered_of_one_object_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spawnscope.core.analysis.flows.items.MOST_ON_THEIR_WAY", 10)
    puts = [an_operation("put", A, n, n, argument=n, preview=str(n)) for n in range(1, 31)]
    gets = [
        an_operation("get", B, MS + n, MS + n + 1, argument=n, preview=str(n)) for n in range(1, 31)
    ]
    assert [cause for cause, _ in matched("Queue", *puts, *gets)] == list(range(20, 30))


def test_ends_of_pipes_are_paired_by_the_call_that_made_them() -> None:
    ends = [(1, 2, "app.py:3", 10), (2, 2, "app.py:3", 11), (7, 2, "app.py:3", 20)]
    assert pipe_peers(ends) == {}
    ends += [(5, 2, "app.py:3", 21), (9, 3, "app.py:3", 15)]
    assert pipe_peers(ends) == {1: 2, 2: 1, 7: 5, 5: 7}


def test_gaps_that_touch_become_one() -> None:
    gaps = Gaps([(50, 60), (10, 20), (15, 30)]) | Gaps([(30, 40)])
    assert [gaps.overlap(*times) for times in ((0, 9), (0, 10), (35, 36), (41, 49), (45, 70))] == [
        False, True, True, False, True,
    ]  # fmt: skip


# Near one operation of an object that has many


@pytest.mark.parametrize("missing", [False, True])
def test_near_a_moment_only_ordinals_are_trusted(
    session: Any, events: Any, missing: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("_BEFORE", 60), ("_AFTER", 20)):
        monkeypatch.setattr(flows_module, name, value)
    shared = session.writer.shared
    shared.created(a_made("Queue"))
    shared.created(a_made("Queue", 2))
    rows = []
    for n in range(1, 301):
        at = n * MS
        rows.append(an_operation("put", A, at, at, argument=n, preview=f"{n}"))
        rows.append(an_operation("get", B, at, at + 9000, argument=n, preview=f"{n}"))
        getter = B if n % 2 else C  # of the other queue, which two get from
        rows.append(an_operation("put", A, at, at + 50, argument=n, object=2, preview=f"{n}"))
        rows.append(
            an_operation(
                "get", getter, at, at + 9500, argument=(n + 1) // 2, object=2, preview=f"{n}"
            )
        )
    rows.sort(key=lambda one: one.end_ns)
    if missing:
        del rows[500:520]
    shared.operations(rows)
    shared.counters(
        (number, process, OperationCount(operation, count, 0, 0, 0, 0, 0))
        for number, process, operation, count in (
            (1, 2, "put", 300), (1, 3, "get", 300), (2, 2, "put", 300), (2, 3, "get", 150),
            (2, 4, "get", 150),
        )
    )  # fmt: skip
    session.writer.flush()
    with session.reader() as reader:
        numbered = dict(reader.operations.page(limit=2000))
        for number, one in numbered.items():
            if one.operation != "get" or number % 7 or one.argument < 40:
                continue
            cause = served_by(reader, number)
            if one.object == 1 and cause is not None:
                assert numbered[cause].argument == one.argument
            if one.object == 1 and not missing:
                assert cause is not None
            if one.object == 2:
                assert cause is None
