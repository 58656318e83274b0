"""The text that is shown of the bytes of a line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spawnscope.gui.kit.text.ansi import PLAIN, TRUE_COLOR
from spawnscope.gui.kit.text.line import ELLIPSIS, MAX_CHARACTERS, RunKind, plain_text, render

ESCAPES = st.sampled_from(
    [
        b"\x1b[0m",
        b"\x1b[1;31m",
        b"\x1b[38;5;208m",
        b"\x1b[48;2;1;2;3m",
        b"\x1b[2K",
        b"\x1b[?25l",
        b"\x1b[10;20H",
        b"\x1b]0;a title\x07",
        b"\x1b]8;;http://example.org\x1b\\",
        b"\x1b(B",
        b"\x1b7",
        b"\x1bPq#0\x1b\\",
    ]
)
WORDS = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)


@given(st.binary(max_size=400))
def test_any_bytes_are_shown_without_an_error_and_runs_cover_the_text(raw: bytes) -> None:
    line = render(raw)
    assert all(character >= " " for character in line.text)
    line.text.encode("utf-8")  # no surrogate is left that Qt would choke on
    if line.runs:
        assert line.runs[0].start == 0
        assert line.runs[-1].end == len(line.text)
        for one, other in zip(line.runs, line.runs[1:], strict=False):
            assert one.end == other.start


@given(st.lists(st.tuples(WORDS, ESCAPES), max_size=12))
def test_the_visible_text_is_the_text_without_its_escapes(parts: list[tuple[str, bytes]]) -> None:
    raw = b"".join(word.encode() + escape for word, escape in parts)
    assert render(raw).text == "".join(word for word, _ in parts)
    assert plain_text(raw) == "".join(word for word, _ in parts)


def test_colours_and_weights_become_runs() -> None:
    line = render(b"a\x1b[1;31mred\x1b[0m b \x1b[38;2;255;128;0mo\x1b[38;5;42mg\x1b[7mr")
    styles = {line.text[run.start : run.end]: run.style for run in line.runs}
    assert styles["red"].foreground == 1
    assert styles["red"].bold
    assert styles[" b "] == PLAIN
    assert styles["o"].foreground == TRUE_COLOR | 0xFF8000
    assert styles["g"].foreground == 42
    assert styles["r"].reverse


def test_colour_does_not_leak_into_the_next_line() -> None:
    render(b"\x1b[31mred without an end")
    assert render(b"next").runs == ()


def test_bytes_that_are_no_utf8_are_marked() -> None:
    line = render(b"ok \xff\xc3 end")
    assert line.text == "ok \\xFF\\xC3 end"
    assert [run.kind for run in line.runs] == [RunKind.TEXT, RunKind.INVALID, RunKind.TEXT]


def test_control_characters_are_shown_and_marked() -> None:
    line = render(b"nul \x00 bell \x07 del \x7f")
    assert line.text == "nul ^@ bell ^G del ^?"
    assert [line.text[r.start : r.end] for r in line.runs if r.kind is RunKind.CONTROL] == [
        "^@",
        "^G",
        "^?",
    ]


def test_an_escape_that_never_ends_is_shown_instead_of_swallowing_the_line() -> None:
    assert render(b"\x1b]0;no end of the title").text == "^[]0;no end of the title"


def test_marks_that_reverse_the_writing_direction_are_shown_as_codes() -> None:
    assert render("a\u202eb".encode()).text == "a\\u202eb"


def test_tabs_reach_to_the_next_stop() -> None:
    assert render(b"a\tb\t\tc").text == "a       b               c"


def test_a_carriage_return_at_the_end_belongs_to_the_newline() -> None:
    assert render(b"windows\r").text == "windows"


def test_a_long_line_is_cut_with_an_ellipsis() -> None:
    line = render(b"x" * (MAX_CHARACTERS + 1))
    assert line.cut
    assert line.text == "x" * MAX_CHARACTERS + ELLIPSIS
    assert not render(b"x" * MAX_CHARACTERS).cut
    assert plain_text(b"x" * 5000) == "x" * 5000


def test_a_cut_through_a_character_or_an_escape_leaves_no_piece_of_it() -> None:
    for shift in range(24):
        # Escapes take so much room that the end of what is looked at comes before the limit.
        line = render(b"a" * shift + ("\x1b[0m" * 5 + "🎉").encode() * 900)
        assert line.cut
        assert {run.kind for run in line.runs} == {RunKind.TEXT, RunKind.MARK}


def test_endless_and_senseless_colour_codes_are_passed_over() -> None:
    for code in (b"9" * 5000, b"38;5", b"38;2;1", b"38;5;999", b";;;", b"38:2::1:2:3", b"4:3"):
        assert render(b"\x1b[" + code + b"mtext").text == "text"
