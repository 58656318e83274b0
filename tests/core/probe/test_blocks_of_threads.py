"""Threads that take blocks of the recorder at the same moment: each gets its own, and the header
says how many there are."""

from __future__ import annotations

import sys
from pathlib import Path

from probing import probed

PROGRAM = """
import sys, threading
from _spawnscope_probe import beginning, layout
recorder = beginning._recorder
sys.setswitchinterval(1e-6)
taken, together = [], threading.Barrier(8)
def take():
    for number in range(300):
        if number % 50 == 0:
            together.wait()
        size = 1 + 2 * (number % 2)
        word = recorder.block(size)
        taken.extend(range(word, word + size * layout.BLOCK_WORDS, layout.BLOCK_WORDS))
before = recorder.words[layout.H_BLOCKS_USED]
threads = [threading.Thread(target=take) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
used = recorder.words[layout.H_BLOCKS_USED] - before
print(len(taken), len(set(taken)), used)
"""


def test_each_thread_gets_blocks_of_its_own(tmp_path: Path) -> None:
    done = probed(tmp_path, sys.executable, "-c", PROGRAM)
    assert done.stdout.split() == ["4800"] * 3, done.stdout + done.stderr
