"""Names and sentences from elsewhere, as they may be shown on one line.

A process may be called anything: a megabyte, control characters, marks that turn the direction of
what follows. What this module lets through can be drawn in a cell without harm; what it takes out
is shown by a stand-in, so that nothing passes for another name.
"""

from __future__ import annotations

import re

LONGEST_NAME = 200  # characters
LONGEST_SENTENCE = 1000

# Controls, marks of direction ("Trojan source"), separators of lines, halves of characters.
CONTROLS = r"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff"
_CONTROL = re.compile(f"[{CONTROLS}]")
_BLANKS = re.compile(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+")
# Marks that stand above and below a letter, more of them than any script needs: they would be drawn
# over the rows around.
_MARKS = r"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
_PILED = re.compile(f"([{_MARKS}]{{3}})[{_MARKS}]+")


def printable(text: str, longest: int = LONGEST_NAME) -> str:
    """`text` on one line, at most so many characters of it, "…" for the rest."""
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    if text.isascii() and text.isprintable():
        return text
    shown = _CONTROL.sub(_replaced, _BLANKS.sub(" ", text))
    shown = _PILED.sub(r"\1", shown)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def stand_in(character: str) -> str:
    """What is shown in the place of a character that must not be drawn: "^A", "\\x85"."""
    code = ord(character)
    if code < 0x20 or code == 0x7F:
        # As terminals write it. The Unicode pictures of these are in few fonts, and hard to read.
        return f"^{chr(code ^ 0x40)}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _replaced(found: re.Match[str]) -> str:
    return stand_in(found[0])
