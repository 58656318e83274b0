"""What a program asks of a queue, and what it acts on."""

from __future__ import annotations

from pathlib import Path

from interpreters import interpreters
from probing import recorded

PROGRAM = """\
import multiprocessing

jobs, simple = multiprocessing.Queue(), multiprocessing.SimpleQueue()
for _ in range(1000):
    simple.empty()
print(jobs.empty(), jobs.qsize())
jobs.put(7)
while jobs.empty():
    pass
print(jobs.qsize(), jobs.get(), jobs.qsize(), jobs.qsize())
jobs.cancel_join_thread()
"""


def test_each_question_is_counted_and_each_new_answer_told(tmp_path: Path) -> None:
    program = tmp_path / "asks.py"
    program.write_text(PROGRAM)
    versions = list(interpreters())
    for version in {versions[0], versions[-1]}:
        folder = tmp_path / version
        folder.mkdir()
        events = recorded(folder, "--python", interpreters()[version], program)
        jobs, simple = events.object("Queue", "jobs"), events.object("SimpleQueue", "simple")
        totals = events.totals(jobs["object"])
        assert totals.pop("empty") >= 2
        assert totals.pop("closed") == 1
        assert totals == {"put": 1, "get": 1, "feed": 1, "qsize": 4, "cancel_join_thread": 1}
        assert events.totals(simple["object"]) == {"empty": 1000}
        told = [
            (each["operation"], each["preview"])
            for number in (simple["object"], jobs["object"])
            for each in events.of("operation", object=number)
            if each["operation"] not in ("put", "get")
        ]
        assert told == [
            ("empty", "True"), ("empty", "True"), ("qsize", "0"), ("empty", "False"),
            ("qsize", "1"), ("qsize", "0"), ("cancel_join_thread", None),
        ]  # fmt: skip
