"""Queries agree with a plain look at every message, also while the session grows."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spawnscope.core.session.message_query import MessageFilter, MessageQuery, find
from spawnscope.core.session.message_reader import MessageReader
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.vocabulary.events import Stream
from spawnscope.core.vocabulary.message import Message

TEXTS = ["", "error", "ERROR", "zebra-unicorn", "Zebra-Unicorn", "é", "É22", "b1", "a", " ", "."]
PATTERNS = ["", "error", "err?or", "^a", "22$", "zebra-unicorn", "z.*n", "a|b1", r"\d+", "^$", "é"]

FILTERS = st.builds(
    MessageFilter,
    processes=st.none() | st.frozensets(st.integers(1, 4), max_size=3),
    streams=st.none() | st.frozensets(st.sampled_from(Stream), max_size=2),
    text=st.sampled_from(TEXTS),
    regex=st.just(False),
    case=st.booleans(),
    without=st.frozensets(st.integers(1, 4), max_size=2),
) | st.builds(
    MessageFilter,
    processes=st.none() | st.frozensets(st.integers(1, 4), max_size=3),
    text=st.sampled_from(PATTERNS),
    regex=st.just(True),
    case=st.booleans(),
)


def passes(wanted: MessageFilter, message: Message) -> bool:
    """The filter as its description says, for one message."""
    import re

    if wanted.processes is not None and message.process not in wanted.processes:
        return False
    if wanted.streams is not None and message.stream not in wanted.streams:
        return False
    if message.process in wanted.without:
        return False
    text = message.raw.decode("utf-8", "surrogateescape")
    if wanted.regex:
        flags = re.NOFLAG if wanted.case else re.IGNORECASE
        return re.search(wanted.text, text, flags) is not None
    return wanted.text in text if wanted.case else wanted.text.lower() in text.lower()


def finished(reader: SessionReader, wanted: MessageFilter) -> MessageQuery:
    query = MessageQuery(reader.messages, wanted)
    while query.advance(0):
        pass
    return query


@settings(max_examples=60, deadline=None)
@given(data=st.data(), wanted=FILTERS)
def test_a_query_knows_and_pages_what_passes(
    data: st.DataObject, wanted: MessageFilter, new_session, tiny_blocks, wordy_calls
) -> None:
    calls = data.draw(wordy_calls)
    with tiny_blocks(), new_session() as session, session.reader() as reader:
        query = MessageQuery(reader.messages, wanted)
        for call in calls:
            session.say(*call.lines, process=call.process, stream=call.stream, flags=call.flags)
            if call.flush:
                session.writer.flush()
                query.advance(0)  # one block
        session.writer.flush()
        while query.advance(0):
            pass
        expected = [message for message in session.messages if passes(wanted, message)]
        assert query.count == len(expected)
        assert query.progress == 1
        assert query.page(0, 10_000) == expected
        first, count = data.draw(st.integers(-2, 60)), data.draw(st.integers(-1, 10))
        begin = max(first, 0)
        assert query.page(first, count) == expected[begin : begin + max(count, 0)]
        some_id = data.draw(st.integers(-1, len(session.messages) + 2))
        assert query.position_of(some_id) == sum(m.id < some_id for m in expected)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), wanted=FILTERS, backwards=st.booleans())
def test_find_gives_the_hits_from_a_place_on(
    data: st.DataObject,
    wanted: MessageFilter,
    backwards: bool,
    new_session,
    tiny_blocks,
    wordy_calls,
) -> None:
    calls = data.draw(wordy_calls)
    with tiny_blocks(), new_session() as session:
        for call in calls:
            session.say(*call.lines, process=call.process, stream=call.stream)
            if call.flush:
                session.writer.flush()
        session.writer.flush()
        start = data.draw(st.integers(-1, len(session.messages) + 2))
        hits = [message.id for message in session.messages if passes(wanted, message)]
        expected = (
            [hit for hit in reversed(hits) if hit <= start]
            if backwards
            else [hit for hit in hits if hit >= start]
        )
        with session.reader() as reader:
            found = find(reader.messages, wanted, start, backwards)
            assert [hit for hit in found if hit is not None] == expected


def test_find_goes_on_though_small_blocks_become_a_full_one_meanwhile(session) -> None:
    def slow(count: int) -> None:
        for _ in range(count):
            session.say(b"a line of a slow program, number %d" % len(session.messages))
            session.writer.flush()

    slow(1200)
    with session.reader() as reader:
        found = find(reader.messages, MessageFilter(text="line"), 1)
        hits = [hit for hit in (next(found) for _ in range(1010)) if hit is not None]
        slow(1500)
        hits += [hit for hit in found if hit is not None]
        assert hits == list(range(1, len(session.messages) + 1))


def test_a_query_counts_every_message_once_while_blocks_are_replaced(session) -> None:
    with session.reader() as reader:
        query = MessageQuery(reader.messages, MessageFilter(text="line"))
        for number in range(3000):
            session.say(b"a line of a slow program, number %d" % number)
            session.writer.flush()
            if number % 10 == 0:
                query.advance(0.01)
        while query.advance(0.01):
            pass
        assert query.page(0, 5000) == session.messages
        assert len(query._ends) < 6  # memory goes with the blocks, not with the flushes


def test_counting_by_process_reads_no_text(session, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(100):
        session.say(*[b"x" * 90] * 100, process=number % 4)
        session.writer.flush()
    with session.reader() as reader:
        monkeypatch.setattr(MessageReader, "block", None)
        assert finished(reader, MessageFilter(processes=frozenset({2}))).count == 2500


def test_a_rare_text_is_found_without_reading_most_blocks(
    session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2000):
        session.say(*[b"item %d was stored in %d ms" % (number, i) for i in range(50)])
    session.say(b"here is the Zebra-Unicorn")
    session.writer.close()
    read: list[int] = []
    block = MessageReader.block

    def counted(self: MessageReader, message_id: int):
        read.append(message_id)
        return block(self, message_id)

    monkeypatch.setattr(MessageReader, "block", counted)
    with session.reader() as reader:
        assert finished(reader, MessageFilter(text="zebra-unicorn")).count == 1
        assert len(reader.messages.heads(1, 1000, bits=True)) > 40
    assert len(read) < 6


def test_progress_goes_from_nothing_to_all(session) -> None:
    session.say(*[b"x" * 99] * 5000)
    session.writer.flush()
    with session.reader() as reader:
        query = MessageQuery(reader.messages, MessageFilter(text="y"))
        seen = []
        while query.advance(0):
            seen.append(query.progress)
        assert seen == sorted(seen)
        assert 0 < seen[0] < 0.5
        assert query.progress == 1


def test_a_bad_pattern_is_refused_at_once(session) -> None:
    with session.reader() as reader:
        with pytest.raises(ValueError, match="regular expression"):
            MessageQuery(reader.messages, MessageFilter(text="(", regex=True))
        with pytest.raises(ValueError, match="regular expression"):
            find(reader.messages, MessageFilter(text="(", regex=True), 1)


def test_find_lets_the_caller_breathe(session) -> None:
    session.say(*[b"x" * 99] * 50_000)
    session.writer.flush()
    with session.reader() as reader:
        pauses = [hit for hit in find(reader.messages, MessageFilter(text="yy"), 1) if hit is None]
    assert len(pauses) > 1


@settings(max_examples=60, deadline=None)
@given(data=st.data(), text=st.sampled_from(["", "a", "error"]))
def test_a_widened_query_is_as_one_that_was_wide_from_the_start(
    data: st.DataObject, text: str, new_session, tiny_blocks, wordy_calls
) -> None:
    calls = data.draw(wordy_calls)
    with tiny_blocks(), new_session() as session, session.reader() as reader:
        query = MessageQuery(reader.messages, MessageFilter(processes=frozenset({1}), text=text))
        for call in calls:
            session.say(*call.lines, process=call.process, stream=call.stream)
            if call.flush:
                session.writer.flush()
                query.advance(0)  # one block
                query.page(0, 10_000)
        session.writer.flush()
        first = next((m.id for m in session.messages if m.process == 2), len(session.messages) + 1)
        known = data.draw(st.integers(0, first - 1))
        wide = MessageFilter(processes=frozenset({1, 2}), text=text)
        query.widen(wide, known)
        while query.advance(0):
            pass
        expected = [message for message in session.messages if passes(wide, message)]
        assert query.count == len(expected)
        assert query.page(0, 10_000) == expected
        some_id = data.draw(st.integers(-1, len(session.messages) + 2))
        assert query.position_of(some_id) == sum(m.id < some_id for m in expected)


def test_one_reader_serves_several_by_turns(session: Any) -> None:
    for number in range(20):
        session.say(*[b"%d of %d" % (i, number) for i in range(2000)])
    session.writer.flush()
    wanted = [MessageFilter(text=text) for text in ("7", "19 of", "1999 of 3")]
    with session.reader() as reader:
        alone = [finished(reader, each) for each in wanted]
        queries = [MessageQuery(reader.messages, each) for each in wanted]
        hits = [find(reader.messages, each, 1) for each in wanted]
        found: list[list[int]] = [[] for _ in wanted]
        more = True
        while more:
            more = False
            for at, query in enumerate(queries):
                more |= query.advance(0)
                found[at] += [hit for hit in islice(hits[at], 50) if hit is not None]
                assert reader.messages.page(7, 1)[0].id == 7
        for at, (query, before) in enumerate(zip(queries, alone, strict=True)):
            found[at] += [hit for hit in hits[at] if hit is not None]
            assert query.count == before.count == len(found[at])
            assert [each.id for each in query.page(0, 90_000)] == found[at]
