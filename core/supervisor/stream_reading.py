"""When a stream is read: at once, or, while lines come thick and fast, when some have gathered.

    ready --> take --> soon after the last one? --no--> wait until it is ready
                 ^                |yes
                 '-- a few ms <---'      (not watched meanwhile: nobody is woken)

To be woken for each line would cost us, and the writer, more than the line. So the kernel holds
what comes within a pause, which gets shorter where a writer would have to wait for room.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from .known_process import KnownProcess
from .loop import EventLoop, Timer
from .output_source import Source

_SOON = 0.002  # seconds
_BUSY = 0.02  # seconds for which a stream counts as busy after a read
_SHORTEST, _LONGEST = 0.001, 0.002  # seconds of a pause
_PATIENCE = 0.025  # seconds for which pieces wait for the other stream
_CROWDED, _ROOMY = 0.5, 0.1  # of what the kernel holds


class StreamReading:
    """`take(reading)` takes in what waits: (bytes, lines), or None where it is not read now.
    `sibling`: the other stream of `worker`."""

    def __init__(
        self,
        loop: EventLoop,
        source: Source,
        worker: KnownProcess,
        take: Callable[[StreamReading], tuple[int, int] | None],
    ) -> None:
        self.source = source
        self.worker = worker
        self.sibling: StreamReading | None = None
        self._loop = loop
        self._take = take
        self._last = 0.0  # time.monotonic() of the last read that found something
        self._pause = _LONGEST
        self._gathering: Timer | None = None
        self._waiting_since = 0.0  # time.monotonic() since when pieces wait for the other stream

    def is_empty(self) -> bool:
        """Whether nothing was written that has not been taken in."""
        source = self.source
        return not source.pieces and (source.descriptor < 0 or not source.waiting_bytes())

    def has_waited(self) -> bool:
        """Whether the first of the pieces has waited long enough for the other stream."""
        now = time.monotonic()
        if not self._waiting_since:
            self._waiting_since = now
        elif now - self._waiting_since > _PATIENCE:
            self._waiting_since = 0.0
            return True
        return False

    def watch(self) -> None:
        """Read as soon as something comes."""
        self._stop_gathering()
        if self.source.pieces:
            self._gather()
        else:
            self._loop.watch(self.source.descriptor, self._on_ready)

    def unwatch(self) -> None:
        """Do not read; call this before closing it too."""
        self._stop_gathering()
        self._loop.unwatch(self.source.descriptor)

    def _on_ready(self, events: int) -> None:
        sibling = self.sibling
        if sibling is not None and sibling._gathering is not None and not sibling.source.pieces:
            sibling.watch()
            sibling._read()  # what gathered there was written before, for the most part
            if sibling.source.pieces:
                sibling._gather()
            if self.source.descriptor < 0:
                return
        before = self._last
        if self._read() is not None and (self.source.pieces or self._last - before < _SOON):
            self._gather()

    def _on_gathered(self) -> None:
        self._gathering = None
        taken = self._read()
        if taken is None:
            return
        share = 1.0 if self.source.more else self.source.share_of_depth(*taken)
        if share > _CROWDED:
            self._pause = max(_SHORTEST, self._pause / 2)
        elif share < _ROOMY:
            self._pause = min(_LONGEST, self._pause * 2)
        if taken[0] or self.source.pieces:
            self._gather()
        else:
            self.watch()

    def _read(self) -> tuple[int, int] | None:
        taken = self._take(self)
        if taken is not None and taken[0]:
            self._last = time.monotonic()
        return taken

    def _gather(self) -> None:
        """Let lines gather, unless more waits already; or where the order in which the two streams
        are read is all that tells the order in which they were written."""
        sibling, waits = self.sibling, self.source.pieces
        if not waits:
            self._waiting_since = 0.0
        if not waits and (
            self.source.more or (sibling is not None and self._last - sibling._last < _BUSY)
        ):
            self.watch()
        else:
            self._loop.unwatch(self.source.descriptor)
            self._gathering = self._loop.call_later(self._pause, self._on_gathered)

    def _stop_gathering(self) -> None:
        if self._gathering is not None:
            self._gathering.cancel()
            self._gathering = None
