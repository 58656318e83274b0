"""Which messages are wanted, and the quick ways to know that a block holds none of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import msgspec

from ..vocabulary.events import Stream
from .message_block import MessageBlock
from .message_reader import BlockHead
from .signature import Probe
from .text_search import text_search
from .visible_text import visible


class MessageFilter(msgspec.Struct, frozen=True):
    """All conditions must hold; None and "" stand for no condition. `text` is looked for within
    a line, as a regular expression if `regex`, ignoring letter case unless `case`. `without`: what
    these processes wrote is not wanted."""

    processes: frozenset[int] | None = None
    streams: frozenset[Stream] | None = None
    text: str = ""
    regex: bool = False
    case: bool = False
    without: frozenset[int] = frozenset()


class BlockFilter:
    """A filter made ready for work on blocks."""

    def __init__(self, wanted: MessageFilter) -> None:
        """ValueError, with one sentence, for a bad regular expression."""
        self._processes = wanted.processes
        self._streams = wanted.streams
        self._without = wanted.without
        self._search = text_search(wanted.text, regex=wanted.regex, case=wanted.case)
        self._probe = Probe(self._search.literals if self._search else ())
        self._of_anybody = self._processes is None and self._streams is None and not self._without
        self.everything = self._of_anybody and self._search is None
        self.needs_text = self._search is not None
        self.needs_bits = self._probe.selective
        self.needs_tally = not self._of_anybody

    def may_hold(self, head: BlockHead) -> bool:
        """False when the block surely holds no message that is wanted."""
        if head.bits is not None and self.needs_bits and not self._probe.passes(head.bits):
            return False
        return self.counted(head) > 0

    def counted(self, head: BlockHead) -> int:
        """How many lines of the block are of the processes and streams wanted."""
        if self._of_anybody:
            return head.lines
        processes, streams, without = self._processes, self._streams, self._without
        return sum(
            lines
            for process, stream, lines in head.tally
            if (processes is None or process in processes)
            and (streams is None or stream in streams)
            and process not in without
        )

    def indexes(self, block: MessageBlock) -> Sequence[int]:
        """The indexes of the messages wanted, ascending."""
        if self.everything:
            return range(block.lines)
        if self._search is None:
            return list(chain.from_iterable(self._spans(block)))
        hits = self._search.lines(visible(block.body))
        return hits if self._of_anybody or not hits else _within(hits, self._spans(block))

    def _spans(self, block: MessageBlock) -> Iterable[range]:
        return block.spans(self._processes, self._streams, self._without)


def _within(indexes: list[int], spans: Iterable[range]) -> list[int]:
    """Those of the ascending indexes that lie in one of the ascending spans."""
    found = []
    position = 0
    for span in spans:
        while position < len(indexes) and indexes[position] < span.start:
            position += 1
        while position < len(indexes) and indexes[position] < span.stop:
            found.append(indexes[position])
            position += 1
    return found
