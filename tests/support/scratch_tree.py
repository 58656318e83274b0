"""A copy of `core` and `gui` in which a made-up change is tried: which files it touches is counted,
and programs run on the changed tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class ScratchTree:
    """A tree of links to the sources below `home`; what is changed becomes a file of its own.
    `touched`: the paths of these, in order."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.touched: list[str] = []
        for folder in ("core", "gui"):
            shutil.copytree(ROOT / folder, home / "spawnscope" / folder, copy_function=_link)

    def change(self, path: str, old: str, new: str) -> None:
        """Put `new` where `old` stands, which must be in one place of the file."""
        place = self.home / "spawnscope" / path
        before = place.read_text()
        assert before.count(old) == 1, f"{path} has this {before.count(old)} times: {old}"
        place.unlink()
        place.write_text(before.replace(old, new))
        if path not in self.touched:
            self.touched.append(path)

    def run(self, program: Path, *arguments: str | Path) -> None:
        """Run a program that imports from this tree; it must end well."""
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join((str(self.home), str(ROOT / "tests" / "support"))),
            "QT_QPA_PLATFORM": "offscreen",
        }
        done = subprocess.run(
            [sys.executable, program, *arguments],
            env=environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def _link(source: str, target: str) -> None:
    os.symlink(source, target)
