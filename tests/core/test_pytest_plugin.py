"""`pytest --spawnscope`, as a person runs it: what it adds to failures; it changes none."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = "spawnscope.core.pytest_plugin"

TESTS = """
import multiprocessing, time
import pytest

def take(first, second, both):
    with first:
        both.wait()
        with second:
            pass

def boom():
    raise ValueError("bad size")

def sleep():
    time.sleep(60)

def test_plain():
    pass

def test_with_a_process_in_order():
    process = multiprocessing.Process(target=time.sleep, args=(0.01,))
    process.start()
    process.join()

def test_with_a_crash():
    process = multiprocessing.Process(target=boom, name="boomer")
    process.start()
    process.join()
    assert process.exitcode == 0

@pytest.fixture(scope="module")
def server():
    process = multiprocessing.Process(target=sleep, name="server", daemon=True)
    process.start()
    yield process
    process.kill()
    process.join()

def test_with_a_server(server):
    pass

def test_leaves_one_behind():
    multiprocessing.Process(target=sleep, name="forgotten", daemon=True).start()

@pytest.mark.timeout(6)
def test_hangs():
    rows_lock, index_lock = multiprocessing.Lock(), multiprocessing.Lock()
    both = multiprocessing.Barrier(2)
    workers = [
        multiprocessing.Process(target=take, args=args, daemon=True)
        for args in ((rows_lock, index_lock, both), (index_lock, rows_lock, both))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
"""
DEADLOCK = "error deadlock: Process-"


def run_tests(folder: Path, *options: str) -> tuple[int, str]:
    """The exit status and the output of `pytest OPTIONS` on TESTS."""
    (folder / "test_them.py").write_text(TESTS)
    temporary = folder / "tmp"
    temporary.mkdir(exist_ok=True)
    checkout = str(ROOT / ".venv" / "checkout")
    settings = {"PYTHONPATH": checkout, "TMPDIR": str(temporary)}
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", PLUGIN, "-p", "no:cacheprovider", *options],
        cwd=folder,
        env={**environment, **settings},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert list(temporary.glob("spawnscope-*")) == []
    return done.returncode, done.stdout + done.stderr


def outcomes(text: str) -> dict[str, str]:
    """How each test ended."""
    found = re.findall(r"^(PASSED|FAILED|ERROR) \S+::(\w+)", text, re.MULTILINE)
    return {name: how for how, name in found}


def test_failures_say_why_and_no_outcome_differs(tmp_path: Path) -> None:
    without, plain = run_tests(tmp_path, "-rA")
    status, text = run_tests(tmp_path, "-rA", "--spawnscope")
    assert status == without == 1, text
    assert outcomes(text) == outcomes(plain), text
    assert len(outcomes(text)) == 6, text
    assert "spawnscope" not in plain
    assert DEADLOCK in text
    assert "rows_lock" in text
    assert "Exited with code 1" in text
    assert "ValueError: bad size (test_them.py:" in text
    left = text.partition("processes that tests left behind")[2].partition("short test summary")[0]
    assert "test_leaves_one_behind: forgotten (PID" in left
    assert "test_hangs: Process-" in left
    assert "server" not in left


def test_workers_of_xdist_say_it_too(tmp_path: Path) -> None:
    _, text = run_tests(
        tmp_path, "--spawnscope", "-n2", "-k", "hangs or leaves", "-o", "timeout_method=thread"
    )
    assert "crashed while running" in text
    assert DEADLOCK in text, text
    assert "test_leaves_one_behind: forgotten (PID" in text


def test_without_the_option_nothing_of_ours_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import sys\n"
        "def test_it():\n"
        "    ours = {name for name in sys.modules if name.startswith('spawnscope')}\n"
        f"    assert ours == {{'spawnscope', 'spawnscope.core', '{PLUGIN}'}}\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", PLUGIN, "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / ".venv" / "checkout")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_a_run_within_another_program_is_refused(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import pytest; pytest.main(['-p', '{PLUGIN}', '--spawnscope'])"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / ".venv" / "checkout")},
        capture_output=True,
        text=True,
    )
    assert "--spawnscope needs pytest as a program" in done.stderr
