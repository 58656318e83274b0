"""Lines come out the same however the kernel cuts the stream into pieces."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from spawnscope.core.supervisor.line_assembler import LONGEST_LINE, LineAssembler, Lines
from spawnscope.core.vocabulary.message import CONTINUES, REWRITTEN, UNTERMINATED

PIECES = st.lists(
    st.lists(st.sampled_from([b"a", b"bc", b"\n", b"\r", b"\r\n", b"\0", b"\xff"])).map(b"".join)
)


def run(pieces: list[bytes]) -> list[tuple[bytes, int]]:
    assembler = LineAssembler()
    found: list[Lines] = []
    for piece in pieces:
        found += assembler.feed(piece)
    found += assembler.finish()
    rows = []
    for lines in found:
        texts = lines.body.split(b"\n")
        assert len(texts) == lines.lines
        rows += [(text, lines.flags) for text in texts]
    return rows


def expected(data: bytes) -> list[tuple[bytes, int]]:
    """What a terminal would show of each line, one line at a time."""
    *whole, rest = data.split(b"\n")
    rows = []
    for line in whole:
        before, _, shown = line.rstrip(b"\r").rpartition(b"\r")
        rows.append((shown, REWRITTEN if before.strip(b"\r") else 0))
    before, _, shown = rest.rstrip(b"\r").rpartition(b"\r")
    if shown:
        flags = UNTERMINATED | (REWRITTEN if before.strip(b"\r") else 0)
        rows.append((shown, flags))
    return rows


@settings(max_examples=200)
@example([b"a\r", b"\r", b"\n"])
@given(PIECES)
def test_the_cuts_of_the_stream_do_not_matter(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    assert [text for text, _ in run(pieces)] == [text for text, _ in run([whole])]


@given(PIECES)
def test_each_line_is_what_a_terminal_would_show(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    assert [text for text, _ in run([whole])] == [text for text, _ in expected(whole)]


def test_plain_lines_pass_in_one_piece() -> None:
    assembler = LineAssembler()
    assert assembler.feed(b"one\ntwo\nthr") == [Lines(b"one\ntwo", 2, 0)]
    assert assembler.line == b"thr"
    assert assembler.feed(b"ee\n") == [Lines(b"three", 1, 0)]
    assert assembler.finish() == []


def test_a_progress_bar_keeps_its_last_state_and_says_that_there_were_others() -> None:
    assembler = LineAssembler()
    assert assembler.feed(b"\r 10 %") == []
    assert assembler.feed(b"\r 50 %") == []
    assert assembler.line == b" 50 %"
    assert assembler.feed(b"\r100 %\n") == [Lines(b"100 %", 1, REWRITTEN)]


def test_a_line_without_end_is_cut_and_marked() -> None:
    assembler = LineAssembler()
    found = assembler.feed(b"x" * (2 * LONGEST_LINE + 10))
    assert [(lines.lines, lines.flags, len(lines.body)) for lines in found] == [
        (1, CONTINUES, LONGEST_LINE)
    ] * 2
    assert assembler.finish() == [Lines(b"x" * 10, 1, UNTERMINATED)]
