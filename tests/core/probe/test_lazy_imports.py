"""Lazy imports, since Python 3.15: they stay lazy, and are watched from when they are real."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from interpreters import VERSIONS, interpreters
from probing import probed, recorded

LAZY = [version for version in VERSIONS if VERSIONS.index(version) >= VERSIONS.index("3.15")]
PATCHED = (
    "multiprocessing.connection", "multiprocessing.managers", "multiprocessing.pool",
    "multiprocessing.popen_fork", "multiprocessing.process", "multiprocessing.queues",
    "multiprocessing.shared_memory", "multiprocessing.sharedctypes",
    "multiprocessing.synchronize", "concurrent.futures.process",
)  # fmt: skip
TELL = (
    "\ndef tell():\n"
    "    for kind, names in (('module', sys.modules), ('lazy', sys.lazy_modules)):\n"
    "        for name in sorted(names):\n"
    "            if not name.startswith('_spawnscope_probe'):\n"
    "                print(kind, name)\n"
)
PROGRAMS = {
    "nothing is used": "import sys\nlazy import multiprocessing, itertools, ctypes" + TELL,
    "a queue is used": (
        "import sys\nlazy import multiprocessing\nlazy import multiprocessing.pool\n"
        + TELL
        + "tell()\n"
        "context = multiprocessing.get_context('fork')\n"
        "queue, lock, event = context.Queue(1), context.Lock(), context.Event()\n"
        "with lock: queue.put(event.is_set())\n"
        "print(queue.get(), lock, event.is_set())\n"
    ),
    "all is imported": (
        "import sys\n"
        + "".join(f"import {name}\n" for name in PATCHED)
        + "".join(f"{name}.__name__\n" for name in PATCHED)
        + TELL
    ),
    "a filter is set": (
        "import sys\n"
        "asked = []\n"
        "sys.set_lazy_imports_filter(lambda *name: asked.append(name) or name[1] != 'json')\n"
        "sys.set_lazy_imports('all')\n"
        "import json\nimport decimal\nimport multiprocessing.queues, multiprocessing.pool\n"
        "multiprocessing.get_context('fork').Queue()\n"
        + TELL
        + "print(sys.get_lazy_imports(), sys.get_lazy_imports_filter())\n"
        "print(*asked, sep='\\n')\n"
    ),
}


def _python(version: str) -> str:
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    return interpreters()[version]


@pytest.mark.parametrize("mode", ["normal", "all"])
@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("version", LAZY)
def test_what_is_lazy_without_us_is_lazy_with_us(
    version: str, name: str, mode: str, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAMS[name] + "tell()\n")
    command = (_python(version), "-X", f"lazy_imports={mode}", str(program))
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    plain = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert "lazy " in plain.stdout, plain.stderr
    watched = probed(tmp_path, *command)
    assert _no_address(watched.stdout) == _no_address(plain.stdout), watched.stderr
    assert len(list(tmp_path.glob("*.rec"))) == 1
    assert [path.read_text() for path in tmp_path.glob("*.fault")] == []


def _no_address(text: str) -> str:
    return text.partition(" at 0x")[0] + text.partition(" at 0x")[2][12:]


@pytest.mark.parametrize("mode", ["normal", "all"])
@pytest.mark.parametrize("version", LAZY)
def test_what_becomes_real_is_watched_from_then(
    version: str, mode: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_LAZY_IMPORTS", mode)
    program = tmp_path / "program.py"
    program.write_text(
        "import sys\n"
        "lazy import multiprocessing\n"
        "lazy from multiprocessing import Queue as Later\n"
        "def work(jobs):\n"
        "    jobs.put(2)\n"
        "if __name__ == '__main__':\n"
        "    assert 'multiprocessing' not in sys.modules\n"
        "    assert '_spawnscope_probe' in sys.modules\n"
        "    jobs = Later()\n"
        "    child = multiprocessing.Process(target=work, args=(jobs,), name='worker')\n"
        "    child.start()\n"
        "    assert jobs.get() == 2\n"
        "    child.join()\n"
    )
    run = recorded(tmp_path, "--python", _python(version), program)
    jobs = run.object("Queue", "jobs")["object"]
    assert run.totals(jobs) == {"put": 1, "get": 1, "feed": 1, "closed": 1}
    assert "worker" in {event["name"] for event in run.of("process_started")}
