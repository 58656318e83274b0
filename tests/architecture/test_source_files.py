"""What holds for each file of the source tree."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 400  # lines; at that length, look for the second concept

# Somebody's home folder. The names of nobody in particular may stand in examples.
HOME = re.compile(r"/(?:home|Users)/(?!(?:user|you|alice|bob|me)\b)[A-Za-z0-9_.-]+|/root/\w+")


def _tracked() -> list[Path]:
    """The files under version control."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so there is no list of its files")
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    paths = [ROOT / name for name in done.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_no_module_is_too_long() -> None:
    paths = [ROOT / "main.py"]
    for folder in ("benchmarks", "core", "docs", "gui", "resources", "tests"):
        paths += sorted((ROOT / folder).rglob("*.py"))
    lengths = {path.relative_to(ROOT): path.read_bytes().count(b"\n") for path in paths}
    assert {str(path): count for path, count in lengths.items() if count > LONGEST} == {}


def test_the_entry_point_is_short() -> None:
    assert (ROOT / "main.py").read_bytes().count(b"\n") < 80


def test_every_package_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for folder in ("core", "gui")
        for path in (ROOT / folder).rglob("__init__.py")
        if not path.read_text().startswith('"""')
    ]
    assert silent == []


def test_no_file_names_a_home_folder() -> None:
    found = []
    for path in _tracked():
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{path.relative_to(ROOT)}: {match}" for match in HOME.findall(text)]
    assert found == []
