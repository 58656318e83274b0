"""What becomes of items between a put and the pipe: a send that blocks, a process that waits for
its feeder at its end, and what is never sent."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from interpreters import interpreters
from live import Live
from probing import recorded

from spawnscope.core.vocabulary.events import Doing, ProcessDoing
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind

STUCK = """
import multiprocessing

def produce(items):
    items.put(bytes(300_000))

if __name__ == "__main__":
    items = multiprocessing.Queue()
    producer = multiprocessing.Process(target=produce, args=(items,), name="producer")
    producer.start()
    producer.join()
"""

LOST = """
import multiprocessing
import os
import threading

class Order:
    def __init__(self, number, lock=None):
        self.number, self.lock = number, lock

class Slow:
    def __reduce__(self):
        threading.Event().wait()

def leave(orders):
    for number in range(3):
        orders.put(Slow())
    os._exit(0)

if __name__ == "__main__":
    orders = multiprocessing.Queue()
    orders.put(Order(1))
    orders.put(Order(2, threading.Lock()))  # the second
    orders.put(Order(3))
    print(orders.get().number, orders.get().number)
    child = multiprocessing.Process(target=leave, args=(orders,), name="logger")
    child.start()
    child.join()
"""


def test_a_send_that_blocks_is_what_its_thread_is_in(tmp_path: Path) -> None:
    program = tmp_path / "stuck.py"
    program.write_text(STUCK)

    with Live(tmp_path / "s.spawnscope") as live:
        live.launch(LaunchSpec(kind=TargetKind.SCRIPT, target=str(program)))

        def blocked() -> tuple[Doing, ...]:
            for event in reversed(live.of(ProcessDoing)):
                if {doing.operation for doing in event.doing} >= {"feed", "flush"}:
                    return event.doing
            return ()

        doing = live.until(blocked, what="the producer is stuck at its end")
        main, feeder = (
            next(each for each in doing if each.operation == operation)
            for operation in ("flush", "feed")
        )
        assert main.thread == "MainThread"
        assert feeder.thread == "QueueFeederThread"
        assert main.object == feeder.object is not None
        number = next(e.process for e in live.of(ProcessDoing) if e.doing == doing)
        os.kill(live.started(number).pid, signal.SIGKILL)
        ended = live.exited(number)
        assert ended.circumstances is not None
        assert ended.circumstances.unsent == ("items", 1)


@pytest.mark.parametrize("version", ["3.8", "3.11", "3.15"])
def test_what_was_never_sent_is_told_with_its_put(version: str, tmp_path: Path) -> None:
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    program = tmp_path / "lost.py"
    program.write_text(LOST)
    events = recorded(tmp_path, "--python", interpreters()[version], program)
    orders = events.object("Queue", "orders")["object"]
    (failed,) = events.of("operation", object=orders, operation="feed")
    line = next(n for n, text in enumerate(LOST.splitlines(), 1) if "# the second" in text)
    assert failed["site"] == f"{program}:{line}"
    assert failed["argument"] == 2
    assert failed["preview"] == "TypeError: never sent, Order"
    (logger,) = [e for e in events.of("process_exited") if "never sent" in e["outcome"]]
    assert logger["outcome"].endswith("3 items that it had put into orders were never sent.")
