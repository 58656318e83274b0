"""A program runs as it would without the probe."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from interpreters import VERSIONS, interpreters
from probing import probed, recorded


def _plain(*command: object) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return subprocess.run(
        list(map(str, command)), env=environment, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_no_descriptor_and_no_thread_is_added(version: str, tmp_path: Path) -> None:
    """But for the one that a libffi with static trampolines keeps of itself, out of the way."""
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    code = (
        "import os\n"
        "for name in sorted(os.listdir('/proc/self/fd'), key=int):\n"
        "    where = '/proc/self/fd/' + name\n"
        "    if not os.path.exists(where): continue\n"
        "    out_of_the_way = int(name) >= 256 and 'libffi' in os.readlink(where)\n"
        "    if not out_of_the_way: print(name)\n"
        "print(os.listdir('/proc/self/task').__len__())\n"
    )
    command = (interpreters()[version], "-c", code)
    assert probed(tmp_path, *command).stdout == _plain(*command).stdout
    assert list(tmp_path.glob("*.rec"))


def test_no_module_of_multiprocessing_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys; print([m for m in sys.modules if m.startswith(('multiproc', 'concurrent'))])"
    )
    assert probed(tmp_path, sys.executable, "-c", code).stdout == "[]\n"


def test_the_users_sitecustomize_runs(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "sitecustomize.py").write_text("import sys; sys.flag_of_mine = __file__\n")
    done = probed(
        tmp_path, sys.executable, "-c",
        "import sys, sitecustomize; print(sys.flag_of_mine, sitecustomize.__file__)",
        PYTHONPATH=f"{Path(__file__).resolve().parents[3] / 'core' / 'probe'}{os.pathsep}{own}",
    )  # fmt: skip
    assert done.stdout.split() == [str(own / "sitecustomize.py")] * 2


def test_without_a_sitecustomize_there_is_none(tmp_path: Path) -> None:
    code = (
        "import sys; print('sitecustomize' in sys.modules, [p for p in sys.path if 'probe' in p])"
    )
    assert probed(tmp_path, sys.executable, "-c", code).stdout == "False []\n"


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.closerange(3, 100)",
        "import time; time.monotonic_ns = time.time = lambda: 0",
        "import os, builtins; builtins.open = os.getpid = os.open = None",
        "import sys; sys.setrecursionlimit(200)",
        "import os; os.environ.clear()",
        "import gc; gc.disable()",
    ],
)
def test_what_a_program_does_to_its_surroundings_does_no_harm(tmp_path: Path, code: str) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        f"import multiprocessing as mp\n{code}\n"
        "def work(q):\n    q.put(1)\n"
        "q = mp.Queue(); l = mp.Lock(); e = mp.Event()\n"
        "with l: e.set()\n"
        "p = mp.Process(target=work, args=(q,)); p.start()\n"
        "print(q.get()); p.join(); print(p.exitcode)\n"
    )
    with_us, without = probed(tmp_path, sys.executable, program), _plain(sys.executable, program)
    assert (with_us.stdout, with_us.returncode) == (without.stdout, without.returncode)
    assert not list(tmp_path.glob("*.fault"))


def test_forks_execs_and_threads_that_fork_are_as_without_us(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import os, sys, threading, multiprocessing as mp\n"
        "lock = mp.Lock()\n"
        "def fork():\n"
        "    pid = os.fork()\n"
        "    if not pid:\n"
        "        with lock: pass\n"
        "        os._exit(3)\n"
        "    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)\n"
        "lock.acquire(); lock.release(); fork()\n"
        "thread = threading.Thread(target=fork); thread.start(); thread.join()\n"
        "os.execv(sys.executable, [sys.executable, '-c', 'print(4)'])\n"
    )
    done = probed(tmp_path, sys.executable, program)
    assert done.stdout == "3\n3\n4\n", done.stderr
    assert len(list(tmp_path.glob("*.rec"))) == 4  # the program, two forks, and after the exec


def test_a_full_file_system_costs_the_recording_only(tmp_path: Path) -> None:
    (tmp_path / "tick").write_bytes(bytes(4096))
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "import os; pid = os.fork()\n"
        "if pid: print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
        "else:\n"
        "    import multiprocessing; l = multiprocessing.Lock(); l.acquire(); os._exit(5)\n"
    )
    done = probed(tmp_path, sys.executable, "-c", code)
    assert done.stdout == "5\n", done.stderr
    assert len(list(tmp_path.glob("*.fault"))) == 1


def test_a_folder_that_others_can_enter_is_left_alone(tmp_path: Path) -> None:
    """As when the session is over, and somebody else made a folder of the same name."""
    folder, other = tmp_path / "run", tmp_path / "other"
    folder.mkdir(0o700)
    other.mkdir()
    code = (
        "import os, sys, multiprocessing\n"
        "folder, other = os.environ['SPAWNSCOPE_PROBE'], sys.argv[1]\n"
        "os.rename(folder, folder + '.gone')\n"
        "os.rename(other, folder)\n"
        "pid = os.fork()\n"
        "if pid: print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
        "else:\n"
        "    lock = multiprocessing.Lock(); lock.acquire(); os._exit(5)\n"
    )
    done = probed(folder, sys.executable, "-c", code, other)
    assert done.stdout == "5\n", done.stderr
    assert list(folder.iterdir()) == []
    assert len(list((tmp_path / "run.gone").glob("*.rec"))) == 1


def test_a_program_that_starts_with_such_a_folder_is_not_recorded(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    done = probed(tmp_path, sys.executable, "-c", "print('ran')")
    assert done.stdout == "ran\n"
    assert [path.name for path in tmp_path.iterdir()] == ["tick"]


@pytest.mark.parametrize("flags", [["-I"], ["-E"], ["-S"], ["-IS"]])
def test_what_does_not_load_the_probe_just_runs_and_is_told(
    flags: list[str], tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text("import time; time.sleep(2); print('ran')\n")
    events = recorded(tmp_path, "--", sys.executable, *flags, program)
    assert events.of("message", text="ran")
    (note,) = events.notes()
    assert note.startswith("Not instrumented: ")


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.7"])
def test_an_interpreter_that_is_not_known_just_runs(version: str, tmp_path: Path) -> None:
    roots = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    python = str(roots[0]) if roots else shutil.which(f"python{version}")
    if not python:
        pytest.skip(f"there is no Python {version} here")
    events = recorded(tmp_path, "--", python, "-c", "print('ran')")
    assert events.of("message", text="ran")
    (note,) = events.notes()
    assert f"Python {version} is not known" in note


def test_previews_call_no_code_of_the_program_and_can_be_switched_off(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import multiprocessing\n"
        "class Loud:\n"
        "    def __repr__(self): print('asked'); return 'x'\n"
        "    __str__ = __len__ = __repr__\n"
        "if __name__ == '__main__':\n"
        "    jobs = multiprocessing.Queue(); jobs.put(Loud()); jobs.get()\n"
        "    jobs.put('secret'); jobs.get()\n"
    )
    events = recorded(tmp_path, program)
    put = events.of("operation", operation="put")
    assert [e["preview"] for e in put] == ["Loud", "'secret'"]
    assert not events.of("message", text="asked")
    events = recorded(tmp_path, "--no-preview", program)
    assert [e["preview"] for e in events.of("operation", operation="put")] == [None, None]
    events = recorded(tmp_path, "--no-probe", program)
    assert not events.of("object_created")


@pytest.mark.parametrize("version", VERSIONS)
def test_keeps_nothing_alive(version: str, tmp_path: Path) -> None:
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    program = tmp_path / "program.py"
    program.write_text(
        "import gc, multiprocessing as mp, weakref\n"
        "class Item: pass\n"
        "gc.disable()\n"
        "lock, queue = mp.Lock(), mp.SimpleQueue()\n"
        "here, there = mp.Pipe()\n"
        "item = Item(); queue.put(1); queue.get(); lock.acquire(); lock.release()\n"
        "here.send(1); there.recv()\n"
        "gone = [weakref.ref(x) for x in (lock, here, there, item)]\n"
        "del lock, here, there, item\n"
        "print([ref() is None for ref in gone])\n"
    )
    done = probed(tmp_path, interpreters()[version], program)
    assert done.stdout == "[True, True, True, True]\n", done.stderr
