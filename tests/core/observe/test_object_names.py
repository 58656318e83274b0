"""Shared objects are called what the source calls them."""

from __future__ import annotations

import os
import time
import tracemalloc
from pathlib import Path

import pytest

from spawnscope.core.observe.object_names import ObjectNames


@pytest.mark.parametrize(
    ("line", "kind", "name"),
    [
        ("jobs = Queue()", "Queue", "jobs"),
        ("jobs: Queue = mp.Queue(5)", "Queue", "jobs"),
        ("self.jobs = multiprocessing.Queue(maxsize=f(3))", "Queue", "self.jobs"),
        ("cfg['q'] = Queue()", "Queue", "cfg['q']"),
        ("cfg = {'a': 1, 'q': Queue()}", "Queue", "cfg['q']"),
        ("first, lock = Queue(), Lock()", "Lock", "lock"),
        ("shelf, lock = manager.dict(), manager.Lock()", "Manager.Lock", "lock"),
        ("jobs, lock = MyQueue(), OurLock()", "Lock", "lock"),
        ("jobs, lock = a_queue(), a_lock()", "Lock", "lock"),
        ("pair = Queue(), Queue()", "Queue", "pair[0]"),
        ("with Pool(4) as pool: pass", "Pool", "pool"),
        ("start(results=Queue())", "Queue", "results"),
        ("queues = [Queue() for _ in range(3)]", "Queue", "queues[...]"),
        ("queues = {n: Queue() for n in names}", "Queue", "queues[...]"),
        ("if (lock := Lock()): pass", "Lock", "lock"),
        ("lock = given or Lock()", "Lock", "lock"),
        ("jobs = MyQueue()", "Queue", "jobs"),
        ("a = b = Lock()", "Lock", "a"),
        ("return_ = wrap(Queue())", "Value", "return_"),
        ("Process(args=(Queue(),))", "Queue", "Queue at pool.py:2"),
        ("for q in Queue(): pass", "Queue", "Queue at pool.py:2"),
        ("if True: jobs = Queue()  # why", "Queue", "jobs"),
        ("else: jobs = Queue()", "Queue", "jobs"),
        ("elif (lock := Lock()):", "Lock", "lock"),
        ("try: jobs = Queue()", "Queue", "jobs"),
        ("except ValueError: jobs = Queue()", "Queue", "jobs"),
        ("@with_queue(jobs=Queue())", "Queue", "jobs"),
        ("def f(jobs=Queue()):  # a default", "Queue", "Queue at pool.py:2"),
        ("async with Pool() as pool:", "Pool", "pool"),
        ("text = '#('; jobs = Queue()", "Queue", "jobs"),
        ("text = r'\\\\'; jobs = Queue()", "Queue", "jobs"),
        ("x = 1", "Queue", "Queue at pool.py:2"),
        ("this is no Python", "Queue", "Queue at pool.py:2"),
    ],
)
def test_the_name_is_what_it_is_assigned_to(
    line: str, kind: str, name: str, tmp_path: Path
) -> None:
    path = tmp_path / "pool.py"
    path.write_text(f"import multiprocessing as mp\n{line}\n")
    assert ObjectNames().name(kind, f"{path}:2") == name


def test_several_on_one_line_are_told_apart_by_their_order(tmp_path: Path) -> None:
    path = tmp_path / "pool.py"
    path.write_text("a, (b, c) = Lock(), (Lock(), Lock())\n")
    names = ObjectNames()
    assert [names.name("Lock", f"{path}:1", n) for n in range(4)] == ["a", "b", "c", "a"]


def test_the_ends_of_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pool.py"
    path.write_text("here, there = Pipe()\nends = Pipe()\n")
    names = ObjectNames()
    assert [names.name("Pipe", f"{path}:1", n, n) for n in range(2)] == ["here", "there"]
    assert [names.name("Pipe", f"{path}:2", n, n) for n in range(2)] == ["ends[0]", "ends[1]"]


def test_a_call_over_several_lines_is_found_from_each(tmp_path: Path) -> None:
    path = tmp_path / "pool.py"
    path.write_text("jobs = Queue(\n    maxsize=3,\n)\n")
    assert ObjectNames().name("Queue", f"{path}:2") == "jobs"


BEFORE = r'''
def f():
    """It's (

    \""" a text"""
    x = 'a\
[' + \
        "{" # (
    y = [

        1]  # """

'''


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_stands_before_it_does_not_matter(end: str, tmp_path: Path) -> None:
    path = tmp_path / "pool.py"
    source = BEFORE + "    jobs = {\n      'a': Queue()}\n    work = Queue()\n"
    path.write_bytes(source.replace("\n", end).encode())
    names, line = ObjectNames(), BEFORE.count("\n") + 1
    assert names.name("Queue", f"{path}:{line}") == f"Queue at pool.py:{line}"
    assert names.name("Queue", f"{path}:{line + 1}") == "jobs['a']"
    assert names.name("Queue", f"{path}:{line + 2}") == "work"
    assert names.name("Queue", f"{path}:{line + 3}") == f"Queue at pool.py:{line + 3}"


@pytest.mark.parametrize(
    "source",
    [
        "q = (" + "a," * 490_000 + ")",
        "q = Queue()\n" * 80_000,
        "\n" * 999_000,
        "[]" * 490_000,
        "''" * 490_000,
        "(" * 999_000,
        "q = " + "-" * 7900 + "1",
        "q = " + "f(" * 39 + ")" * 38,
    ],
    ids=["commas", "lines", "blank", "brackets", "strings", "open", "unary", "calls"],
)
def test_a_source_that_is_slow_to_parse_costs_little(source: str, tmp_path: Path) -> None:
    path = tmp_path / "pool.py"
    path.write_text(source)
    names = ObjectNames()
    begin = time.thread_time()
    for line in range(1, 200):
        names.name("Queue", f"{path}:{line}")
    assert time.thread_time() - begin < 0.3


def test_such_a_source_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "pool.py"
    path.write_text("q = (" + "a," * 490_000 + ")\n")
    tracemalloc.start()
    try:
        assert ObjectNames().name("Queue", f"{path}:1") == "Queue at pool.py:1"
        assert tracemalloc.get_traced_memory()[1] < 10 << 20
    finally:
        tracemalloc.stop()


def test_looking_names_up_has_an_allowance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    names = ObjectNames()
    paths = [tmp_path / f"pool_{number}.py" for number in range(100)]
    for path in paths:
        path.write_text("jobs = Queue()\n" * 5000)
    begin = time.thread_time()
    found = [names.name("Queue", f"{path}:1") for path in paths]
    assert time.thread_time() - begin < 0.3
    assert found[0] == "jobs"
    assert found[-1] == "Queue at pool_99.py:1"
    now = 10.0
    assert names.name("Queue", f"{paths[-1]}:1") == "jobs"


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "pool.py"
    names = ObjectNames()
    path.write_text("jobs = Queue()\n")
    assert names.name("Queue", f"{path}:1") == "jobs"
    path.write_text("work = Queue()\n")
    os.utime(path, ns=(1, 1))
    assert names.name("Queue", f"{path}:1") == "work"


def test_what_cannot_be_read_costs_the_name_only(tmp_path: Path) -> None:
    names = ObjectNames()
    pipe, huge, deep = tmp_path / "pipe", tmp_path / "huge.py", tmp_path / "deep.py"
    os.mkfifo(pipe)
    huge.write_text("q = Queue()\n" + "#" * 1_100_000)
    deep.write_text("q = Queue(" + "(" * 5000 + ")" * 5000 + ")\n")
    (tmp_path / "zero.py").write_bytes(b"q = Queue()\n\0")
    assert names.name("Queue", "") == "Queue"
    assert names.name("Queue", "nowhere") == "Queue"
    for name in ("pipe", "huge.py", "deep.py", "zero.py", "missing.py"):
        assert names.name("Queue", f"{tmp_path / name}:1") == f"Queue at {name}:1"
