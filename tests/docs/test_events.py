"""The page on events says what the JSONL really has: a small program is recorded to see."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "events.md").read_text()
PROGRAM = r"""
import multiprocessing, os, sys, time

def child():
    os.write(1, b"plain\n" + b"caf\xe9\n" + b"10 %\r20 %\n" + b"x" * 70000 + b"\nno newline")
    os.kill(os.getpid(), 9)

def crossed(first, second, ready):
    with first:
        ready.wait()
        with second:
            pass

if __name__ == "__main__":
    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join()
    jobs = multiprocessing.Queue()
    for number in range(3000):
        jobs.put(number)
    jobs.cancel_join_thread()
    context = multiprocessing.get_context("fork")
    one, other, ready = context.Lock(), context.Lock(), context.Barrier(2)
    for locks in ((one, other), (other, one)):
        context.Process(target=crossed, args=(*locks, ready), daemon=True).start()
    time.sleep(3)
"""


def documented() -> dict[str, list[str]]:
    """The fields in the table of each kind."""
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    return {
        section.split("\n", 1)[0]: re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
        for section in sections
    }


def examples() -> dict[str, dict[str, Any]]:
    found = re.findall(r"<!-- example: (\w+) -->\n```json\n(.*?)\n```", PAGE)
    return {kind: json.loads(line) for kind, line in found}


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("recorded")
    (folder / "program.py").write_text(PROGRAM)
    target = [folder / "program.py"]
    files = ["-o", folder / "s.spawnscope", "--jsonl", folder / "s.jsonl"]
    subprocess.run(
        [sys.executable, "-B", ROOT / "main.py", "record", "--quiet", *files, *target],
        check=True,
        capture_output=True,
    )
    return [json.loads(line) for line in (folder / "s.jsonl").read_text().splitlines()]


def test_the_kinds_are_those_of_the_page(recorded: list[dict[str, Any]]) -> None:
    assert {event["kind"] for event in recorded} == set(documented()) == set(examples())


@pytest.mark.parametrize("kind", list(documented()))
def test_each_field_is_told_and_each_field_told_is_there(
    kind: str, recorded: list[dict[str, Any]]
) -> None:
    fields = {name for event in recorded if event["kind"] == kind for name in event}
    assert fields == set(documented()[kind])


@pytest.mark.parametrize("kind", list(documented()))
def test_the_example_has_the_fields_of_a_real_line_in_their_order(
    kind: str, recorded: list[dict[str, Any]]
) -> None:
    real = [list(event) for event in recorded if event["kind"] == kind]
    assert list(examples()[kind]) in real


def test_the_values_with_a_fixed_set_of_words_are_told(recorded: list[dict[str, Any]]) -> None:
    for event in recorded:
        for field in ("role", "stream", "status"):
            if field in event:
                row = re.search(rf"^\| `{field}` \|.*$", PAGE, re.MULTILINE)
                assert row is not None
                assert event[field] in row[0]
