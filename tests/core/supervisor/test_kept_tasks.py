"""What workers keep of their tasks: taken over within bounds, whatever they write; and run alone in
the session that it failed in, or from a file, but never by itself."""

from __future__ import annotations

import os
import pickle
import pty
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from struct import Struct
from types import SimpleNamespace
from typing import Any

import pytest
from live import Live
from recorder_world import Journal
from recording import run, spawnscope

from spawnscope.core.launch.alone import alone
from spawnscope.core.observe import run_folder_place
from spawnscope.core.probe._spawnscope_probe import kept_layout as layout
from spawnscope.core.session.reader import SessionReader
from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.supervisor.kept_tasks import MOST_ENDED, MOST_RAISED, KeptTasks
from spawnscope.core.supervisor.run_folder import RunFolder
from spawnscope.core.vocabulary.events import WorkerStarted
from spawnscope.core.vocabulary.kept_task import CallContext, KeptTask

_HEADER = Struct("=16Q")
GOOD = {
    layout.MAGIC_AT: layout.MAGIC, layout.STATE: layout.IN_HAND, layout.SIZE: 4, layout.KEPT: 4,
    layout.NUMBER: 9, layout.FUNCTION: 1, layout.OBJECT: 2, layout.CONTEXT_BYTES: 14,
}  # fmt: skip
CONTEXT = b"python\0/usr/p\0"


class Kept:
    """A run folder with files of workers, and what the session is told of them."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self.journal = Journal()
        journal: Any = self.journal
        self.tasks = KeptTasks(folder, journal, lambda: 5)
        self.count = 0

    def ends(self, ordered: bool = False, status: int = 9, **words: int) -> None:
        """A worker of run 1 has ended with this in its file."""
        values = {**GOOD, **{int(name[1:]): value for name, value in words.items()}}
        header = _HEADER.pack(*(values.get(at, 0) for at in range(16)))
        length = min(values[layout.CONTEXT_BYTES], 200_000)
        context = CONTEXT.ljust((length + 7) // 8 * 8, b"\0")
        one = self.worker(status)
        Path(self.folder.path, f"{one.name[:-4]}.task0").write_bytes(header + context + b"task")
        self.tasks.last(one, ordered)
        assert not list(Path(self.folder.path).glob("*.task*"))

    def worker(self, status: int = 9) -> Any:
        self.count += 1
        return SimpleNamespace(
            name=f"1-{self.count}.rec",
            facts={"tasks": ("0",)},
            record=SimpleNamespace(number=3, worker=1, status=status),
            resolved=lambda number, *texts: (number, [("", "work", "KeyError")[t] for t in texts]),
        )

    @property
    def told(self) -> list[tuple[KeptTask, bytes | None]]:
        return self.journal.of("kept_task")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    monkeypatch.setattr(run_folder_place, "SHARED_MEMORY", str(tmp_path))
    folder = RunFolder(run_folder_place.new_path())
    yield Kept(folder)
    folder.close()


def test_the_task_of_a_worker_that_ended_by_itself_is_kept(kept: Kept) -> None:
    kept.ends()
    kept.ends(ordered=True)  # by its own program, whatever it was in
    kept.ends(status=0, _5=0)  # no task, but word that it may end
    kept.ends(status=signal.SIGTERM)  # somebody else wanted it to end
    assert kept.told == [
        (
            KeptTask(1, 3, 5, 2, 9, "work", "", 4, True, CallContext(python="/usr/p")), b"task",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        {"_0": 7}, {"_1": 0}, {"_1": 3}, {"_2": 5}, {"_2": 2**63, "_3": 2**63},
        {"_2": 2 << 20, "_3": 2 << 20}, {"_8": 2**40}, {"_2": 9, "_3": 9}, {"_8": 180_000},
    ],
)  # fmt: skip
def test_what_does_not_hold_together_is_nothing(kept: Kept, words: dict[str, int]) -> None:
    kept.ends(**words)
    assert kept.told == []


def test_what_is_no_file_of_a_worker_is_nothing(kept: Kept, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"x" * 500)
    for make in (os.mkfifo, os.mkdir, lambda path: os.symlink(secret, path)):
        one = kept.worker()
        make(Path(kept.folder.path, f"{one.name[:-4]}.task0"))
        kept.tasks.last(one, False)
    kept.tasks.last(kept.worker(), False)
    for said in ("", "x", "-1", "9" * 30):
        one = kept.worker()
        one.facts = {"tasks": (said,)}
        kept.tasks.last(one, False)
    assert kept.told == []


def test_a_context_of_nonsense_costs_itself(kept: Kept) -> None:
    for context in (b"\xff\0\xfe\0path", b"path\0a\0path\0b\0", b"\0" * 14):
        one = kept.worker()
        header = _HEADER.pack(*({**GOOD, layout.CONTEXT_BYTES: 16}.get(at, 0) for at in range(16)))
        file = Path(kept.folder.path, f"{one.name[:-4]}.task0")
        file.write_bytes(header + context.ljust(16, b"\0") + b"task")
        kept.tasks.last(one, False)
    assert [task.context.path for task, _ in kept.told] == [("",), ("a", "b"), ()]


def test_of_a_run_only_so_many_are_kept(kept: Kept) -> None:
    for _ in range(MOST_RAISED + 5):
        kept.ends(_1=layout.RAISED, _6=2)
    for _ in range(MOST_ENDED + 5):
        kept.ends()
    assert [task.error for task, _ in kept.told] == ["KeyError"] * MOST_RAISED + [""] * MOST_ENDED


def test_it_is_run_in_the_session_that_it_failed_in(tmp_path: Path) -> None:
    """With the environment of its run, and again if it is restarted; meanwhile nobody else can read
    what workers keep."""
    with Live(tmp_path / "a.spawnscope") as live:
        live.script(
            "failing_tasks", "fork", "raised", "executor", environment={"BECAUSE": "me"},
            keep_failed_tasks=True,
        )  # fmt: skip
        live.until(lambda: [e.function for e in live.of(KeptTask)] == ["refuse", "refuse", "third"])
        first = live.of(KeptTask)[1]
        reader = SessionReader(tmp_path / "a.spawnscope")
        spec, payload = alone(first, live.until(lambda: reader.pickled_task(first.task)))
        reader.close()
        live.client.run_alone(spec, payload, first.process)

        def begun(count: int) -> int:
            found = [e for e in live.of(WorkerStarted) if e.title == "refuse alone"]
            return found[-1].process if len(found) == count else 0

        process = live.until(lambda: begun(1))
        assert live.exited(process).exit_code == 1
        assert live.says(process, "ValueError: ('me', 7, None)")
        live.client.restart(process)
        assert live.exited(live.until(lambda: begun(2))).exit_code == 1


class Trap:
    """Whoever rebuilds it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (str(self.path), "w")


def test_a_session_of_somebody_else_runs_nothing_by_itself(tmp_path: Path) -> None:
    path, sprung = tmp_path / "theirs.spawnscope", tmp_path / "sprung"
    writer = SessionWriter(path, about={})
    context = CallContext(python=os.path.realpath("/proc/self/exe"), folder=str(tmp_path))
    task = KeptTask(1, 1, 1, None, 1, "work\x1b[2J", "", 9, True, context)
    writer.kept_task(task, pickle.dumps((0, 0, Trap(sprung), (), {})))
    writer.close()
    assert run("diagnose", path).returncode == 0
    listed = run("run-alone", path)
    assert listed.stdout.decode().startswith("1  work")
    assert b"\x1b" not in listed.stdout
    refused = run("run-alone", path, 1)
    assert refused.returncode == 2
    assert b"runs code from the session" in refused.stderr
    assert b"Give --yes" in refused.stderr
    for answer, ran in ((b"\n", False), (b"y\n", True)):
        ours, theirs = pty.openpty()
        try:
            os.write(ours, answer)
            asked = subprocess.run(
                spawnscope("run-alone", path, 1), stdin=theirs, stderr=subprocess.PIPE
            )
        finally:
            os.close(ours)
            os.close(theirs)
        assert b"only if you trust whoever made that file" in asked.stderr
        assert (b"Nothing was run." in asked.stderr) is not ran
        assert sprung.exists() is ran
