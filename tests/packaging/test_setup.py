"""The set-up script with things in its way, and what it promises about `.venv`."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from interpreters import interpreters

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / ".ci" / "setup"


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10"])
def test_an_old_python_gets_one_sentence(version: str) -> None:
    if version not in interpreters():
        pytest.skip(f"no Python {version} on this machine")
    old = interpreters()[version]
    done = subprocess.run([old, SETUP, "runtime"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == (
        f"Spawnscope needs Python 3.11 or newer, and {old} is {version}: "
        "name another with `make setup PYTHON=python3.12`.\n"
    )


def test_a_python_without_ensurepip_gets_one_sentence(tmp_path: Path) -> None:
    # As Debian's python3 without python3-venv, on a machine where nothing can be installed.
    ci = tmp_path / "checkout" / ".ci"
    ci.mkdir(parents=True)
    (ci / "setup").write_bytes(SETUP.read_bytes())
    without = "import sys; sys.modules['ensurepip'] = None; sys.argv[0] = sys.argv.pop(1); "
    run = "import runpy; runpy.run_path(sys.argv[0], run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", without + run, ci / "setup", "runtime"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    assert done.returncode == 1
    assert done.stderr == (
        "This Python cannot make virtual environments without the system package "
        f"{package}; please run: sudo apt-get install -y {package}\n"
    )


def _pins() -> dict[str, str]:
    lines = (ROOT / ".ci" / "constraints.txt").read_text().splitlines()
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {_normal(name): version for name, version in pairs}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_dependency_is_pinned_within_its_range() -> None:
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    for requirement in map(Requirement, wanted):
        assert requirement.specifier.contains(_pins()[_normal(requirement.name)]), requirement


def test_everything_that_is_installed_here_is_pinned() -> None:
    python = ROOT / ".venv" / "bin" / "python"
    if not python.exists():
        pytest.skip("this checkout has no .venv")
    done = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        check=True,
    )
    installed = {_normal(line.split("==")[0]) for line in done.stdout.splitlines()}
    assert installed - {"pip", "setuptools"} <= set(_pins())


def test_the_checkout_is_importable_as_one_package_only() -> None:
    python = ROOT / ".venv" / "bin" / "python"
    if not python.exists():
        pytest.skip("this checkout has no .venv")
    code = (
        "import importlib.util as u, spawnscope.core\n"
        "print(*[name for name in ('core', 'gui', 'resources', 'tests') if u.find_spec(name)])"
    )
    done = subprocess.run([python, "-c", code], cwd="/", capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")
