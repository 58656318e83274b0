"""Programs and Python's own tests run with and without the probe, and what differs.

run(..., probe=None)   --> output       python -m test --> {test: result}
run(..., probe=folder) --> the same?                       {test: result}: the same?
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from probing import PROBE

Results = dict[str, str]
"""By a test's full name: "passed", "skipped", "failure" or "error"."""


def run(
    *command: Any, cwd: Path, probe: Path | None, timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    """Run a command with the probe, whose recorders go to the folder `probe`, or without it."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"  # the probe's folder here is the checkout's
    if probe is not None:
        probe.mkdir(0o700, exist_ok=True)
        (probe / "tick").write_bytes(bytes(4096))
        environment |= {"SPAWNSCOPE_PROBE": str(probe), "PYTHONPATH": str(PROBE)}
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", timeout=timeout,
    )  # fmt: skip


def has_tests(python: str, module: str) -> bool:
    """Whether this build ships a module of Python's own tests."""
    code = f"import importlib.util, sys; sys.exit(not importlib.util.find_spec('test.{module}'))"
    return subprocess.run([python, "-c", code], capture_output=True).returncode == 0


def results(
    python: str, module: str, folder: Path, probe: bool, only: Sequence[str], timeout: float
) -> Results:
    """What each test of a module gives; `only`: patterns of tests, none for all."""
    folder.mkdir(parents=True)
    report, recorders = folder / "report.xml", folder / "recorders"
    patterns = [argument for pattern in only for argument in ("-m", pattern)]
    done = run(
        python, "-m", "test", "-v", "--junit-xml", report, *patterns, module,
        cwd=folder, probe=recorders if probe else None, timeout=timeout,
    )  # fmt: skip
    assert report.exists(), done.stdout[-3000:]
    (folder / "output.txt").write_text(done.stdout)
    if probe:
        assert any(recorders.glob("*.rec")), "the probe was not there"
        faults = [path.read_text() for path in recorders.glob("*.fault")]
        assert faults == [], "the probe switched itself off"
        for path in recorders.glob("*.rec"):
            path.unlink()  # there may be thousands
    for path in Path("/dev/shm").glob("sem.??????"):
        path.unlink()  # by glibc: of a process that was killed while it made a semaphore
    return parsed(report)


def parsed(report: Path) -> Results:
    """The results in a report as JUnit writes it."""
    found: Results = {}
    for case in ElementTree.parse(report).iter("testcase"):
        bad = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        found[case.get("name", "")] = bad[0] if bad else "passed"
    return found


def differences(
    python: str, module: str, folder: Path, only: Sequence[str] = (), timeout: float = 3600
) -> dict[str, tuple[str, str]]:
    """Which tests give other results with the probe: (without, with). Some of Python's tests fail
    now and then on a busy machine: what differs is run twice more, and must differ each time."""
    found: dict[str, tuple[str, str]] = {}
    for attempt in range(3):
        place = folder / str(attempt)
        without = results(python, module, place / "without", False, only, timeout)
        with_it = results(python, module, place / "with", True, only, timeout)
        assert without, f"no test of {module} was run"
        names = without.keys() | with_it.keys()
        found = {
            name: (without.get(name, "missing"), with_it.get(name, "missing"))
            for name in sorted(names)
            if without.get(name) != with_it.get(name)
        }
        if not found:
            break
        only = [name.split(" ")[0].rpartition(".")[2] for name in found]
    return found
