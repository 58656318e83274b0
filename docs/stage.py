"""The stage on which the pictures of the documentation are taken: the real program in a window.

    Xvfb <-- python main.py, in a home of its own
      ^            ^
    xdotool     AT-SPI says what is where, and when there is enough to see
      |
    import --> convert --> a picture

Needs what the tests need: Xvfb, xdotool, ImageMagick and the accessibility bus.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "support"))

from atspi import Accessible
from displays import virtual_display
from waiting import wait_until
from window import Window, open_window

SCREENS = {1: "1600x1000x24", 2: "2600x1800x24"}  # by scale; the window is 1280 x 820 at 100 %
LARGEST = 250_000  # bytes of a picture
SECONDS = 90  # for anything that is waited for
PAUSE = 1.2  # seconds between two looks: each costs the window time, which its status bar shows

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Stage:
    """The window with its scale: AT-SPI measures at 100 %, the pointer goes by real pixels."""

    window: Window
    scale: int

    def find(self, name: str, role: str = "") -> Accessible:
        """What bears this name; waits for it."""
        return self.window.find(name, role)

    def click(self, target: Accessible) -> None:
        """Press there, as a hand does."""
        x, y = target.centre
        self.move(x, y)
        self.window.hands("click", "1")

    def move(self, x: int, y: int) -> None:
        """Take the pointer to a place, in pixels at 100 %."""
        self.window.hands("mousemove", str(x * self.scale), str(y * self.scale))

    def rows(self) -> Rows:
        """What the tree shows of processes; the line of helpers, which some have, is left out."""
        return [row for row in self.window.rows() if row["Role"]]


@contextlib.contextmanager
def a_window(
    appearance: str, scale: int, arguments: tuple[str, ...], programs: Mapping[str, str]
) -> Iterator[Stage]:
    """The program on a display and in a home of its own, where these programs lie (name: text)."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder, virtual_display(SCREENS[scale]) as display:
        settings = a_home(Path(folder), appearance)
        for name, text in programs.items():
            (Path(folder) / name).write_text(text)
        os.chdir(folder)  # where the window finds the function of the spec
        try:
            with open_window(
                display, *arguments, QT_SCALE_FACTOR=str(scale), LC_ALL="C.UTF-8", **settings
            ) as window:
                yield Stage(window, scale)
        finally:
            os.chdir(before)


def a_home(folder: Path, appearance: str) -> dict[str, str]:
    """The environment of a person who has never used Spawnscope, but chosen its colours."""
    config = folder / ".config" / "spawnscope"
    config.mkdir(parents=True, exist_ok=True)
    (config / "spawnscope.conf").write_text(f"[General]\nappearance={appearance}\n")
    runtime = folder / ".runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    return {
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(config.parent),
        "XDG_DATA_HOME": str(folder / ".local" / "share"),
        "XDG_STATE_HOME": str(folder / ".local" / "state"),
        "XDG_CACHE_HOME": str(folder / ".cache"),
        "XDG_RUNTIME_DIR": str(runtime),
    }


# When there is enough to see


def until(stage: Stage, holds: Callable[[Rows], bool], what: str) -> None:
    """Wait until the rows of the tree are as wanted."""
    slowly(lambda: holds(stage.rows()), what)


def calm(stage: Stage, percent: int = 6) -> None:
    """Wait until nothing glows, and until the status bar does not tell of our looking any more.

    `percent`: of one core, which the window may need for what it shows.
    """
    cost = stage.find("Spawnscope ", "label")
    slowly(lambda: float(cost.name.split()[1].lstrip("<")) < percent, "a window at rest")


def slowly(holds: Callable[[], bool], what: str) -> None:
    """Look now and then."""

    def look() -> bool:
        time.sleep(PAUSE)
        return holds()

    wait_until(look, SECONDS, what)


def all_ended(rows: Rows) -> bool:
    """All but the supervisor have ended."""
    return all(row["Exit"] or row["Role"] == "supervisor" for row in rows)


# The hands, and the camera


def fill(stage: Stage, field: str, text: str) -> None:
    """Click into a field of the dialog and type."""
    stage.click(stage.find(field, "text"))
    stage.window.hands("type", text)


def make_room(stage: Stage, rows: int) -> None:
    """Drag the line between the tree and the messages so far down that `rows` rows can be seen."""
    grip = _grip(stage)
    x, y = grip.centre
    height = stage.find("Processes", "tree").extents[3]
    row = _first_row(stage)
    target = row[1] + rows * row[3] + 2
    stage.move(x, y)
    stage.window.hands("mousedown", "1")
    for step in (y + 5, (y + target) // 2, target):
        stage.move(x, step)
    stage.window.hands("mouseup", "1")
    wait_until(lambda: stage.find("Processes", "tree").extents[3] != height, 5, "more room")


def _grip(stage: Stage) -> Accessible:
    """The line between the tree and the panels below it."""
    for found in stage.window.root.walk():
        with contextlib.suppress(LookupError):  # rows of the tree come and go
            if found.role == "grip" and 0 < found.extents[3] < 10:
                return found
    raise LookupError("there is no line to drag")


def _first_row(stage: Stage) -> tuple[int, int, int, int]:
    """Where the first row of the tree is, whatever comes and goes below it."""
    tree = stage.find("Processes", "tree")
    cells = (tree.child(index) for index in itertools.count())
    return next(cell.extents for cell in cells if "header" not in cell.role)


def rest(stage: Stage) -> None:
    """Take the pointer off everything that lights up under it."""
    stage.move(1500, 950)


def take(
    stage: Stage,
    path: Path,
    title: str = "Spawnscope",
    part: tuple[int, int, int, int] | None = None,
    colours: int = 256,
) -> None:
    """A picture of the window with this title, or of a part of it: x, y, width, height in pixels
    of the screen, on which the window lies at the very corner."""
    environment = stage.window._environment
    found = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", title],
        check=True,
        env=environment,
        capture_output=True,
        text=True,
    ).stdout.split()
    raw = path.with_suffix(".raw.png")
    cut = [] if part is None else ["-crop", "{2}x{3}+{0}+{1}".format(*part), "+repage"]
    try:
        subprocess.run(["import", "-window", found[-1], str(raw)], check=True, env=environment)
        subprocess.run(
            ["convert", str(raw), *cut, "-strip", "+dither", "-colors", str(colours),
             "-define", "png:compression-level=9", f"png8:{path}"],
            check=True,
        )  # fmt: skip
    finally:
        raw.unlink(missing_ok=True)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} is larger than {LARGEST} bytes")
