"""What all tests share: nothing may be left behind, a home and a display of their own.

Modules below tests/support can be imported by their names: `from waiting import wait_until`.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from displays import virtual_display
from hypothesis import settings
from interpreters import VERSIONS, interpreters
from leaks import Snapshot
from processes import become_subreaper, reap_orphans, share_no_memory
from waiting import wait_until as _wait_until

# numpy's threads end at a fork and begin anew at the next product, in whatever test: have none.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np  # noqa: F401

del os.environ["OPENBLAS_NUM_THREADS"]

ROOT = Path(__file__).resolve().parents[1]
RESULT = pytest.StashKey[bool]()
# Those that take long and have few tests come first: two processes share out whole files, and none
# is to be left with such a one at the end.
LONG = (
    "test_programs.py", "test_pytest_plugin.py", "test_wheel.py", "test_examples.py",
    "test_every_order.py", "test_crowds.py", "test_transparency_quick.py", "test_kill_matrix.py",
    "test_window.py", "test_report.py", "test_github.py", "test_leaks.py",
)  # fmt: skip

# Widgets of in-process tests need no display; end-to-end tests set "xcb" for what they start.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Settings of the person who runs the tests must not reach them.
for _name in ("QT_SCALE_FACTOR", "QT_STYLE_OVERRIDE", "QT_QPA_PLATFORMTHEME", "NO_COLOR"):
    os.environ.pop(_name, None)
os.environ["SPAWNSCOPE_LANGUAGE"] = "en"

# `python -m pytest` puts the checkout on sys.path, where `core` could be imported by itself.
sys.path[:] = [entry for entry in sys.path if Path(entry or os.curdir).resolve() != ROOT]

# How long an example takes says nothing on a busy machine.
settings.register_profile("tests", deadline=None, max_examples=50)
settings.load_profile("tests")

become_subreaper()
share_no_memory()

# As at a terminal: a runner in the background ignores them, and so would all that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """See LONG."""
    items.sort(key=lambda each: LONG.index(each.path.name) if each.path.name in LONG else len(LONG))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Remember whether the test itself passed."""
    report = yield
    if report.when == "call":
        item.stash[RESULT] = report.passed
    return report


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves processes, threads, files, shared memory or windows behind.

    A test that has failed anyway is only cleaned up after: its traceback keeps things alive.
    """
    before = Snapshot.take()
    yield
    found = before.leaks() if request.node.stash.get(RESULT, False) else []
    before.clean_up()
    if found:
        pytest.fail("left behind:\n  " + "\n  ".join(found), pytrace=False)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of this test's own, also for the processes that it starts."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("HOME", str(folder))
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        path = folder / f".{name.lower()}"
        path.mkdir()
        monkeypatch.setenv(f"XDG_{name}_HOME", str(path))
    runtime = folder / ".runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    return folder


@pytest.fixture(scope="session")
def x_display() -> Iterator[str]:
    """A virtual X display of 1600 x 1000 for end-to-end tests: ":N"."""
    with virtual_display() as name:
        yield name


@pytest.fixture
def wait_until() -> Callable[..., object]:
    """`waiting.wait_until`, for tests that prefer a fixture to an import."""
    return _wait_until


@pytest.fixture(params=VERSIONS)
def interpreter(request: pytest.FixtureRequest) -> str:
    """Each Python of `VERSIONS` in turn; skipped where this machine doesn't have it."""
    path = interpreters().get(request.param)
    if path is None:
        pytest.skip(f"no Python {request.param} on this machine")
    return path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud which Pythons the tests went without."""
    absent = [version for version in VERSIONS if version not in interpreters()]
    if absent:
        terminalreporter.write_line(
            f"NOT TESTED with Python {', '.join(absent)}: not on this machine", yellow=True
        )


def pytest_sessionfinish() -> None:
    """Take the last orphans."""
    reap_orphans(keep=set())
