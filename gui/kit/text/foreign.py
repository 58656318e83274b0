"""Text that may hold anything, made fit for those places of Qt that read more into it than words.

A tooltip, a label or a message box takes what looks like HTML for HTML, with images that it loads;
a menu, a button or a tab takes "&" for an underline; the title of a window takes "[*]" for a mark.
All text goes there through here (a test holds it), our own too: who writes a sentence need not
think about what the names in it may hold.
"""

from __future__ import annotations

from html import escape

from spawnscope.core.printable import LONGEST_SENTENCE, printable

_WIDEST = 110  # characters of a line in a tooltip
_MOST_LINES = 40
_LONGEST_LABEL = 20_000  # characters
_LONGEST_ENTRY = 80  # of a menu, a button, a tab


def tip(text: str) -> str:
    """A tooltip that shows just this text: its lines, wrapped where they are long."""
    if not text:
        return ""
    lines = [line for each in _lines(text, _MOST_LINES) for line in _wrapped(each)]
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES - 1 :] = ["…"]
    shown = "\n".join(lines)
    if "<" not in shown and "&" not in shown:
        return shown  # nobody can take that for markup, and screen readers get it as it is
    return f'<p style="white-space:pre">{escape(shown)}</p>'


def paragraphs(text: str) -> str:
    """The lines of a label, each as it may be drawn."""
    if len(text) < LONGEST_SENTENCE and text.isascii() and text.isprintable():
        return text
    return "\n".join(_lines(text[:_LONGEST_LABEL], _MOST_LINES))


def caption(text: str) -> str:
    """The text of a menu entry, a button or a tab: one line, without underlines or shortcuts."""
    return printable(text, _LONGEST_ENTRY).replace("&", "&&")


def window_title(text: str) -> str:
    """The title of a window."""
    return printable(text).replace("[*]", "[ * ]")


def spoken(text: str) -> str:
    """What a screen reader says of something: one line that comes to an end."""
    return printable(text, LONGEST_SENTENCE)


def _lines(text: str, most: int) -> list[str]:
    pieces = text[:_LONGEST_LABEL].split("\n", most)
    if len(pieces) > most:
        pieces[most:] = ["…"]
    return [printable(piece, LONGEST_SENTENCE) for piece in pieces]


def _wrapped(line: str) -> list[str]:
    """The line in pieces, broken at blanks where there are some."""
    if len(line) <= _WIDEST:
        return [line]
    from textwrap import wrap

    return wrap(line, _WIDEST, break_on_hyphens=False) or [""]
