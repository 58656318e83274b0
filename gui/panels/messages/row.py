"""A message as a row needs it: its line, its level, its marks, each worked out once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spawnscope.core.vocabulary.message import CONTINUES

from ...kit.text.ansi import PLAIN, Style
from ...kit.text.level import Level, Recognized, recognize
from ...kit.text.line import Line, RunKind, TextRun, render

if TYPE_CHECKING:
    import re

    from spawnscope.core.vocabulary.message import Message

CONTINUATION_MARK = " ↪"


class MessageRow:
    """One visible row. `paint_cache` belongs to whoever paints the text, `selected` to the log."""

    __slots__ = ("_level", "_line", "_marked", "_marks", "message", "paint_cache", "selected")

    def __init__(self, message: Message) -> None:
        self.message = message
        self.paint_cache: Any = None
        self.selected = False
        self._line: Line | None = None
        self._level: Recognized | None = None
        self._marked: re.Pattern[str] | None = None
        self._marks: tuple[tuple[int, int], ...] = ()

    @property
    def line(self) -> Line:
        """What is shown of the message's bytes."""
        if self._line is None:
            self._line = render(self.message.raw)
        return self._line

    @property
    def level(self) -> Recognized:
        """The level that the line carries."""
        if self._level is None:
            self._level = recognize(self.line.text)
        return self._level

    @property
    def text(self) -> str:
        """The visible text, with the mark of a line that goes on in a further message."""
        return self.line.text + CONTINUATION_MARK if self.continues else self.line.text

    @property
    def continues(self) -> bool:
        return bool(self.message.flags & CONTINUES)

    def marks(self, pattern: re.Pattern[str] | None) -> tuple[tuple[int, int], ...]:
        """Where the visible text matches: (start, end) of each place."""
        if pattern is None:
            return ()
        if pattern is not self._marked:
            self._marked = pattern
            self._marks = tuple(
                found.span()
                for found in pattern.finditer(self.line.text)
                if found.end() > found.start()
            )
        return self._marks

    def pieces(self) -> list[tuple[int, int, Style, RunKind, bool]]:
        """The runs of a row, cut where the level's word begins and ends, to the end of the text."""
        text, level = self.text, self.level
        runs = self.line.runs or (TextRun(0, len(self.line.text), PLAIN, RunKind.TEXT),)
        if len(text) > len(self.line.text):
            runs = (*runs, TextRun(len(self.line.text), len(text), PLAIN, RunKind.MARK))
        if level.level is Level.NONE:
            return [(run.start, run.end, run.style, run.kind, False) for run in runs]
        found = []
        for start, end, style, kind in runs:
            for a, b, inside in (
                (start, min(end, level.start), False),
                (max(start, level.start), min(end, level.end), True),
                (max(start, level.end), end, False),
            ):
                if a < b:
                    found.append((a, b, style, kind, inside))
        return found
