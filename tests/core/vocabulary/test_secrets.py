"""Secrets are recognised by their names, and nothing else is hidden."""

from __future__ import annotations

import pytest

from spawnscope.core.vocabulary.launch_spec import LaunchSpec, TargetKind
from spawnscope.core.vocabulary.secrets import MASK, is_secret, masked, masked_arguments


@pytest.mark.parametrize(
    "name",
    ["API_KEY", "password", "DB_PASSWD", "GITHUB_TOKEN", "aws-secret-key", "CREDENTIALS", "apikey"],
)
def test_what_sounds_like_a_secret_is_one(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["PATH", "MONKEY", "KEYBOARD", "TOKENIZERS_PARALLELISM", "AUTHOR"])
def test_what_only_resembles_one_is_none(name: str) -> None:
    assert not is_secret(name)


def test_a_spec_is_recorded_without_its_secrets() -> None:
    spec = LaunchSpec(
        kind=TargetKind.COMMAND,
        target="true",
        environment={"API_TOKEN": "hunter2", "COLOUR": "red"},
        keywords={"password": "hunter2", "depth": 3},
    )
    shown = masked(spec)
    assert shown.environment == {"API_TOKEN": MASK, "COLOUR": "red"}
    assert shown.keywords == {"password": MASK, "depth": 3}


def test_a_command_line_is_shown_without_the_values_of_secrets() -> None:
    line = ("record", "--env", "API_TOKEN=hunter2", "--password=x", "--env", "COLOUR=red", "a=b")
    assert masked_arguments(line) == (
        "record", "--env", f"API_TOKEN={MASK}", f"--password={MASK}", "--env", "COLOUR=red", "a=b",
    )  # fmt: skip
