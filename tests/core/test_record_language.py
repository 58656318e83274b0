"""`record` for somebody who reads another language: what is said is translated, what is written is
not."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

from recording import TIMEOUT, record, run

from spawnscope.core.session.reader import SessionReader

ENVIRONMENT = {**os.environ, "SPAWNSCOPE_LANGUAGE": "qps"}
# It leaves a child that outlives it, so that the supervisor has something to say of that.
PROGRAM = """
import os, subprocess, sys
subprocess.Popen([sys.executable, "-I", "-c", "import time; time.sleep(600)"], stdin=-1)
print("started")
"""


def test_what_is_said_is_translated_and_what_is_written_is_not(tmp_path: Path) -> None:
    program = tmp_path / "leaves.py"
    program.write_text(PROGRAM)
    path, events = tmp_path / "s.spawnscope", tmp_path / "events.jsonl"
    done = record("-o", path, "--jsonl", events, program, env=ENVIRONMENT)
    summary = done.stderr.decode()
    assert done.returncode == 0, summary
    assert "[Éñdéd ñórmállý " in summary
    assert "Ended" not in summary

    written = [json.loads(line) for line in events.read_text().splitlines()]
    ends = [event["outcome"] for event in written if event["kind"] == "process_exited"]
    assert sum("It had outlived leaves.py (PID " in outcome for outcome in ends) == 1
    notes = [event["text"] for event in written if event.get("stream") == "spawnscope"]
    assert any("has outlived leaves.py" in note for note in notes)
    assert not re.search("[áéíóú]", "".join([*ends, *notes]))

    for form in ("jsonl", "chrome-trace"):
        exported = run("export", path, "--format", form, env=ENVIRONMENT, timeout=TIMEOUT)
        assert b"Ended normally after" in exported.stdout
        assert not re.search("[áéíóú]", exported.stdout.decode())


def test_the_session_holds_codes_and_no_prose(tmp_path: Path) -> None:
    program = tmp_path / "ends.py"
    program.write_text("print(1)\n")
    done = record("--quiet", "-o", tmp_path / "s.spawnscope", program, env=ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    reader = SessionReader(tmp_path / "s.spawnscope")
    (end,) = [each.exited for each in reader.processes.all() if each.exited is not None]
    reader.close()
    assert end.outcome == ""
    assert end.circumstances is not None
    assert end.circumstances.lived_ns > 0
