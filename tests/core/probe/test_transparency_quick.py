"""Some of Python's own tests with and without the probe; `make test-transparency` runs them all."""

from __future__ import annotations

from pathlib import Path

import pytest
from interpreters import VERSIONS, interpreters
from transparency import differences, has_tests

OFTEN_FORKED = VERSIONS[: VERSIONS.index("3.14")]
KINDS = ["*WithProcessesTest" + name for name in ("Queue*", "Connection*", "Event*", "Pool.*")]
FEW = [
    "*WithProcessesTest" + name
    for name in ("Queue.test_put", "Lock.test_lock", "Pool.test_map", "Process.test_process")
]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("versions", "method", "patterns"),
    [(OFTEN_FORKED, "fork", KINDS), (("3.14",), "fork", FEW), (("3.15",), "fork", FEW)],
)
def test_some_of_pythons_own_tests_give_the_same_results(
    versions: tuple[str, ...], method: str, patterns: list[str], tmp_path: Path
) -> None:
    """By fork: others leave named semaphores lying about while they end, which a test that runs at
    the same time would take for its own."""
    module = f"test_multiprocessing_{method}"
    here = [interpreters()[v] for v in reversed(versions) if v in interpreters()]
    python = next((path for path in here if has_tests(path, module)), None)
    if python is None:
        pytest.skip(f"NOT CHECKED: no Python {versions[-1]} here ships test.{module}")
    assert differences(python, module, tmp_path, patterns, timeout=50) == {}
