"""One thread, one epoll: descriptors that become ready and moments that come.

All of the supervisor hangs on this loop. With nothing to do it sleeps in the kernel without a
timeout.
"""

from __future__ import annotations

import heapq
import itertools
import select
import time
from collections.abc import Callable

READABLE = select.EPOLLIN
WRITABLE = select.EPOLLOUT


class Timer:
    """A call that is due at a moment; `cancel` forgets it."""

    __slots__ = ("callback", "cancelled")

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        """Do not call; harmless when it was called already."""
        self.cancelled = True


class EventLoop:
    """Calls back when descriptors are ready and when timers are due.

    A callback that raises does not end the loop: the exception goes to `on_error`.
    """

    def __init__(self, on_error: Callable[[BaseException], None]) -> None:
        self._epoll = select.epoll()
        self._readers: dict[int, Callable[[int], object]] = {}
        self._timers: list[tuple[float, int, Timer]] = []
        self._count = itertools.count()
        self._running = False
        self._on_error = on_error

    def watch(
        self, descriptor: int, callback: Callable[[int], object], events: int = READABLE
    ) -> None:
        """Call `callback(ready events)` whenever `descriptor` is ready for `events`."""
        if descriptor in self._readers:
            self._epoll.modify(descriptor, events)
        else:
            self._epoll.register(descriptor, events)
        self._readers[descriptor] = callback

    def unwatch(self, descriptor: int) -> None:
        """Forget `descriptor`; call this before closing it."""
        if self._readers.pop(descriptor, None) is not None:
            self._epoll.unregister(descriptor)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call `callback` once, `seconds` from now at the earliest."""
        timer = Timer(callback)
        heapq.heappush(self._timers, (time.monotonic() + seconds, next(self._count), timer))
        return timer

    def run(self) -> None:
        """Serve until `stop`."""
        self._running = True
        while self._running:
            try:
                ready = self._epoll.poll(self._time_to_next(), 256)
            except InterruptedError:
                continue
            for descriptor, events in ready:
                # An earlier callback of this round may have unwatched it.
                callback = self._readers.get(descriptor)
                if callback is not None:
                    self.call(callback, events)
            self._run_due_timers()

    def stop(self) -> None:
        """Leave `run` after this round."""
        self._running = False

    def close(self) -> None:
        """Give the epoll descriptor back."""
        self._epoll.close()

    def _time_to_next(self) -> float:
        while self._timers and self._timers[0][2].cancelled:
            heapq.heappop(self._timers)
        if not self._timers:
            return -1
        return max(0.0, self._timers[0][0] - time.monotonic())

    def _run_due_timers(self) -> None:
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            timer = heapq.heappop(self._timers)[2]
            if not timer.cancelled:
                timer.cancelled = True
                self.call(timer.callback)

    def call(self, callback: Callable[..., object], *arguments: object) -> None:
        """Call now; what it raises goes to `on_error`."""
        try:
            callback(*arguments)
        except Exception as error:  # noqa: BLE001 - the edge: one bad callback must not end all
            self._on_error(error)
