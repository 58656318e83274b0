"""Shared memory that is not there: failed attaches, and what a resource tracker has removed."""

from __future__ import annotations

from pathlib import Path

from interpreters import interpreters
from probing import recorded

PROGRAM = """\
import subprocess, sys, time
from multiprocessing import shared_memory

ATTACH = '''
from multiprocessing import shared_memory
import sys
block = shared_memory.SharedMemory(sys.argv[1])
block.close()
'''
block = shared_memory.SharedMemory(create=True, size=64)
subprocess.run([sys.executable, "-c", ATTACH, block.name])  # its tracker removes it
there = True
while there:  # the tracker may take a moment
    try:
        shared_memory.SharedMemory(block.name).close()
        time.sleep(0.05)
    except FileNotFoundError:
        there = False
block.close()
"""


def test_who_removed_it_and_who_missed_it(tmp_path: Path) -> None:
    program = tmp_path / "attaches.py"
    program.write_text(PROGRAM)
    for version in (next(iter(interpreters())), list(interpreters())[-1]):
        folder = tmp_path / version
        folder.mkdir()
        events = recorded(folder, "--python", interpreters()[version], program)
        block = events.object("SharedMemory", "block")
        names = {e["process"]: e["role"] for e in events.of("process_started")}
        told = [
            (names[each["process"]], each["operation"], each["outcome"], each["text"])
            for each in events.of("operation", object=block["object"])
        ]
        assert told[0] == ("worker", "create", "ok", "")
        assert [each for each in told if each[0] == "other"] == [
            ("other", "attach", "ok", ""), ("other", "close", "ok", ""),
        ]  # fmt: skip
        assert told.count(("resource tracker", "unlink", "ok", "resource tracker")) == 1
        assert told.count(("worker", "attach", "error", "")) == 1
        (missed,) = events.of("operation", object=block["object"], outcome="error")
        assert missed["preview"] == "FileNotFoundError"
        assert missed["site"] == f"{program}:15"
