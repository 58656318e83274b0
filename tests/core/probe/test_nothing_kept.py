"""The probe keeps nothing of the program's alive, and nothing away from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from interpreters import EDGES, interpreters
from probing import probed

NEVER_SENT = """
import multiprocessing, weakref
class Item:
    def __reduce__(self):
        raise TypeError("not to be sent")
queue = multiprocessing.get_context("fork").Queue()
item = Item()
alive = weakref.ref(item)
queue.put(item)
del item
for _ in range(2):  # the feeder thread takes one when it has let go of what was before
    queue.put("next")
    print(queue.get())
print(alive())
"""
SIGNAL_BEFORE_A_FORK = """
import functools, os, signal
def handler(*_):
    raise TimeoutError
signal.signal(signal.SIGUSR1, handler)
os.setpgrp()
os.register_at_fork(before=functools.partial(os.killpg, 0, signal.SIGUSR1))
try:
    if not os.fork():
        os._exit(0)
    print("never heard of")
except TimeoutError:
    print("heard of")
os.wait()
"""
FUTURES = """
import asyncio, concurrent.futures, io, logging, multiprocessing, os, types
logged = io.StringIO()
logging.basicConfig(stream=logged)
class Future(concurrent.futures.Future):  # a stand-in of a test's has any attribute
    _spawnscope = types.SimpleNamespace()
over = Future()
over.set_result(None)
source, sink = os.pipe()
with concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as executor:
    print(len(concurrent.futures.wait([over, Future()], 0.01).done))
    loop = asyncio.new_event_loop()
    task = executor.submit(os.read, source, 1)
    awaited = asyncio.wrap_future(task, loop=loop)
    loop.close()
    os.write(sink, b"x")
    print(task.result())
print("spawnscope" in logged.getvalue())
"""


@pytest.mark.parametrize("version", EDGES)
@pytest.mark.parametrize(
    ("program", "told"),
    [
        (NEVER_SENT, "next\nnext\nNone\n"),
        (SIGNAL_BEFORE_A_FORK, "heard of\n"),
        (FUTURES, "1\nb'x'\nFalse\n"),
    ],
    ids=["an item that could not be sent", "an exception of a signal's handler", "futures"],
)
def test_what_is_the_programs_stays_the_programs(
    version: str, program: str, told: str, tmp_path: Path
) -> None:
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    done = probed(tmp_path, interpreters()[version], "-c", program)
    assert done.stdout == told, done.stderr
    assert not list(tmp_path.glob("*.fault"))
