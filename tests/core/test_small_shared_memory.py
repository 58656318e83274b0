"""Programs that are recorded where /dev/shm is small, as in a container, have what they need."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from recording import TIMEOUT, spawnscope

from spawnscope.core.session.reader import SessionReader
from spawnscope.core.vocabulary.events import Stream

pytestmark = [
    pytest.mark.usefixtures("home"),
    pytest.mark.skipif(os.geteuid() != 0, reason="NOT CHECKED: only root can mount a /dev/shm"),
]
PROGRAM = Path(__file__).resolve().parents[1] / "targets" / "needs_shared_memory.py"
CHILDREN = 55
SMALLER = (
    "There is little room in /dev/shm, so recorders are smaller than usual and hold fewer details."
)


def _recorded(folder: Path, mebibytes: int) -> tuple[str, list[bool], set[str]]:
    """With a /dev/shm of that size: what the program says, whether each of its processes was
    watched, and what Spawnscope says of them."""
    session = folder / "session.spawnscope"
    command = spawnscope("record", "--quiet", "-o", session, PROGRAM, CHILDREN)
    mount = f'mount -t tmpfs -o size={mebibytes}m tmpfs /dev/shm && exec "$@"'
    done = subprocess.run(
        ["unshare", "-m", "--propagation", "private", "sh", "-c", mount, "sh", *command],
        capture_output=True, text=True, timeout=TIMEOUT,
    )  # fmt: skip
    if "unshare failed" in done.stderr or "permission denied" in done.stderr:
        pytest.skip(f"NOT CHECKED: nothing can be mounted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr
    reader = SessionReader(str(session))
    try:
        watched = [one.watched for one in reader.objects.watched()]
        messages = reader.messages.page(1, reader.messages.last_id())
    finally:
        reader.close()
    notes = {message.text for message in messages if message.stream is Stream.SPAWNSCOPE}
    return done.stdout, watched, notes


def test_in_the_64_mib_of_a_container_recorders_are_small(tmp_path: Path) -> None:
    output, watched, notes = _recorded(tmp_path, 64)
    assert output == f"ended well: {CHILDREN}\n"
    assert watched.count(True) >= CHILDREN + 1  # multiprocessing's own helper may be one as well
    assert False not in watched
    assert notes == {SMALLER}


def test_where_hardly_more_fits_than_the_program_needs_there_are_none(tmp_path: Path) -> None:
    output, watched, notes = _recorded(tmp_path, 17)
    assert output == f"ended well: {CHILDREN}\n"
    assert watched
    assert True not in watched
    assert notes == {"Not instrumented: there is too little room in /dev/shm for its recorder."}
