"""One statement of a Python source, found without parsing the rest.

    source --one pass over strings, comments, brackets, ends of lines--> where statements begin
    line   --> the statement around it, as text, if it is not too long or too deep

To parse a whole source can take seconds and hundreds of megabytes if somebody made it for that.
This pass takes time in proportion to what it looks at, and looks at so much and no more.
"""

from __future__ import annotations

import os
import re
import stat
from array import array
from bisect import bisect_right
from collections import OrderedDict
from typing import NamedTuple

_LARGEST_SOURCE = 1_000_000  # bytes
_MOST_TOKENS = 60_000  # strings, comments, brackets and ends of lines in it
_LONGEST_STATEMENT = 8000  # bytes
_DEEPEST = 40  # brackets within one another
_FILES_KEPT = 16

_TOKEN = re.compile(rb"""'''|\"""|['"()\[\]{}]|\#[^\r\n]*+|\\\r?\n|\r\n?|\n""")
# What follows an opening quote, up to the closing one; a backslash guards it in raw strings too.
_REST = {
    b"'": re.compile(rb"[^'\\\r\n]*+(?:\\(?:\r\n|(?s:.))[^'\\\r\n]*+)*+'?"),
    b'"': re.compile(rb'[^"\\\r\n]*+(?:\\(?:\r\n|(?s:.))[^"\\\r\n]*+)*+"?'),
    b"'''": re.compile(rb"[^'\\]*+(?:(?:\\(?s:.)|'(?!''))[^'\\]*+)*+'''"),
    b'"""': re.compile(rb'[^"\\]*+(?:(?:\\(?s:.)|"(?!""))[^"\\]*+)*+"""'),
}
_LINE_END = re.compile(rb"\r\n?|\n")


class _Statements(NamedTuple):
    """Where statements begin: their first lines, from 1, and places in bytes; the last entry is the
    end."""

    lines: array[int]
    places: array[int]


class SourceStatements:
    """Finds statements; keeps where they begin in the last few files."""

    def __init__(self) -> None:
        self._files: OrderedDict[tuple[str, int], _Statements] = OrderedDict()

    def version(self, path: str) -> int:
        """What changes when the file does. Raises OSError, and ValueError for what is no source."""
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST_SOURCE:
            raise ValueError("no source, or too large a one")
        return status.st_mtime_ns

    def around(self, path: str, line: int) -> tuple[str, int]:
        """The statement around a line, and its first line. Of one that has others inside of it,
        only what stands before those. Raises OSError, and ValueError where there is none that can
        be parsed with little effort."""
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with open(descriptor, "rb") as source:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise ValueError("no source")
            key = (path, status.st_mtime_ns)
            known = self._files.get(key)
            if known is None:
                known = self._files[key] = statements_of(source.read(_LARGEST_SOURCE))
                if len(self._files) > _FILES_KEPT:
                    self._files.popitem(last=False)
            else:
                self._files.move_to_end(key)
            index = bisect_right(known.lines, line) - 1
            if not 0 <= index < len(known.lines) - 1:
                raise ValueError("no such line")
            begin, end = known.places[index], known.places[index + 1]
            if end - begin > _LONGEST_STATEMENT:
                raise ValueError("too long a statement")
            source.seek(begin)
            text = source.read(end - begin).decode("utf-8", "replace")
        if _depth(text) > _DEEPEST:
            raise ValueError("too deep a statement")
        return text.strip(), known.lines[index]


def statements_of(source: bytes) -> _Statements:
    """Where the statements of a source begin, as far as was looked."""
    lines, places = array("Q"), array("Q")
    if b"\0" in source:
        return _Statements(lines, places)  # Python takes no such source
    at = begin = depth = 0
    line = first = 1
    for _ in range(_MOST_TOKENS):
        found = _TOKEN.search(source, at)
        if found is None:
            at = len(source)
            break
        token, at = found[0], found.end()
        if token in _REST:
            rest = _REST[token].match(source, at)
            if rest is None:
                break
            at = rest.end()
            line += len(_LINE_END.findall(rest[0]))
        elif token in b"([{":
            depth += 1
        elif token in b")]}":
            depth = max(0, depth - 1)
        elif token[0] not in b"#":
            line += 1
            if depth == 0 and token[0] not in b"\\":
                if source[begin : found.start()].strip():
                    lines.append(first)
                    places.append(begin)
                begin, first = at, line
    if source[begin:at].strip() and depth == 0:
        lines.append(first)
        places.append(begin)
        begin, first = at, line + 1
    lines.append(first)
    places.append(begin)
    return _Statements(lines, places)


def _depth(text: str) -> int:
    """How deep brackets are within one another, at most; those in strings count as well."""
    deepest = depth = 0
    for character in text:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth -= 1
    return deepest
