"""A wait that has a timeout says so, for it ends by itself; one without does not. That of the main
thread says whether the program is there to take Ctrl-C."""

from __future__ import annotations

from pathlib import Path

import pytest
from interpreters import EDGES, interpreters
from live import Live

from spawnscope.core.vocabulary.events import Doing, ProcessDoing
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind

PROGRAM = """
import asyncio, multiprocessing, subprocess, sys, threading
def main(limit):
    full = multiprocessing.Queue(1)
    full.put(1)
    lock, none = multiprocessing.Lock(), multiprocessing.Semaphore(0)
    lock.acquire()
    sleeper = multiprocessing.Process(target=multiprocessing.Event().wait, daemon=True)
    sleeper.start()
    told = multiprocessing.Condition()
    def rest():
        with told:
            told.wait(limit)
    end, other = multiprocessing.Pipe()
    waits = {
        "get": lambda: multiprocessing.Queue().get(timeout=limit),
        "put": lambda: full.put(2, timeout=limit),
        "lock": lambda: lock.acquire(timeout=limit),
        "semaphore": lambda: none.acquire(timeout=limit),
        "event": lambda: multiprocessing.Event().wait(limit),
        "barrier": lambda: multiprocessing.Barrier(2).wait(limit),
        "strict": lambda: multiprocessing.Barrier(2, timeout=limit).wait(),
        "condition": rest,
        "join": lambda: sleeper.join(limit),
        "poll": lambda: end.poll(limit),
    }
    for name, wait in waits.items():
        threading.Thread(target=wait, name=name, daemon=True).start()
    if limit is None:
        asyncio.run(blocks())
    prepared()
async def blocks():
    multiprocessing.Event().wait()
def prepared():
    try:
        multiprocessing.Event().wait()
    except KeyboardInterrupt:
        print("closing")
if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    main(None if sys.argv[1] == "unlimited" else float(sys.argv[1]))
"""
NAMES = {
    "get", "put", "lock", "semaphore", "event", "barrier", "strict", "condition", "join", "poll",
}  # fmt: skip
MAIN = "MainThread"


@pytest.mark.parametrize("version", EDGES)
def test_a_wait_says_whether_it_has_a_timeout(version: str, tmp_path: Path) -> None:
    program = tmp_path / "waits.py"
    program.write_text(PROGRAM)
    interpreter = interpreters().get(version)
    if interpreter is None:
        pytest.skip(f"there is no Python {version} here")
    with Live(tmp_path / "s.spawnscope") as live:
        for argument, limited in (("600", True), ("unlimited", False)):
            spec = LaunchSpec(
                kind=TargetKind.SCRIPT,
                target=str(program),
                arguments=(argument,),
                interpreter=interpreter,
            )
            (number,) = live.launch(spec)

            def told(number: int = number) -> dict[str, Doing] | None:
                doing = [
                    each.doing
                    for each in live.events
                    if isinstance(each, ProcessDoing) and each.process == number
                ]
                last = {each.thread: each for each in (doing[-1] if doing else ())}
                return last if last.keys() >= {*NAMES, MAIN} else None

            found = live.until(told, what="all threads wait")
            assert {found[name].limited for name in NAMES} == {limited}, argument
            assert [name for name in found if found[name].ready] == [MAIN] * limited, argument
