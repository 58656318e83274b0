"""The set-up script with things in its way, and what it promises about `.venv`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from interpreters import interpreters
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
SETUP = ROOT / ".ci" / "setup"
OWN = ("3.11", "3.12", "3.13", "3.14", "3.15")  # what Spawnscope itself runs on


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10"])
def test_an_old_python_gets_one_sentence(version: str) -> None:
    if version not in interpreters():
        pytest.skip(f"no Python {version} on this machine")
    old = interpreters()[version]
    done = subprocess.run([old, SETUP, "runtime"], capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == (
        f"Spawnscope needs Python 3.11 to 3.15, and {old} is {version}: "
        "name another with `make setup PYTHON=python3.12`.\n"
    )


def _set_up(tmp_path: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    """Run the script in a checkout of nothing else, after `lines`; only tmp_path is on PATH."""
    ci = tmp_path / "checkout" / ".ci"
    ci.mkdir(parents=True)
    (ci / "setup").write_bytes(SETUP.read_bytes())
    (ci.parent / "pyproject.toml").write_text("[project]\ndependencies = []\n")
    run = "import runpy; runpy.run_path(sys.argv[0], run_name='__main__')"
    first = ["import sys; sys.argv[0] = sys.argv.pop(1)", *lines, run]
    return subprocess.run(
        [sys.executable, "-c", "\n".join(first), ci / "setup", "runtime"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )


# As Debian's python3 without python3-venv, on a machine where nothing can be installed.
WITHOUT_ENSUREPIP = "sys.modules['ensurepip'] = None"


def test_a_python_without_ensurepip_gets_one_sentence(tmp_path: Path) -> None:
    done = _set_up(tmp_path, WITHOUT_ENSUREPIP)
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    assert done.returncode == 1
    assert done.stderr == (
        "This Python cannot make virtual environments without the system package "
        f"{package}; please run: sudo apt-get install -y {package}\n"
    )


def test_pip_is_fetched_by_another_pip_where_ensurepip_has_none(tmp_path: Path) -> None:
    wheel = tmp_path / "pip-99-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("pip/__main__.py", "import sys; open(sys.prefix + '/ran', 'w')")
    for name, body in (
        ("python3", "exit 1"),  # has no pip
        ("pip3", f'for last; do :; done; /bin/cp {wheel} "$last"'),
    ):
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n")
        (tmp_path / name).chmod(0o755)
    done = _set_up(tmp_path, WITHOUT_ENSUREPIP)
    assert (tmp_path / "checkout" / ".venv" / "ran").exists(), done.stderr
    # The wheel was none of pip's own.
    assert done.stderr.endswith("could not be installed into .venv; pip says why above.\n")


def test_a_free_threaded_python_gets_one_sentence(tmp_path: Path) -> None:
    done = _set_up(tmp_path, "import sysconfig; sysconfig.get_config_vars()['Py_GIL_DISABLED'] = 1")
    assert done.returncode == 1
    assert done.stderr == (
        f"Spawnscope needs Python 3.11 to 3.15, and {sys.executable} is a free-threaded one, for "
        "which Qt does not come: name another with `make setup PYTHON=python3.12`.\n"
    )


def test_a_python_that_is_named_takes_the_place_of_another(tmp_path: Path) -> None:
    """As `make setup PYTHON=...` asks before it does anything."""
    environment = {**os.environ, "VENV": str(tmp_path)}

    def another() -> str:
        ask = [sys.executable, SETUP, "another"]
        return subprocess.check_output(ask, env=environment, text=True).strip()

    assert another() == ""  # there is none
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.symlink_to(os.path.realpath(sys.executable))
    assert another() == ""
    python.unlink()
    python.write_text("")
    assert another() == "yes"


def _environment() -> Path:
    """The Python of the environment that .ci/setup made and that runs this."""
    if not (Path(sys.prefix) / ".dev").exists():
        pytest.skip("this environment was not made by .ci/setup")
    return Path(sys.prefix) / "bin" / "python"


def _pins(version: str) -> dict[str, str]:
    """What the constraints say on that Python. Each name once."""
    lines = (ROOT / ".ci" / "constraints.txt").read_text().splitlines()
    pins: dict[str, str] = {}
    for pin in (Requirement(line) for line in lines if line and not line.startswith("#")):
        if _holds(pin, version):
            assert _normal(pin.name) not in pins, pin
            (one,) = pin.specifier
            pins[_normal(pin.name)] = one.version
    return pins


def _holds(requirement: Requirement, version: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"python_version": version})


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("version", OWN)
def test_every_dependency_is_pinned_within_its_range(version: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    for requirement in map(Requirement, wanted):
        if _holds(requirement, version):
            pinned = _pins(version)[_normal(requirement.name)]
            assert requirement.specifier.contains(pinned), requirement


def test_the_versions_that_are_tested_are_those_that_are_named() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    named = [one.rpartition(" ")[2] for one in project["classifiers"] if "Python :: 3." in one]
    assert named == list(OWN)
    assert f"Python {OWN[0]} to {OWN[-1]}" in (ROOT / "README.md").read_text()
    setup = SETUP.read_text()
    for name, version in (("OLDEST", OWN[0]), ("NEWEST", OWN[-1])):
        assert f"{name} = ({version.replace('.', ', ')})" in setup


def test_the_qt_that_corrupts_old_interpreters_stays_out() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for requirement in map(Requirement, project["dependencies"]):
        if requirement.name == "PySide6-Essentials" and _holds(requirement, "3.11"):
            assert not requirement.specifier.contains("6.12.0")


def test_everything_that_is_installed_here_is_pinned() -> None:
    python = _environment()
    done = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        check=True,
    )
    installed = {_normal(line.split("==")[0]) for line in done.stdout.splitlines()}
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert installed - {"pip", "setuptools"} <= set(_pins(version))


def test_the_checkout_is_importable_as_one_package_only() -> None:
    python = _environment()
    code = (
        "import importlib.util as u, spawnscope.core\n"
        "print(*[name for name in ('core', 'gui', 'resources', 'tests') if u.find_spec(name)])"
    )
    done = subprocess.run([python, "-c", code], cwd="/", capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "\n", "")
