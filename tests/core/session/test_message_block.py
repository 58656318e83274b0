"""Blocks: what goes in comes out, however calls and flushes cut it."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spawnscope.core.session.message_block import (
    BLOCK_BYTES,
    BlockBuilder,
    LineRuns,
    MessageBlock,
    packed_tally,
    run_kind,
    stream_and_flags,
    unpacked_tally,
)
from spawnscope.core.vocabulary.events import Stream

NUMBERS = st.integers(0, 2**32 - 1)


@given(
    st.lists(st.tuples(NUMBERS, NUMBERS, st.integers(0, 65535), st.integers(-(2**63), 2**63 - 1)))
)
def test_runs_survive_packing(rows: list[tuple[int, int, int, int]]) -> None:
    runs = LineRuns()
    for lines, process, kind, time_ns in rows:
        runs.lines.append(lines)
        runs.process.append(process)
        runs.kind.append(kind)
        runs.time.append(time_ns)
    back = LineRuns.unpacked(runs.packed())
    assert list(zip(back.lines, back.process, back.kind, back.time, strict=True)) == rows


@given(st.binary(max_size=200))
def test_bytes_that_are_no_runs_are_refused_or_read_in_full(packed: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert LineRuns.unpacked(packed).packed() == packed


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS)))
def test_a_tally_survives_packing(entries: list[tuple[int, int, int]]) -> None:
    assert unpacked_tally(packed_tally(tuple(entries))) == tuple(entries)


@given(st.sampled_from(Stream), st.integers(0, 255))
def test_stream_and_flags_share_a_number(stream: Stream, flags: int) -> None:
    assert stream_and_flags(run_kind(stream, flags)) == (stream, flags)


def test_lines_of_one_moment_make_one_run() -> None:
    block = BlockBuilder(1)
    block.add(1, 1, b"a\nb", 2, 5)
    block.add(1, 1, b"c", 1, 5)
    block.add(1, 1, b"d", 1, 6)
    assert list(block.runs.lines) == [3, 1]


def test_a_stored_run_is_not_extended() -> None:
    block = BlockBuilder(1)
    block.add(1, 1, b"a", 1, 5)
    block.mark_stored()
    block.add(1, 1, b"b", 1, 5)
    row = block.new_row()
    assert row is not None
    assert (row[0], row[1], row[-1]) == (2, 1, b"b")


def test_a_block_with_nothing_new_has_no_new_row() -> None:
    block = BlockBuilder(1)
    assert block.new_row() is None
    block.add(1, 1, b"", 1, 5)
    assert block.new_row() is not None
    block.mark_stored()
    assert block.new_row() is None


def test_a_block_is_full_by_its_bytes_or_by_its_runs() -> None:
    by_bytes, by_runs = BlockBuilder(1), BlockBuilder(1)
    by_bytes.add(1, 1, b"x" * BLOCK_BYTES, 1, 1)
    for moment in range(4096):
        assert not by_runs.full
        by_runs.add(1, 1, b"", 1, moment)
    assert by_bytes.full
    assert by_runs.full


def test_parts_that_do_not_fit_together_are_refused() -> None:
    block = BlockBuilder(1)
    block.add(1, 1, b"a\nb", 2, 5)
    runs = block.runs.packed()
    with pytest.raises(ValueError, match="cover"):
        MessageBlock(1, 3, runs, b"a\nb\nc")
    with pytest.raises(ValueError, match="fit"):
        MessageBlock(1, 2, runs, b"a").texts()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(data=st.data())
def test_what_was_written_is_read_back_byte_for_byte(
    data: st.DataObject, new_session, tiny_blocks, any_calls
) -> None:
    calls = data.draw(any_calls)
    with tiny_blocks(), new_session() as session:
        flushed = 0
        for call in calls:
            session.say(
                *call.lines,
                process=call.process,
                stream=call.stream,
                time_ns=call.time_ns,
                flags=call.flags,
            )
            if call.flush:
                flushed = session.writer.flush()
                assert flushed == len(session.messages)
        with session.reader() as reader:
            assert reader.messages.last_id() == flushed
            assert reader.messages.page(1, 10_000) == session.messages[:flushed]
            first = data.draw(st.integers(-3, flushed + 3))
            count = data.draw(st.integers(0, 20))
            begin = max(first, 1) - 1
            assert (
                reader.messages.page(first, count)
                == session.messages[:flushed][begin : begin + count]
            )
        session.writer.close()
        with session.reader() as reader:
            assert reader.messages.page(1, 10_000) == session.messages
