"""The template of the translations holds all sentences; each translation fits its sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_sentences_are_collected() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / "messages", "--check"], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
