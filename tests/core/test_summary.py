"""The summary says who is not instrumented, why, and puts helpers into one line."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from probing import TARGETS
from recording import record
from rich.console import Console

from spawnscope.core.summary_objects import objects_table
from spawnscope.core.vocabulary.events import ObjectCreated, ObjectState

BLIND = """
import subprocess, sys
isolated = [subprocess.Popen([sys.executable, "-I", "-c", "pass"]) for _ in range(5)]
elsewhere = subprocess.Popen([sys.executable, "-c", "pass"], env={})
asked = subprocess.Popen([sys.executable, "--version"], env={}, stdout=subprocess.DEVNULL)
for each in (*isolated, elsewhere, asked):
    each.wait()
"""


def test_who_is_not_instrumented_and_why(tmp_path: Path) -> None:
    program = tmp_path / "blind.py"
    program.write_text(BLIND)
    done = record("-o", tmp_path / "s", program)
    assert done.returncode == 0, done.stderr.decode()
    lines = done.stderr.decode().splitlines()
    marked = [
        line
        for line in lines
        if re.search(r"PID \d+  other, subprocess  not instrumented  Ended", line)
    ]
    assert len(marked) == 6, lines  # but not who only says its version
    told = [line for line in lines if line.startswith("Not instrumented: ")]
    assert len(told) == 2
    assert not [line for line in lines if line.endswith(" ")]
    assert "and 2 more (it runs with -I, which isolates Python from its environment)." in told[0]
    assert "(its environment does not hold Spawnscope's PYTHONPATH)." in told[1]


def test_helpers_share_a_line_and_are_counted_by_themselves(tmp_path: Path) -> None:
    program = TARGETS / "family_tree.py"
    done = record("-o", tmp_path / "s", "--python", sys.executable, program, "forkserver")
    lines = done.stderr.decode().splitlines()
    shared = [line for line in lines if " helper" in line and "(PID" in line]
    assert re.search(r" 2 helpers: .*resource tracker \(PID \d+\)", shared[-1]), lines
    assert any(re.match(r"5 processes and \d helpers, ", line) for line in lines), lines
    assert not any("  forkserver  " in line for line in lines), lines


def test_whoever_ended_well_has_no_pipe_open_any_more() -> None:
    made = ObjectCreated(1, 1, 10, "Pipe", "ours", "", None)
    state = ObjectState(1, 20, (), None, (), (), open_in=(1, 2))
    names = {1: "asks.py", 2: "answerer"}
    console = Console(width=100)
    with console.capture() as captured:
        console.print(objects_table([made], [state], names, frozenset({2})))
        console.print(objects_table([made], [state], names, frozenset({1, 2})))
    assert captured.get().count("open in") == 1
    assert "open in asks.py " in captured.get()
