"""What a built wheel installs, and that it works where nothing else of ours is."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONSTRAINTS = ROOT / ".ci" / "constraints.txt"

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Built:
    """The two archives that come out of one build."""

    wheel: Path
    sdist: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the wheel from the source archive, so both are proven complete."""
    # From a copy: a build must not depend on, nor leave anything in, the checkout.
    source = tmp_path_factory.mktemp("source") / "checkout"
    left_out = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__")
    shutil.copytree(ROOT, source, ignore=left_out, symlinks=True)
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", out, source],
        check=True,
        capture_output=True,
    )
    (wheel,) = out.glob("*.whl")
    (sdist,) = out.glob("*.tar.gz")
    return Built(wheel, sdist)


@dataclass(frozen=True)
class Installation:
    """A fresh environment with the wheel and what it depends on."""

    folder: Path
    cwd: Path

    def run(self, *command: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
        """Run a command of the environment in an unrelated folder, with nothing of ours set."""
        environment = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("PYTHON", "QT_", "VIRTUAL_ENV", "DISPLAY"))
        }
        name, *arguments = command
        return subprocess.run(
            [self.folder / "bin" / name, *arguments],
            cwd=self.cwd,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            **options,
        )

    def pip(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
        command = [*pip, "--python", self.folder / "bin" / "python", *arguments]
        return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="module")
def installation(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Installed by pip as a user would, in the versions that we know."""
    folder = tmp_path_factory.mktemp("environment") / "fresh"
    # Our pip works on it: not every Python has one to unpack.
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    made = Installation(folder, tmp_path_factory.mktemp("elsewhere"))
    done = made.pip("install", "--quiet", "--constraint", CONSTRAINTS, built.wheel)
    assert done.returncode == 0, done.stderr
    return made


def _names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_holds_the_package_and_nothing_else(built: Built) -> None:
    names = _names(built.wheel)
    assert {name.split("/")[0] for name in names} == {"spawnscope", "spawnscope-0.1.0.dist-info"}
    below = {name.split("/")[1] for name in names if name.startswith("spawnscope/")}
    assert below == {"core", "docs", "gui", "resources", "main.py"}
    assert not [name for name in names if name.endswith((".pyc", ".orig"))]


def test_the_wheel_holds_every_source_file_and_resource(built: Built) -> None:
    names = set(_names(built.wheel))
    for folder in ("core", "gui", "resources"):
        for path in (ROOT / folder).rglob("*"):
            needed = path.suffix not in (".po", ".pot")  # what translators work on
            if path.is_file() and needed and "__pycache__" not in path.parts:
                assert f"spawnscope/{path.relative_to(ROOT)}" in names


def test_the_wheel_holds_the_guide_with_its_pictures(built: Built) -> None:
    """Help opens it."""
    names = set(_names(built.wheel))
    pages = sorted((ROOT / "docs").rglob("*.md"))
    assert len({page.parent for page in pages}) == 2
    for page in pages:
        assert f"spawnscope/{page.relative_to(ROOT)}" in names
        for picture in re.findall(r"images/[\w/-]+\.png", page.read_text()):
            assert f"spawnscope/docs/{picture}" in names
    assert not [name for name in names if re.match(r"spawnscope/docs/.*\.py", name)]


def test_the_wheel_installs_one_command(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        points = configparser.ConfigParser()
        points.read_string(archive.read("spawnscope-0.1.0.dist-info/entry_points.txt").decode())
    assert {section: dict(points[section]) for section in points.sections()} == {
        "console_scripts": {"spawnscope": "spawnscope.main:main"},
        "pytest11": {"spawnscope": "spawnscope.core.pytest_plugin"},
    }


def test_the_source_archive_can_be_tested(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"Makefile", "pyproject.toml", "LICENSE", "main.py", "tests/conftest.py"} <= names
    assert {".ci/setup", ".ci/run", ".ci/system-packages", ".ci/constraints.txt"} <= names


def test_the_command_tells_its_version_anywhere(installation: Installation) -> None:
    done = installation.run("spawnscope", "--version")
    assert (done.returncode, done.stdout) == (0, "spawnscope 0.1.0\n"), done.stderr


def test_the_command_runs_a_program_anywhere(installation: Installation, home: Path) -> None:
    done = installation.run("spawnscope", "record", "--", "echo", "from the wheel")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "from the wheel\n"
    assert installation.run("spawnscope", "record", "--", "false").returncode == 1


def test_the_command_runs_a_bundled_example(installation: Installation, home: Path) -> None:
    found = installation.run(
        "python", "-c", "from spawnscope.core.launch.examples import *; print(FOLDER)"
    )
    assert found.returncode == 0, found.stderr
    folder = Path(found.stdout.strip())
    assert installation.folder in folder.parents
    done = installation.run("spawnscope", "record", folder / "first_process.py")
    assert done.returncode == 0, done.stderr
    assert "The child got: Grüße, 世界, привет, 👋\n" in done.stdout


def test_the_window_can_be_loaded(installation: Installation) -> None:
    code = """
import importlib, pathlib, spawnscope
for root in map(pathlib.Path, spawnscope.__path__):
    for path in sorted((root / "gui").rglob("*.py")):
        name = ".".join(["spawnscope", *path.relative_to(root).with_suffix("").parts])
        importlib.import_module(name.removesuffix(".__init__"))
"""
    done = installation.run("python", "-c", code)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["core", "gui", "resources", "tests", "main"])
def test_no_top_level_name_is_taken_from_users(installation: Installation, name: str) -> None:
    code = f"import importlib.util as u; print(u.find_spec({name!r}))"
    assert installation.run("python", "-c", code).stdout == "None\n"


def test_all_that_is_imported_was_installed(installation: Installation) -> None:
    done = installation.pip("check")
    assert done.returncode == 0, done.stdout
