"""How many processors a process may use."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from spawnscope.core.analysis.findings.processors import Processors, processors, quota


def test_how_many_processors_a_process_may_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = os.sched_getaffinity(0)
    assert processors([os.getpid(), 2**22 + 1]) == Processors(len(mine), False)
    child = subprocess.Popen(["sleep", "60"])
    os.sched_setaffinity(child.pid, {min(mine)})
    try:
        assert processors([child.pid]).number == 1
    finally:
        child.kill()
        child.wait()
    monkeypatch.setattr("spawnscope.core.analysis.findings.processors._GROUPS", tmp_path)
    inner = tmp_path / "docker" / "box"
    inner.mkdir(parents=True)
    (inner / "cpu.max").write_text("max 100000\n")
    (tmp_path / "docker" / "cpu.max").write_text("150000 100000\n")
    old = tmp_path / "cpu,cpuacct"
    old.mkdir()
    (old / "cpu.cfs_quota_us").write_text("300000\n")
    (old / "cpu.cfs_period_us").write_text("100000\n")
    assert quota("0::/docker/box\n") == 1.5
    assert quota("4:cpu,cpuacct:/gone\n1:memory:/\n0::/\n") == 3.0
    assert quota("3:cpuset:/\n") == float("inf")
