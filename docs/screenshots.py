#!/usr/bin/env python3
"""The pictures of the README and the guide, taken from the real program: `make screenshots`.

Whatever is to be seen is waited for, so that a rerun shows the same, but for pids and times.
Needs a stage, and a font for Chinese and Japanese, which some of the photos of the pipeline are
called in.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from finding_pictures import PYTHON, finding_scenes
from stage import (
    PAUSE,
    Rows,
    Stage,
    a_home,
    a_window,
    all_ended,
    calm,
    fill,
    make_room,
    rest,
    slowly,
    take,
    until,
)

ROOT = Path(__file__).resolve().parents[1]
MAIN = ROOT / "main.py"
IMAGES = ROOT / "docs" / "images"
EXAMPLES = ROOT / "resources" / "examples"

LANE = (42, 69, 97, 130)  # px from the top of the timeline to the bars of its first lanes
MOVING = 25  # % of a core, for panels in which something moves all the time
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
PROGRAMS = {
    "orders.py": ORDERS,
    "philosophers.py": PHILOSOPHERS,
    "image_pipeline.py": (EXAMPLES / "image_pipeline.py").read_text(),
}
PIPELINE = ("run", "--name", "Image pipeline", "image_pipeline.py", "--photos=900", "--width=160")


def main() -> int:
    """Take all pictures, or those that are named."""
    parser = argparse.ArgumentParser(description="Take the pictures of the documentation anew.")
    parser.add_argument("name", nargs="*", help=f"of {', '.join(SCENES)} (default: all)")
    parser.add_argument("--findings", action="store_true", help="those of the pages on findings")
    options = parser.parse_args()
    wanted = dict.fromkeys(options.name or (finding_scenes() if options.findings else SCENES))
    unknown = [name for name in wanted if name not in SCENES]
    if unknown:
        parser.error(f"there is no picture '{unknown[0]}'")
    if wanted.keys() - finding_scenes().keys() and not has_font("ja"):
        parser.exit(
            2, "No font has Chinese and Japanese; install one: apt install fonts-noto-cjk\n"
        )
    for name in wanted:
        (IMAGES / name).parent.mkdir(parents=True, exist_ok=True)
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


@contextlib.contextmanager
def opened(appearance: str, scale: int = 1, arguments: tuple[str, ...] = ()) -> Iterator[Stage]:
    """A window, with all programs beside it."""
    with a_window(appearance, scale, arguments, PROGRAMS) as stage:
        yield stage


@contextlib.contextmanager
def the_pipeline(appearance: str, keys: str, rows: int, scale: int = 1) -> Iterator[Stage]:
    """A window with a warm pipeline, `rows` rows of the tree, and below them the panel of `keys`.

    It stands there from the beginning: its curves are of what it has seen.
    """
    with opened(appearance, scale, PIPELINE) as stage:
        until(stage, lambda rows: len(rows) == 7, "the pipeline")
        make_room(stage, rows)
        stage.window.hands("key", keys)
        rest(stage)
        until(stage, pipeline_is_warm, "a pipeline at work")
        yield stage


def pipeline_is_warm(rows: Rows) -> bool:
    """The pipeline has its five children, and has run for so long that the sparklines show it."""
    children = [row for row in rows if not row["Exit"] and row["Role"] != "supervisor"]
    elapsed = [row["Elapsed"].removesuffix(" s") for row in children]
    return len(children) == 6 and all(text.isdecimal() and int(text) >= AT_WORK for text in elapsed)


def first_look(path: Path) -> None:
    """Just opened: nothing runs yet."""
    with opened("light") as stage:
        stage.find("Start Image pipeline", "push button")
        rest(stage)
        until(stage, lambda rows: len(rows) == 1, "the supervisor")
        calm(stage)
        take(stage, path)


def at_work(appearance: str, scale: int = 1) -> Callable[[Path], None]:
    """A small family that has ended, a larger one at work, and what that says."""

    def scene(path: Path) -> None:
        with opened(appearance, scale) as stage:
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
        with opened(appearance, arguments=("run", *python, "philosophers.py")) as stage:
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


def findings(appearance: str) -> Callable[[Path], None]:
    """Why the three do not go on, and what can be done about it."""

    def scene(path: Path) -> None:
        python = ("--python", PYTHON) if Path(PYTHON).exists() else ()
        with opened(appearance, arguments=("run", *python, "philosophers.py")) as stage:
            until(stage, lambda rows: len(rows) == 5, "the philosophers")
            make_room(stage, rows=5)
            slowly(lambda: bool(stage.window.root.find("Findings (1)", "page tab")), "it")
            stage.window.hands("key", "ctrl+6")
            stage.find("Hypatia (", "cell")
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
        with opened("light", arguments=("open", str(session))) as stage:
            until(stage, lambda rows: len(rows) == 7 and all_ended(rows), "the tree")
            stage.click(stage.find("Filter messages by text", "text"))
            stage.window.hands("type", "catalogue")
            stage.find("27 matches", "label")
            rest(stage)
            calm(stage)
            take(stage, path)


def spec_dialog(path: Path) -> None:
    """A function of one's own, described for the first time."""
    with opened("light") as stage:
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
    "findings-light": findings("light"),
    "findings-dark": findings("dark"),
    "past-session": past_session,
    "spec-dialog": spec_dialog,
    **finding_scenes(),
}


if __name__ == "__main__":
    sys.exit(main())
