"""A search finds what a person sees, whatever colours it has."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spawnscope.core.session.message_query import MessageFilter, MessageQuery, find
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.visible_text import visible
from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.vocabulary.events import Stream

COLOURED = b"\x1b[31mERROR\x1b[0m: disk \x1b[1mfull\x1b[0m now"


def test_escape_sequences_are_not_seen() -> None:
    assert visible(COLOURED) == b"ERROR: disk full now"
    assert visible(b"\x1b]8;;http://x\x1b\\link\x1b]8;;\x07") == b"link"
    assert visible(b"plain") == b"plain"


@given(st.lists(st.sampled_from([b"\x1b", b"[", b"]", b"3", b"m", b"\n", b"\x07", b"\\", b"a"])))
def test_lines_stay_the_same_in_number(pieces: list[bytes]) -> None:
    body = b"".join(pieces)
    assert visible(body).count(b"\n") == body.count(b"\n")


@pytest.mark.parametrize("filler", [0, 3000])  # without a signature, and with one
@pytest.mark.parametrize(
    ("text", "regex"), [("ERROR: disk", False), ("disk full now", False), ("^error: disk f", True)]
)
def test_a_coloured_line_is_found(tmp_path: Path, text: str, regex: bool, filler: int) -> None:
    path = tmp_path / "s.spawnscope"
    writer = SessionWriter(path, about={})
    lines = [b"nothing of interest in line %d" % n for n in range(filler)] + [COLOURED]
    writer.messages(1, Stream.STDOUT, b"\n".join(lines), len(lines), 1)
    writer.close()
    reader = SessionReader(path)
    wanted = MessageFilter(text=text, regex=regex)
    query = MessageQuery(reader.messages, wanted)
    while query.advance(1):
        pass
    assert [m.raw for m in query.page(0, 10)] == [COLOURED]
    assert [hit for hit in find(reader.messages, wanted, 1) if hit] == [len(lines)]
    reader.close()
