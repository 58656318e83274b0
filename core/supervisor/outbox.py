"""Events on their way to the window, over a multiprocessing queue that never makes us wait.

    post(event) --> pending --> Batch (msgpack, one write) --SimpleQueue--> window
                       ^                                                      |
                       '------------------ Acknowledge(number) <--------------'

`multiprocessing.Queue` would put a feeder thread into a process that forks, so the queue is a
SimpleQueue: the same pipe, written at once. So that a window that is busy, or stopped, can never
block us, only as much is under way as the pipe holds for certain; the window acknowledges what it
took. Meanwhile events wait here, and those that a later one replaces (samples, states of
objects, what threads are in, how far messages are committed) replace one another, so memory stays
bounded by the number of processes and objects. A batch is small enough to go out in a single
write(2), unless a single event is not: the window can never find half of one, whatever happens to
us.
"""

from __future__ import annotations

import fcntl
import itertools
from collections import deque
from multiprocessing.queues import SimpleQueue

import msgspec

from ..vocabulary.events import (
    AllRead,
    Batch,
    Event,
    MessagesCommitted,
    ObjectState,
    ProcessDoing,
    ProcessExited,
    Sample,
)
from .loop import EventLoop

_MOST_EVENTS = 64  # in a batch
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
        self._all_read: AllRead | None = None
        self._scheduled = False
        self._sent = 0
        self._ready = b""  # a batch that waits for room
        self._under_way: deque[tuple[int, int]] = deque()  # (number of a batch, its slots)
        self._taken = 0  # slots of the pipe
        self._broken = False
        descriptor = queue._writer.fileno()  # type: ignore[attr-defined]
        try:
            size = fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        except OSError:  # over the user's limit of pipe memory
            size = fcntl.fcntl(descriptor, fcntl.F_GETPIPE_SZ)
        self._slots = max(1, size // _SLOT_BYTES - 1)

    def post(self, event: Event) -> None:
        """Send `event` at the end of this round of the loop, or when the window has caught up."""
        if isinstance(event, (Sample, ProcessDoing)):
            self._latest[type(event), event.process] = event
        elif isinstance(event, ObjectState):
            self._latest[ObjectState, event.object] = event
        elif isinstance(event, MessagesCommitted):
            self._committed = event
        elif isinstance(event, AllRead):
            self._all_read = event
        else:
            if isinstance(event, ProcessExited):
                self._latest.pop((ProcessDoing, event.process), None)
            self._events.append(event)
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_later(0, self._send)

    def acknowledge(self, number: int) -> None:
        """The window took all batches up to `number`."""
        while self._under_way and self._under_way[0][0] <= number:
            self._taken -= self._under_way.popleft()[1]
        if self._ready or self._events or self._latest or self._committed or self._all_read:
            self._send()

    def flush(self) -> None:
        """Send what the pipe can take now; for the end of the process."""
        self._send()

    def _send(self) -> None:
        self._scheduled = False
        while not self._broken:
            self._ready = self._ready or self._next_batch()
            slots = -(-len(self._ready) // _SLOT_BYTES)
            if not slots or (self._under_way and self._taken + slots > self._slots):
                return
            self._put(self._ready, slots)
            self._ready = b""
        self._events.clear()
        self._latest.clear()
        self._committed = self._all_read = None

    def _next_batch(self) -> bytes:
        """What comes next, encoded, and taken off what waits; b"" if nothing does."""
        # Messages first: who reads of an exit may rely on the messages before it.
        first = [self._committed] if self._committed is not None else []
        events: list[Event] = first + self._events[:_MOST_EVENTS]
        events += itertools.islice(self._latest.values(), max(0, _MOST_EVENTS - len(events)))
        if not events and self._all_read is not None:
            events, self._all_read = [self._all_read], None  # all that was there before it is told
            return self._encoder.encode(Batch(self._sent + 1, tuple(events)))
        if not events:
            return b""
        while True:
            data = self._encoder.encode(Batch(self._sent + 1, tuple(events)))
            if len(data) <= _LARGEST_BATCH or len(events) == 1:
                break
            del events[len(events) // 2 :]
        if first:
            self._committed = None
        lasting = min(len(events) - len(first), len(self._events))
        del self._events[:lasting]
        for key in list(itertools.islice(self._latest, len(events) - len(first) - lasting)):
            del self._latest[key]
        return data

    def _put(self, data: bytes, slots: int) -> None:
        self._sent += 1
        self._under_way.append((self._sent, slots))
        self._taken += slots
        try:
            self._queue.put(data)
        except BrokenPipeError:  # the window is gone; its command socket tells the supervisor
            self._broken = True
