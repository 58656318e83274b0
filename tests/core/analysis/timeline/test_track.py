"""A track against what is worked out operation by operation: at every zoom it says the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from spawnscope.core.analysis.timeline import spans
from spawnscope.core.analysis.timeline.kinds import Kinds
from spawnscope.core.analysis.timeline.track import Track

FAMILIES = 4
BEGAN = 1_700_000_000_000_000_000


@dataclass
class Exact:
    """The operations of a track as plain arrays."""

    start: Any
    end: Any
    waited: Any
    family: Any


def made(count: int, seed: int = 1, late: int = 0) -> tuple[Track, Exact]:
    """A track with bursts and gaps, put in chunk by chunk; `late` of them come out of order."""
    dice = np.random.default_rng(seed)
    took = np.exp(dice.normal(10, 2, count)).astype(np.int64)
    pause = np.exp(dice.normal(10, 2, count)).astype(np.int64)
    pause[dice.integers(0, count, 5)] += 3_000_000_000
    start = BEGAN + np.cumsum(took + pause) - took
    waited = (took * dice.random(count) * (dice.random(count) < 0.5)).astype(np.int64)
    kinds = Kinds(FAMILIES, lambda number: number % FAMILIES)
    objects = dice.integers(1, 6, count)
    kind = kinds.codes(objects, np.full(count, 3), np.zeros(count, np.int64))
    arrived = np.arange(count)
    for place in dice.integers(0, count - 300, late):
        arrived[place : place + 300] = np.roll(arrived[place : place + 300], 7)
    track = Track(kinds)
    for first in range(0, count, 777):
        part = np.sort(arrived[first : first + 777])
        track.append(start[part], start[part] + took[part], waited[part], kind[part], part + 1)
    return track, Exact(start, start + took, waited, objects % FAMILIES)


@pytest.mark.parametrize("late", [0, 6])
def test_totals_agree_with_the_operations_at_every_zoom(late: int) -> None:
    track, exact = made(30_000, late=late)
    assert len(track) == 30_000
    dice = np.random.default_rng(3)
    whole = int(exact.end[-1] - BEGAN)
    for power in range(9):
        span = max(1, whole // 6**power)
        first = BEGAN + int(dice.random() * (whole - span))
        last = first + span
        inside = (exact.start < last) & (exact.end > first)
        spent = np.minimum(exact.start + exact.waited, last) - np.maximum(exact.start, first)
        family = exact.family[inside]
        counts, waited = track.totals(first, last)
        assert counts.tolist() == np.bincount(family, minlength=FAMILIES).tolist()
        expected = np.bincount(family, np.maximum(spent[inside], 0), FAMILIES)
        assert np.allclose(waited, expected, rtol=1e-5, atol=1)


def test_columns_hold_the_share_that_was_waiting() -> None:
    track, exact = made(6_000)
    whole = int(exact.end[-1] - BEGAN)
    for span in (whole, whole // 40, whole // 900):
        first = BEGAN + whole // 7 if span < whole else BEGAN
        width = span / 500
        columns = track.columns(first, width, 500, 30)
        edges = first + np.arange(501) * width
        truth = np.zeros((FAMILIES, 500))
        begins, ends = exact.start, exact.start + exact.waited
        for family in range(FAMILIES):
            mine = (exact.family == family) & (exact.waited > 0)
            for column in range(500):
                part = np.minimum(ends[mine], edges[column + 1]) - np.maximum(
                    begins[mine], edges[column]
                )
                truth[family, column] = np.maximum(part, 0).sum() / width
        # A block counts where its middle is: at most one column beside.
        drawn, true = np.cumsum(columns.waited, axis=1), np.cumsum(truth, axis=1)
        assert np.abs(drawn - true).max() < 3.0
        assert np.allclose(drawn[:, -1], true[:, -1], rtol=0.02, atol=1.5)
        assert columns.waited.max() <= 1.0


def test_an_operation_is_drawn_from_column_to_column() -> None:
    track = Track(kinds := Kinds(FAMILIES, lambda number: number))
    kind = kinds.codes(np.array([2, 1]), np.array([3, 3]), np.array([0, 0]))
    start = np.array([BEGAN + 1000, BEGAN + 9000])
    track.append(start, start + np.array([5000, 10]), np.array([3000, 0]), kind, np.array([7, 8]))
    columns = track.columns(BEGAN, 100.0, 120, 30.0)
    assert np.flatnonzero(columns.waited[2]).tolist() == list(range(10, 40))
    assert columns.waited[2, 10:40].tolist() == [1.0] * 30
    # One column stays free before whatever comes next.
    assert np.flatnonzero(columns.calls[2]).tolist() == list(range(10, 59))
    assert np.flatnonzero(columns.calls[1]).tolist() == [90]
    assert columns.wide.tolist() == [0]
    assert (columns.left[0], columns.right[0]) == (10.0, 60.0)


def test_the_operation_under_the_pointer_is_found() -> None:
    track, exact = made(5000)
    for place in (0, 1234, 4999):
        middle = int(exact.start[place] + exact.end[place]) // 2
        found = track.at(middle, 0)
        assert found is not None
        assert track.id(found[0]) == place + 1
        assert track.start(found[0]) == exact.start[place]
        assert track.waited(found[0]) == exact.waited[place]
    gap = int(np.argmax(exact.start[1:] - exact.end[:-1]))
    assert track.at(int(exact.end[gap]) + 1_000_000_000, 1000) is None
    near = track.at(int(exact.end[gap]) + 500, 1000)
    assert near is not None
    assert track.id(near[0]) == gap + 1


def test_a_call_within_a_call_is_the_one_under_the_pointer() -> None:
    track = Track(kinds := Kinds(FAMILIES, lambda number: 0))
    kind = kinds.codes(np.array([1, 1]), np.array([2, 3]), np.array([0, 0]))
    start = np.array([BEGAN, BEGAN + 400])
    track.append(start, start + np.array([1000, 100]), np.array([0, 0]), kind, np.array([1, 2]))
    assert track.at(BEGAN + 450, 0) == (1, 2)
    assert track.at(BEGAN + 600, 10) == (0, 1)


def test_an_operation_takes_about_24_bytes() -> None:
    track, _ = made(30_000)
    track.trim()
    assert track.nbytes <= 24.5 * 30_000


@pytest.mark.parametrize("span", [0, 1, 999, 10**9, 2**30, 17 * 60 * 10**9, 90_000 * 10**9])
def test_spans_lose_less_than_a_millionth(span: int) -> None:
    back = int(spans.unpacked(spans.packed(np.array([span])))[0])
    assert back <= span
    assert span - back <= span * 1e-6
    if span < 2**30:
        assert back == span


def test_a_program_that_makes_endless_objects_runs_out_of_kinds_gently() -> None:
    kinds = Kinds(FAMILIES, lambda number: 1)
    for first in range(0, 70_000, 10_000):
        numbers = np.arange(first, first + 10_000)
        codes = kinds.codes(numbers, np.full(10_000, 3), np.zeros(10_000, np.int64))
    assert len(kinds) <= 0xFFFF
    assert kinds.family[codes].tolist() == [1] * 10_000
    assert kinds.object[codes[-1]] == 0


def test_a_column_holds_the_same_in_any_window_and_when_time_moves_by_whole_columns() -> None:
    dice = np.random.default_rng(5)
    column = 1_000
    # Edges lie on whole and on half columns: there rounding has to decide, the same way each time.
    # Between them bursts of short ones, which become blocks that lie across the columns' edges.
    halves = dice.integers(1, 12, 200) * column // 2
    took = np.concatenate([[*pair, *[20] * 40] for pair in halves.reshape(-1, 2)])
    gaps = np.where(took == 20, 5, dice.integers(0, 4, len(took)) * column // 2)
    count = len(took)
    start = BEGAN + np.cumsum(took + gaps) - took - gaps
    kinds = Kinds(FAMILIES, lambda number: number % FAMILIES)
    codes = kinds.codes(dice.integers(1, 6, count), np.full(count, 3), np.zeros(count, np.int64))
    track = Track(kinds)
    waited = took * dice.integers(0, 3, count) // 2
    track.append(start, start + took, waited, codes, np.arange(1, count + 1))
    whole = track.columns(BEGAN, float(column), 900, 30)
    windows = [(0, 900, 0), (0, 300, 7), (40, 91, 300), *((each, 5, 0) for each in range(300))]
    for first, width, shift in windows:
        part = track.columns(BEGAN + shift * column, float(column), width, 30, first)
        place = slice(first + shift, first + shift + width)
        seen = whole.waited[:, place]
        assert (part.waited[:, : seen.shape[1]] == seen).all(), (first, width, shift)
        assert (part.calls[:, : seen.shape[1]] == whole.calls[:, place]).all()


def test_a_track_tells_from_when_on_it_looks_different() -> None:
    track = Track(kinds := Kinds(FAMILIES, lambda number: 0))

    def add(start: int) -> None:
        code = kinds.codes(np.array([1]), np.array([2]), np.array([0]))
        begin = np.array([start])
        track.append(begin, begin + 5, np.array([0]), code, np.array([1]))

    add(BEGAN)
    seen = track.changes.count
    assert track.changes.since(seen) is None
    add(BEGAN + 900)
    add(BEGAN + 400)  # it comes late
    assert track.changes.since(seen) == BEGAN + 400
    assert track.changes.since(seen + 2) is None
    for number in range(100):
        add(BEGAN + 1000 + number)
    assert track.changes.since(seen) == 0  # so long ago that all may be different
    assert track.latest_end == BEGAN + 1104
