"""Imports go one way: main -> gui -> core, and what is injected stands alone."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from import_graph import Import, imports_of

ROOT = Path(__file__).resolve().parents[2]
QT = ("PySide6", "shiboken6", "pyqtgraph", "qtpy")

# What runs inside watched programs: the standard library and itself, nothing else.
INJECTED = ("core/probe", "core/supervisor/launchpad")

# The folders of a checkout. As top-level names they belong to the users' programs.
TOP_LEVEL = ("core", "gui", "resources", "tests", "main")


def _imports_below(*folders: str) -> list[Import]:
    return [
        found
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        for found in imports_of(path, ROOT)
    ]


def _sentences(found: list[Import]) -> list[str]:
    return [f"{one.where} imports {one.module}" for one in found]


def test_core_imports_neither_qt_nor_the_window() -> None:
    forbidden = (*QT, "spawnscope.gui", "spawnscope.main")
    assert _sentences([one for one in _imports_below("core") if one.is_below(*forbidden)]) == []


def test_the_window_imports_neither_psutil_nor_multiprocessing() -> None:
    forbidden = ("psutil", "multiprocessing", "spawnscope.main")
    assert _sentences([one for one in _imports_below("gui") if one.is_below(*forbidden)]) == []


def test_nothing_but_the_probe_maps_files() -> None:
    """Whoever can cut a mapped file short ends the process that reads it. The probe maps its own
    file; the supervisor and the window only read and write."""
    mapping = [
        str(path.relative_to(ROOT))
        for folder in ("core", "gui")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if re.search(r"\bmmap\b(?!`)|memmap|mmap_size(?!=0)", path.read_text())
    ]
    assert mapping == ["core/probe/_spawnscope_probe/memory.py"]


def test_the_entry_point_imports_only_the_standard_library_and_ours() -> None:
    found = imports_of(ROOT / "main.py", ROOT)
    strangers = [
        one
        for one in found
        if one.module.split(".")[0] not in sys.stdlib_module_names
        and not one.is_below("spawnscope.gui", "spawnscope.core")
    ]
    assert _sentences(strangers) == []


def test_every_foreign_package_is_a_declared_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {re.split(r"[^\w-]", line)[0].lower() for line in project["dependencies"]}
    names = {name.replace("-", "_").removesuffix("_essentials") for name in declared}
    names.add("shiboken6")  # comes with PySide6
    guests = {"pytest", "pytest_timeout"}  # a plugin has no host but theirs
    names |= {path.stem for folder in INJECTED for path in (ROOT / folder).glob("*.py")}
    strangers = [
        one
        for one in _imports_below("core", "gui")
        if one.module.split(".")[0].lower() not in sys.stdlib_module_names | {"spawnscope"} | names
        and not any(one.where.startswith(folder) for folder in INJECTED)
        and not (one.where.startswith("core/pytest_") and one.module.split(".")[0] in guests)
    ]
    assert _sentences(strangers) == []


def test_nothing_takes_our_folders_for_top_level_packages() -> None:
    found = _imports_below("core", "gui", "benchmarks", "docs")
    found += imports_of(ROOT / "main.py", ROOT)
    found += [one for path in (ROOT / "tests").rglob("test_*.py") for one in imports_of(path, ROOT)]
    assert _sentences([one for one in found if one.is_below(*TOP_LEVEL)]) == []


@pytest.mark.parametrize("folder", INJECTED)
def test_what_is_injected_imports_only_the_standard_library_and_itself(folder: str) -> None:
    # Of what is injected one part may start another: the launchpad starts the probe.
    itself = "spawnscope." + folder.replace("/", ".")
    neighbours = {path.stem for injected in INJECTED for path in (ROOT / injected).iterdir()}
    strangers = [
        one
        for one in _imports_below(folder)
        if one.module.split(".")[0] not in sys.stdlib_module_names | neighbours
        and not one.is_below(itself)
        and not one.is_below("sitecustomize", "usercustomize")
    ]
    assert _sentences(strangers) == []


def test_all_of_core_can_be_loaded_without_qt() -> None:
    code = """
import importlib, pathlib, sys
root = pathlib.Path(sys.argv[1])
injected = [root / folder for folder in sys.argv[2:]]
for path in sorted((root / "core").rglob("*.py")):
    if path.name == "__main__.py" or any(folder in path.parents for folder in injected):
        continue
    parts = path.relative_to(root).with_suffix("").parts
    importlib.import_module(".".join(["spawnscope", *parts]).removesuffix(".__init__"))
print(*sorted({name.split(".")[0] for name in sys.modules}))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, ROOT, *INJECTED], capture_output=True, text=True, cwd="/"
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "spawnscope" in loaded
    assert loaded.isdisjoint({*QT, *TOP_LEVEL})


def test_the_rules_see_imports_wherever_they_stand(tmp_path: Path) -> None:
    folder = tmp_path / "core" / "deep"
    folder.mkdir(parents=True)
    path = folder / "sample.py"
    path.write_text(
        "import core\n"
        "from . import here\n"
        "from ..session.reader import SessionReader\n"
        "def later():\n"
        "    from PySide6 import QtCore\n"
        "    import importlib; importlib.import_module('spawnscope.gui.app')\n"
    )
    found = {one.module: one.where for one in imports_of(path, tmp_path)}
    assert found == {
        "core": "core/deep/sample.py:1",
        "spawnscope.core.deep.here": "core/deep/sample.py:2",
        "spawnscope.core.session.reader.SessionReader": "core/deep/sample.py:3",
        "PySide6.QtCore": "core/deep/sample.py:5",
        "importlib": "core/deep/sample.py:6",
        "spawnscope.gui.app": "core/deep/sample.py:6",
    }
