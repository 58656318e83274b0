#!/usr/bin/env python3
"""The pictures of the README and the guide, taken from the real program: `make screenshots`.

    Xvfb <-- python main.py, in a home of its own
      ^            ^
    xdotool     AT-SPI says what is where, and when there is enough to see
      |
    import --> convert --> docs/images/*.png

Whatever is to be seen is waited for, so that a rerun shows the same, but for pids and times.
Needs what the tests need: Xvfb, xdotool, ImageMagick and the accessibility bus; and a font for
Chinese and Japanese, which some of the photos of the pipeline are called in.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT / "tests" / "support"))

from atspi import Accessible  # noqa: E402 - from tests/support
from displays import virtual_display  # noqa: E402
from waiting import wait_until  # noqa: E402
from window import MAIN, Window, open_window  # noqa: E402

SCREENS = {1: "1600x1000x24", 2: "2600x1800x24"}  # by scale; the window is 1280 x 820 at 100 %
LARGEST = 250_000  # bytes of a picture
SECONDS = 90  # for anything that is waited for
LANE = (42, 69, 97, 130)  # px from the top of the timeline to the bars of its first lanes
MOVING = 25  # % of a core, for panels in which something moves all the time
PAUSE = 1.2  # seconds between two looks: each costs the window time, which its status bar shows
AT_WORK = 25  # seconds that the pipeline has run, so that the sparklines have something to show

ORDERS = '''\
"""Fetch the orders of a shop, one region after another."""


def fetch(region, *, batch=100, dry_run=False):
    print(f"fetching {region} in batches of {batch}")
'''

PHILOSOPHERS = '''\
"""A waiter lets two of three eat at a time. Then he goes home, and all wait for each other."""

import multiprocessing
import time


def eat(left, right, course, plates):
    with left:
        print(f"has the left fork for the {course}", flush=True)
        time.sleep(0.2)
        with right:
            plates.put(course)


def dine(left, right, waiter, cheese, plates):
    for course in "soup", "fish":
        with waiter:
            eat(left, right, course, plates)
    cheese.wait()
    eat(left, right, "cheese", plates)


if __name__ == "__main__":
    fork = multiprocessing.get_context("fork")
    forks = [fork.Lock() for _ in range(3)]
    waiter, cheese, plates = fork.Semaphore(2), fork.Barrier(3), fork.Queue()
    for place, name in enumerate(("Aristotle", "Hypatia", "Zeno")):
        arguments = forks[place], forks[(place + 1) % 3], waiter, cheese, plates
        fork.Process(target=dine, name=name, args=arguments).start()
'''
PIPELINE = ("run", "--name", "Image pipeline", "image_pipeline.py", "--photos=900", "--width=160")
EXAMPLES = ROOT / "resources" / "examples"
PYTHON = "/usr/bin/python3"  # runs them, where there is one: its path says nothing of this checkout


def main() -> int:
    """Take all pictures, or those that are named."""
    parser = argparse.ArgumentParser(description="Take the pictures of the documentation anew.")
    parser.add_argument("name", nargs="*", help=f"of {', '.join(SCENES)} (default: all)")
    wanted = parser.parse_args().name or list(SCENES)
    unknown = [name for name in wanted if name not in SCENES]
    if unknown:
        parser.error(f"there is no picture '{unknown[0]}'")
    if not has_font("ja"):
        parser.exit(
            2, "No font has Chinese and Japanese; install one: apt install fonts-noto-cjk\n"
        )
    IMAGES.mkdir(exist_ok=True)
    for name in wanted:
        print(f"{name} ...", end=" ", flush=True)
        SCENES[name](IMAGES / f"{name}.png")
        print(f"{(IMAGES / f'{name}.png').stat().st_size / 1000:.0f} kB")
    return 0


def has_font(language: str) -> bool:
    """Whether any font has the letters of a language: without, the pictures have boxes instead."""
    found = subprocess.run(
        ["fc-list", f":lang={language}", "family"], check=True, capture_output=True, text=True
    )
    return bool(found.stdout.strip())


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


# What is shown


def first_look(path: Path) -> None:
    """Just opened: nothing runs yet."""
    with a_window("light") as stage:
        stage.find("Start Image pipeline", "push button")
        rest(stage)
        until(stage, lambda rows: len(rows) == 1, "the supervisor")
        calm(stage)
        take(stage, path)


def at_work(appearance: str, scale: int = 1) -> Callable[[Path], None]:
    """A small family that has ended, a larger one at work, and what that says."""

    def scene(path: Path) -> None:
        with a_window(appearance, scale) as stage:
            until(stage, lambda rows: len(rows) == 1, "the supervisor")
            make_room(stage, rows=10)
            stage.click(stage.find("Start Producer and consumer", "push button"))
            until(stage, lambda rows: len(rows) == 4 and all_ended(rows), "the first example")
            stage.click(stage.find("Start Image pipeline", "push button"))
            stage.click(stage.find("Close the outcome line", "push button"))
            rest(stage)
            until(stage, pipeline_is_warm, "a pipeline at work")
            calm(stage, percent=10)  # its lines are painted as they come
            take(stage, path)

    return scene


def traffic(appearance: str) -> Callable[[Path], None]:
    """What the stages of the pipeline share, and what goes through one of its queues."""

    def scene(path: Path) -> None:
        with the_pipeline(appearance, "ctrl+2", rows=5) as stage:
            stage.click(stage.find("fetched", "cell"))
            rest(stage)
            slowly(lambda: bool(stage.find("Operations", "table").find("put")), "its operations")
            calm(stage, MOVING)
            take(stage, path)

    return scene


def wiring(appearance: str) -> Callable[[Path], None]:
    """The stages of the pipeline with their queues, as a picture."""

    def scene(path: Path) -> None:
        with the_pipeline(appearance, "ctrl+3", rows=7) as stage:
            stage.find("Lay out anew", "button")
            slowly(lambda: bool(stage.window.root.find("6 processes", "label")), "the picture")
            rest(stage)
            calm(stage, MOVING)
            take(stage, path)

    return scene


def timeline(appearance: str, scale: int = 1) -> Callable[[Path], None]:
    """The stages of the pipeline in the course of time, and who ended a wait of one of them."""

    def scene(path: Path) -> None:
        with the_pipeline(appearance, "ctrl+4", rows=5, scale=scale) as stage:
            x, y, width, _ = stage.find("Lanes").extents
            stage.move(x + 60, y + LANE[3])
            stage.window.hands("click", "1")
            stage.move(x + width * 2 // 3, y + LANE[2])
            stage.window.hands("click", "--repeat", "9", "4")  # the wheel
            stage.window.hands("key", "a")
            calm(stage, MOVING)
            for right in range(width // 2, width - 40, 30):
                stage.move(x + right, y + LANE[2])
                time.sleep(PAUSE)  # the arrow comes when the pointer rests
                if stage.window.root.find("get", "label"):
                    break
            take(stage, path)

    return scene


def inspector(appearance: str) -> Callable[[Path], None]:
    """One of three that wait for each other for ever."""

    def scene(path: Path) -> None:
        python = ("--python", PYTHON) if Path(PYTHON).exists() else ()
        with a_window(appearance, arguments=("run", *python, "philosophers.py")) as stage:
            until(stage, lambda rows: len(rows) == 5, "the philosophers")
            make_room(stage, rows=5)
            until(
                stage,
                lambda rows: sum("acquire" in row["Doing"] for row in rows) == 3,
                "a deadlock",
            )
            row = next(
                row for row in stage.window.processes() if row["Name"].name.startswith("Hypatia")
            )
            stage.click(row["Name"])
            stage.window.hands("key", "ctrl+5")
            stage.click(stage.find("Show the Python stack", "push button"))
            rest(stage)
            calm(stage, MOVING)
            take(stage, path)

    return scene


def past_session(path: Path) -> None:
    """A recorded session, with a search in its messages."""
    with tempfile.TemporaryDirectory() as folder:
        session = Path(folder) / "pipeline.spawnscope"
        example = EXAMPLES / "image_pipeline.py"
        command = [sys.executable, MAIN, "record", "--quiet", "-o", session, "--name", "Pipeline"]
        subprocess.run(
            [*command, example, "--photos", "24", "--width", "120"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **a_home(Path(folder), "light")},
        )
        with a_window("light", arguments=("open", str(session))) as stage:
            until(stage, lambda rows: len(rows) == 7 and all_ended(rows), "the tree")
            stage.click(stage.find("Filter messages by text", "text"))
            stage.window.hands("type", "catalogue")
            stage.find("27 matches", "label")
            rest(stage)
            calm(stage)
            take(stage, path)


def spec_dialog(path: Path) -> None:
    """A function of one's own, described for the first time."""
    with a_window("light") as stage:
        stage.click(stage.find("New spec", "push button"))
        stage.click(stage.find("Kind: function", ""))
        fill(stage, "Function", "orders:fetch")
        fill(stage, "Arguments", "'north', 'south'")
        fill(stage, "Name", "Fetch orders")
        stage.find("fetch() takes 1 argument", "label")
        rest(stage)
        take(stage, path, "New spec")


SCENES: dict[str, Callable[[Path], None]] = {
    "first-look": first_look,
    "at-work-light": at_work("light"),
    "at-work-dark": at_work("dark"),
    "at-work-light-200": at_work("light", 2),
    "at-work-dark-200": at_work("dark", 2),
    "traffic-light": traffic("light"),
    "traffic-dark": traffic("dark"),
    "wiring-light": wiring("light"),
    "wiring-dark": wiring("dark"),
    "timeline-light": timeline("light"),
    "timeline-dark": timeline("dark"),
    "timeline-light-200": timeline("light", 2),
    "inspector-light": inspector("light"),
    "inspector-dark": inspector("dark"),
    "past-session": past_session,
    "spec-dialog": spec_dialog,
}


# When there is enough to see

Rows = list[dict[str, str]]


def until(stage: Stage, holds: Callable[[Rows], bool], what: str) -> None:
    """Wait until the rows of the tree are as wanted."""
    slowly(lambda: holds(stage.window.rows()), what)


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


def pipeline_is_warm(rows: Rows) -> bool:
    """The pipeline has its five children, and has run for so long that the sparklines show it."""
    children = [row for row in rows if not row["Exit"] and row["Role"] != "supervisor"]
    elapsed = [row["Elapsed"].removesuffix(" s") for row in children]
    return len(children) == 6 and all(text.isdecimal() and int(text) >= AT_WORK for text in elapsed)


# The hands


@contextlib.contextmanager
def the_pipeline(appearance: str, keys: str, rows: int, scale: int = 1) -> Iterator[Stage]:
    """A window with a warm pipeline, `rows` rows of the tree, and below them the panel of `keys`.

    It stands there from the beginning: its curves are of what it has seen.
    """
    with a_window(appearance, scale, PIPELINE) as stage:
        until(stage, lambda rows: len(rows) == 7, "the pipeline")
        make_room(stage, rows)
        stage.window.hands("key", keys)
        rest(stage)
        until(stage, pipeline_is_warm, "a pipeline at work")
        yield stage


@contextlib.contextmanager
def a_window(appearance: str, scale: int = 1, arguments: tuple[str, ...] = ()) -> Iterator[Stage]:
    """The program on a display and in a home of its own; leaves as a person does."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder, virtual_display(SCREENS[scale]) as display:
        settings = a_home(Path(folder), appearance)
        (Path(folder) / "orders.py").write_text(ORDERS)
        (Path(folder) / "philosophers.py").write_text(PHILOSOPHERS)
        shutil.copy(EXAMPLES / "image_pipeline.py", folder)
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


def fill(stage: Stage, field: str, text: str) -> None:
    """Click into a field of the dialog and type."""
    stage.click(stage.find(field, "text"))
    stage.window.hands("type", text)


def make_room(stage: Stage, rows: int) -> None:
    """Drag the line between the tree and the messages so far down that `rows` rows can be seen."""
    grip = next(
        found
        for found in stage.window.root.walk()
        if found.role == "grip" and 0 < found.extents[3] < 10
    )
    x, y = grip.centre
    height = stage.find("Processes", "tree").extents[3]
    row = stage.window.processes()[0]["Name"].extents
    target = row[1] + rows * row[3] + 2
    stage.move(x, y)
    stage.window.hands("mousedown", "1")
    for step in (y + 5, (y + target) // 2, target):
        stage.move(x, step)
    stage.window.hands("mouseup", "1")
    wait_until(lambda: stage.find("Processes", "tree").extents[3] != height, 5, "more room")


def rest(stage: Stage) -> None:
    """Take the pointer off everything that lights up under it."""
    stage.move(1500, 950)


def take(stage: Stage, path: Path, title: str = "Spawnscope") -> None:
    """A picture of the window with this title, in at most 256 colours."""
    environment = stage.window._environment
    found = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", title],
        check=True,
        env=environment,
        capture_output=True,
        text=True,
    ).stdout.split()
    raw = path.with_suffix(".raw.png")
    try:
        subprocess.run(["import", "-window", found[-1], str(raw)], check=True, env=environment)
        subprocess.run(
            ["convert", str(raw), "-strip", "+dither", "-colors", "256",
             "-define", "png:compression-level=9", f"png8:{path}"],
            check=True,
        )  # fmt: skip
    finally:
        raw.unlink(missing_ok=True)
    if path.stat().st_size > LARGEST:
        raise SystemExit(f"{path} is larger than {LARGEST} bytes")


if __name__ == "__main__":
    sys.exit(main())
