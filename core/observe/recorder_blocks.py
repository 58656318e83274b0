"""The blocks of a recorder: what its threads are in, and what they counted.

    bytes now --compared with those before, 16 blocks at once--> blocks that differ
                                                                  |-- counters: told as they are
                                                                  '-- threads: parsed anew

Most blocks do not change between two looks, so only those that do cost anything.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from ..probe._spawnscope_probe import layout
from ..translation import tr
from .recorder_layout import LARGEST_NUMBER, LOW, Counter, RecorderError

_BLOCK = Struct(f"={layout.BLOCK_WORDS}Q")
_BYTES = Struct(f"{layout.BLOCK_BYTES}s")
_FRAMES = Struct(f"={layout.FRAMES * layout.FRAME_WORDS}Q")
_WORD = Struct("=Q")
_SIZE = layout.BLOCK_BYTES
_CHUNK = 16 * _SIZE


class OpenOperation(NamedTuple):
    """An operation that a thread is in. `object`: 0 for none; `since_ns`: 0 where unknown;
    `limited`: it comes to an end by itself, when the time that it was given is over; `ready`: the
    program is there to take Ctrl-C meanwhile."""

    operation: int
    object: int
    since_ns: int
    site: int
    text: int
    argument: int = 0
    limited: bool = False
    ready: bool = False


class ThreadBlock(NamedTuple):
    """A thread's block: its name's text, and its frames, the innermost first. `lock`: the operation
    and the object in which it has the object's inner lock, (0, 0) for none."""

    name: int
    frames: tuple[OpenOperation, ...]
    lock: tuple[int, int] = (0, 0)


class CounterBlock(NamedTuple):
    """What one thread counted of one operation on one object. `block`: its number, which is the
    same at each look; `head`: its first word, see `head_of`; `status`: see `layout.C_STATUS`."""

    block: int
    head: int
    counter: Counter
    status: int = 0


class Threads(enum.Enum):
    """What has become of the threads since the last look."""

    SAME = "same"
    CHANGED = "changed"  # some are in something else
    RENAMED = "renamed"  # besides, some are new or have other names


def head_of(head: int) -> tuple[int, int, int]:
    """Operation, number of the thread's block, and object, of a counter's first word."""
    return head >> 48 & 0xFF, head >> 32 & 0xFFFF, head & LOW


class Blocks:
    """Follows the blocks of one recorder. `threads`: by the number of their block."""

    def __init__(self) -> None:
        self.threads: dict[int, ThreadBlock] = {}
        self._within: dict[
            int, dict[int, OpenOperation]
        ] = {}  # thread: what odd counters say, by block
        self._before = b""
        self._parts: dict[int, int] = {}  # number of a block inside of a thread's: the thread's

    def update(self, data: bytes) -> tuple[Threads, list[CounterBlock]]:
        """Take in the bytes of all used blocks. Returns what has become of the threads, and the
        counters that have changed. Raises RecorderError."""
        counters = []
        heads: dict[int, None] = {}
        for number in _changed(self._before, data):
            head = self._parts.get(number)
            if head is not None:
                heads[head] = None
                continue
            words = _BLOCK.unpack_from(data, (number - 1) * _SIZE)
            first = words[0]
            kind = first >> 56
            if kind == layout.COUNTER:
                if max(words) >= LARGEST_NUMBER:
                    raise RecorderError(tr("A counter in it holds an impossible number."))
                counters.append(CounterBlock(number, first, (words[1] >> 1, *words[2:7]), words[7]))
                if words[1] & 1 or self._within:
                    self._enter(number, first, bool(words[1] & 1), heads)
            elif kind == layout.THREAD:
                heads[number] = None
                for part in range(number, number + layout.THREAD_BLOCKS):
                    self._parts[part] = number
        self._before = data
        found = Threads.SAME
        for head in heads:
            if self._parts.get(head) != head:
                continue  # a counter names it, but no thread has that block
            noted = _thread(data, head)
            if noted is None:
                continue
            before, now = self.threads.get(head), _with(noted, self._within.get(head))
            if now == before:
                continue
            self.threads[head] = now
            if before is None or before.name != now.name:
                found = Threads.RENAMED
            elif found is Threads.SAME:
                found = Threads.CHANGED
        return found, counters

    def _enter(self, block: int, head: int, within: bool, heads: dict[int, None]) -> None:
        """A counter says whether its thread is in what it counts."""
        operation, thread, number = head_of(head)
        frames = self._within.setdefault(thread, {})
        if within:
            frames[block] = OpenOperation(operation, number, 0, 0, 0)
            heads[thread] = None
        elif frames.pop(block, None) is not None:
            heads[thread] = None


def _with(thread: ThreadBlock, within: dict[int, OpenOperation] | None) -> ThreadBlock:
    """The thread, and what its counters say that it is in, as far as its frames do not."""
    if not within:
        return thread
    known = {(frame.operation, frame.object) for frame in thread.frames}
    more = [one for one in within.values() if (one.operation, one.object) not in known]
    return ThreadBlock(thread.name, (*more, *thread.frames), thread.lock)


def _thread(data: bytes, number: int) -> ThreadBlock | None:
    at = (number - 1) * _SIZE
    if at + layout.THREAD_BLOCKS * _SIZE > len(data):
        return None
    (first,) = _WORD.unpack_from(data, at)
    frames = _FRAMES.unpack_from(data, at + layout.FRAMES_AT * 8)
    (lock,) = _WORD.unpack_from(data, at + layout.T_LOCK * 8)
    return ThreadBlock(first & LOW, _frames(frames), (lock >> 32, lock & LOW))


def _changed(before: bytes, now: bytes) -> Iterator[int]:
    """The numbers of the blocks that differ, or are new."""
    for chunk in range(0, len(now), _CHUNK):
        part, old = now[chunk : chunk + _CHUNK], before[chunk : chunk + _CHUNK]
        if part == old:
            continue
        number = chunk // _SIZE
        known = len(old) // _SIZE
        ours, theirs = _BYTES.iter_unpack(part), _BYTES.iter_unpack(old[: known * _SIZE])
        for block, other in zip(ours, theirs):  # noqa: B905 - what is behind `old` comes next
            number += 1
            if block != other:
                yield number
        yield from range(chunk // _SIZE + known + 1, (chunk + len(part)) // _SIZE + 1)


def _frames(words: tuple[int, ...]) -> tuple[OpenOperation, ...]:
    """Those that are in use, the innermost first."""
    if not any(words):
        return ()
    found = []
    for number in (0, *range(layout.FRAMES - 1, 0, -1)):
        at = number * layout.FRAME_WORDS
        what = words[at]
        if what >> 32:
            since, place = words[at + 1], words[at + 2]
            if since < LARGEST_NUMBER:
                limited, ready = bool(what & layout.LIMITED), bool(what & layout.READY)
                what &= ~(layout.LIMITED | layout.READY)
                found.append(
                    OpenOperation(
                        what >> 32, what & LOW, since, place >> 32, place & LOW, words[at + 3],
                        limited, ready,
                    )
                )  # fmt: skip
    return tuple(found)
