"""Who goes through the results of `imap` waits in the pool for those that are not there yet; those
that are there and are not taken count."""

from __future__ import annotations

from pathlib import Path

import pytest
from interpreters import VERSIONS, interpreters
from probing import recorded

PROGRAM = """
import multiprocessing
import time

def slowly(number):
    time.sleep(0.05)
    return number

if __name__ == "__main__":
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert list(pool.imap(slowly, range(3))) == [0, 1, 2]
        assert sorted(pool.imap_unordered(slowly, range(4), chunksize=2)) == [0, 1, 2, 3]
        left = pool.imap(abs, range(20))
        while left._index < 20:
            time.sleep(0.01)
        try:
            pool.imap(time.sleep, [0.5]).next(timeout=0.01)  # the impatient one
        except multiprocessing.TimeoutError:
            print("too late")
        assert list(pool.imap(slowly, [])) == []
"""


@pytest.mark.parametrize("version", VERSIONS)
def test_a_wait_for_the_next_result_is_one(version: str, tmp_path: Path) -> None:
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    program = tmp_path / "iterates.py"
    program.write_text(PROGRAM)
    events = recorded(tmp_path, "--python", interpreters()[version], program)
    assert [m["text"] for m in events.of("message", stream="stdout")] == ["too late"]
    pool = events.object("Pool", "pool")
    (totals,) = events.of("counters", object=pool["object"], pid=pool["pid"])
    counts = {name: each["count"] for name, each in totals["operations"].items()}
    assert counts["arrived"] - counts["taken"] == 19  # seen when the last one came
    assert counts["arrived"] >= 19 + 2 + 1
    assert counts["expected"] >= 20 + 3 + 2
    waits = totals["operations"]["wait"]
    assert waits["count"] >= 5
    assert waits["timeouts"] == 1
    assert waits["waited_ns"] >= 0.05 * 7 * 1e9 * 0.9
    impatient = events.of("operation", operation="wait", outcome="timeout")
    line = PROGRAM.splitlines().index(next(x for x in PROGRAM.splitlines() if "impatient" in x)) + 1
    assert [each["site"].rpartition(":")[2] for each in impatient] == [str(line)]
