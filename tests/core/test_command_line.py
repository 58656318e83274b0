"""The command line: what it takes, and one sentence for what it does not."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from interpreters import interpreters
from recording import TIMEOUT, Recording, record, run, sentence
from waiting import wait_until

from spawnscope.core.session.reader import SessionReader

SHOW = "import sys\nprint(len(sys.argv), ascii(sys.argv[1]) if sys.argv[1:] else '')\n"


@pytest.fixture(autouse=True)
def folder(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a script and a module."""
    work = tmp_path / "work"
    work.mkdir()
    (work / "show.py").write_text(SHOW)
    (work / "jobs.py").write_text("def job(a, b=2):\n    print(a, b)\n")
    (work / "torn.py").write_text("def (:\n")
    (work / "plain.txt").write_text("no session\n")
    (work / "folder").mkdir()
    monkeypatch.chdir(work)
    return work


# Help


def test_help_and_version_are_told() -> None:
    assert run("--version").stdout == b"spawnscope 0.1.0\n"
    for arguments in (["--help"], ["-h"], ["help"]):
        done = run(*arguments)
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"spawnscope record TARGET" in done.stdout
    for command in ("record", "run", "export", "open"):
        done = run(command, "--help")
        assert done.returncode == 0
        assert done.stdout.startswith(f"usage: spawnscope {command}".encode())


# Refusals


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "There is no target"),
        (["nosuch.py"], "There is no script"),
        (["nosuch"], "There is no file 'nosuch'"),
        ([""], "There is no file ''"),
        (["folder"], "is a folder"),
        (["plain.txt"], "is no Python script"),
        (["torn.py"], "torn.py"),
        (["-m"], "There is no module after -m"),
        (["-m", "nosuch"], "There is no module 'nosuch'"),
        (["-m", "a b"], "not a module's dotted name"),
        (["nosuch:job"], "There is no module 'nosuch'"),
        (["jobs:nosuch"], "nosuch"),
        (["jobs:job"], "job"),
        (["--kwarg", "c=1", "jobs:job", "1"], "c"),
        (["--kwarg", "c", "jobs:job"], "'c' is not of the form NAME=VALUE"),
        (["--arg", "1", "show.py"], "for package.module:function only"),
        (["--start-method", "threads", "jobs:job", "1"], "threads"),
        (["--"], "There is no command after --"),
        (["--", "nosuch-command"], "There is no command 'nosuch-command'"),
        (["--", "./show.py"], "show.py"),
        (["--python", "/bin/sh", "show.py"], "no Python interpreter"),
        (["--python", "nosuch", "show.py"], "no interpreter 'nosuch'"),
        (["--cwd", "nosuch", "--", "true"], "no folder"),
        (["--count", "0", "show.py"], "The count must be from 1"),
        (["--count", "many", "show.py"], "many"),
        (["--grace", "-1", "show.py"], "The grace must be from 0"),
        (["--env", "=1", "show.py"], "not of the form NAME=VALUE"),
        (["--timeout", "0", "show.py"], "--timeout must be more than 0"),
        (["--timeout", "nan", "show.py"], "--timeout must be more than 0"),
        (["--timeout", "inf", "show.py"], "--timeout must be more than 0"),
        (["--timeout", "-1", "show.py"], "--timeout must be more than 0"),
        (["--bogus", "show.py"], "--bogus"),
        (["-"], "unrecognized arguments: -"),
        (["-o", "nosuch/file", "show.py"], "there is no folder"),
        (["-o", "folder", "show.py"], "is a folder"),
        (["-o", "plain.txt", "show.py"], "is no session file"),
        (["-o", "new", "--jsonl", "./new", "show.py"], "name the same file"),
        (["--jsonl", "nosuch/file", "show.py"], "cannot be written"),
        (["--jsonl", "folder", "show.py"], "cannot be written"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_bad_launch_is_one_sentence(folder: Path, arguments: list[str], words: str) -> None:
    before = sorted(os.listdir(folder))
    assert words in sentence(record(*arguments))
    assert sorted(set(os.listdir(folder)) - {"__pycache__"}) == before  # nothing half-made
    assert (folder / "plain.txt").read_text() == "no session\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bogus"], "'bogus' is no command"),
        (["open"], "required: file"),
        (["open", "nosuch"], "There is no session file at nosuch"),
        (["open", "plain.txt"], "plain.txt is not a session file"),
        (["run"], "There is no target"),
        (["run", "nosuch.py"], "There is no script"),
        (["run", "--jsonl", "x", "show.py"], "--jsonl"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_so_are_other_faults(arguments: list[str], words: str) -> None:
    assert words in sentence(run(*arguments))


# The session file


def test_a_session_is_replaced_and_a_device_never(folder: Path) -> None:
    for word in ("first", "second"):
        assert record("-o", "session", "--", "echo", word).returncode == 0
    reader = SessionReader(folder / "session")
    assert [message.text for message in reader.messages.page(1, 10)] == ["second"]
    reader.close()
    assert sorted(path.name for path in folder.glob("session*")) == ["session"]
    os.mkfifo("pipe")
    assert "is no session file" in sentence(record("-o", "pipe", "--", "true"))
    assert stat.S_ISFIFO(os.stat("pipe").st_mode)
    Path("empty").touch()  # as mktemp makes one
    assert record("--quiet", "-o", "empty", "--", "true").returncode == 0


def test_quiet_says_nothing_and_the_summary_says_what_ran(folder: Path) -> None:
    assert record("--quiet", "show.py").stderr == b""
    summary = record("--name", "Émile", "-o", "session", "show.py").stderr.decode()
    assert "Émile  PID " in summary
    assert "Ended normally after" in summary
    assert f"1 process, 1 message. Session: {folder}/session\n" in summary


# The events


def events(path: Path) -> list[dict[str, Any]]:
    """Whole lines so far."""
    data = path.read_bytes()
    return [json.loads(line) for line in data[: data.rfind(b"\n") + 1].splitlines()]


FIELDS = {
    "process_started": {"parent", "ppid", "name", "role", "start_method", "cmdline"},
    "process_exited": {"exit_code", "signal", "doing", "holding"},
    "message": {"stream", "text"},
    "sample": {
        "cpu_percent",
        "rss_bytes",
        "threads",
        "fds",
        "status",
        "handled",
        "ignored",
        "fds_limit",
    },
}


def test_events_are_whole_and_in_the_order_of_each_process(folder: Path) -> None:
    script = (
        "printf 'one\\ntwo\\n\\377\\000'; echo err >&2; (sleep 0.3; echo child) & wait; "
        "(exit 3) || sh -c 'kill -9 $$'; exit 4"
    )
    done = record("-o", "session", "--jsonl", "events", "--", "sh", "-c", script)
    assert done.returncode == 4
    found = events(folder / "events")
    assert {event["kind"] for event in found} == set(FIELDS)
    for event in found:
        assert FIELDS[event["kind"]] | {"kind", "time_ns", "process", "pid"} <= set(event)
    for process in {event["process"] for event in found}:
        kinds = [event["kind"] for event in found if event["process"] == process]
        assert kinds[0] == "process_started"
        assert kinds.count("process_started") == 1
        # The supervisor writes the file itself, and cannot tell of its own end.
        own = next(e for e in found if e["process"] == process)["role"] == "supervisor"
        assert own or kinds[-1] == "process_exited"
        assert kinds.count("process_exited") == (0 if own else 1)
    worker = next(e for e in found if e.get("role") == "worker")["process"]
    texts = [
        (event["stream"], event["text"])
        for event in found
        if event["kind"] == "message" and event["process"] == worker
    ]
    assert [text for stream, text in texts if stream == "stdout"] == ["one", "two", "\\xff\0"]
    assert ("stderr", "err") in texts
    ends = {event["signal"] or event["exit_code"] for event in found if "exit_code" in event}
    assert {4, "SIGKILL"} <= ends
    exported = run("export", "session", "--format", "jsonl").stdout
    assert sorted(exported.splitlines()) == sorted((folder / "events").read_bytes().splitlines())


def test_events_appear_while_the_target_runs(folder: Path) -> None:
    target = ("--", "sh", "-c", "echo early; read line; echo late")
    with Recording("--quiet", "--jsonl", "events", *target, stdin=subprocess.PIPE) as recording:
        recording.says(b"early")
        wait_until(
            lambda: any(event.get("text") == "early" for event in events(folder / "events")),
            TIMEOUT,
        )
        assert recording.process.poll() is None
        assert recording.finish()[0] == 0
    assert [e["text"] for e in events(folder / "events") if "text" in e] == ["early", "late"]


def test_a_full_disk_behind_the_events_costs_them_alone() -> None:
    done = record("--quiet", "--jsonl", "/dev/full", "--", "sh", "-c", "echo out; exit 3")
    assert (done.returncode, done.stdout) == (3, b"out\n")
    assert done.stderr.count(b"\n") == 1
    assert b"--jsonl ends here, the run goes on: No space left on device." in done.stderr


# Odd bytes and many arguments


def test_names_and_arguments_may_hold_any_bytes(folder: Path) -> None:
    odd = b"caf\xe9 \n\x01"
    place = os.path.join(os.fsencode(folder), odd)
    os.mkdir(place)
    shutil.copy("show.py", os.path.join(place, odd + b".py"))
    done = record(
        "-o", os.path.join(place, odd), "--jsonl", os.path.join(place, b"\xff"), "--name", odd,
        "--cwd", place, "--env", b"\xe9=\xe9", odd + b".py", odd,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == rb"2 'caf\udce9 \n\x01'" + b"\n"
    assert b"Traceback" not in done.stderr
    found = events(Path(os.fsdecode(place)) / os.fsdecode(b"\xff"))
    names = [e["name"] for e in found if e["kind"] == "process_started"]
    assert names == ["spawnscope", "caf\\xe9 \n\x01"]


def test_thousands_of_arguments_are_handed_on() -> None:
    done = record("--jsonl", "events", "show.py", *["argument" * 4] * 20_000)
    assert (done.returncode, done.stdout[:6]) == (0, b"20001 ")
    started = next(e for e in events(Path("events")) if e.get("role") == "worker")
    assert started["cmdline"][-1] == "…"
    assert len("".join(started["cmdline"])) < 5000


# Interpreters


def test_a_module_runs_and_its_arguments_are_its_own() -> None:
    done = record("--quiet", "-m", "json.tool", "--json-lines", "--indent", "1", input=b"[]\n{}\n")
    assert done.stdout == b"[]\n{}\n"
    assert record("--quiet", "-mshow", "--help").stdout == b"2 '--help'\n"


def test_scripts_of_another_python_just_run(interpreter: str) -> None:
    done = record("--quiet", "--python", interpreter, "show.py", "x")
    assert (done.stdout, done.stderr) == (b"2 'x'\n", b"")


def test_so_do_those_of_a_very_old_one() -> None:
    versions = Path(next(iter(interpreters().values()), "/nowhere")).parents[2]
    old = sorted(versions.glob("2.7.*/bin/python"))
    if not old:
        pytest.skip("no Python 2.7 on this machine")
    Path("old.py").write_text("import sys\nprint 'old', sys.version_info[0]\n")
    done = record("--quiet", "--python", old[0], "old.py")
    assert (done.stdout, done.stderr) == (b"old 2\n", b"")
    assert "cannot spawn" in sentence(
        record("--python", old[0], "--start-method", "spawn", "jobs:job", "1")
    )


def test_a_wrapper_that_acts_as_python_is_taken_for_one(folder: Path) -> None:
    wrapper = folder / "mypython"
    wrapper.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    wrapper.chmod(0o755)
    assert record("--quiet", "--python", wrapper, "show.py").stdout == b"1 \n"
