"""Who made a process is told by its start method: a fork server is not the parent that is shown."""

from __future__ import annotations

from spawnscope.core.sentences.making import made
from spawnscope.core.vocabulary.events import Making


def test_whose_threads_lived_at_a_fork() -> None:
    making = Making("multiprocessing", 2)
    assert made(making, "fork") == "multiprocessing; 2 threads lived in its parent then"
    assert made(making, "forkserver") == "multiprocessing; 2 threads lived in the fork server then"
