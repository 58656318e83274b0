"""`record` where something that we would like to have is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import textwrap
from pathlib import Path

import pytest
from recording import record, spawnscope

pytestmark = pytest.mark.usefixtures("home")


def test_no_qt_is_needed_nor_imported(tmp_path: Path) -> None:
    stub = tmp_path / "stub" / "PySide6"
    stub.mkdir(parents=True)
    (stub / "__init__.py").write_text("raise ImportError('no Qt here')\n")
    environment = {**os.environ, "PYTHONPATH": str(stub.parent)}
    environment.pop("DISPLAY", None)
    command = spawnscope("record", "--jsonl", tmp_path / "events", "--", "true")
    done = subprocess.run(
        [command[0], "-X", "importtime", *command[1:]], env=environment, capture_output=True
    )
    assert done.returncode == 0
    assert b"1 process, 0 messages" in done.stderr
    assert not re.search(rb"PySide6|shiboken6|spawnscope\.gui", done.stderr)


def test_a_project_with_packages_named_like_ours_runs(tmp_path: Path) -> None:
    for name in ("core", "gui", "resources", "tests"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"OWNER = 'user {name}'\n")
    (tmp_path / "main.py").write_text(
        textwrap.dedent(
            """
            import core, gui, resources, tests
            def go():
                print(core.OWNER, gui.OWNER, resources.OWNER, tests.OWNER)
            if __name__ == "__main__":
                go()
            """
        )
    )
    for target in (
        ["main.py"],
        ["-m", "main"],
        ["main:go"],
        ["--start-method", "spawn", "main:go"],
    ):
        done = record("--quiet", *target, cwd=tmp_path)
        assert done.stdout == b"user core user gui user resources user tests\n", done.stderr


@pytest.mark.parametrize(
    "wrapper",
    [
        ["setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin"],
        ["unshare", "--fork", "--pid", "--mount-proc", "--kill-child"],
        ["env", "LC_ALL=C", "LANG=C", "PYTHONUTF8=0", "PYTHONCOERCECLOCALE=0", "TZ=Pacific/Apia"],
    ],
    ids=["without_fork_events", "in_a_pid_namespace", "in_an_ascii_locale"],
)
def test_it_works_in_poor_surroundings(wrapper: list[str], tmp_path: Path) -> None:
    if (
        shutil.which(wrapper[0]) is None
        or subprocess.run([*wrapper, "true"], capture_output=True).returncode
    ):
        pytest.skip(f"{wrapper[0]} is not allowed here")
    (tmp_path / "grüße.py").write_text(
        "import os, subprocess\n"
        "os.write(1, 'größe\\n'.encode())\n"
        "subprocess.run(['sh', '-c', 'sleep 0.2; exit 1'])\n"
    )
    command = spawnscope("record", "grüße.py", "ä")
    done = subprocess.run(
        [*wrapper, *command], cwd=tmp_path, capture_output=True, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "größe\n".encode()
    assert b"Traceback" not in done.stderr
    assert b"3 processes, 1 message." in done.stderr or b"2 processes, 1 message." in done.stderr


def test_without_a_place_for_the_session_it_says_so() -> None:
    environment = {**os.environ, "XDG_DATA_HOME": "/proc"}
    done = record("--", "true", env=environment)
    assert done.returncode == 1
    assert done.stderr.startswith(b"spawnscope: A session cannot begin in '/proc/spawnscope'")
    assert done.stderr.count(b"\n") == 1


def test_without_a_working_directory_it_says_so(tmp_path: Path) -> None:
    command = spawnscope("record", "--", "true")
    script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"'
    done = subprocess.run(["sh", "-c", script, "sh", *command], cwd=tmp_path, capture_output=True)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"spawnscope: The working directory does not exist any more.\n"


def test_a_program_that_cuts_our_page_short_is_recorded_to_its_end(tmp_path: Path) -> None:
    """What the supervisor writes into can be cut off by any process of the same user."""
    (tmp_path / "cuts.py").write_text(
        "import os, sys, time\n"
        "page = os.environ['SPAWNSCOPE_PROBE'] + '/tick'\n"
        "cut = 'import os, sys; os.truncate(sys.argv[1], 0)'\n"
        "for number in range(3):\n"
        "    command = [sys.executable, '-I', '-c', cut, page]\n"
        "    pid = os.posix_spawn(sys.executable, command, {})\n"  # which is no operation
        "    assert os.waitpid(pid, 0)[1] == 0\n"
        "    end = time.monotonic() + 10\n"
        "    while not os.stat(page).st_size and time.monotonic() < end: time.sleep(0.01)\n"
        "    print('round', number, os.stat(page).st_size)\n"
    )
    done = record("--quiet", tmp_path / "cuts.py", cwd=tmp_path)
    assert done.stdout == b"round 0 8\nround 1 8\nround 2 8\n"
    assert (done.returncode, done.stderr) == (0, b"")
