"""Listener and Client: who is connected to whom; what multiprocessing connects is left alone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from interpreters import interpreters
from live import Live
from probing import probed, recorded

from spawnscope.core.store.session_store import SessionStore
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind

PROGRAM = """\
import multiprocessing
import sys
from multiprocessing.connection import Client, Listener

def serve(address, ready, over):
    with Listener(address, authkey=b"secret") as listener:
        ready.put(listener.address)
        for _ in range(2):
            line = listener.accept()
            line.send(2 * line.recv())
            if over is not None:
                over.wait()

def ask(address, number, over):
    with Client(address, authkey=b"secret") as server:
        server.send(number)
        print(server.recv(), flush=True)
        if over is not None:
            over.wait()

def main():
    address = sys.argv[1] if len(sys.argv) > 1 else ("127.0.0.1", 0)
    over = multiprocessing.Event() if len(sys.argv) > 1 else None
    ready = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(address, ready, over), name="server")
    server.start()
    address = ready.get()
    for number in range(2):
        child = multiprocessing.Process(target=ask, args=(address, number, over))
        child.start()
        child.join()
    server.join()
    here, there = multiprocessing.Pipe()
    with multiprocessing.Manager() as manager:
        manager.list().append(here)

if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    main()
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "talks.py"
    path.write_text(PROGRAM)
    return path


def test_connections_are_those_that_the_program_made(program: Path, tmp_path: Path) -> None:
    for version in (next(iter(interpreters())), list(interpreters())[-1]):
        folder = tmp_path / version
        folder.mkdir(exist_ok=True)
        events = recorded(folder, "--python", interpreters()[version], program)
        listener = events.object("Listener", "listener")
        assert listener["site"] == f"{program}:6"
        assert events.totals(listener["object"]) == {"accept": 2, "connect": 2}
        ends = events.of("object_created", type="Connection")
        assert sorted((end["name"], events.totals(end["object"])["send"]) for end in ends) == [
            ("line", 1), ("line", 1), ("server", 1), ("server", 1),
        ]  # fmt: skip


@pytest.mark.parametrize("unix", [False, True])
def test_the_two_ends_of_a_connection_know_of_each_other(
    unix: bool, program: Path, tmp_path: Path
) -> None:
    address = (str(tmp_path / "socket"),) if unix else ()
    with Live(tmp_path / "s.spawnscope") as live:
        store = SessionStore()
        spec = LaunchSpec(kind=TargetKind.SCRIPT, target=str(program), arguments=address)
        live.launch(spec)
        live.until(_paired(live, store), what="both ends are known")
        (end, *_) = [row for row in store.objects if row.peer is not None]
        other = store.objects[end.peer or 0]
        assert other.peer == end.number
        assert {end.name, other.name} == {"line", "server"}
        assert end.creator != other.creator


def _paired(live: Live, store: SessionStore) -> Callable[[], bool]:
    def paired() -> bool:
        store.apply(live.events)
        return any(row.peer is not None for row in store.objects)

    return paired


def test_a_connection_blocks_though_sockets_have_a_timeout(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import os, socket, threading\n"
        "from multiprocessing.connection import Client, Listener\n"
        "socket.setdefaulttimeout(30)\n"
        "for family in ('AF_INET', 'AF_UNIX'):\n"
        "    with Listener(family=family) as listener:\n"
        "        ends = []\n"
        "        other = threading.Thread(target=lambda: ends.append(Client(listener.address)))\n"
        "        other.start()\n"
        "        ends.append(listener.accept())\n"
        "        other.join()\n"
        "        print([os.get_blocking(end.fileno()) for end in ends])\n"
    )
    done = probed(tmp_path, sys.executable, program)
    assert done.stdout == "[True, True]\n" * 2, done.stderr
