"""The real program in a real window on a virtual display, used as a person uses it.

The eyes are AT-SPI (what is where, and what it says), the hands are xdotool.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from atspi import Accessible, Reader, accessibility_bus
from waiting import wait_until

MAIN = Path(__file__).resolve().parents[2] / "main.py"


class Window:
    """A running `python main.py`."""

    def __init__(self, process: subprocess.Popen[str], environment: dict[str, str]) -> None:
        self.process = process
        self._environment = environment
        self.reader = Reader(environment)
        self.root: Accessible = wait_until(
            lambda: self.reader.application("spawnscope"), 20, "the window on the bus"
        )
        wait_until(lambda: self.root.find("Processes", "tree"), 20, "the panels")

    def find(self, name: str, role: str = "") -> Accessible:
        """What bears this name; waits for it."""
        return wait_until(lambda: self.root.find(name, role), 20, f"'{name}' in the window")

    def click(self, target: Accessible) -> None:
        """Move the pointer there and press, as a hand does."""
        x, y = target.centre
        self.hands("mousemove", str(x), str(y), "click", "1")

    def key(self, *keys: str) -> None:
        """Press keys."""
        self.hands("key", *keys)

    def hands(self, *arguments: str) -> None:
        """xdotool."""
        subprocess.run(["xdotool", *arguments], check=True, env=self._environment)

    def processes(self) -> list[dict[str, Accessible]]:
        """The rows of the tree: cells by the title of their column."""
        tree = self.find("Processes", "tree")
        titles: list[str] = []
        rows: list[dict[str, Accessible]] = []
        for position, cell in enumerate(tree.children):
            if "header" in cell.role:
                titles.append(cell.name)
                continue
            column = (position - len(titles)) % len(titles)
            if column == 0:
                rows.append({})
            rows[-1][titles[column]] = cell
        return rows

    def rows(self) -> list[dict[str, str]]:
        """The same as text; a row that goes away meanwhile is looked for again."""
        with contextlib.suppress(LookupError, IndexError):
            return [{title: cell.name for title, cell in row.items()} for row in self.processes()]
        return []

    def messages(self) -> list[str]:
        """The texts of the messages that can be seen."""
        table = self.find("Messages", "table")
        with contextlib.suppress(LookupError):
            return [cell.name for cell in table.walk(3)]
        return []

    def picture(self, path: Path) -> None:
        """A screenshot, to look at."""
        subprocess.run(["import", "-window", "root", str(path)], check=True, env=self._environment)

    def question(self) -> Accessible | None:
        """The question before the window is left, while it is there."""
        with contextlib.suppress(LookupError):
            windows = self.root.children
            return next((each for each in windows if each.name.startswith("Leave")), None)
        return None

    def wish_to_leave(self) -> None:
        """Ctrl+Q. Without a window manager, a click takes the focus."""
        self.click(self.find("Messages", "table"))
        self.key("ctrl+q")

    def end_and_leave(self) -> None:
        """What the question offers, if it is asked: it is when something runs."""

        def asked() -> Accessible | bool:
            return self.process.poll() is not None or self.question() or False

        question = wait_until(asked, 20, "the end, or a question")
        if isinstance(question, Accessible) and (button := question.find("End", "push button")):
            with contextlib.suppress(LookupError):  # all has ended meanwhile, and so the question
                button.press()

    def quit(self) -> int:
        """Leave as a person does; returns the exit status."""
        self.wish_to_leave()
        self.end_and_leave()
        return self.process.wait(20)


@contextlib.contextmanager
def open_window(display: str, *arguments: str, **settings: str) -> Iterator[Window]:
    """Start the program with `arguments`; whatever happens, it does not outlive the test."""
    plain = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", **settings}
    with accessibility_bus(plain) as environment:
        process = subprocess.Popen(
            [sys.executable, str(MAIN), *arguments],
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        window = None
        try:
            window = Window(process, environment)
            yield window
        finally:
            if window is not None:
                window.reader.close()
            process.terminate()
            try:
                said = process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                said = process.communicate()
            if said[1]:
                sys.stderr.write(said[1])


@contextlib.contextmanager
def shown(display: str, *arguments: str, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """The same, looked at only from outside: nobody reads the screen, which takes its time."""
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", **settings}
    window = subprocess.Popen(
        [sys.executable, str(MAIN), *arguments], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield window
    finally:
        window.kill()
        window.wait()
