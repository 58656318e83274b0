"""The exception that ended a process is told with its end: what, where, and what it says."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from interpreters import interpreters
from probing import TARGETS, Events, probed, record_anyhow

from spawnscope.core.probe._spawnscope_probe import exceptions

FAILS = TARGETS / "fails.py"
LINES = FAILS.read_text().splitlines()
OWN = "own"


def at(text: str) -> int:
    """The line of the program that holds this."""
    (found,) = [number for number, line in enumerate(LINES, 1) if text in line]
    return found


@pytest.mark.parametrize(
    ("version", "method"),
    [(OWN, "fork"), (OWN, "spawn"), ("3.8", "forkserver"), ("3.15", "forkserver")],
)
def test_an_exception_that_ended_a_process_is_told(
    version: str, method: str, tmp_path: Path
) -> None:
    python = sys.executable if version == OWN else interpreters().get(version)
    if python is None:
        pytest.skip(f"NOT TESTED: there is no Python {version}")
    done = record_anyhow(tmp_path, "--python", python, FAILS, method)
    assert done.returncode == 1, done.stderr.decode()
    events = Events(tmp_path / "events.jsonl")
    names = {event["process"]: event["name"] for event in events.of("process_started")}
    ended = events.of("process_exited")
    told = [(e["raised"]["type"], e["raised"]["text"], e["raised"]["place"]) for e in ended
            if e["raised"]]  # fmt: skip
    missing = "[Errno 2] No such file or directory: '/nonexistent/map'"
    expected = {
        ("FileNotFoundError", missing, f"{FAILS}:{at('open(path)')}"),
        ("SystemExit", "", f"{FAILS}:{at('sys.exit(')}"),
        ("SystemExit", "no way", f"{FAILS}:{at('sys.exit(')}"),
        ("KeyboardInterrupt", "", f"{FAILS}:{at('raise_signal(')}"),
        ("KeyError", "'size'", f"{FAILS}:{at('{}[')}"),
    }
    if method != "fork":
        expected.add(("QuotaError", "over the limit", f"{FAILS}:{at('raise QuotaError')}"))
    assert (len(told), set(told)) == (len(expected), expected)
    (stopped,) = [e for e in ended if names[e["process"]] == "stops"]
    assert stopped["outcome"].startswith("Interrupted after ")
    assert stopped["outcome"].endswith(f": KeyboardInterrupt (fails.py:{at('raise_signal(')}).")
    (main,) = [e for e in ended if names[e["process"]] == "fails.py" and e["exit_code"] == 1
               and "KeyError" in e["outcome"]]  # fmt: skip
    assert main["outcome"].endswith(f": KeyError: 'size' (fails.py:{at('{}[')}).")
    steps = main["raised"]["traceback"].splitlines()
    assert steps[0] == "Traceback (most recent call last):"
    assert steps[1].endswith(", in <module>")
    assert steps[-1] == "KeyError: 'size'"


class Shouts(ValueError):
    def __str__(self) -> str:
        raise AssertionError("code of the program was called")


class Odd(str):
    def __repr__(self) -> str:
        raise AssertionError("code of the program was called")

    __str__ = __format__ = __repr__


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        (KeyError("size"), "KeyError", "'size'"),
        (FileNotFoundError(2, "None", "/a"), "FileNotFoundError", "[Errno 2] None: '/a'"),
        (FileNotFoundError(2, "No such file", Odd("/a")), "FileNotFoundError", ""),
        (Shouts("what it was made of"), f"{__name__}.Shouts", "what it was made of"),
        (Shouts(Odd("x")), f"{__name__}.Shouts", "Odd"),
        (ValueError(Odd("x")), "ValueError", "Odd"),
        (ValueError(), "ValueError", ""),
        (ValueError("two\nlines"), "ValueError", "two lines"),
        (ValueError("x" * 10_000), "ValueError", "x" * 300 + "…"),
        (ImportError("no such thing", name="a"), "ImportError", "no such thing"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), "UnicodeDecodeError",
         "'utf-8' codec can't decode byte 0xff in position 0: bad"),
    ],
)  # fmt: skip
def test_what_an_exception_says_is_told_without_calling_code_of_the_program(
    error: Any, kind: str, text: str
) -> None:
    assert exceptions.type_name(error) == kind
    assert exceptions.said(error) == text


@pytest.mark.parametrize(
    ("body", "is_told"),
    [
        ("def f(: pass", True),
        ("import runpy; runpy.run_module('nothing_of_that_name')", True),
        ("import sys; sys.last_value = ValueError('somebody else saw it')", False),
        ("import sys\ntry: 1/0\nexcept Exception as e: sys.last_value = e; sys.exit(1)", True),
        ("import sys\ndef g():\n try: 1/0\n except Exception as e: sys.last_value = e\ng()", False),
        ("pass", False),
    ],
)  # fmt: skip
def test_only_what_came_out_of_the_main_program_ended_it(
    body: str, is_told: bool, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(body)
    probed(tmp_path, sys.executable, program)
    (recorder,) = tmp_path.glob("*.rec")
    assert (b"raised\x1f" in recorder.read_bytes()) is is_told
