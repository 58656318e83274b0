"""Some of Python's own tests with and without the probe; `make test-transparency` runs them all."""

from __future__ import annotations

from pathlib import Path

import pytest
from interpreters import interpreters
from transparency import differences, has_tests

MODULE = "test_multiprocessing_fork"
PATTERNS = ["*WithProcessesTest" + name for name in ("Queue*", "Connection*", "Event*", "Pool.*")]


@pytest.mark.slow
def test_some_of_pythons_own_tests_give_the_same_results(tmp_path: Path) -> None:
    python = next((p for p in reversed(interpreters().values()) if has_tests(p, MODULE)), None)
    if python is None:
        pytest.skip(f"NOT CHECKED: no Python here ships test.{MODULE}")
    assert differences(python, MODULE, tmp_path, PATTERNS, timeout=50) == {}
