"""What tests of the reading of recorders share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from recorder_world import World


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[World]:
    made = World(monkeypatch, tmp_path)
    yield made
    for file in made.files:
        file.close()
    if os.path.exists(made.recorders.folder):
        made.recorders.close()
    assert not os.path.exists(made.recorders.folder)
