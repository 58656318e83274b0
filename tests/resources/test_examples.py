"""The bundled programs run to their end under plain Python, and say what they should."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from interpreters import interpreters
from leaks import Snapshot

from spawnscope.core.launch.examples import examples

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "examples"
SECONDS = 60  # for the slowest machine; the short ones take 1 to 4
PORTABLE = ["first_process.py", "two_ends_pipe.py", "image_pipeline.py"]  # run by every Python
SHORTENED = {"image_pipeline.py": ["--photos", "6", "--width", "40"]}

PROCESS = """\
The parent's pid is N
The child got: Grüße, 世界, привет, 👋
The child's pid is N
The child has ended with exit code 0
"""
PIPE = """\
The child's pid is N
The child was asked for the square of 3
The child was asked for the square of 12
The child was asked for the square of 111
The child: they have hung up
"""


@dataclass(frozen=True)
class Outcome:
    """How one run of an example ended. `stdout` has no colours left."""

    status: int
    stdout: str
    stderr: str


def run(python: str, name: str) -> Outcome:
    """Run an example as a reader would, into a pipe: the lines of a process come in one piece."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        [python, FOLDER / name, *SHORTENED.get(name, [])],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SECONDS,
        env={**environment, "PYTHONIOENCODING": "utf-8"},
    )
    stdout = re.sub(r"\033\[\d*m", "", done.stdout.decode())
    return Outcome(done.returncode, stdout, done.stderr.decode())


@pytest.fixture(scope="module")
def outcomes() -> dict[tuple[str, str], Outcome]:
    """Each example by our Python, and some by each other Python: by (version, name).

    They mostly wait, so four at a time run in a quarter of the time.
    """
    wanted = [("ours", sys.executable, name) for name in CHECKS]
    wanted += [(v, path, name) for v, path in interpreters().items() for name in PORTABLE]
    before = Snapshot.take()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda one: run(*one[1:]), wanted))
    assert before.leaks() == []
    return {(version, name): one for (version, _, name), one in zip(wanted, found, strict=True)}


def lines_of(outcome: Outcome) -> list[str]:
    """The lines of a run that must have succeeded."""
    assert outcome.status == 0, outcome.stderr
    assert "Traceback" not in outcome.stderr
    return outcome.stdout.splitlines()


def without_pids(lines: list[str]) -> list[str]:
    return [re.sub(r"(pid is|process) \d+", r"\1 N", line) for line in lines]


def check_process(lines: list[str]) -> None:
    assert without_pids(lines) == PROCESS.splitlines()
    assert lines[0].split()[-1] != lines[2].split()[-1]


def check_pool(lines: list[str]) -> None:
    tasks = [line for line in lines if line.startswith("Task")]
    assert sorted(without_pids(tasks)) == [f"Task {n} runs in process N" for n in range(4)]
    assert lines[-1] == "Results: [0, 1, 4, 9]"


def check_queue(lines: list[str]) -> None:
    puts = [line for line in lines if line.startswith("Put")]
    gets = [line for line in lines if line.startswith("Got")]
    assert puts == [f"Put {value} into the queue" for value in "ABC"]
    assert gets == [f"Got {value} from the queue" for value in "ABC"]
    assert lines[-1] == "The writer has ended, the reader was terminated"


def check_bounded_queue(lines: list[str]) -> None:
    assert any(line.startswith("WARNING: the shelf is full") for line in lines)
    assert "WARNING: the shelf is empty, going home with 6 loaves" in lines
    assert [line for line in lines if line.startswith("Bought")] == [
        f"Bought loaf {number}" for number in range(1, 7)
    ]


def check_lock(lines: list[str]) -> None:
    text = "\n".join(line for line in lines if line.startswith("  "))
    for number in (1, 2, 3):
        assert "\n".join(f"  Singer {number}, line {line}" for line in (1, 2, 3)) in text


def check_semaphore(lines: list[str]) -> None:
    counts = [int(found[1]) for line in lines if (found := re.search(r", (\d) at the table", line))]
    assert len(counts) == 10
    assert max(counts) == 2
    assert lines[-1] == "Everyone has eaten"


def check_event(lines: list[str]) -> None:
    gun = lines.index("Ready, steady, go!")
    assert all(lines.index(f"Runner {number} is off") > gun for number in (1, 2, 3, 4))
    assert lines[-1] == "The race is over"


def check_pipe(lines: list[str]) -> None:
    child = [line for line in without_pids(lines) if line.startswith("The child")]
    assert child == PIPE.splitlines()
    assert "The parent heard: 111 x 111 = 12321" in lines
    assert lines[-1] == "The line is closed"


def check_pipeline(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert len(re.findall(r"^INFO +fetched", text, re.MULTILINE)) == 6
    assert len(re.findall(r"^ERROR +catalogue: .* is damaged", text, re.MULTILINE)) == 1
    assert "5 of 6 photos are in the album" in text
    # The lock is among the developers; the others' lines may come in between.
    printed = [line for line in lines if line.startswith("    ")]
    assert [len(line) for line in printed] == [52] * 6


CHECKS: dict[str, Callable[[list[str]], None]] = {
    "first_process.py": check_process,
    "worker_pool.py": check_pool,
    "producer_consumer.py": check_queue,
    "bounded_queue.py": check_bounded_queue,
    "taking_turns_lock.py": check_lock,
    "limited_seats_semaphore.py": check_semaphore,
    "starting_gun_event.py": check_event,
    "two_ends_pipe.py": check_pipe,
    "image_pipeline.py": check_pipeline,
}


@pytest.mark.parametrize("name", CHECKS)
def test_an_example_shows_what_it_is_about(
    name: str, outcomes: dict[tuple[str, str], Outcome]
) -> None:
    CHECKS[name](lines_of(outcomes["ours", name]))


@pytest.mark.parametrize("name", PORTABLE)
def test_an_example_runs_with_any_python_of_its_reader(
    name: str, interpreter: str, outcomes: dict[tuple[str, str], Outcome]
) -> None:
    version = next(v for v, path in interpreters().items() if path == interpreter)
    CHECKS[name](lines_of(outcomes[version, name]))


def test_the_progress_is_one_line_that_is_rewritten(
    outcomes: dict[tuple[str, str], Outcome],
) -> None:
    line = outcomes["ours", "image_pipeline.py"].stderr
    assert line.count("\n") == 1
    assert line.count("\r") == 6
    assert line.endswith("] 6/6 photos\n")


def test_the_pipeline_makes_do_without_a_worker_of_its_pool_and_without_its_fetcher() -> None:
    """The reader is told to end one; what comes after that is still to be seen."""
    code = f"""
import os, signal, sys
sys.path.insert(0, {str(FOLDER)!r})
import image_pipeline as example
expose = example.expose
def die_at_the_third(centre, zoom, width):
    try:
        os.remove("armed")  # two may come here at one time: one of them dies
    except FileNotFoundError:
        return expose(centre, zoom, width)
    os.kill(os.getpid(), signal.SIGTERM)
    return expose(centre, zoom, width)
example.expose = die_at_the_third
fetch = example.fetch
def fetch_some(count, fetched):
    class Few:
        def full(self): return fetched.full()
        def put(self, photo):
            if photo is None or photo["number"] > 8:
                fetched.close(); fetched.join_thread(); os.kill(os.getpid(), signal.SIGTERM)
            fetched.put(photo)
    fetch(count, Few())
example.fetch = fetch_some
sys.argv = ["image_pipeline.py", "--photos", "12", "--width", "40"]
open("armed", "w").close()
example.main()
"""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
    assert done.returncode == 0, done.stderr
    assert "is developed again" in done.stdout
    assert "the fetcher is gone" in done.stdout
    assert len(re.findall(r"catalogued |left out", done.stdout)) == 8
    assert "factory closes" in done.stdout


def test_the_catalogue_lists_each_example_once_in_order() -> None:
    entries = tomllib.loads((FOLDER / "catalogue.toml").read_text())["example"]
    assert [entry["order"] for entry in entries] == list(range(1, len(entries) + 1))
    listed = [entry["file"] for entry in entries]
    assert sorted(listed) == sorted(path.name for path in FOLDER.glob("*.py"))
    assert set(listed) == set(CHECKS)
    for entry in entries:
        assert entry["summary"].endswith(".")
        assert entry["title"]
        assert entry["teaches"]


def test_the_window_can_read_the_catalogue() -> None:
    assert [Path(one.spec.target).name for one in examples()] == list(CHECKS)


def test_no_example_is_called_like_a_module_that_programs_import() -> None:
    for path in FOLDER.glob("*.py"):
        assert path.stem not in sys.stdlib_module_names
        assert "_" in path.stem  # two words: hardly the name of a package


def test_every_example_opens_with_what_to_watch() -> None:
    for path in FOLDER.glob("*.py"):
        docstring = path.read_text().split('"""')[1]
        assert "\nWatch" in docstring, path.name
