"""What of a program would break in a child by forkserver: found in the program, on request."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from probing import probed
from recording import record, run, sentence

from spawnscope.core.probe._spawnscope_probe import importing, layout, sending, sources
from spawnscope.core.probe._spawnscope_probe.reaching import Reached
from spawnscope.core.probe._spawnscope_probe.reliance import breakages
from spawnscope.core.vocabulary.checking import Breakage

GUARD = "if __name__ == '__main__':\n"
TARGETS = Path(__file__).resolve().parents[2] / "targets"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("start()", "sure"),
        ("try:\n    start()\nfinally:\n    pass", "sure"),
        ("if 1:\n    start()", "sure"),
        ("if ready():\n    start()", "perhaps"),
        (f"{GUARD}    start()", "guarded"),
        (f"{GUARD}    pass\nelse:\n    start()", "sure"),
        ("if '__main__' == __name__ and ready():\n    start()", "guarded"),
        ("if __name__ == '__main__' or ready():\n    start()", "perhaps"),
        ("if not __name__ == '__main__':\n    pass\nelse:\n    start()", "guarded"),
        ("if __name__ in ('__main__', '__mp_main__'):\n    start()", "untold"),
        ("if parent_process() is None:\n    start()", "sure"),  # so it is during the import
        ("if __name__ != '__main__':\n    start()", "sure"),
    ],
)
def test_whether_a_child_comes_to_a_line_follows_from_the_conditions(text: str, state: str) -> None:
    line = text[: text.index("start()")].count("\n") + 1
    assert sources.Source(sources._parsed(text)).state_of(line) == state


TOLD: list[tuple[str, str, str]] = [
    # what the module is, what the main program did after its import, what is told
    ("def work(): return N", "N = 3", ""),  # nothing in the source says how it came there
    (f"def work(): return N\n{GUARD}    N = 3", "N = 3", "missing N sure"),
    (f"def work(): return N\n{GUARD}    import json as N", "N = 3", "missing N sure"),
    ("def work(): return N\ndef go():\n    global N\n    N = 3", "go()", "missing N sure"),
    ("def work(): return N\ndef go():\n    global N\n    N = 3\ngo()", "", ""),
    ("def work(): return self.N\nself = 1\ndef go(N): N = 3", "", ""),
    (f"N = None\ndef work(): return N\n{GUARD}    N = 3", "N = 3", "stale N sure"),
    (f"N = 3\ndef work(): return N\n{GUARD}    N = 3", "N = 3", ""),
    (f"N = 3\ndef work(n): N = n; return N\n{GUARD}    N = 4", "N = 4", ""),
    ("N = 3\ndef work(): return N\ndef go():\n    N = 5", "go()", ""),
    ("N = load = dict\ndef work(): return N", "", ""),
    ("N = {}\ndef work(): return N\ndef go(): N[1] = 2", "go()", "empty N sure"),
    ("N = []\ndef work(): return N\ndef go(): N.append(2)", "go()", "empty N sure"),
    ("N = []\ndef work(): return N\ndef go(): N.append(2)\ngo()", "", ""),
    ("N = {}\ndef work(): N[1] = 2; return N", "work()", ""),  # it fills that itself
    ("N = {}\ndef work(): return N\ndef go(): N[1] = 2", "", ""),  # which it has not
    (
        "N = {}\ndef add(f): N[f] = f; return f\n@add\ndef work(): return N\ndef go(): N[1] = 2",
        "go()",
        "changed N likely",
    ),
    ("N = {1: 2}\ndef work(): return N\ndef go(): N[1] = 3", "go()", "changed N likely"),
    (f"N = {{1: 2}}\ndef work(): return N\n{GUARD}    N[1] = 3", "N[1] = 3", "changed N sure"),
    (
        f"N = {{1: 2}}\ndef work(): return N\n{GUARD}    if N:\n        N[1] = 3",
        "N[1] = 3",
        "changed N likely",
    ),
    ("from multiprocessing import Lock\nN = Lock()\ndef work(): return N", "", "own N sure"),
    (
        (
            "from multiprocessing import Lock\nN = Lock()\n"
            "def begin(n):\n    global N\n    N = n\ndef work(): begin(1); return N"
        ),
        "",
        "",
    ),
    (f"def work(): return help()\ndef help(): return N\n{GUARD}    N = 3", "N = 3",
     "missing N sure"),
    (
        (
            "class Job:\n    def run(self): return N\n"
            f"job = Job()\ndef work(): return job.run()\n{GUARD}    N = 3"
        ),
        "N = 3",
        "missing N likely",
    ),
    (f"import functools\n@functools.lru_cache(None)\ndef work(): return N\n{GUARD}    N = 3",
     "N = 3", "missing N sure"),
    (f"from os.path import *\ndef work(): return N\n{GUARD}    N = 3", "N = 3", ""),
    (f"def work(): return lambda: [N for _ in '']\n{GUARD}    N = 3", "N = 3", "missing N sure"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "then", "told"), TOLD)
def test_globals_that_only_a_fork_hands_on_are_found(
    text: str, then: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = types.ModuleType("shop")  # not the main one: its guard does not hold
    monkeypatch.setitem(sys.modules, "shop", module)
    monkeypatch.setattr(importing, "modules", {"shop": module})  # all that the program has
    found = [
        f"{each.kind} {each.name} {'sure' if each.sure else 'likely'}"
        for each in _found(module, text, then, tmp_path)
    ]
    assert found == ([told] if told else [])


def _found(module: types.ModuleType, text: str, then: str, folder: Path) -> list[Any]:
    path = folder / "shop.py"
    path.write_text(text + "\n")
    module.__file__ = str(path)
    exec(compile(text, str(path), "exec"), vars(module))
    exec(then, vars(module))
    reached = Reached()
    reached.add(vars(module)["work"])
    return list(breakages(reached, vars(module), True, [(str(path), 0, 100)]))


def _with_state() -> object:
    class Inner:
        pass

    return Inner()


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda fork: (fork.Lock(), fork.Queue(), fork.Event()), ""),
        (lambda fork: fork.Pipe(), ""),
        (lambda fork: (threading.Lock(),), "TypeError: args[0] (_thread.lock)"),
        (lambda fork: (_with_state(),), "test_survival.Inner)"),
    ],
)
def test_what_could_be_sent_is_tried_without_a_trace(
    make: Callable[[Any], tuple[Any, ...]], why: str
) -> None:
    """Locks that fork's own context has made say that they are for fork: that is no fault."""
    fork = multiprocessing.get_context("fork")
    args = make(fork)
    process = fork.Process(target=print, args=args)
    threads, descriptors = threading.active_count(), os.listdir("/proc/self/fd")
    told, _ = sending.trial(process, [("args", args)], True)
    assert (why in told) if why else not told, told
    assert threading.active_count() == threads
    assert os.listdir("/proc/self/fd") == descriptors
    assert multiprocessing.context.get_spawning_popen() is None
    for each in args:
        if hasattr(each, "close"):
            each.close()


def test_the_compiler_warns_of_a_program_as_often_as_without(tmp_path: Path) -> None:
    text = (
        "import multiprocessing, sys\n"
        "def work(): return '\\d'\n"
        "if __name__ == '__main__':\n"
        "    context = multiprocessing.get_context('fork')\n"
        "    process = context.Process(target=work)\n"
        "    process.start(); process.join()\n"
        "    print('_spawnscope_probe.survival' in sys.modules)\n"
        "    print([name for name in sys.modules if name in ('ast', 'opcode', 'dis', 'inspect')])\n"
    )
    script = tmp_path / "warns.py"
    script.write_text(text)
    for option, loaded in (("", "False"), ("check=forkserver", "True")):
        done = probed(
            tmp_path, sys.executable, "-W", "always", script, SPAWNSCOPE_PROBE_OPTIONS=option
        )
        assert done.stderr.count("Warning") == 1, done.stderr
        assert done.stdout.splitlines() == [loaded, "[]"]


def test_a_program_that_runs_by_forkserver_is_said_to_be_checked(tmp_path: Path) -> None:
    path = tmp_path / "session.spawnscope"
    script = TARGETS / "healthy" / "leaves_its_lock_at_home.py"
    done = record("--check-forkserver", "-o", path, script, "forkserver")
    told = "Checked for forkserver: 1 place that starts processes or submits tasks, nothing found."
    assert told in done.stderr.decode()
    refused = sentence(record("--check-forkserver", "--no-probe", script))
    assert refused == "--check-forkserver needs the probe: leave one of it and --no-probe out."


def test_what_was_found_is_in_the_session(tmp_path: Path) -> None:
    path = tmp_path / "session.spawnscope"
    script = TARGETS / "sick" / "would-not-survive-forkserver" / "counts_with_a_global.py"
    done = record("--check-forkserver", "--fail-on", "warning", "-o", path, script, "fork")
    assert done.returncode == 3
    assert b"found 30" in done.stdout
    found = msgspec.json.decode(run("diagnose", path, "--json").stdout)
    assert [each["code"] for each in found] == ["would-not-survive-forkserver"]
    assert len(found[0]["evidence"]) == 3, "one for all starts at that line, the reader, the lock"


def test_a_breakage_has_as_many_fields_as_a_recorder_tells() -> None:
    assert layout.FACTS["breakage"] == len(Breakage.__struct_fields__)
