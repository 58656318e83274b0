"""The registry's promise: one process is one record, whoever names it, and however late."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from spawnscope.core.observe import proc_files
from spawnscope.core.observe.session_clock import SessionClock
from spawnscope.core.supervisor.known_process import KnownProcess
from spawnscope.core.supervisor.loop import EventLoop
from spawnscope.core.supervisor.process_registry import ProcessRegistry
from spawnscope.core.vocabulary.events import Role


@pytest.fixture
def registry() -> Iterator[ProcessRegistry]:
    def fail(error: BaseException) -> None:
        raise error

    loop = EventLoop(fail)
    yield ProcessRegistry(loop, "session", SessionClock())
    loop.close()


def ended_child(registry: ProcessRegistry) -> KnownProcess:
    """A child that was found, ended, and was reaped by its parent."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        record = registry.adopt(child.pid)
    registry.end(record, 0)
    return record


def test_a_reaped_child_that_is_still_listed_is_not_found_again(
    registry: ProcessRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = ended_child(registry)
    monkeypatch.setattr(
        proc_files, "read_children", lambda pid: (record.pid,) if pid == os.getpid() else ()
    )
    registry.search(registry.root)
    assert list(registry.records.values()) == [registry.root, record]


def test_a_fork_told_after_the_end_is_not_a_second_process(registry: ProcessRegistry) -> None:
    forked_ns = time.monotonic_ns()
    record = ended_child(registry)
    assert registry.forked(record.pid, record.pid, forked_ns) is record


def test_a_pid_used_again_after_the_end_is_another_process(registry: ProcessRegistry) -> None:
    record = ended_child(registry)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as parent:
        registry.adopt(parent.pid)
        again = registry.forked(record.pid, parent.pid, time.monotonic_ns())
    assert again is not None
    assert again is not record
    for one in registry.living():
        registry.end(one, 0)


def test_a_program_that_ended_before_it_could_be_read_is_not_called_after_its_parent(
    registry: ProcessRegistry,
) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as parent:
        above = registry.adopt(parent.pid)
        assert above is not None
        gone = 1 << 22  # no process has such a pid
        record = registry.forked(gone, parent.pid, time.monotonic_ns())
        assert record is not None
        assert record.name == above.name
        registry.executed(gone)
        assert (record.name, record.cmdline) == ("unknown program", ())
    for one in registry.living():
        registry.end(one, 0)


def test_a_program_that_ended_before_it_was_looked_at_is_no_fork_of_its_parent(
    registry: ProcessRegistry,
) -> None:
    """On a machine full of others, its exec comes later than it takes to tell of a fork."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as parent:
        above = registry.adopt(parent.pid)
        assert above is not None
        gone = 1 << 22  # no process has such a pid
        record = registry.forked(gone, parent.pid, time.monotonic_ns())
        assert record is not None
        registry.announce(record)
        assert (record.name, record.role) == (above.name, Role.CHILD)
        told = []
        registry.on_changed = told.append
        registry.executed(gone)
        assert (record.name, record.role, record.start_method) == (
            "unknown program", Role.OTHER, None,
        )  # fmt: skip
        assert told == [record]
    for one in registry.living():
        registry.end(one, 0)
