"""A writer that is killed at any moment leaves a session with all that was flushed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from waiting import wait_until

import spawnscope
from spawnscope.core.session.message_query import MessageFilter, MessageQuery
from spawnscope.core.session.reader import SessionReader

WRITER = """
import os, random, sys
from spawnscope.core.session.writer import SessionWriter
from spawnscope.core.vocabulary.events import Stream
chance = random.Random(int(sys.argv[2]))
writer = SessionWriter(sys.argv[1], about={})
number = 0
while True:
    for _ in range(chance.randrange(1, 200)):
        lines = [b"%d %s" % (number + i + 1, b"x" * chance.randrange(90))
                 for i in range(chance.randrange(1, 20))]
        number += len(lines)
        writer.messages(number % 3, Stream.STDOUT, b"\\n".join(lines), len(lines), number)
    flushed = writer.flush()
    os.write(1, b"%d\\n" % flushed)
"""


@pytest.mark.parametrize("seed", range(12))
def test_every_flushed_message_survives_a_kill(seed: int, tmp_path: Path) -> None:
    path, log = tmp_path / "session", tmp_path / "log"
    root = str(Path(next(iter(spawnscope.__path__))).parent)
    with log.open("wb") as out:
        writer = subprocess.Popen(
            [sys.executable, "-c", f"import sys; sys.path.insert(0, {root!r})\n{WRITER}",
             str(path), str(seed)],
            stdout=out,
        )  # fmt: skip
        try:
            enough = random.Random(seed).randrange(1, 1500)
            wait_until(lambda: log.stat().st_size >= enough, timeout=60)
        finally:
            os.kill(writer.pid, signal.SIGKILL)
            writer.wait()
    reports = log.read_bytes().splitlines(keepends=True)
    flushed = int([line for line in reports if line.endswith(b"\n")][-1])
    reader = SessionReader(path)
    try:
        last_id = reader.messages.last_id()
        assert last_id >= flushed
        assert not reader.ended_cleanly
        messages = reader.messages.page(1, last_id + 1)
        assert [message.id for message in messages] == list(range(1, last_id + 1))
        assert all(int(message.raw.split()[0]) == message.id for message in messages)
        query = MessageQuery(reader.messages, MessageFilter(processes=frozenset({0, 1, 2})))
        while query.advance(1):
            pass
        assert query.count == last_id
    finally:
        reader.close()
