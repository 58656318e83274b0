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

def consume(queue):
    queue.get()

def consume_in_time(queue):
    queue.get(timeout=600)

if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    plain, timed, simple = context.Queue(), context.Queue(), context.SimpleQueue()
    readers = [
        context.Process(target=function, args=(queue,), name=f"{name}-{place}")
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
            held = []
            for place in (1, 2):  # one of the two has it, or both get it in turn
                number = found[f"{name}-{place}"]
                os.kill(live.started(number).pid, signal.SIGKILL)
                held.append(live.exited(number).holding)
                if held[-1]:
                    break
            assert held[-1], name
        live.until(lambda: len(locks(live)) == 3, what="their locks")
        assert locks(live) == {f"read lock of {name}" for name in ("plain", "timed", "simple")}


def locks(live: Live) -> set[str]:
    return {each.name for each in live.of(ObjectCreated) if each.type == "read lock"}
