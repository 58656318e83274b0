"""A made-up project in tmp_path, and the pre-flight check of a spec of it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from spawnscope.core.launch.preflight import preflight
from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind


@pytest.fixture
def own_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    """No virtual environment is active: what is launched gets the interpreter of the tests."""
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], str]:
    """Writes a file of the project in tmp_path; returns its path."""

    def write(name: str, text: str = "") -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
        return str(path)

    return write


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., list[tuple[str, str]]]:
    """Pre-flights a spec whose working directory is tmp_path; returns (field, sentence) pairs."""

    def check(kind: TargetKind, target: str, *arguments: Any, **others: Any) -> Any:
        others.setdefault("cwd", str(tmp_path))
        spec = LaunchSpec(kind=kind, target=target, arguments=arguments, **others)
        return [(fault.field, fault.sentence) for fault in preflight(spec)]

    return check
