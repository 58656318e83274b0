"""The pictures of the pages on findings: a sick program of the tests in the real window.

tests/targets/sick/<code>/<program> --run--> what Findings says of it --> images/findings/<code>
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from stage import Rows, Stage, a_window, make_room, rest, slowly, take, until

# isort: split
from programs import Program, programs  # stage has shown the way there

PYTHON = "/usr/bin/python3"  # as in screenshots: its path says nothing of this checkout
MAIN = Path(__file__).resolve().parents[1] / "main.py"
RESTLESS = {  # seconds to record those that never rest
    "respawn-storm": 4,
    "serial-bottleneck": 9,
    "oversubscribed": 17,
    "pickling-dominates": 8,
}
MARGIN = 16  # px below what stands lowest
ASKED = Path(__file__).resolve().parent / "findings" / "kill-would-strand.md"
COLOURS = 64  # a panel has few, and there are many pictures

SHOWN = {
    "missing-main-guard": "no_guard",
    "unpicklable-target": "client_with_session",
    "unpicklable-item": "gift_wrapped",
    "unpicklable-result": "quota_error",
    "suspended": "holds_a_lock",
    "queue-broken-by-kill": "idle_consumer",
    "lock-held-by-dead-process": "crashed_holder",
    "fork-with-lock-held": "refreshed_cache",
    "respawn-storm": "map_is_missing",
    "lost-pool-task": "out_of_memory",
    "pool-worker-not-replaced": "connection_in_initargs",
    "broken-pool": "reads_address_0",
    "join-before-drain": "results_of_workers",
    "deadlock": "two_locks",
    "pipe-end-kept-open": "reads_to_the_end",
    "pipe-full": "sends_a_large_result",
    "crashed-worker": "no_such_key",
    "lost-items": "not_joined",
    "forgotten-task-done": "where_it_fails",
    "event-never-set": "returns_early",
    "barrier-short": "counts_itself",
    "semaphore-exhausted": "not_given_back",
    "starved-consumers": "one_sentinel",
    "terminate-ignored": "listens_on",
    "backlog-growing": "faster_camera",
    "results-pile-up": "slow_writer",
    "lost-updates": "orders_in_a_copy",
    "leaked-shared-memory": "forgets_unlink",
    "orphaned-children": "main_is_terminated",
    "zombies": "forks_per_request",
    "descriptors-running-out": "open_queues",
    "would-not-survive-forkserver": "options_of_the_command_line",
    "straggler": "one_big_tile",
    "serial-bottleneck": "one_resizer",
    "oversubscribed": "laptop_settings",
    "pickling-dominates": "whole_table_to_each",
}
"""Which program stands for a code: its page tells the same story."""


def finding_scenes() -> dict[str, Callable[[Path], None]]:
    """What takes the picture of each page, by its name below the folder of pictures."""
    scenes = {f"findings/{code}": _scene(code) for code in SHOWN}
    return scenes | {f"findings/{ASKED.stem}": _question}


def _question(path: Path) -> None:
    """What is asked before a process is ended that another one waits for."""
    program = ASKED.read_text().partition("```python\n")[2].partition("```")[0]
    with a_window("light", 1, ("run", "ledger.py"), {"ledger.py": program}) as stage:

        def waits(rows: Rows) -> bool:
            return any(row["Doing"].startswith("acquire lock ledger") for row in rows)

        until(stage, waits, "a reader that waits")
        row = next(row for row in stage.window.processes() if row["Name"].name == "writer")
        stage.click(row["Name"])
        stage.window.hands("key", "Delete")
        stage.find("Let it run", "push button")
        rest(stage)
        take(stage, path, "Terminate", colours=COLOURS)


def _scene(code: str) -> Callable[[Path], None]:
    def scene(path: Path) -> None:
        (program,) = programs(f"{code}/{SHOWN[code]}")
        name = program.path.name
        python = ("--python", PYTHON) if Path(PYTHON).exists() else ()
        options = (f"--{option}" for option in program.options)
        run = ("run", *python, *options, name, program.methods[0])
        text = program.path.read_text()
        beside: Mapping[str, str] = {name: text}
        with (
            _recorded(code, name, text) as session,
            a_window("light", 1, session or run, beside) as stage,
        ):
            slowly(lambda: _has_room(stage), "room for the panel")
            stage.window.hands("key", "ctrl+6")
            rest(stage)
            slowly(lambda: _is_told(stage, program), f"the finding {code}")
            x, top, width, height = stage.find("About the finding").extents
            foot = stage.find("Copy as text", "push button")
            end = foot.extents[1] + foot.extents[3] + MARGIN
            take(stage, path, part=(x, top, width, min(height, end - top)), colours=COLOURS)

    return scene


@contextlib.contextmanager
def _recorded(code: str, name: str, text: str) -> Iterator[tuple[str, ...]]:
    """What opens a recorded session of it, where the window would not keep still; else nothing."""
    if code not in RESTLESS:
        yield ()
        return
    with tempfile.TemporaryDirectory() as folder:
        script, session = Path(folder) / name, Path(folder) / "session.spawnscope"
        script.write_text(text)
        record = [sys.executable, MAIN, "record", "--quiet", "-o", session]
        subprocess.run(
            [*record, "--timeout", str(RESTLESS[code]), script],
            check=False,  # it is ended by a signal
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        yield "open", str(session)


def _has_room(stage: Stage) -> bool:
    """Make it; not while the tree changes under our hands."""
    rest(stage)
    try:
        make_room(stage, rows=3)
    except (AssertionError, LookupError):
        return False
    return True


def _is_told(stage: Stage, program: Program) -> bool:
    """Whether the finding that is shown has the words that its program promises."""
    text = []
    with contextlib.suppress(LookupError):  # what is shown changes
        detail = stage.window.root.find("About the finding")
        text = [] if detail is None else [each.name for each in detail.walk()]
    said = "\n".join(text)
    line = " ".join(said.split())
    is_it = any(f" {program.finds[0]} {when} " in line for when in ("since", "at"))
    return is_it and all(word in said for word in program.says)
