"""What a process was doing and holding when it was killed, and what it never managed to send."""

from __future__ import annotations

from pathlib import Path

import pytest
from probing import TARGETS, recorded


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_killed_process_leaves_its_last_words(method: str, tmp_path: Path) -> None:
    events = recorded(tmp_path, TARGETS / "dies_holding.py", method)
    (died,) = events.of("process_exited", signal="SIGKILL")
    lock, queue = events.object("Lock", "results"), events.object("Queue", "jobs")
    assert died["holding"] == [lock["object"]]
    (waiting,) = [d for d in died["doing"] if d["operation"] == "get"]
    assert (waiting["thread"], waiting["object"]) == ("waiter", queue["object"])
    assert waiting["since_ns"] <= died["time_ns"] - 200_000_000
    assert "Lock results" in died["outcome"]


def test_an_item_that_was_never_pickled_is_told(tmp_path: Path) -> None:
    events = recorded(tmp_path, TARGETS / "never_pickled.py")
    jobs = events.object("Queue", "jobs")["object"]
    (failed,) = events.of("operation", object=jobs, operation="feed")
    assert failed["outcome"] == "error"
    assert "never sent" in failed["preview"]
    (counters,) = events.of("counters", object=jobs)
    assert counters["operations"]["put"]["count"] == 2
    assert counters["operations"]["feed"] | {"bytes": 0} == {
        "count": 1, "waits": 0, "waited_ns": 0, "bytes": 0, "timeouts": 0, "errors": 1,
    }  # fmt: skip


def test_the_exception_that_ended_a_process_is_recorded(tmp_path: Path) -> None:
    program = tmp_path / "fails.py"
    program.write_text(
        "import multiprocessing\n"
        "def work():\n"
        "    raise ValueError('no such thing')\n"
        "if __name__ == '__main__':\n"
        "    child = multiprocessing.Process(target=work)\n"
        "    child.start()\n"
        "    child.join()\n"
    )
    events = recorded(tmp_path, program)
    (raised,) = events.of("operation", operation="exception")
    assert raised["preview"] == "ValueError: no such thing"
    assert "in work" in raised["text"]
