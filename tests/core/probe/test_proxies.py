"""What a manager keeps: by the names that its makers gave it, and by method."""

from __future__ import annotations

from pathlib import Path

import pytest
from probing import recorded

PROGRAM = """\
import multiprocessing
import sys

def work(ledger, done):
    for number in range(3):
        ledger["orders"].append(number)
        ledger["count"] += 1
    done.append(ledger["count"])

def main():
    multiprocessing.set_start_method(sys.argv[1])
    with multiprocessing.Manager() as manager:
        ledger = manager.dict(orders=[], count=0)
        done, unused = manager.list(), manager.list()
        child = multiprocessing.Process(target=work, args=(ledger, done))
        child.start()
        child.join()
        try:
            ledger["nothing"]
        except KeyError:
            pass
        print(len(done), len(unused))

if __name__ == "__main__":
    main()
"""


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_proxies_bear_the_names_that_their_makers_gave_them(method: str, tmp_path: Path) -> None:
    program = tmp_path / "shop.py"
    program.write_text(PROGRAM)
    events = recorded(tmp_path, program, method)
    ledger, done = events.object("Manager.dict", "ledger"), events.object("Manager.list", "done")
    unused = events.object("Manager.list", "unused")
    assert [made["site"] for made in (ledger, done, unused)] == [
        f"{program}:13", f"{program}:14", f"{program}:14",
    ]  # fmt: skip
    (maker,) = events.of("process_started", role="worker")
    assert {made["process"] for made in (ledger, done, unused)} == {maker["process"]}
    assert events.totals(ledger["object"]) == {
        "call": 10, "call __getitem__": 7, "call __setitem__": 3, "serve": 11,
    }  # fmt: skip
    assert events.totals(done["object"]) == {
        "call": 2, "call append": 1, "call __len__": 1, "serve": 2,
    }  # fmt: skip
    told = [
        (call["text"], call["preview"], call["outcome"])
        for call in events.of("operation", object=ledger["object"])
    ]
    assert told == [
        ("__getitem__", "'orders'", "ok"),
        ("__getitem__", "'count'", "ok"),
        *(("__setitem__", f"('count', {number})", "ok") if name else
          ("__getitem__", f"'{key}'", "ok")
          for number in (1, 2) for name, key in ((1, ""), (0, "orders"), (0, "count"))),
        ("__setitem__", "('count', 3)", "ok"),
        ("__getitem__", "'count'", "ok"),
        ("__getitem__", "KeyError", "error"),
    ]  # fmt: skip
