"""A recorder takes only as much of /dev/shm as it needs; nothing is written where it has none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from probing import PROBE, recorded

MOUNT = 'mount -t tmpfs -o size=64m tmpfs "$1" && shift && exec "$@"'
# Of a tmpfs of 64 MiB: a recorder, and then nothing is left for more.
FULL = """
import mmap, os, sys
folder, probe = sys.argv[1:]
sys.path.insert(0, probe)
from _spawnscope_probe import layout
from _spawnscope_probe.recorder import Recorder
from _spawnscope_probe.shared import Shared
with open(folder + "/tick", "w+b") as file:
    file.write(bytes(layout.TICK_BYTES))
    file.flush()
    tick = memoryview(mmap.mmap(file.fileno(), layout.TICK_BYTES)).cast("Q")
os.chmod(folder, 0o700)
recorder = Recorder(folder, layout.LARGEST_BYTES, True)
taken = os.stat(folder + "/" + recorder.name + ".rec").st_blocks * 512
fill = os.open(folder + "/fill", os.O_WRONLY | os.O_CREAT)
try:
    while True:
        os.write(fill, bytes(4096))
except OSError:
    pass
told = 0
for number in range(3000):
    tick[0] += 1
    shared = Shared(recorder, "Lock", "lock:%d" % number, True)
    for _ in range(3):
        told += bool(shared.tell("put", 1, 2, preview="x"))
words = recorder.words
print(recorder.on, taken, words[layout.H_UNWATCHED] > 0, 0 < told < 9000)
"""


def test_a_full_file_system_costs_details_and_objects_and_nobody_their_life(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("NOT CHECKED: only root can mount a small file system")
    folder = tmp_path / "shm"
    folder.mkdir()
    command = ["unshare", "-m", "--propagation", "private", "sh", "-c", MOUNT, "sh", str(folder)]
    done = subprocess.run(
        [*command, sys.executable, "-c", FULL, str(folder), str(PROBE)],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    if "unshare failed" in done.stderr or "permission denied" in done.stderr:
        pytest.skip(f"NOT CHECKED: nothing can be mounted here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stderr  # -7 (SIGBUS): it wrote where there was no room
    on, taken, unwatched, some = done.stdout.split()
    assert (on, unwatched, some) == ("True", "True", "True")
    assert int(taken) < 65536


def test_a_child_takes_little_and_what_has_much_to_tell_gets_all_its_room(tmp_path: Path) -> None:
    program = tmp_path / "grows.py"
    program.write_text(
        "import glob, multiprocessing, os\n"
        "def taken():\n"
        "    (path,) = glob.glob(f\"{os.environ['SPAWNSCOPE_PROBE']}/{os.getpid()}-*.rec\")\n"
        "    return os.stat(path).st_blocks * 512\n"
        "def child(reply):\n"
        "    first = taken()\n"
        "    locks = [multiprocessing.Lock() for _ in range(1000)]\n"
        "    for lock in locks:\n"
        "        lock.acquire()\n"
        "        lock.release()\n"
        "    reply.send((first, taken()))\n"
        "if __name__ == '__main__':\n"
        "    here, there = multiprocessing.Pipe()\n"
        "    process = multiprocessing.Process(target=child, args=(there,))\n"
        "    process.start()\n"
        "    first, last = here.recv()\n"
        "    process.join()\n"
        "    assert first <= 100_000, first\n"
        "    assert 200_000 < last <= 1 << 20, last\n"
    )
    events = recorded(tmp_path, program)
    counted = [e for e in events.of("counters") if e["operations"].get("acquire", {}).get("count")]
    assert len(counted) == 1000
