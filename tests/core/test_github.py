"""`--github`: annotations that a workflow shows, and that no name can turn into another command."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from probing import TARGETS
from recording import record

from spawnscope.core.github import annotation
from spawnscope.core.vocabulary.findings import Evidence, Finding, Severity


def finding(title: str, *sites: str) -> Finding:
    """One that rests on facts at these places."""
    facts = tuple(Evidence(1, "MainThread", "get", None, 0, site, "get") for site in sites)
    return Finding(
        1, 0, "deadlock", Severity.ERROR, 0, title, "100 %, done:\n::error::no", "End it.", (1,),
        evidence=facts,
    )  # fmt: skip


def test_an_annotation_names_the_place_in_the_repository(tmp_path: Path) -> None:
    told = finding("a, b: c", "/usr/lib/python3/queue.py:5", f"{tmp_path}/shop/orders.py:31")
    line = annotation(told, str(tmp_path))
    assert line.startswith("::error file=shop/orders.py,line=31,title=deadlock%3A a%2C b%3A c::")
    assert line.endswith("::100 %25, done:\\n::error::no End it.")
    assert "\n" not in line


def test_an_annotation_without_a_place_in_the_repository_names_none(tmp_path: Path) -> None:
    line = annotation(finding("x", "/usr/lib/queue.py:5", "nowhere", ""), str(tmp_path))
    assert line.startswith("::error title=deadlock%3A x::")


def test_record_writes_one_for_each_finding(tmp_path: Path) -> None:
    program = TARGETS / "sick" / "lost-pool-task" / "exits_in_task.py"
    done = record(
        "--quiet", "--github", "--timeout", 5, "--grace", 0.5, "-o", tmp_path / "s",
        "--python", sys.executable, program,
        env={**os.environ, "GITHUB_WORKSPACE": str(TARGETS)},
    )  # fmt: skip
    lines = [one for one in done.stderr.decode().splitlines() if one.startswith("::error ")]
    assert len(lines) == 1, done.stderr.decode()
    assert "title=lost-pool-task%3A " in lines[0]
