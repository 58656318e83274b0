"""What is wrapped looks as in plain Python: names, signatures, errors, pickles, reprs."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from interpreters import VERSIONS, interpreters
from probing import TARGETS, probed


@pytest.mark.parametrize("version", VERSIONS)
def test_everything_in_multiprocessing_looks_as_in_plain_python(
    version: str, tmp_path: Path
) -> None:
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    command = (interpreters()[version], TARGETS / "looks.py")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    plain = json.loads(done.stdout)
    watched = json.loads(probed(tmp_path, *command).stdout)
    assert not list(tmp_path.glob("*.fault"))
    assert len(list(tmp_path.glob("*.rec"))) == 1
    functions = watched.pop("functions")
    expected = plain.pop("functions")
    assert len(expected) > 300
    differing = {
        name: [expected.get(name), functions.get(name)]
        for name in {*expected, *functions}
        if expected.get(name) != functions.get(name)
    }
    assert differing == {}
    assert watched == plain


@pytest.mark.parametrize("version", VERSIONS)
def test_the_methods_of_a_lock_have_the_names_of_those_of_c(version: str, tmp_path: Path) -> None:
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    program = tmp_path / "names.py"
    program.write_text(
        "import multiprocessing as m\n"
        "for lock in (m.Lock(), m.RLock(), m.Semaphore()):\n"
        "    for method in (lock.acquire, lock.release):\n"
        "        print(method.__name__, method.__qualname__, method.__module__, method.__doc__)\n"
        "    try:\n"
        "        lock.acquire(1, 2, 3)\n"
        "    except TypeError as error:\n"
        "        assert '<locals>' not in str(error), error\n"
    )
    command = (interpreters()[version], program)
    plain = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    watched = probed(tmp_path, *command)
    assert watched.returncode == 0, watched.stderr
    assert watched.stdout == plain.stdout
