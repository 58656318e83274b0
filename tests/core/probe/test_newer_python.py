"""What came with Python 3.14 is recorded; a mere look at an object is no operation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from interpreters import VERSIONS, interpreters
from probing import PROBE, TARGETS, probed, recorded
from transparency import run

NEWER = VERSIONS[VERSIONS.index("3.14") :]
METHODS = ("fork", "spawn", "forkserver")
LOOKS = (
    "import multiprocessing as mp, sys\n"
    "if __name__ == '__main__':\n"
    "    context = mp.get_context(sys.argv[1])\n"
    "    lock, rlock, semaphore = context.Lock(), context.RLock(), context.Semaphore(3)\n"
    "    bounded, event = context.BoundedSemaphore(2), context.Event()\n"
    "    condition, jobs, tasks = context.Condition(), context.Queue(3), context.JoinableQueue()\n"
    "    total, barrier = context.Value('i', 3), context.Barrier(2)\n"
    "    waits = event, barrier, condition\n"
    "    for one in (lock, rlock, semaphore, bounded, *waits, jobs, tasks, total):\n"
    "        repr(one)\n"
    "        getattr(one, 'locked', len)(*[] if hasattr(one, 'locked') else '.')\n"
    "    semaphore.get_value(), event.is_set(), barrier.n_waiting, jobs.full(), tasks.full()\n"
)


def _python(version: str) -> str:
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    return interpreters()[version]


@pytest.mark.parametrize(
    ("version", "method"), [("3.14", "forkserver"), ("3.15", "fork"), ("3.15", "spawn")]
)
def test_what_is_new_is_recorded(version: str, method: str, tmp_path: Path) -> None:
    found = recorded(tmp_path, "--python", _python(version), TARGETS / "new_in_3_14.py", method)
    printed = [e["text"] for e in found.of("message", stream="stdout")]
    assert printed == [
        "-2", "BrokenProcessPool", "BrokenProcessPool", "[1, 2, 3, 4] True", "True", "False"
    ]  # fmt: skip
    (main,) = (e["process"] for e in found.of("process_started", role="worker"))
    (interrupted,) = found.of("process_started", name="interrupted")
    (sent,) = found.of("operation", operation="interrupt")
    assert (sent["process"], sent["argument"]) == (main, interrupted["pid"])
    (ended,) = found.of("process_exited", process=interrupted["process"])
    assert (ended["signal"], ended["terminated_by"]) == ("SIGINT", main)
    assert ended["outcome"].startswith("Interrupted by its parent new_in_3_14.py ("), ended
    workers = {e["process"] for e in found.of("process_started", role="executor worker")}
    ends = {
        e["signal"]: e["terminated_by"]
        for e in found.of("process_exited")
        if e["process"] in workers
    }
    assert ends == {"SIGTERM": main, "SIGKILL": main}
    calls = found.of("operation", operation="call", process=main)
    called = {e["text"] for e in calls}
    assert {"add", "__ior__", "copy", "locked", "acquire", "release"} <= called
    made = {e["name"]: e["type"] for e in found.of("object_created")}
    assert (made["bag"], made["held"]) == ("Manager.set", "Manager.Lock")
    lock = found.object("Lock", "lock")["object"]
    assert found.totals(lock) == {"acquire": 1, "release": 1}
    assert not found.of("object_created", type="Pipe")


@pytest.mark.parametrize(
    ("version", "words"),
    [("3.14", "forkserver"), ("3.15", "spawn"), ("3.15", "forkserver fail")],
)
def test_what_is_new_works_and_prints_as_without_us(
    version: str, words: str, tmp_path: Path
) -> None:
    command = (_python(version), TARGETS / "says_today.py", *words.split())
    without = run(*command, cwd=tmp_path, probe=None)
    with_it = run(*command, cwd=tmp_path, probe=tmp_path / "probe")
    assert (_comparable(with_it.stdout), with_it.returncode) == (_comparable(without.stdout), 0)
    assert len(list((tmp_path / "probe").glob("*.rec"))) > 2
    assert not list((tmp_path / "probe").glob("*.fault"))


def _comparable(text: str) -> str:
    """Without pids and other numbers by chance; lines of several processes, once."""
    for pattern, plain in ((r"(pid|parent)=\d+", r"\1=N"), (r"'/mp-\w+'", "NAME")):
        text = re.sub(pattern, plain, text)
    return "\n".join(sorted(set(text.splitlines())))


@pytest.mark.parametrize("version", ["3.8", "3.11", *NEWER])
def test_a_look_at_an_object_is_no_operation(version: str, tmp_path: Path) -> None:
    program = tmp_path / "looks.py"
    program.write_text(LOOKS)
    method = METHODS[VERSIONS.index(version) % 3]
    found = recorded(tmp_path, "--python", _python(version), program, method)
    used = {e["name"]: found.totals(e["object"]) for e in found.of("object_created")}
    assert {name: totals for name, totals in used.items() if any(totals.values())} == {}
    assert {"lock", "jobs", "condition", "event", "barrier", "total"} <= set(used)


@pytest.mark.parametrize("version", VERSIONS[VERSIONS.index("3.12") :])
def test_a_process_has_one_recorder_for_all_its_interpreters(version: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "try:\n"
        "    import _interpreters as interpreters\n"
        "except ImportError:\n"
        "    import _xxsubinterpreters as interpreters\n"
        "import multiprocessing\n"
        "run = getattr(interpreters, 'exec', interpreters.__dict__.get('run_string'))\n"
        "one = interpreters.create()\n"
        "run(one, 'import sys; print(\"sitecustomize\" in sys.modules or sys.flags, flush=True)')\n"
        "interpreters.destroy(one)\n"
        "multiprocessing.get_context('fork').Lock()  # another one starts a helper\n"
    )
    done = probed(tmp_path, _python(version), "-c", f"exec(open({str(program)!r}).read())")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1
    (recorder,) = tmp_path.glob("*.rec")
    assert b"Lock" in recorder.read_bytes()
    assert not [*tmp_path.glob("*.skipped"), *tmp_path.glob("*.fault")]


@pytest.mark.parametrize("version", NEWER)
def test_what_other_interpreters_do_is_said_to_be_missed(version: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import concurrent.futures, multiprocessing\n"
        "if __name__ == '__main__':\n"
        "    jobs = multiprocessing.get_context('fork').SimpleQueue()\n"
        "    with concurrent.futures.InterpreterPoolExecutor(1) as executor:\n"
        "        jobs.put(executor.submit(abs, -3).result())\n"
        "    print(jobs.get())\n"
    )
    found = recorded(tmp_path, "--python", _python(version), program)
    jobs = found.object("SimpleQueue", "jobs")["object"]
    assert found.totals(jobs) == {"put": 1, "get": 1}
    (note,) = found.notes()
    assert "InterpreterPoolExecutor" in note


@pytest.mark.parametrize("version", VERSIONS[VERSIONS.index("3.13") :])
def test_a_python_without_its_global_lock_is_told_as_not_watched(
    version: str, tmp_path: Path
) -> None:
    """Such a build is not to be had everywhere: what asks for it is answered for it here."""
    code = (
        "import contextlib, runpy, sys\n"
        "sys._is_gil_enabled = lambda: False\n"
        "with contextlib.suppress(ImportError):  # of the next sitecustomize, as site does\n"
        f"    runpy.run_path({str(PROBE / 'sitecustomize.py')!r})\n"
        "print([name for name in sys.modules if 'spawnscope' in name])\n"
    )
    done = probed(tmp_path, _python(version), "-c", code, PYTHONPATH="")
    assert done.stdout == "[]\n", done.stderr
    (reason,) = (path.read_text() for path in tmp_path.glob("*.skipped"))
    assert reason == "the interpreter runs without its global lock"
    assert not list(tmp_path.glob("*.rec"))
