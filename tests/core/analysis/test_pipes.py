"""Who waits for whom through pipes, and for programs that were started: real ones."""

from __future__ import annotations

import re
from pathlib import Path

from live import Live

from spawnscope.core.analysis.waits.chain import waits_of
from spawnscope.core.analysis.waits.situation import Situation
from spawnscope.core.analysis.waits.wait import Verdict, Wait
from spawnscope.core.store.session_store import SessionStore

NAMES = ("full", "unfed", "talk", "kept", "heir", "looped", "alone", "served", "widow", "patient")
KEPT = (
    "Only this process itself still has the other end open: nothing comes, and no end of it "
    "either, as long as it waits here. It should close that end once others have theirs."
)

# program, who waits, how it may end, in what, what is said
SAID = [
    (
        "full", "main", Verdict.DEADLOCK, "wait for checker",
        ("Deadlock: pipe_people.py waits for python -c (process checker), and python -c waits for "
        "pipe_people.py (stdout of checker)."),
    ),
    (
        "full", "python -c", Verdict.DEADLOCK, "write to stdout of checker",
        ("Deadlock: python -c waits for pipe_people.py (stdout of checker), and pipe_people.py "
        "waits for python -c (process checker)."),
    ),
    (
        "unfed", "cat", Verdict.DEADLOCK, "read from stdin of echo",
        ("Deadlock: cat waits for pipe_people.py (stdin of echo), and pipe_people.py waits for cat "
        "(process echo)."),
    ),
    (
        "talk", "main", Verdict.DEADLOCK, "read from echo.stdout",
        ("Deadlock: pipe_people.py waits for python -c (echo.stdout), and python -c waits for "
        "pipe_people.py (stdin of echo)."),
    ),
    ("kept", "main", Verdict.NOBODY, "recv from source", KEPT),
    (
        "heir", "reader", Verdict.DEADLOCK, "recv from source",
        ("Deadlock: reader waits for pipe_people.py (source), and pipe_people.py waits for reader "
        "(process reader)."),
    ),
    (
        "looped", "main", Verdict.LATER, "await for checker (wait)",
        "It ends when python -c (PID) ends, which waits itself.",
    ),
    (
        "looped", "python -c", Verdict.OPEN, "write to stdout of checker",
        "pipe_people.py (PID) has the other end.",
    ),
    (
        "alone", "main", Verdict.UNKNOWN, "recv from source",
        "Only another thread of this process itself could: nobody else has the other end open.",
    ),
    (
        "served", "main", Verdict.LATER, "call to lock (acquire)",
        "Held by holder (PID), which waits itself.",
    ),
    (
        "widow", "main", Verdict.NOBODY, "call to lock (acquire)",
        "Held by holder (PID), which has ended: nobody can release it.",
    ),
    (
        "patient", "main", Verdict.LATER, "wait for checker, with a timeout",
        "It ends when python -c (PID) ends, which waits itself.",
    ),
    (
        "patient", "python -c", Verdict.OPEN, "write to stdout of checker",
        "pipe_people.py (PID) has the other end.",
    ),
]  # fmt: skip


class World:
    """A session with all of these programs."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.store = SessionStore()
        self.mains = {name: live.script("pipe_people", name) for name in NAMES}
        self.store.open(str(live.path))
        self._taken = 0

    def wait(self, program: str, name: str) -> Wait | None:
        """What a process of a program waits for now."""
        self.store.apply(self.live.events[self._taken :])
        self._taken = len(self.live.events)
        processes, main = self.store.processes, self.mains[program]
        family = {main, *processes.descendants(main)} if main in processes else set()
        numbers = [main] if name == "main" else [
            number for number in family if processes[number].label == name and number != main
        ]  # fmt: skip
        waits = [wait for number in numbers for wait in waits_of(Situation(self.store), number)]
        return waits[0] if waits else None


def test_waits_in_pipes_and_for_programs_are_told(tmp_path: Path) -> None:
    with Live(tmp_path / "s.spawnscope") as live:
        world = World(live)
        said: dict[tuple[str, str], object] = {}

        def all_said() -> bool:
            for program, who, verdict, phrase, text in SAID:
                wait = world.wait(program, who)
                told = None
                if wait is not None:
                    sentence = re.sub(r"\(\d+\)", "(PID)", wait.sentence)
                    told = (wait.verdict, wait.deed.phrase, sentence)
                said[program, who] = (verdict, phrase, text) == told or told
            return all(each is True for each in said.values())

        try:
            live.until(all_said, timeout=60, what="everything is said")
        except AssertionError:
            assert {key: told for key, told in said.items() if told is not True} == {}
        finally:
            world.store.close()
