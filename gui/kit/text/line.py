"""From the bytes a process wrote to the text that is shown.

    bytes -> UTF-8, odd bytes kept apart -> escapes taken out -> visible text + runs of style

Nothing that was written disappears without a trace: sequences that only steer a terminal are left
out, and everything else that has no face (control characters, bytes that are no UTF-8, marks that
reverse the direction of writing) is shown by a stand-in and marked as one.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from typing import NamedTuple

from spawnscope.core.printable import stand_in

from .ansi import PLAIN, Style, apply_sgr

MAX_CHARACTERS = 2000  # what a row shows of a line; the rest is in the detail
TAB_WIDTH = 8
_MAX_BYTES = 8 * MAX_CHARACTERS  # what a row looks at: UTF-8 and escapes take more than one each
ELLIPSIS = " …"


class RunKind(enum.IntEnum):
    """What a run is: the process's own text, or a stand-in of ours."""

    TEXT = 0
    CONTROL = 1
    INVALID = 2
    MARK = 3


class TextRun(NamedTuple):
    """The characters `start` to `end` of a line, which share a style."""

    start: int
    end: int
    style: Style
    kind: RunKind


class Line(NamedTuple):
    """`runs` cover `text` without gaps; a line without anything special has none. `cut`: there
    is more than `text` shows."""

    text: str
    runs: tuple[TextRun, ...]
    cut: bool


# The direction overrides and isolates would let a line pass for another one ("Trojan source");
# the line and paragraph separators would break the row.
_TOKEN = re.compile(
    r"\x1b\[(?P<sgr>[0-9;:]*)m"
    r"|(?P<escape>\x1b(?:\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC: titles, links
    r"|[PX^_][^\x1b]*\x1b\\"  # DCS, SOS, PM, APC
    r"|[ -/]*[0-OQ-WYZ\\`-~]))"  # two characters, charsets
    r"|(?P<tab>\t)"
    r"|(?P<invalid>[\udc80-\udcff]+)"
    r"|(?P<control>[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069])"
)
_TORN_ESCAPE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*)?$")


def render(raw: bytes) -> Line:
    """What a row shows of a line: at most MAX_CHARACTERS of it."""
    if len(raw) > _MAX_BYTES:
        return _rendered(_without_torn_end(raw[:_MAX_BYTES]), MAX_CHARACTERS, cut=True)
    return _rendered(raw, MAX_CHARACTERS, cut=False)


def plain_text(raw: bytes) -> str:
    """The whole line without colours, tabs kept: for the clipboard, for files, for the detail."""
    text = _decoded(raw)
    if text.isprintable():
        return text
    return "".join(part for part, _, _ in _parts(text, expand_tabs=False))


def _rendered(raw: bytes, limit: int, cut: bool) -> Line:
    text = _decoded(raw)
    if text.isprintable() and len(text) <= limit:
        if not cut:
            return Line(text, (), False)
        end = len(text)
        mark = TextRun(end, end + len(ELLIPSIS), PLAIN, RunKind.MARK)
        return Line(text + ELLIPSIS, (TextRun(0, end, PLAIN, RunKind.TEXT), mark), True)
    pieces: list[str] = []
    runs: list[TextRun] = []
    length = 0
    for part, style, kind in _parts(text, expand_tabs=True):
        if length + len(part) > limit:
            part = part[: limit - length]
            cut = True
        if part:
            if runs and runs[-1].style == style and runs[-1].kind is kind:
                runs[-1] = runs[-1]._replace(end=length + len(part))
            else:
                runs.append(TextRun(length, length + len(part), style, kind))
            pieces.append(part)
            length += len(part)
        if cut and length >= limit:
            break
    if cut:
        pieces.append(ELLIPSIS)
        runs.append(TextRun(length, length + len(ELLIPSIS), PLAIN, RunKind.MARK))
    if len(runs) == 1 and runs[0].style == PLAIN and runs[0].kind is RunKind.TEXT:
        runs.clear()
    return Line("".join(pieces), tuple(runs), cut)


def _decoded(raw: bytes) -> str:
    if raw.endswith(b"\r"):  # what is left of a line that ended in CR LF
        raw = raw[:-1]
    return raw.decode("utf-8", "surrogateescape")


def _parts(text: str, expand_tabs: bool) -> Iterator[tuple[str, Style, RunKind]]:
    """Yields (visible text, style, kind) in order; tells tabs by where the text stands."""
    style = PLAIN
    column = 0
    position = 0
    for token in _TOKEN.finditer(text):
        if token.start() > position:
            yield text[position : token.start()], style, RunKind.TEXT
            column += token.start() - position
        position = token.end()
        group = token.lastgroup
        if group == "sgr":
            style = apply_sgr(style, token["sgr"])
            continue
        if group == "escape":
            continue
        if group == "tab":
            shown = " " * (TAB_WIDTH - column % TAB_WIDTH) if expand_tabs else "\t"
            yield shown, style, RunKind.TEXT
        elif group == "invalid":
            shown = "".join(f"\\x{ord(each) - 0xDC00:02X}" for each in token["invalid"])
            yield shown, style, RunKind.INVALID
        else:
            shown = stand_in(token["control"])
            yield shown, style, RunKind.CONTROL
        column += len(shown)
    if position < len(text):
        yield text[position:], style, RunKind.TEXT


def _without_torn_end(raw: bytes) -> bytes:
    """Without the beginning of an escape or of a UTF-8 character that the cut went through."""
    if (torn := _TORN_ESCAPE.search(raw, len(raw) - 40)) is not None:
        return raw[: torn.start()]
    for back in range(1, min(4, len(raw)) + 1):
        byte = raw[-back]
        if byte < 0x80:
            return raw
        if byte >= 0xC0:
            return raw[:-back]
    return raw
