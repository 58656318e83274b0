"""`record` of a function that is not there, of one in another Python, and with stdin closed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from interpreters import interpreters
from recording import record, spawnscope

STDIN = (
    "import os, sys\n"
    "print(sys.version_info[:2], sys.stdin, sys.__stdin__)\n"
    "try: print(os.fstat(0))\n"
    "except OSError as error: print(error)\n"
    "print(open(os.devnull).fileno())\n"
    "try: input()\n"
    "except Exception as error: print(repr(error))\n"
    "print(os.system('cat'))\n"
)


@pytest.fixture(autouse=True)
def own_home(home: Path) -> None:
    """Sessions go to a folder of this test's."""


def test_a_closed_stdin_is_closed_for_the_program_too(tmp_path: Path) -> None:
    script = tmp_path / "stdin.py"
    script.write_text(STDIN)
    command = "\n".join(f"{python} {script}" for python in interpreters().values())
    without = ["sh", "-c", command]
    closed = ["sh", "-c", 'exec "$@" <&-', "sh"]
    plain = subprocess.run([*closed, *without], capture_output=True, timeout=60)
    watched = subprocess.run(
        [*closed, *spawnscope("record", "--quiet", "--", *without)], capture_output=True, timeout=60
    )
    assert plain.stdout.count(b"None None\n") == len(interpreters())
    assert (watched.stdout, watched.stderr) == (plain.stdout, plain.stderr)


@pytest.mark.parametrize(
    ("method", "target", "sentence"),
    [
        # Nothing but a run can tell: the first takes names from elsewhere, the second is compiled.
        ("fork", "os:no_such", "'os' defines no 'no_such'."),
        ("spawn", "math:no_such", "'math' defines no 'no_such'."),
        ("forkserver", "os:sep", "'sep' of 'os' cannot be called: it is of type str."),
    ],
)
def test_a_function_that_is_not_there_is_refused_with_a_sentence(
    method: str, target: str, sentence: str
) -> None:
    done = record("--quiet", "--start-method", method, target)
    assert done.stderr.decode() == f"spawnscope: {sentence}\n"
    assert done.returncode == 2


def test_what_a_module_of_the_users_misses_is_a_fault_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("import no_such_module\nfrom os import *\n")
    done = record("--quiet", "mine:function", cwd=tmp_path)
    assert done.returncode == 1
    assert b"Traceback" in done.stderr
    assert b"No module named 'no_such_module'" in done.stderr


def test_a_function_in_another_python_is_spawned_there(tmp_path: Path) -> None:
    others = [v for v in interpreters() if v != f"{sys.version_info[0]}.{sys.version_info[1]}"]
    if not others:
        pytest.skip("NOT CHECKED: there is no other Python here")
    python = interpreters()[others[0]]
    (tmp_path / "mine.py").write_text("import sys\ndef work(a): print(sys.version_info[:2], a)\n")
    done = record("--quiet", "--python", python, "mine:work", "1", cwd=tmp_path)
    assert done.stdout.decode() == f"({others[0].replace('.', ', ')}) 1\n"
    done = record("--quiet", "--python", python, "os:no_such", cwd=tmp_path)
    assert (done.stderr, done.returncode) == (b"spawnscope: 'os' defines no 'no_such'.\n", 2)
    done = record("--python", python, "--start-method", "fork", "mine:work", "1", cwd=tmp_path)
    assert done.returncode == 2
    assert b"Choose spawn." in done.stderr


def test_a_forked_function_finds_the_garbage_collector_on(tmp_path: Path) -> None:
    """It is off while we load."""
    (tmp_path / "looks_at_gc.py").write_text(
        "import gc\ndef look():\n    raise SystemExit(0 if gc.isenabled() else 1)\n"
    )
    done = record("-o", tmp_path / "s.spawnscope", "looks_at_gc:look", cwd=tmp_path)
    assert done.returncode == 0
