"""How a process ended is known from its parent, where neither the kernel's announcements nor a
pidfd tell: as an ordinary user, before Linux 6.15."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from probing import Events
from recording import ROOT, TIMEOUT
from waiting import wait_until

# `main.py`, on a kernel that tells nothing.
OLD_KERNEL = """
import runpy, sys, types
sys.modules["spawnscope"] = package = types.ModuleType("spawnscope")
package.__path__ = [sys.argv[1]]
from spawnscope.core.observe import fork_events, kernel
def refuse(self):
    raise PermissionError("no announcements")
kernel.exit_status = lambda pidfd: None
fork_events.ForkEvents.__init__ = refuse
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
PROGRAM = """
import multiprocessing, os, signal, sys
def leave(code, ready):
    ready.wait()
    os._exit(code)
def die(number, ready):
    ready.wait()
    os.kill(os.getpid(), number)
if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[1])
    ready = context.Event()
    jobs = [(leave, code) for code in (0, 0, 0, 3, 3, 3)] + [(die, signal.SIGKILL)] * 3
    family = [context.Process(target=job, args=(what, ready)) for job, what in jobs]
    for child in family: child.start()
    print("ready", flush=True)
    input()
    ready.set()
    for child in family: child.join()
"""


@pytest.mark.parametrize("method", ["fork", "forkserver"])
def test_a_parent_that_has_reaped_its_child_tells_how_it_ended(method: str, tmp_path: Path) -> None:
    program, path = tmp_path / "program.py", tmp_path / "events.jsonl"
    program.write_text(PROGRAM)
    main = str(ROOT / "main.py")
    command = [sys.executable, "-c", OLD_KERNEL, str(ROOT), main, "record", "--quiet"]
    command += ["--jsonl", str(path), "-o", str(tmp_path / "s.spawnscope"), str(program), method]
    environment = {**os.environ, "PYTHONPATH": ""}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment,
    ) as recording:  # fmt: skip
        expected = 13 if method == "forkserver" else 11  # with us, and with the helpers
        started = '"kind":"process_started"'
        wait_until(lambda: path.exists() and path.read_text().count(started) >= expected)
        _, said = recording.communicate(b"\n", timeout=TIMEOUT)
    assert recording.returncode == 0, said.decode()
    events = Events(path)
    (worker,) = events.of("process_started", role="worker")
    below = {e["process"] for e in events.of("process_started", parent=worker["process"])}
    ends = [
        (e["exit_code"], e["signal"])
        for e in events.of("process_exited")
        if (e["process"] in below and e["exit_code"] is not None) or e["signal"] is not None
    ]
    for end in ((3, None), (None, "SIGKILL")):
        assert ends.count(end) == 3, events.of("process_exited")
    unknown = [e for e in events.of("process_exited") if e["exit_code"] is e["signal"] is None]
    assert not unknown
