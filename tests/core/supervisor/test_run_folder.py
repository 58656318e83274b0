"""The run folder, whatever the processes that write into it do to it."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from spawnscope.core.observe import run_folder_place
from spawnscope.core.supervisor import run_folder
from spawnscope.core.supervisor.run_folder import RunFolder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunFolder]:
    monkeypatch.setattr(run_folder_place, "SHARED_MEMORY", str(tmp_path))
    made = RunFolder(run_folder_place.new_path())
    yield made
    made.close()
    assert list(tmp_path.iterdir()) == []


def rounds(folder: RunFolder) -> int:
    number: int = struct.unpack("=Q", Path(folder.path, "tick").read_bytes()[:8])[0]
    return number


def test_rounds_go_on_when_somebody_cuts_the_page_short(folder: RunFolder) -> None:
    folder.tick()
    assert rounds(folder) == 1
    os.truncate(f"{folder.path}/tick", 0)
    folder.tick()
    folder.tick()
    assert rounds(folder) == 3


def test_what_is_there_already_is_never_taken_for_ours(folder: RunFolder, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir(0o700)
    with pytest.raises(FileExistsError):
        RunFolder(str(taken))
    assert taken.exists()
    taken.rmdir()


def test_each_file_is_found_once_and_the_oldest_first(folder: RunFolder) -> None:
    for name in ("7-20.rec", "8-10.skipped", "x.rec", "0-1.rec", "7-20.stack", "tick.rec"):
        Path(folder.path, name).touch()
    assert [(f.pid, f.created_ns, f.kind) for f in folder.new_files()] == [
        (8, 10, "skipped"),
        (7, 20, "rec"),
    ]
    assert folder.new_files() == []
    folder.discard("8-10.skipped")
    Path(folder.path, "9-30.fault").touch()
    assert [file.name for file in folder.new_files()] == ["9-30.fault"]


def test_a_look_at_a_flood_of_files_goes_on_in_the_next(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_folder, "_MOST_ENTRIES", 10)
    monkeypatch.setattr(run_folder, "_MOST_FILES", 30)
    for number in range(25):
        Path(folder.path, f"7-{number}.rec").touch()
    found = [folder.new_files() for _ in range(5)]
    assert max(map(len, found)) == 10
    assert len({file for files in found for file in files}) == 25
    assert not folder.overfull
    for number in range(25):
        Path(folder.path, f"8-{number}.rec").touch()
    assert sum(len(folder.new_files()) for _ in range(10)) == 5
    assert folder.overfull


def test_a_reason_is_read_from_an_ordinary_file_only(folder: RunFolder) -> None:
    path = Path(folder.path)
    (path / "7-1.fault").write_text("OSError: no\nmore\n")
    (path / "7-2.fault").symlink_to("/etc/passwd")
    os.mkfifo(path / "7-3.fault")
    assert [folder.read_reason(f"7-{number}.fault") for number in range(5)] == [
        "", "OSError: no", "", "", "",
    ]  # fmt: skip


def test_what_a_dead_supervisor_left_is_removed_after_a_while(
    folder: RunFolder, tmp_path: Path
) -> None:
    def left(name: str, age: int) -> Path:
        made = tmp_path / f"{run_folder_place.prefix()}{name}"
        made.mkdir(0o700)
        (made / "tick").touch()
        os.utime(made, (os.stat(made).st_mtime - age,) * 2)
        return made

    old, young, open_to_all = left("old", 100), left("young", 10), left("open", 100)
    open_to_all.chmod(0o755)
    os.utime(folder.path, (0, 0))  # the living one is as old, but it is locked
    again = RunFolder(run_folder_place.new_path())
    again.close()
    assert not old.exists()
    assert young.exists()
    assert open_to_all.exists()
    assert os.path.exists(folder.path)
    for one in (young, open_to_all):
        (one / "tick").unlink()
        one.rmdir()


def test_a_file_that_comes_in_the_same_tick_of_the_clock_as_two_looks_is_found(
    folder: RunFolder,
) -> None:
    tick = time.time_ns() + 10**9  # what the clock behind times of change says meanwhile
    os.utime(folder.path, ns=(tick, tick))
    assert folder.new_files() == folder.new_files() == []
    Path(folder.path, "7-20.rec").touch()
    os.utime(folder.path, ns=(tick, tick))
    assert [file.name for file in folder.new_files()] == ["7-20.rec"]
