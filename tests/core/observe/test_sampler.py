"""What a sample says of the descriptors of a process."""

from __future__ import annotations

import os
import resource
import signal

from waiting import wait_until

from spawnscope.core.observe.sampler import Sampler


def test_descriptors_that_rise_are_counted_and_their_limit_is_told() -> None:
    sampler = Sampler()
    sampler.add(1, os.getpid())
    (first,) = sampler.take(5)
    ends = os.pipe()
    try:
        assert first.fds >= 3
        assert first.handled & 1 << signal.SIGINT - 1
        assert first.ignored & 1 << signal.SIGPIPE - 1
        assert not (first.handled | first.ignored) & 1 << signal.SIGTERM - 1
        assert first.fds_limit == resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        wait_until(lambda: any(each.fds == first.fds + 2 for each in sampler.take(6)))
    finally:
        sampler.close()
        for end in ends:
            os.close(end)
