"""Events on their way to the window, over a multiprocessing queue that never makes us wait.

    post(event) --> pending --> Batch (msgpack, one write) --SimpleQueue--> window
                       ^                                                      |
                       '------------------ Acknowledge(number) <--------------'

`multiprocessing.Queue` would put a feeder thread into a process that forks, so the queue is a
SimpleQueue: the same pipe, written at once. So that a window that is busy, or stopped, can never
block us, only as many batches are under way as the pipe holds for certain; the window acknowledges
what it took. Meanwhile events wait here, and those that a later one replaces (samples, states of
objects, what threads are in, how far messages are committed) replace one another, so memory stays
bounded by the number of processes and objects. A batch is small enough to go out in a single
write(2): the window can never find half of one, whatever happens to us.
"""

from __future__ import annotations

import fcntl
from multiprocessing.queues import SimpleQueue

import msgspec

from ..vocabulary.events import (
    Batch,
    Event,
    MessagesCommitted,
    ObjectState,
    ProcessDoing,
    ProcessExited,
    Sample,
)
from .loop import EventLoop

_LARGEST_BATCH = 12 * 1024  # bytes; multiprocessing writes up to 16 KiB in one call
_PIPE_BYTES = 1 << 20
_SLOT_BYTES = 16 * 1024

_Latest = Sample | ProcessDoing | ObjectState


class Outbox:
    """See the module. All calls come from the supervisor's thread."""

    def __init__(self, loop: EventLoop, queue: SimpleQueue[bytes]) -> None:
        self._loop = loop
        self._queue = queue
        self._encoder = msgspec.msgpack.Encoder()
        self._events: list[Event] = []
        self._latest: dict[tuple[type[_Latest], int], _Latest] = {}
        self._committed: MessagesCommitted | None = None
        self._scheduled = False
        self._sent = 0
        self._acknowledged = 0
        self._broken = False
        descriptor = queue._writer.fileno()  # type: ignore[attr-defined]
        try:
            size = fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        except OSError:  # over the user's limit of pipe memory
            size = fcntl.fcntl(descriptor, fcntl.F_GETPIPE_SZ)
        self._window = max(1, size // _SLOT_BYTES - 1)

    def post(self, event: Event) -> None:
        """Send `event` at the end of this round of the loop, or when the window has caught up."""
        if isinstance(event, (Sample, ProcessDoing)):
            self._latest[type(event), event.process] = event
        elif isinstance(event, ObjectState):
            self._latest[ObjectState, event.object] = event
        elif isinstance(event, MessagesCommitted):
            self._committed = event
        else:
            if isinstance(event, ProcessExited):
                self._latest.pop((ProcessDoing, event.process), None)
            self._events.append(event)
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_later(0, self._send)

    def acknowledge(self, number: int) -> None:
        """The window took all batches up to `number`."""
        self._acknowledged = max(self._acknowledged, number)
        if self._events or self._latest or self._committed:
            self._send()

    def flush(self) -> None:
        """Send what the pipe can take now; for the end of the process."""
        self._send()

    def _send(self) -> None:
        self._scheduled = False
        if self._broken:
            self._events.clear()
            self._latest.clear()
            return
        while self._sent - self._acknowledged < self._window:
            events = self._next_events()
            if not events:
                return
            self._put(events)

    def _next_events(self) -> list[Event]:
        # Messages first: who reads of an exit may rely on the messages before it.
        found: list[Event] = []
        if self._committed is not None:
            found.append(self._committed)
            self._committed = None
        found += self._events[:64]
        del self._events[:64]
        for key in list(self._latest)[: 64 - len(found)]:
            found.append(self._latest.pop(key))
        return found

    def _put(self, events: list[Event]) -> None:
        data = self._encoder.encode(Batch(self._sent + 1, tuple(events)))
        if len(data) > _LARGEST_BATCH and len(events) > 1:
            middle = len(events) // 2
            self._put(events[:middle])
            self._put(events[middle:])
            return
        self._sent += 1
        try:
            self._queue.put(data)
        except BrokenPipeError:  # the window is gone; its command socket tells the supervisor
            self._broken = True
