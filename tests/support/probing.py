"""Programs recorded with the probe: what the events say of their shared objects."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from recording import record

TARGETS = Path(__file__).resolve().parents[1] / "targets"
PROBE = Path(__file__).resolve().parents[2] / "core" / "probe"


class Events:
    """The events of a recorded run."""

    def __init__(self, path: Path) -> None:
        self.all: list[dict[str, Any]] = [
            json.loads(line) for line in path.read_text().splitlines()
        ]

    def of(self, kind: str, **fields: Any) -> list[dict[str, Any]]:
        """Those of a kind with these values."""
        return [
            event
            for event in self.all
            if event["kind"] == kind and all(event.get(k) == v for k, v in fields.items())
        ]

    def object(self, type_name: str, name: str) -> dict[str, Any]:
        """The one object of this type and name."""
        found = self.of("object_created", type=type_name, name=name)
        assert len(found) == 1, [
            (e["type"], e["name"], e["site"]) for e in self.of("object_created")
        ]
        return found[0]

    def totals(self, number: int) -> dict[str, int]:
        """How often each operation on an object succeeded, in all processes."""
        found: dict[str, int] = defaultdict(int)
        for event in self.of("counters", object=number):
            for operation, counts in event["operations"].items():
                found[operation] += counts["count"]
        return dict(found)

    def notes(self) -> list[str]:
        """What Spawnscope said about processes."""
        return [event["text"] for event in self.of("message", stream="spawnscope")]


def recorded(folder: Path, *arguments: Any, **options: Any) -> Events:
    """Record a program to its good end."""
    done = record_anyhow(folder, *arguments, **options)
    assert done.returncode == 0, done.stderr.decode()
    return Events(folder / "events.jsonl")


def record_anyhow(
    folder: Path, *arguments: Any, **options: Any
) -> subprocess.CompletedProcess[bytes]:
    """Record a program, however it ends; its events lie in `folder`/events.jsonl."""
    return record(
        "--quiet", "--jsonl", folder / "events.jsonl", "-o", folder / "session.spawnscope",
        *arguments, **options,
    )  # fmt: skip


def probed(folder: Path, *command: Any, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command with the probe but without a supervisor: recorders go to `folder`."""
    (folder / "tick").write_bytes(bytes(4096))
    environment = {
        **os.environ,
        "SPAWNSCOPE_PROBE": str(folder),
        "PYTHONPATH": str(PROBE),
        "PYTHONDONTWRITEBYTECODE": "1",  # it is the checkout's
        **variables,
    }
    return subprocess.run(
        list(map(str, command or (sys.executable,))),
        env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
