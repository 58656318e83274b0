"""The process that looks into watched processes where they must name who may: it reads, ends and
is ended; and each watched process names it, and nobody else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import built
from interpreters import interpreters
from live import Live, alive, is_gone, state
from waiting import wait_until

from spawnscope.core.observe import proc_files, ptrace
from spawnscope.core.observe.py_spy import PySpy
from spawnscope.core.observe.stacks import Cancelled, StackError
from spawnscope.core.observe.tracer import SETTING, Tracer, new_tracer
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind

LATER = time.monotonic() + 3600


@pytest.fixture
def tracer() -> Iterator[Tracer]:
    tracer = Tracer()
    yield tracer
    tracer.close()


def test_it_reads_as_we_would(tracer: Tracer) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "print(1, flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        found = PySpy(run=tracer.run).read(process.pid, time.time_ns(), threading.Event())
        assert found.threads[0].frames[-1].function == "<module>"
        process.communicate(b"\n")


def test_what_it_runs_is_its_child_and_gets_nothing_of_ours(tracer: Tracer) -> None:
    ask = ["/bin/sh", "-c", "echo $PPID; ls -l /proc/self/fd | grep -c socket; echo no >&2; exit 3"]
    done = tracer.run(ask, LATER, threading.Event())
    assert done.stdout.decode().split() == [str(tracer.pid), "0"]
    assert (done.stderr, done.returncode) == (b"no\n", 3)


def test_what_cannot_be_run_is_a_sentence(tracer: Tracer) -> None:
    with pytest.raises(StackError, match=r"/none cannot be run: No such file"):
        PySpy("/none", run=tracer.run).read(os.getpid(), time.time_ns(), threading.Event())


def test_it_is_cancelled_and_asked_again(tracer: Tracer) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        tracer.run(["/bin/sleep", "60"], LATER, cancel)
    with pytest.raises(StackError, match="in time"):
        tracer.run(["/bin/sleep", "60"], time.monotonic(), threading.Event())
    assert proc_files.read_children(tracer.pid) == []
    assert tracer.run(["/bin/echo", "on"], LATER, threading.Event()).stdout == b"on\n"


def test_where_it_was_killed_we_read_ourselves(tracer: Tracer) -> None:
    os.kill(tracer.pid, signal.SIGKILL)
    wait_until(lambda: state(tracer.pid) == "Z")
    done = tracer.run(["/bin/sh", "-c", "echo $PPID"], LATER, threading.Event())
    assert done.stdout.decode().strip() == str(os.getpid())


def test_it_ends_with_the_window_however_that_ends() -> None:
    code = """
import os, threading
from spawnscope.core.observe.tracer import Tracer
tracer = Tracer()
print(tracer.pid, flush=True)
tracer.run(["/bin/true"], 1e9, threading.Event())
os.kill(os.getpid(), 9)
"""
    window = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert window.returncode == -signal.SIGKILL
    os.waitpid(int(window.stdout), 0)  # an orphan of ours


PROGRAM = """
import multiprocessing, os, sys
def child():
    print("pid", os.getpid(), flush=True)
if __name__ == "__main__":
    child()
    for method in ("fork", "forkserver"):
        process = multiprocessing.get_context(method).Process(target=child)
        process.start()
        process.join()
    if os.fork() == 0:
        child()
        os._exit(0)
    os.wait()
"""


def named_by_each(live: Live, folder: Path, interpreter: str = sys.executable) -> list[set[int]]:
    """Whom each process of a program that forks and spawns lets look into it."""
    shim = built("prctl_shim", folder, "-shared", "-fPIC")
    log = folder / "log"
    log.write_text("")
    (folder / "program.py").write_text(PROGRAM)
    spec = LaunchSpec(
        kind=TargetKind.SCRIPT,
        target=str(folder / "program.py"),
        interpreter=interpreter,
        environment={"LD_PRELOAD": str(shim), "PRCTL_LOG": str(log)},
    )
    process = live.launch(spec)[0]
    live.exited(process)

    def said() -> list[str]:
        return [one.split()[1] for one in live.texts() if one.startswith("pid ")]

    live.until(lambda: len(said()) == 4, what="four lines")
    named = [line.split() for line in log.read_text().splitlines()]
    return [{int(whom) for pid, whom in named if pid == each} for each in said()]


@pytest.mark.parametrize("version", ["3.8", "3.11", "3.15"])
def test_every_process_names_the_tracer_and_nobody_else(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if version not in interpreters():
        pytest.skip(f"no Python {version} on this machine")
    monkeypatch.setattr(ptrace, "must_be_named", lambda: True)
    with Live(tmp_path / "s.spawnscope", stacks=True) as live:
        tracer = live.client.tracer
        assert tracer is not None
        assert named_by_each(live, tmp_path, interpreters()[version]) == [{tracer.pid}] * 4
        assert alive(tracer.pid)
    assert is_gone(tracer.pid)


def test_nobody_is_named_where_that_is_not_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Live(tmp_path / "s.spawnscope", stacks=True) as live:
        assert (live.client.tracer is not None) == ptrace.must_be_named()
    monkeypatch.setattr(ptrace, "must_be_named", lambda: True)
    monkeypatch.setenv(SETTING, "no")
    assert new_tracer() is None
    monkeypatch.delenv(SETTING)
    with Live(tmp_path / "t.spawnscope") as live:  # nobody will ask for stacks
        assert live.client.tracer is None
        assert named_by_each(live, tmp_path) == [set()] * 4


def test_a_pid_of_another_namespace_names_nobody(tmp_path: Path) -> None:
    """There it may be anybody's."""
    shim = built("prctl_shim", tmp_path, "-shared", "-fPIC")
    log = tmp_path / "log"
    log.write_text("")
    probe = Path(ptrace.__file__).parents[1] / "probe"
    code = """
import sys
sys.path.insert(0, sys.argv.pop(1))
import _spawnscope_probe as probe
probe._load_apart()
from _spawnscope_probe import tracing
for tracer in sys.argv[1:]:
    tracing.let(tracer)
"""
    here = os.stat("/proc/self/ns/pid").st_ino
    subprocess.run(
        [sys.executable, "-c", code, probe, f"11:{here}", f"12:{here + 1}", "13:", "14"],
        env={"LD_PRELOAD": str(shim), "PRCTL_LOG": str(log)},
        check=True,
    )
    assert [line.split()[1] for line in log.read_text().splitlines()] == ["11"]
