"""Looking for text in the body of a block: which lines hold it.

A hit lies within one line. Plain text is looked for in the raw bytes; a regular expression sees
the text, with bytes that are no UTF-8 as lone surrogates. Letter case is ignored unless asked for.
"""

from __future__ import annotations

import re
from typing import Protocol

_COMMON_FIRST = b" etaoinsrld0123456789chumpfgwyb.:-v,_k/[]()='\"TEAOINSRLDCHUMPFGWYBVKxjqzXJQZ"
_MANY = 64  # hits that show how dense they are


class TextSearch(Protocol):
    """`literals`: bytes, in lower case, that every hit holds in some case (for signatures)."""

    @property
    def literals(self) -> tuple[bytes, ...]: ...

    def lines(self, body: bytes) -> list[int]:
        """The indexes of the lines of `body` with a hit, ascending."""
        ...


def text_search(text: str, *, regex: bool, case: bool) -> TextSearch | None:
    """The search for `text`; None when there is nothing to look for. ValueError, with one
    sentence, for a regular expression that is none."""
    if not text:
        return None
    if regex:
        return PatternSearch(text, case=case)
    if case or text.isascii():
        return LiteralSearch(text.encode("utf-8", "surrogatepass"), case=case)
    return FoldedSearch(text)


class LiteralSearch:
    """Plain bytes; without `case`, ASCII letters match in either case."""

    def __init__(self, needle: bytes, *, case: bool) -> None:
        self._case = case
        self._needle = needle if case else needle.lower()
        rarest = bytes([max(self._needle, key=_rarity)])
        self._rarest = {rarest} if case else {rarest, rarest.upper()}

    @property
    def literals(self) -> tuple[bytes, ...]:
        return (self._needle.lower(),)

    def lines(self, body: bytes) -> list[int]:
        needle = self._needle
        if b"\n" in needle:
            return []
        if not any(byte in body for byte in self._rarest):
            return []  # far quicker than a search, and often enough
        hay = body if self._case else body.lower()
        hit = hay.find(needle)
        if hit < 0:
            return []
        find, count = hay.find, hay.count
        found: list[int] = []
        line = start = 0  # a line's index, and a place in it
        while hit >= 0:
            line += count(b"\n", start, hit)
            if len(found) == _MANY and line < 2 * _MANY:
                # Most lines hold it: from here on each is looked at by itself.
                begin = hay.rfind(b"\n", 0, hit) + 1
                rest = hay[begin:].split(b"\n")
                found += [index for index, text in enumerate(rest, line) if needle in text]
                break
            found.append(line)
            start = hit
            end = find(b"\n", hit)
            hit = find(needle, end) if end >= 0 else -1
        return found


def _rarity(byte: int) -> int:
    """How rare a byte is in logs, roughly."""
    return _COMMON_FIRST.find(byte) if byte in _COMMON_FIRST else len(_COMMON_FIRST)


class FoldedSearch:
    """Text with letters beyond ASCII, in either case: an alternation of their encodings."""

    def __init__(self, text: str) -> None:
        pattern = b""
        literals = [b""]
        for character in text:
            if character.isascii():
                pattern += re.escape(character.encode())
                literals[-1] += character.lower().encode()
            else:
                forms = {character, character.lower(), character.upper(), character.casefold()}
                encoded = sorted(form.encode("utf-8", "surrogatepass") for form in forms)
                pattern += b"(?:" + b"|".join(map(re.escape, encoded)) + b")"
                literals.append(b"")
        self._pattern = re.compile(pattern, re.IGNORECASE)
        self._literals = tuple(filter(None, literals))

    @property
    def literals(self) -> tuple[bytes, ...]:
        return self._literals

    def lines(self, body: bytes) -> list[int]:
        if not self._pattern.search(body):
            return []
        search = self._pattern.search
        return [index for index, line in enumerate(body.split(b"\n")) if search(line)]


class PatternSearch:
    """A regular expression, on text.

    Where that can't change the outcome, a block is searched as a whole, up to the first hit that
    is not within a line. (A slow expression stays slow: `re` can't be interrupted.)
    """

    def __init__(self, pattern: str, *, case: bool) -> None:
        """ValueError for a pattern that does not compile."""
        flags = re.NOFLAG if case else re.IGNORECASE
        try:
            self._line = re.compile(pattern, flags)
            self._block = re.compile(pattern, flags | re.MULTILINE)
        except re.error as error:
            raise ValueError(f"The regular expression is wrong: {error}.") from None
        except (OverflowError, RecursionError, MemoryError):
            raise ValueError("The regular expression is too large.") from None
        self._whole = not _LOOKS_AROUND.search(pattern)
        self._literals = required_literals(pattern)

    @property
    def literals(self) -> tuple[bytes, ...]:
        return self._literals

    def lines(self, body: bytes) -> list[int]:
        if self._literals:
            lower = body.lower()  # ten times as fast as `re`
            if any(literal not in lower for literal in self._literals):
                return []
        text = body.decode("utf-8", "surrogateescape")
        found: list[int] = []
        index, position = 0, 0
        while self._whole and (hit := self._block.search(text, position)) is not None:
            start = text.rfind("\n", position, hit.start()) + 1 or position
            index += text.count("\n", position, start)
            end = text.find("\n", hit.start())
            if end < 0:
                end = len(text)
            if hit.end() > end:  # over the line's end: it may hide hits within lines
                position = start
                break
            found.append(index)
            index, position = index + 1, end + 1
            if position > len(text):
                return found
        else:
            if self._whole:
                return found
        search = self._line.search
        rest = text[position:].split("\n")
        found += [number for number, line in enumerate(rest, index) if search(line)]
        return found


# Constructs by which a line alone and a line among others may differ: \A, \Z, \B, lookaround,
# conditions, and what never gives back what it took.
_LOOKS_AROUND = re.compile(r"\\[AZB]|\(\?(?:[=!(>]|<[=!])|[*+?}]\+")


def required_literals(pattern: str) -> tuple[bytes, ...]:
    """Pieces of ASCII text that every hit of a simple pattern holds; none where unsure.

    (With letter case ignored, `re` takes the Kelvin sign for `k`, the long s for `s` and the
    dotless i for `i`. A line that spells a required piece with these is not found.)
    """
    if any(character in pattern for character in "|(") or not pattern.isascii():
        return ()
    literals = [""]
    rest = iter(range(len(pattern)))
    for index in rest:
        character = pattern[index]
        if character == "\\":
            escaped = pattern[next(rest)]
            if escaped.isalnum():  # a class, an anchor, a control character, a code point
                if escaped not in "dDsSwWbBAZ":
                    return ()
                literals.append("")
            else:
                literals[-1] += escaped
        elif character in "*?{":
            literals[-1] = literals[-1][:-1]
            if character == "{":
                if "}" not in pattern[index:]:
                    return ()
                for _ in range(pattern.index("}", index) - index):
                    next(rest)
            literals.append("")
        elif character in ".^$+":
            literals.append("")
        elif character == "[":
            end = pattern.find("]", index + (3 if pattern[index + 1 : index + 2] == "^" else 2))
            if end < 0 or "\\" in pattern[index:end]:
                return ()
            for _ in range(end - index):
                next(rest)
            literals.append("")
        else:
            literals[-1] += character
    return tuple(literal.lower().encode() for literal in literals if literal)
