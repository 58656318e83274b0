"""What tracers, profilers and coverage see of a watched program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from interpreters import VERSIONS, interpreters
from probing import probed

LOOKS = """
import json, multiprocessing as mp, os, sys, threading
queue, simple, lock, event = mp.Queue(), mp.SimpleQueue(), mp.Lock(), mp.Event()
semaphore, (here, there), seen = mp.Semaphore(2), mp.Pipe(), []
queue.put(0), queue.get()  # whose feeder has started
def note(code):
    mine = threading.current_thread().name in ("MainThread", "mine")
    if code.co_filename != __file__ and mine: seen.append(code.co_filename + ":" + code.co_name)
def trace(frame, event, arg):
    if event == "call": note(frame.f_code)
def use():
    queue.put(1); queue.get(timeout=60); simple.put(1); simple.get(); here.send(1); there.recv()
    with lock, semaphore: event.set()
    event.wait(); event.clear()
def watched_by(name):
    del seen[:]
    if name == "monitoring":
        monitoring = sys.monitoring
        monitoring.use_tool_id(3, "us")
        monitoring.register_callback(3, monitoring.events.PY_START, lambda code, at: note(code))
        monitoring.set_events(3, monitoring.events.PY_START)
        use()
        monitoring.set_events(3, 0)
    elif name == "threads":
        threading.setprofile(trace)
        thread = threading.Thread(target=use, name="mine"); thread.start(); thread.join()
        threading.setprofile(None)
    else:
        getattr(sys, name)(trace); use(); getattr(sys, name)(None)
    return list(seen)
names = ["settrace", "setprofile", "threads"] + ["monitoring"] * hasattr(sys, "monitoring")
print(json.dumps({name: watched_by(name) for name in names}))
"""
COUNTED = """
import multiprocessing as mp, subprocess, sys
def double(x):
    if x < 0:
        return 0
    return 2 * x
def child(queue, end):
    queue.put(double(3))
    end.send(4)
def test_it():
    queue = mp.Queue(); here, there = mp.Pipe()
    process = mp.Process(target=child, args=(queue, there)); process.start()
    with mp.Lock():
        assert (queue.get(), here.recv()) == (6, 4)
    process.join()
"""
SETTINGS = "[run]\nconcurrency = multiprocessing,thread\nparallel = true\n"


@pytest.mark.parametrize("version", VERSIONS)
def test_tracers_see_what_plain_python_calls_and_beside_it_only_what_is_called_ours(
    version: str, tmp_path: Path
) -> None:
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    program = tmp_path / "looks.py"
    program.write_text(LOOKS)
    command = (interpreters()[version], program)
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=60)
    plain = json.loads(done.stdout)
    watched = json.loads(probed(tmp_path, *command).stdout)
    ours = {name: [one for one in seen if "spawnscope" in one] for name, seen in watched.items()}
    assert all(one.startswith("<spawnscope ") for seen in ours.values() for one in seen)
    assert min(map(len, ours.values())) > 10
    for name, seen in watched.items():
        assert [one for one in seen if "spawnscope" not in one] == plain[name]


def test_a_coverage_report_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("COVERAGE_PROCESS_START", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "test_counted.py").write_text(COUNTED)
    (tmp_path / ".coveragerc").write_text(SETTINGS)
    coverage = f"{sys.executable} -m coverage"
    script = tmp_path / "measure.sh"
    script.write_text(
        f"set -e\n{coverage} run -m pytest -q -p no:cacheprovider test_counted.py >/dev/null\n"
        f"{coverage} combine -q\n{coverage} report -m\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    plain = subprocess.run(
        ["sh", script], env=environment, capture_output=True, text=True, timeout=60
    )
    recorders = tmp_path / "recorders"
    recorders.mkdir(0o700)
    watched = probed(recorders, "sh", script)
    assert "test_counted.py" in plain.stdout
    assert (watched.stdout, watched.stderr) == (plain.stdout, plain.stderr)
    assert len(list(recorders.glob("*.rec"))) > 3
