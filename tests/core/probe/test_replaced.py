"""A program may replace what it likes in Python: no hook of ours calls it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from interpreters import EDGES, VERSIONS, interpreters
from probing import TARGETS, probed


@pytest.mark.parametrize(
    ("version", "method"),
    [*zip(VERSIONS, ["fork", "spawn"] * len(VERSIONS), strict=False), ("3.8", "spawn")],
)
def test_no_replacement_is_called_by_us(version: str, method: str, tmp_path: Path) -> None:
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    python = interpreters()[version]
    command = [python, TARGETS / "replaces_everything.py", method]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    plain = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert plain.stdout.count("called: []") == 2, plain.stderr
    watched = probed(tmp_path, *command)
    assert (watched.stdout, watched.returncode) == (plain.stdout, 0)
    assert [path.read_text() for path in tmp_path.glob("*.fault")] == []
    assert len(list(tmp_path.glob("*.rec"))) > 5


@pytest.mark.parametrize("version", VERSIONS)
def test_hooks_work_where_nobody_called_them(version: str, tmp_path: Path) -> None:
    """A thread that C starts has no frame below the hook's."""
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    program = tmp_path / "program.py"
    program.write_text(
        "import _thread, sys, multiprocessing as mp\n"
        "lock, held, semaphore, event = mp.Lock(), mp.Lock(), mp.Semaphore(0), mp.Event()\n"
        "simple, queue, (here, there) = mp.SimpleQueue(), mp.Queue(), mp.Pipe()\n"
        "held.acquire()\n"
        "sys.unraisablehook = lambda failed: print(failed)\n"
        "for function, arguments, done in [\n"
        "    (held.acquire, (False,), lambda: True),\n"
        "    (held.acquire, (True, 0.01), lambda: True),\n"
        "    (lock.acquire, (), lambda: not lock._semlock._get_value()),\n"
        "    (lock.release, (), lambda: lock._semlock._get_value()),\n"
        "    (semaphore.release, (), lambda: semaphore._semlock._get_value()),\n"
        "    (simple.put, (1,), lambda: not simple.empty()),\n"
        "    (queue.put, (2,), lambda: not queue.empty()),\n"
        "    (here._send_bytes, (b'...',), there.poll),\n"
        "    (event.set, (), event.is_set),\n"
        "]:\n"
        "    _thread.start_new_thread(function, arguments)\n"
        "    while not done(): pass\n"
        "print(simple.get(), queue.get())\n"
    )
    done = probed(tmp_path, interpreters()[version], program)
    assert (done.stdout, done.stderr) == ("1 2\n", "")
    assert not list(tmp_path.glob("*.fault"))


def test_our_modules_stay_apart_when_the_caches_of_imports_are_cleared(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\n"
        "sys.path_importer_cache.clear()\n"
        "import multiprocessing as mp\n"
        "queue = mp.SimpleQueue()\n"
        "print(type(queue).put.__globals__['__name__'], type(queue).put.__code__.co_filename)\n"
    )
    done = probed(tmp_path, sys.executable, program)
    assert done.stdout == "_spawnscope_probe.queues <spawnscope queues>\n", done.stderr


@pytest.mark.parametrize("version", EDGES)
def test_a_queue_goes_by_what_the_program_puts_in_the_place_of_a_connections_methods(
    version: str, tmp_path: Path
) -> None:
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    program = tmp_path / "program.py"
    program.write_text(
        "import multiprocessing as mp\n"
        "from multiprocessing.connection import Connection\n"
        "queue, called = mp.Queue(), []\n"
        "queue.put(1), print(queue.get())\n"
        "for name in ('_send_bytes', '_recv_bytes'):\n"
        "    def mine(*args, plain=getattr(Connection, name), name=name):\n"
        "        called.append(name)\n"
        "        return plain(*args)\n"
        "    setattr(Connection, name, mine)\n"
        "queue.put(2), print(queue.get(), sorted(called))\n"
        "queue._reader.close()\n"
        "try:\n"
        "    queue.get()\n"
        "except OSError as error:\n"
        "    print(error)\n"
    )
    done = probed(tmp_path, interpreters()[version], program)
    assert done.stdout == "1\n2 ['_recv_bytes', '_send_bytes']\nhandle is closed\n", done.stderr
