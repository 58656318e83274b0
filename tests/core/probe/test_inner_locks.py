"""Who dies with a lock inside of a queue or a pool in hand: the lock is named after its owner, and
belongs to the dead."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from live import Live

from spawnscope.core.vocabulary.events import ObjectCreated, ProcessDoing, ProcessStarted
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind

PROGRAM = """
import multiprocessing

def consume(queue, place):
    await_turn(queue, place)
    queue.get()

def consume_in_time(queue, place):
    await_turn(queue, place)
    queue.get(timeout=600)

def await_turn(queue, place):
    while place == 2 and queue._rlock.acquire(False):  # until the first one reads
        queue._rlock.release()

if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    plain, timed, simple = context.Queue(), context.Queue(), context.SimpleQueue()
    readers = [
        context.Process(target=function, args=(queue, place), name=f"{name}-{place}")
        for name, function, queue in (
            ("plain", consume, plain), ("timed", consume_in_time, timed),
            ("simple", consume, simple),
        )
        for place in (1, 2)
    ]
    for reader in readers:
        reader.start()
    pool = context.Pool(2)
    for reader in readers:
        reader.join()
"""


def test_a_lock_that_was_taken_along_belongs_to_the_dead(tmp_path: Path) -> None:
    program = tmp_path / "readers.py"
    program.write_text(PROGRAM)
    with Live(tmp_path / "s.spawnscope") as live:
        live.launch(LaunchSpec(kind=TargetKind.SCRIPT, target=str(program)))

        def doing() -> dict[str, int]:
            """Those that are where they stay, by name."""
            latest = {event.process: event.doing for event in live.of(ProcessDoing)}
            at = {
                number
                for number, now in latest.items()
                if now and now[0].operation in ("get", "idle")
            }
            return {
                live.described(each.process).name: each.process
                for each in live.of(ProcessStarted)
                if each.process in at
            }

        found = live.until(lambda: doing() if len(doing()) == 8 else {}, what="all read")
        for name in ("plain", "timed", "simple"):
            first = found[f"{name}-1"]
            os.kill(live.started(first).pid, signal.SIGKILL)
            assert live.exited(first).holding, name
        live.until(lambda: len(locks(live)) == 3, what="their locks")
        assert locks(live) == {f"read lock of {name}" for name in ("plain", "timed", "simple")}


def locks(live: Live) -> set[str]:
    return {each.name for each in live.of(ObjectCreated) if each.type == "read lock"}
