"""The blocks of a recorder: what its threads are in, and what they counted.

    bytes now --compared with those before, 16 blocks at once--> blocks that differ
                                                                  |-- counters: told as they are
                                                                  '-- threads: parsed anew

Most blocks do not change between two looks, so only those that do cost anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from ..probe._spawnscope_probe import layout
from .recorder_layout import LARGEST_NUMBER, LOW, Counter, RecorderError

_BLOCK = Struct(f"={layout.BLOCK_WORDS}Q")
_FRAMES = Struct(f"={layout.FRAMES * layout.FRAME_WORDS}Q")
_SIZE = layout.BLOCK_BYTES
_CHUNK = 16 * _SIZE


class Frame(NamedTuple):
    """An operation that a thread is in. `object`: 0 for none; `since_ns`: 0 where unknown."""

    operation: int
    object: int
    since_ns: int
    site: int
    text: int


class Thread(NamedTuple):
    """A thread's block: its name's text, and its frames, the innermost first."""

    name: int
    frames: tuple[Frame, ...]


class CounterBlock(NamedTuple):
    """What one thread counted of one operation on one object. `block`: its number, which is the
    same at each look."""

    block: int
    operation: int
    thread: int
    object: int
    counter: Counter


class Blocks:
    """Follows the blocks of one recorder. `threads`: by the number of their block."""

    def __init__(self) -> None:
        self.threads: dict[int, Thread] = {}
        self._before = b""
        self._parts: dict[int, int] = {}  # number of a block inside of a thread's: the thread's

    def update(self, data: bytes) -> list[CounterBlock]:
        """Take in the bytes of all used blocks; returns the counters that have changed. Raises
        RecorderError."""
        counters = []
        threads: dict[int, None] = {}
        for number in _changed(self._before, data):
            head = self._parts.get(number)
            if head is not None:
                threads[head] = None
                continue
            words = _BLOCK.unpack_from(data, (number - 1) * _SIZE)
            first = words[0]
            if first >> 56 == layout.COUNTER:
                if max(words) >= LARGEST_NUMBER:
                    raise RecorderError("A counter in it holds an impossible number.")
                where = (first >> 48 & 0xFF, first >> 32 & 0xFFFF, first & LOW)
                counters.append(CounterBlock(number, *where, words[1:7]))
            elif first >> 56 == layout.THREAD:
                threads[number] = None
                for part in range(number, number + layout.THREAD_BLOCKS):
                    self._parts[part] = number
        for head in threads:
            self._parse_thread(data, head)
        self._before = data
        return counters

    def _parse_thread(self, data: bytes, number: int) -> None:
        at = (number - 1) * _SIZE
        if at + layout.THREAD_BLOCKS * _SIZE <= len(data):
            (first,) = _WORD.unpack_from(data, at)
            frames = _FRAMES.unpack_from(data, at + layout.FRAMES_AT * 8)
            self.threads[number] = Thread(first & LOW, _frames(frames))


_WORD = Struct("=Q")


def _changed(before: bytes, now: bytes) -> Iterator[int]:
    """The numbers of the blocks that differ, or are new."""
    for chunk in range(0, len(now), _CHUNK):
        part = now[chunk : chunk + _CHUNK]
        if part == before[chunk : chunk + _CHUNK]:
            continue
        for at in range(chunk, min(chunk + _CHUNK, len(now)), _SIZE):
            if now[at : at + _SIZE] != before[at : at + _SIZE]:
                yield at // _SIZE + 1


def _frames(words: tuple[int, ...]) -> tuple[Frame, ...]:
    """Those that are in use, the innermost first."""
    if not any(words):
        return ()
    found = []
    for number in (0, *range(layout.FRAMES - 1, 0, -1)):
        what, since, place, _ = words[number * layout.FRAME_WORDS :][: layout.FRAME_WORDS]
        if what >> 32 and since < LARGEST_NUMBER:
            found.append(Frame(what >> 32, what & LOW, since, place >> 32, place & LOW))
    return tuple(found)
