"""Tasks that raise or end their worker are kept where that is asked for, and run alone they do the
same again: under every start method, with old Pythons and new ones."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from interpreters import interpreters
from probing import TARGETS, probed
from recording import record

from spawnscope.core.launch.alone import AloneError, alone
from spawnscope.core.session.reader import SessionReader

PROGRAM = TARGETS / "failing_tasks.py"
PARTS = ("good", "raised", "fault", "killed", "chunk", "stars", "rebuilt", "large", "executor")
WAYS = [("3.8", "spawn"), ("3.15", "fork")]


def begun_alone(reader: SessionReader) -> list[subprocess.Popen[str] | str]:
    """All tasks that are kept, each in a process of its own; or why there is none."""
    begun: list[subprocess.Popen[str] | str] = []
    for task in reader.kept_tasks():
        try:
            spec, payload = alone(task, reader.pickled_task(task.task))
        except AloneError as error:
            begun.append(str(error))
            continue
        end, source = os.pipe()
        os.write(source, payload)  # less than a pipe holds
        os.close(source)
        command = [spec.target, *spec.arguments, str(end)]
        begun.append(
            subprocess.Popen(
                command, cwd=spec.cwd, pass_fds=(end,), stderr=subprocess.PIPE, text=True
            )
        )
        os.close(end)
    return begun


@pytest.mark.parametrize(("version", "method"), WAYS)
def test_what_failed_fails_alone_in_the_same_way(version: str, method: str, tmp_path: Path) -> None:
    if version not in interpreters():
        pytest.skip(f"there is no Python {version} here")
    path = tmp_path / "a.spawnscope"
    done = record(
        "--keep-failed-tasks", "-o", path, "--python", interpreters()[version],
        PROGRAM, method, *PARTS,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert b"third ended" in done.stderr  # as the summary has it
    reader = SessionReader(path)
    tasks = reader.kept_tasks()
    assert [(each.function, each.error) for each in tasks] == [
        ("refuse", "ValueError"), ("fault", ""), ("leave", ""), ("third", ""), ("both", "KeyError"),
        ("", ""), ("measure", "ValueError"), ("refuse", "ValueError"), ("third", ""),
    ]  # fmt: skip
    assert all(each.context.python == interpreters()[version] for each in tasks)
    assert tasks[6].size > 2 << 20
    ends: list[tuple[int, list[str]]] = []
    for each in begun_alone(reader):
        if isinstance(each, str):
            ends.append((2, [each]))
        else:
            words = each.communicate(timeout=60)[1]
            ends.append((each.returncode, words.splitlines()))
    reader.close()
    raised, fault, killed, chunk, stars, rebuilt, large, executor, mapped = ends
    assert raised[0] == 1
    assert raised[1][0] == "run alone: refuse(1, because='so')"
    assert raised[1][-1] == "ValueError: ('so', 1, ('ready', [1, 2.5, None]))"
    assert fault[0] == -11
    assert fault[1][:2] == ["run alone: fault(0)", "Fatal Python error: Segmentation fault"]
    assert any(f'"{PROGRAM}", line ' in line and " in fault" in line for line in fault[1])
    assert killed == (-9, ["run alone: call 1 of 1: leave(1)"])
    assert (chunk[0], chunk[1][-1]) == (7, "run alone: call 4 of 5: third(3)")
    assert stars[1][-1] == "KeyError: 'b'"
    assert rebuilt == (9, [])
    assert large == (2, ["The task is too large to be kept: 2.1 MB."])
    assert executor[1][0].startswith("run alone: the initializer prepare_by of its pool is not ")
    assert executor[1][-1] == "ValueError: ('', 7, None)"
    assert (mapped[0], mapped[1][-1]) == (7, "run alone: call 3 of 5: third(3)")


@pytest.mark.parametrize(("options", "count"), [("", 0), ("keep=yes", 4)])
def test_a_worker_keeps_few_for_its_user_alone_and_only_if_asked(
    options: str, count: int, tmp_path: Path
) -> None:
    tmp_path.chmod(0o700)
    of = {"SPAWNSCOPE_PROBE_OPTIONS": options}
    done = probed(tmp_path, sys.executable, PROGRAM, "fork", "many", **of)
    assert done.returncode == 0, done.stderr
    files = [each for each in tmp_path.iterdir() if ".task" in each.name]
    assert len(files) == count
    assert {each.stat().st_mode & 0o777 for each in files} <= {0o600}
