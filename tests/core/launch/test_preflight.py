"""What the pre-flight check says about real scripts, folders, interpreters and commands."""

from __future__ import annotations

import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from interpreters import interpreters

from spawnscope.core.launch.preflight import is_quick
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind

SCRIPT, MODULE = TargetKind.SCRIPT, TargetKind.MODULE
FUNCTION, COMMAND = TargetKind.FUNCTION, TargetKind.COMMAND

Check = Callable[..., list[tuple[str, str]]]
Write = Callable[..., str]

pytestmark = pytest.mark.usefixtures("own_interpreter")


# Scripts


def test_a_script_that_is_there_passes(check: Check, write: Write) -> None:
    write("a.py", "print(1)")
    assert check(SCRIPT, "a.py") == []


def test_a_missing_script_is_named_with_its_neighbour(check: Check, write: Write) -> None:
    write("pipeline.py")
    [(field, sentence)] = check(SCRIPT, "pipelin.py")
    assert field == "target"
    assert "There is no script" in sentence
    assert "Did you mean 'pipeline.py'?" in sentence


def test_a_missing_folder_of_a_script_is_named(check: Check) -> None:
    [(_, sentence)] = check(SCRIPT, "gone/a.py")
    assert "there is no folder" in sentence


def test_a_folder_is_no_script(check: Check, tmp_path: Path) -> None:
    (tmp_path / "a.py").mkdir()
    assert "is a folder" in check(SCRIPT, "a.py")[0][1]


def test_an_unreadable_script_is_refused(check: Check, write: Write, tmp_path: Path) -> None:
    path = Path(write("a.py"))
    path.chmod(0)
    tmp_path.chmod(0o755)
    root = os.geteuid() == 0  # who may read everything: be an ordinary user meanwhile
    for parent in tmp_path.parents[:3] if root else ():
        parent.chmod(0o755)
    if root:
        os.seteuid(65534)
    try:
        faults = check(SCRIPT, "a.py")
    finally:
        if root:
            os.seteuid(0)
    assert "cannot be read: Permission denied" in faults[0][1]


def test_the_line_of_a_syntax_error_is_given(check: Check, write: Write) -> None:
    write("a.py", "x = 1\ndef f(:\n    pass\n")
    [(field, sentence)] = check(SCRIPT, "a.py")
    assert field == "target"
    assert "a.py', line 2: invalid syntax" in sentence


NOT_UTF_8 = "Non-UTF-8 code" if sys.version_info >= (3, 14) else "(unicode error)"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (b"return 1\n", "line 1: 'return' outside function"),
        (b"x = '\xff'\n", f"line 1: {NOT_UTF_8}"),
        (b"# coding: nonsense\n", "unknown encoding"),
        (b"x = 1\0\n", "null bytes"),
    ],
)
def test_what_python_would_refuse_is_quoted(
    source: bytes, sentence: str, check: Check, tmp_path: Path
) -> None:
    (tmp_path / "a.py").write_bytes(source)
    assert sentence in check(SCRIPT, "a.py")[0][1]


def test_a_corrected_script_passes_at_once(check: Check, write: Write) -> None:
    write("a.py", "def (:\n")
    assert check(SCRIPT, "a.py")
    write("a.py", "print(1)\n")
    assert check(SCRIPT, "a.py") == []


def test_odd_but_valid_sources_pass(check: Check, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\xef\xbb\xbf# -*- coding: utf-8 -*-\r\nprint('\xc3\xa4')\r\n")
    assert check(SCRIPT, "a.py") == []
    (tmp_path / "b.py").write_bytes(b"# coding: latin-1\nprint('\xff')\n")
    assert check(SCRIPT, "b.py") == []
    (tmp_path / "c.py").write_bytes(b"print('\\d', 1 is 1)\n")  # warnings are no errors
    assert check(SCRIPT, "c.py") == []
    with zipfile.ZipFile(tmp_path / "d.pyz", "w") as archive:
        archive.writestr("__main__.py", "print(1)")
    assert check(SCRIPT, "d.pyz") == []


def test_a_pipe_as_script_is_not_read(check: Check, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.py")
    assert check(SCRIPT, "a.py") == []


def test_the_syntax_of_another_python_is_its_own_matter(check: Check, write: Write) -> None:
    other = next(
        (path for version, path in interpreters().items()
         if version != f"{sys.version_info[0]}.{sys.version_info[1]}"), None,
    )  # fmt: skip
    if other is None:
        pytest.skip("no other Python on this machine")
    write("a.py", "print 'old'\n")
    assert check(SCRIPT, "a.py", interpreter=other) == []


def test_nothing_of_the_user_is_run(check: Check, write: Write, tmp_path: Path) -> None:
    bomb = f"open({str(tmp_path / 'ran')!r}, 'w')\n"
    for name in ("a.py", "pkg/__init__.py", "pkg/sub/__init__.py", "pkg/sub/__main__.py"):
        write(name, bomb + "def f(): ...\n")
    assert check(SCRIPT, "a.py") == []
    assert check(MODULE, "pkg.sub") == []
    assert check(FUNCTION, "pkg.sub:f") == []
    assert not (tmp_path / "ran").exists()
    assert "pkg" not in sys.modules


# Folders and interpreters


def test_a_missing_working_directory_is_a_fault(check: Check, write: Write) -> None:
    assert [field for field, _ in check(COMMAND, "/bin/sh", cwd="/nowhere")] == ["cwd"]
    path = write("file")
    [(field, sentence)] = check(COMMAND, "/bin/sh", cwd=path)
    assert (field, "is a file" in sentence) == ("cwd", True)


def test_a_wrong_interpreter_is_a_fault(check: Check, write: Write) -> None:
    path = write("a.py", "print(1)")
    assert check(SCRIPT, path, interpreter="/gone/python")[0][0] == "interpreter"
    assert "no Python interpreter" in check(SCRIPT, path, interpreter="/bin/ls")[0][1]
    assert "not executable" in check(SCRIPT, path, interpreter=path)[0][1]


def test_only_an_unknown_interpreter_takes_time(write: Write) -> None:
    path = write("a.py")
    assert is_quick(LaunchSpec(kind=SCRIPT, target=path))
    assert is_quick(LaunchSpec(kind=SCRIPT, target=path, interpreter="/gone/python"))
    assert is_quick(LaunchSpec(kind=COMMAND, target="ls", interpreter="/bin/ls"))
    assert not is_quick(LaunchSpec(kind=SCRIPT, target=path, interpreter="/bin/ls"))


# Commands


def test_a_command_is_found_on_the_path_it_will_have(check: Check, tmp_path: Path) -> None:
    tool = tmp_path / "tools" / "my-tool"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\n")
    tool.chmod(0o755)
    assert check(COMMAND, "my-tool", environment={"PATH": str(tool.parent)}) == []
    assert check(COMMAND, "my-tool", environment={"PATH": "tools"}) == []
    assert check(COMMAND, "tools/my-tool") == []
    assert check(COMMAND, str(tool)) == []
    [(field, sentence)] = check(COMMAND, "my-tol", environment={"PATH": str(tool.parent)})
    assert field == "target"
    assert sentence == "There is no command 'my-tol' on PATH. Did you mean 'my-tool'?"


def test_a_command_that_cannot_be_executed_says_why(check: Check, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "plain").write_text("text")
    (tmp_path / "link").symlink_to("gone")
    (tmp_path / "script").write_text("#!/no/such/program -x\n")
    (tmp_path / "script").chmod(0o755)
    assert "is a folder" in check(COMMAND, "./folder")[0][1]
    assert "is not executable" in check(COMMAND, "./plain")[0][1]
    assert "write './plain'" in check(COMMAND, "plain")[0][1]
    assert "link to 'gone', which is missing" in check(COMMAND, "./link")[0][1]
    assert "asks for '/no/such/program', which" in check(COMMAND, "./script")[0][1]
    assert "There is no program './nothing'" in check(COMMAND, "./nothing")[0][1]


def test_faults_of_form_come_before_any_look_at_the_machine(check: Check) -> None:
    [(field, sentence)] = check(FUNCTION, "no colon", cwd="/nowhere")
    assert (field, "package.module:function" in sentence) == ("target", True)
