"""What an interpreter is, learned from real ones and from programs that are none."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from interpreters import interpreters
from waiting import wait_until

from spawnscope.core.launch import interpreter
from spawnscope.core.launch.interpreter import (
    InterpreterError,
    default_interpreter,
    describe,
    is_own,
    known,
    locate,
)


def _program(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def _has_ended(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


@pytest.fixture(scope="module")
def venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment of the Python that runs the tests."""
    folder = tmp_path_factory.mktemp("project") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    return folder


def test_every_python_says_its_version_and_path(interpreter: str) -> None:
    info = describe(interpreter)
    said = subprocess.run(
        [interpreter, "-c", "import sys; print(*sys.version_info[:3], sep='.'); print(sys.prefix)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert [".".join(map(str, info.version)), info.prefix] == said
    assert any(entry.endswith("lib-dynload") for entry in info.sys_path)
    assert "sys" in info.builtin_modules


def test_python_2_answers_too() -> None:
    paths = sorted(Path("~/.pyenv/versions").expanduser().glob("2.7.*/bin/python"))
    if not paths:
        pytest.skip("no Python 2.7 on this machine")
    info = describe(str(paths[-1]))
    assert info.version[:2] == (2, 7)
    assert info.label.startswith("Python 2.7")


def test_the_link_of_a_venv_is_not_followed(venv: Path) -> None:
    info = describe(str(venv / "bin" / "python"))
    assert info.path == str(venv / "bin" / "python")
    assert info.prefix == str(venv)
    assert not info.own


def test_the_folder_of_a_venv_stands_for_its_python(venv: Path) -> None:
    assert locate(str(venv)) == str(venv / "bin" / "python")
    assert locate(os.path.relpath(venv)) == str(venv / "bin" / "python")


def test_a_name_is_looked_up_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = _program(tmp_path / "snake", "#!/bin/sh\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert locate("snake") == program


def test_our_own_interpreter_is_never_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    assert describe(sys.executable).own
    assert describe(sys.executable).version == sys.version_info[:3]


def test_an_interpreter_is_run_once_until_it_changes(tmp_path: Path) -> None:
    log = tmp_path / "log"
    path = tmp_path / "python"
    text = f'#!/bin/sh\necho run >> "{log}"\nexec "{sys.executable}" "$@"\n'
    program = _program(path, text)
    assert known(program) is None
    first = describe(program)
    assert known(program) == first
    assert describe(program) == first
    assert log.read_text().count("run") == 1
    _program(path, text + "# changed\n")
    assert known(program) is None
    describe(program)
    assert log.read_text().count("run") == 2


def test_the_active_virtual_environment_is_the_default(
    venv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", str(venv))
    assert default_interpreter() == str(venv / "bin" / "python")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "removed"))
    assert default_interpreter() == sys.executable
    monkeypatch.delenv("VIRTUAL_ENV")
    assert locate("") == sys.executable


def test_another_name_of_our_interpreter_is_ours() -> None:
    other = os.path.join(
        os.path.dirname(sys.executable), f"python{sys.version_info[0]}.{sys.version_info[1]}"
    )
    if not os.path.exists(other):
        pytest.skip(f"there is no {other}")
    assert is_own(other)


def test_the_base_of_our_venv_is_another_interpreter() -> None:
    if sys.prefix == sys.base_prefix:
        pytest.skip("the tests do not run in a virtual environment")
    assert not is_own(os.path.realpath(sys.executable))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("#!/bin/sh\nexit 3\n", "no Python interpreter: it answered"),
        ("#!/bin/sh\necho I am a shell >&2\n", "I am a shell"),
        ("#!/bin/sh\necho spawnscope:{}\n", "no Python interpreter"),
        ("#!/nowhere/python\n", "cannot be run"),
        ("\x7fELF nonsense", "cannot be run"),
        ("#!/bin/sh\nkill -SEGV $$\n", "no Python interpreter"),
    ],
)
def test_what_is_no_python_is_said_to_be_none(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(InterpreterError, match=sentence) as caught:
        describe(_program(tmp_path / "program", text))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("shell", ["/bin/sh", "/bin/bash", "/bin/dash"])
def test_a_shell_runs_nothing_of_the_question(
    shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not os.path.exists(shell):
        pytest.skip(f"no {shell} on this machine")
    for name in ("import", "exec", "sys", "json", "if", "known"):
        _program(tmp_path / name, f'#!/bin/sh\ntouch "{tmp_path}/ran"\n')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(InterpreterError, match="no Python interpreter"):
        describe(shell)
    assert not (tmp_path / "ran").exists()


def test_a_module_in_the_working_directory_is_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, venv: Path
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong json')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(interpreter, "_answers", {})
    assert describe(str(venv)).version == sys.version_info[:3]


def test_a_program_that_hangs_is_given_up_and_ended(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    program = _program(
        tmp_path / "program", f'#!/bin/sh\nsleep 600 &\necho $$ $! > "{pids}"\nwait\n'
    )
    began = time.monotonic()
    with pytest.raises(InterpreterError, match=r"did not answer within 0\.5 seconds"):
        describe(program, timeout=0.5)
    assert time.monotonic() - began < 5
    for pid in pids.read_text().split():
        wait_until(lambda pid=pid: _has_ended(pid))


def test_a_program_that_writes_without_end_is_stopped(tmp_path: Path) -> None:
    program = _program(tmp_path / "program", "#!/bin/sh\nexec yes\n")
    with pytest.raises(InterpreterError, match="writes without end"):
        describe(program)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: None, "There is no interpreter"),
        (lambda path: path.mkdir(), "no virtual environment"),
        (lambda path: path.write_text(""), "not executable"),
        (lambda path: path.symlink_to("/gone/python"), "is a link to '/gone/python'"),
    ],
)
def test_what_cannot_be_run_is_refused_without_a_try(
    tmp_path: Path, make: object, sentence: str
) -> None:
    path = tmp_path / "thing"
    make(path)  # type: ignore[operator]
    with pytest.raises(InterpreterError, match=sentence):
        locate(str(path))


def test_import_hooks_of_an_environment_are_noticed(tmp_path: Path) -> None:
    python = next(iter(interpreters().values()), None)
    if python is None:
        pytest.skip("no other Python on this machine")
    folder = tmp_path / "hooked"
    subprocess.run([python, "-m", "venv", "--without-pip", str(folder)], check=True)
    assert not describe(str(folder)).hooked
    site = next((folder / "lib").glob("python*/site-packages"))
    (site / "editable.pth").write_text(
        "import sys; sys.meta_path.append(type('F', (), {'find_spec': lambda *a: None})())\n"
    )
    interpreter._answers.clear()
    assert describe(str(folder)).hooked
