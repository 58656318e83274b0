"""The outbox: all that is posted arrives once, in order, and never blocks the supervisor."""

from __future__ import annotations

import array
import fcntl
import multiprocessing
import termios
import threading
from collections.abc import Iterator
from multiprocessing.queues import SimpleQueue

import msgspec
import pytest

from spawnscope.core.supervisor.loop import EventLoop
from spawnscope.core.supervisor.outbox import Outbox
from spawnscope.core.vocabulary.events import (
    Batch,
    Event,
    MessagesCommitted,
    ProcessStarted,
    Role,
    Sample,
)


class Window:
    """The other end of the queue: takes a batch when it is told to."""

    def __init__(self) -> None:
        def fail(error: BaseException) -> None:
            raise error

        self.queue: SimpleQueue[bytes] = multiprocessing.get_context("fork").SimpleQueue()
        self.loop = EventLoop(fail)
        self.outbox = Outbox(self.loop, self.queue)
        self.events: list[Event] = []
        self.numbers: list[int] = []

    def take(self, acknowledge: bool = True) -> bool:
        """One batch, if there is one."""
        if self.queue.empty():
            return False
        batch = msgspec.msgpack.decode(self.queue.get(), type=Batch)
        self.events += batch.events
        self.numbers.append(batch.number)
        if acknowledge:
            self.outbox.acknowledge(batch.number)
        return True

    def waiting_bytes(self) -> int:
        """What lies in the pipe."""
        answer = array.array("i", [0])
        fcntl.ioctl(self.queue._reader.fileno(), termios.FIONREAD, answer)  # type: ignore[attr-defined]
        return answer[0]


@pytest.fixture
def window() -> Iterator[Window]:
    made = Window()
    yield made
    made.queue.close()
    made.loop.close()


def started(number: int, size: int = 10) -> ProcessStarted:
    return ProcessStarted(
        number, 7, 1, 1, None, 1, None, "x", Role.OTHER, None, ("x" * size,)
    )  # fmt: skip


def sample(number: int, percent: float) -> Sample:
    return Sample(number, 7, 1, percent, 0, 1, 1, "sleeping")


def test_a_full_list_of_events_leaves_the_latest_states_for_the_next_batch(window: Window) -> None:
    window.outbox.post(MessagesCommitted(9))
    for number in range(64):
        window.outbox.post(started(number))
    for number in range(100):
        window.outbox.post(sample(number, 1.0))
    window.outbox.flush()
    assert window.take(acknowledge=False)
    assert len(window.events) == 65
    assert not any(isinstance(event, Sample) for event in window.events)
    window.outbox.acknowledge(1)
    while window.take():
        pass
    assert [e.process for e in window.events if isinstance(e, Sample)] == list(range(100))
    assert window.numbers == list(range(1, len(window.numbers) + 1))


def test_a_window_that_does_not_read_never_blocks_the_supervisor(window: Window) -> None:
    def post() -> None:
        for number in range(1000):
            window.outbox.post(started(number, 12_000))
        window.outbox.flush()
        # Large and small in one list, which is split where it does not fit.
        for number in range(1000, 2000):
            window.outbox.post(started(number, 12_000 if number % 3 else 10))
            window.outbox.flush()

    supervisor = threading.Thread(target=post, daemon=True)
    supervisor.start()
    supervisor.join(20)
    blocked = supervisor.is_alive()
    room = fcntl.fcntl(window.queue._reader.fileno(), fcntl.F_GETPIPE_SZ)  # type: ignore[attr-defined]
    assert window.waiting_bytes() < room
    while window.take() or supervisor.is_alive():
        supervisor.join(0.001)
    assert not blocked
    assert [e.process for e in window.events if isinstance(e, ProcessStarted)] == list(range(2000))


def test_an_event_larger_than_a_batch_counts_for_what_it_takes(window: Window) -> None:
    for number in range(400):
        window.outbox.post(started(number, 40_000))
    window.outbox.flush()
    assert 0 < window.waiting_bytes() < 1 << 20
    while window.take():
        pass
    assert len(window.events) == 400


def test_a_later_state_replaces_one_that_waits(window: Window) -> None:
    for percent in (1.0, 2.0, 3.0):
        window.outbox.post(sample(5, percent))
    window.outbox.flush()
    assert window.take()
    assert window.events == [sample(5, 3.0)]
