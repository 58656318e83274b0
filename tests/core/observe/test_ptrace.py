"""Who may look into whom, and what is said where the kernel does not allow it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from spawnscope.core.observe import ptrace

ALLOW = "sudo setcap cap_sys_ptrace=eip /bin/py-spy"
READ = """
import sys, threading, time
from spawnscope.core.observe.py_spy import PySpy
from spawnscope.core.observe.stacks import StackError
try:
    found = PySpy(sys.argv[1]).read(int(sys.argv[2]), time.time_ns(), threading.Event())
    print(found.threads[0].frames[-1].function)
except StackError as error:
    print(error)
"""
NOBODY = ["--reuid=65534", "--regid=65534", "--clear-groups"]
CONTAINER = ["--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace"]


@pytest.fixture
def scope(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file that says what the kernel allows."""
    path = tmp_path / "ptrace_scope"
    monkeypatch.setattr(ptrace, "_SCOPE", str(path))
    return path


@pytest.mark.parametrize(
    ("value", "capable", "must"),
    [("1\n", False, True), ("1\n", True, False), ("0\n", False, False), ("2\n", False, False)],
)
def test_a_name_is_needed_for_1_alone(
    scope: Path, monkeypatch: pytest.MonkeyPatch, value: str, capable: bool, must: bool
) -> None:
    scope.write_text(value)
    monkeypatch.setattr(ptrace, "_has", lambda which: capable and which == "CapEff")
    assert ptrace.must_be_named() is must


@pytest.mark.parametrize(
    ("value", "to_be_had", "owner", "sentence"),
    [
        ("1", True, None, f"named nobody: it carries no probe, .* Allow it once with: {ALLOW}$"),
        ("2", True, None, f"ptrace_scope is 2. Give it once with: {ALLOW}$"),
        ("3", False, 7, "is 3. Set it to 1 in /etc/sysctl.d, and restart"),
        ("", True, 7, f"belongs to the user 7, .* once with: {ALLOW}$"),
        ("2", False, 7, "container with --cap-add=SYS_PTRACE"),
        ("", True, None, f"does not let py-spy look into this process. .* with: {ALLOW}$"),
    ],
)
def test_the_sentence_says_what_to_do(
    scope: Path,
    monkeypatch: pytest.MonkeyPatch,
    value: str,
    to_be_had: bool,
    owner: int | None,
    sentence: str,
) -> None:
    if value:
        scope.write_text(value)
    monkeypatch.setattr(ptrace, "_has", lambda which: to_be_had)
    monkeypatch.setattr(ptrace, "_owner", lambda pid: os.geteuid() if owner is None else owner)
    said = ptrace.refusal(1, "/bin/py-spy")
    assert re.search(sentence, said), said


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that others may read; what pytest makes is not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize(
    ("theirs", "ours", "sentence"),
    [
        (NOBODY, NOBODY, "<module>"),
        (NOBODY, [*NOBODY, *CONTAINER], "<module>"),
        ([], NOBODY, "belongs to the user 0,"),
        (CONTAINER, CONTAINER, "<module>"),
        ([], CONTAINER, "--cap-add=SYS_PTRACE"),
    ],
    ids=["an ordinary user", "in a container", "of root", "root in a container", "more capable"],
)
def test_real_processes_of_users_and_containers(
    theirs: list[str], ours: list[str], sentence: str, open_folder: Path
) -> None:
    if os.geteuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("NOT TESTED: needs root and setpriv")
    if ptrace.scope():
        pytest.skip("NOT TESTED: kernel.yama.ptrace_scope is not 0")
    assert os.stat(sys.prefix).st_mode & 0o5  # that nobody can run it
    program = open_folder / "py-spy"
    shutil.copy(shutil.which("py-spy", path=Path(sys.executable).parent), program)
    waits = ["/usr/bin/python3", "-c", "print(1, flush=True); input()"]
    with subprocess.Popen(
        ["setpriv", *theirs, *waits], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd="/"
    ) as process:
        process.stdout.readline()
        reads = [sys.executable, "-c", READ, program, str(process.pid)]
        done = subprocess.run(["setpriv", *ours, *reads], cwd="/", capture_output=True, text=True)
        process.communicate(b"\n")
    assert sentence in done.stdout, done.stderr
