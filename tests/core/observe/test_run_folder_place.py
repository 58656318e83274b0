"""A run folder is its user's alone, or it is none; what is somebody else's is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spawnscope.core.observe import run_folder_place
from spawnscope.core.observe.run_folder_place import open_file, open_folder, remove

needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="NOT CHECKED: only root can give a folder to another user"
)
NOBODY = 65534


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "run"
    made.mkdir(0o700)
    (made / "file").write_text("x")
    return made


def refused(path: Path) -> bool:
    try:
        os.close(open_folder(str(path)))
    except OSError:
        return True
    return False


def test_ones_own_folder_is_opened_and_removed(folder: Path) -> None:
    assert not refused(folder)
    (folder / "below").mkdir()
    (folder / "below" / "file").write_text("x")
    (folder / "link").symlink_to(folder.parent)
    remove(str(folder))
    assert not folder.exists()
    assert folder.parent.exists()
    remove(str(folder))


@pytest.mark.parametrize("mode", [0o701, 0o710, 0o777])
def test_a_folder_that_others_may_enter_is_not_it(folder: Path, mode: int) -> None:
    folder.chmod(mode)
    assert refused(folder)
    remove(str(folder))  # a watched program may do that to it
    assert not folder.exists()


def test_a_link_is_not_it_whoever_owns_what_it_leads_to(folder: Path) -> None:
    link = folder.parent / "link"
    link.symlink_to(folder)
    assert refused(link)
    remove(str(link))
    assert (folder / "file").exists()
    assert refused(folder / "file")


@needs_root
def test_another_users_folder_is_not_it(folder: Path) -> None:
    os.chown(folder, NOBODY, NOBODY)
    assert refused(folder)
    remove(str(folder))
    assert (folder / "file").exists()


def test_only_ordinary_files_are_opened(folder: Path) -> None:
    (folder / "link").symlink_to(folder / "file")
    (folder / "below").mkdir()
    os.mkfifo(folder / "pipe")
    descriptor = open_folder(str(folder))
    try:
        os.close(open_file("file", os.O_RDONLY, descriptor))
        for name in ("link", "pipe", "below", "missing"):
            with pytest.raises(OSError, match=name):
                os.close(open_file(name, os.O_RDONLY, descriptor))
    finally:
        os.close(descriptor)


def test_nobody_can_make_a_folder_before_us_and_a_folder_is_never_shared(folder: Path) -> None:
    one, other = run_folder_place.new_path(), run_folder_place.new_path()
    assert len(set(one.rpartition("-")[2]) | set(other.rpartition("-")[2])) > 4
    assert one != other
    assert len(one.rpartition("-")[2]) == 16
