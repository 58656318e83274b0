"""Python's own tests of what the probe hooks give with the probe what they give without it.

For each Python that is here: `make test-transparency`, which takes hours; with
PYTEST_ARGS="-k '3.13 and fork'" some of it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from interpreters import VERSIONS, interpreters
from transparency import differences, has_tests

pytestmark = pytest.mark.transparency

MODULES = {  # and which of its tests, if not all
    "test_multiprocessing_fork": (),
    "test_multiprocessing_spawn": (),
    "test_multiprocessing_forkserver": (),
    "test_multiprocessing_main_handling": (),
    "test_concurrent_futures": (),
    "test_subprocess": (),
    "test_logging": ("*ueue*",),
}


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("version", VERSIONS)
def test_results_are_the_same(version: str, module: str, tmp_path: Path) -> None:
    python = interpreters().get(version)
    if python is None:
        pytest.skip(f"NOT CHECKED: there is no Python {version} here")
    if not has_tests(python, module):
        pytest.skip(f"NOT CHECKED: {python} ships no test.{module}")
    assert differences(python, module, tmp_path, MODULES[module]) == {}
