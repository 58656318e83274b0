"""From pieces of output to lines, for one stream of one process.

    bytes as the kernel hands them over -> LineAssembler.feed -> Lines(body, lines, flags) ...
                                                              -> the line still being written

Whole lines are passed on as they came, many at once and without a look at each. Only a carriage
return makes us look closer: what follows one replaces what stood in the line before, as on a
terminal, so a progress bar stays one line. A line longer than LONGEST_LINE is passed on in pieces,
so memory stays bounded whatever is written.
"""

from __future__ import annotations

from typing import NamedTuple

from ..vocabulary.message import CONTINUES, REWRITTEN, UNTERMINATED

LONGEST_LINE = 65536  # bytes; longer lines become several messages


class Lines(NamedTuple):
    """`lines` lines joined by newlines, all with the same `flags`."""

    body: bytes
    lines: int
    flags: int


class LineAssembler:
    """Keeps the unfinished line; see the module. `certain`: whoever reads knows that what its
    process writes by its other stream from now on comes after what was fed; None: was not to be
    found out."""

    __slots__ = ("_flags", "_line", "_redrawn", "certain", "changed")

    def __init__(self) -> None:
        self._line = b""
        self._flags = 0
        self._redrawn = False  # whether an unfinished line ever had a carriage return
        self.changed = False  # whether the unfinished line differs from what was last shown
        self.certain: bool | None = False

    @property
    def line(self) -> bytes:
        """The line still being written, as a terminal would show it."""
        return self._line.removesuffix(b"\r").rpartition(b"\r")[2] if self._line else b""

    @property
    def flags(self) -> int:
        """The flags of the line still being written."""
        return self._flags

    @property
    def has_begun(self) -> bool:
        """Whether there is a line still being written."""
        return bool(self._line)

    @property
    def can_be_interrupted(self) -> bool:
        """Whether the line still being written may become a message as it is. Not a progress bar,
        which is one line however often something else is written meanwhile."""
        return self.has_begun and not self._redrawn

    def feed(self, data: bytes) -> list[Lines]:
        """The whole lines that `data` completes, in order."""
        found: list[Lines] = []
        end = data.rfind(b"\n")
        if end >= 0:
            whole = self._line + data[:end] if self._line else data[:end]
            self._complete(whole, found)
            self.changed = self.changed or bool(self._line)
            self._line = data[end + 1 :]
            self._flags = 0
        else:
            self._line += data
        if self._line:
            self.changed = True
            self._shorten(found)
        return found

    def finish(self) -> list[Lines]:
        """The last line, when it ends without a newline."""
        line, flags = self.line, self._flags
        self._line, self._flags = b"", 0
        self.changed = False
        return [Lines(line, 1, flags | UNTERMINATED)] if line else []

    def _complete(self, whole: bytes, found: list[Lines]) -> None:
        if b"\r" not in whole and not self._flags:
            self._pass_on(whole, found)
            return
        first, *others = whole.split(b"\n")
        self._settle(first, self._flags, found)
        for line in others:
            self._settle(line, 0, found)

    def _pass_on(self, whole: bytes, found: list[Lines]) -> None:
        """As they are, as many in one as are no longer than a line may be."""
        start = 0
        while len(whole) - start > LONGEST_LINE:
            end = whole.rfind(b"\n", start, start + LONGEST_LINE + 1)
            if end >= 0:
                part = whole[start:end]
                found.append(Lines(part, part.count(b"\n") + 1, 0))
            else:
                end = whole.find(b"\n", start)
                end = len(whole) if end < 0 else end
                self._cut(whole[start:end], 0, found)
            start = end + 1
        if start <= len(whole):
            part = whole[start:]
            found.append(Lines(part, part.count(b"\n") + 1, 0))

    def _settle(self, line: bytes, flags: int, found: list[Lines]) -> None:
        # "\r\n" is a newline of another tradition, not an overwritten line.
        line = line.rstrip(b"\r") if line.endswith(b"\r") else line
        before, overwritten, shown = line.rpartition(b"\r")
        if overwritten and before.strip(b"\r"):
            flags |= REWRITTEN
        if len(shown) > LONGEST_LINE:
            self._cut(shown, flags, found)
        else:
            found.append(Lines(shown, 1, flags))

    def _cut(self, line: bytes, flags: int, found: list[Lines]) -> None:
        for start in range(0, len(line), LONGEST_LINE):
            last = start + LONGEST_LINE >= len(line)
            piece = line[start : start + LONGEST_LINE]
            found.append(Lines(piece, 1, flags if last else flags | CONTINUES))

    def _shorten(self, found: list[Lines]) -> None:
        """Keep the unfinished line bounded."""
        shown = self._line.rstrip(b"\r")
        # Several returns in a row are one; what they will overwrite is still to be seen.
        returned = b"\r" if len(shown) < len(self._line) else b""
        before, overwritten, shown = shown.rpartition(b"\r")
        if overwritten and before.strip(b"\r"):
            self._flags |= REWRITTEN
        self._redrawn = self._redrawn or bool(overwritten or returned)
        self._line = shown + returned
        while len(self._line) > LONGEST_LINE:
            found.append(Lines(self._line[:LONGEST_LINE], 1, self._flags | CONTINUES))
            self._line = self._line[LONGEST_LINE:]
