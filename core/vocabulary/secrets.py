"""What must not be shown: values of environment variables and arguments that look like secrets."""

from __future__ import annotations

import re

import msgspec

from .launch_spec import LaunchSpec

MASK = "••••••"
_SECRET = re.compile(
    r"(?:^|[_-])(?:pass(?:word|wd|phrase)?|secrets?|tokens?|(?:api|access|private)?[_-]?keys?|"
    r"credentials?|auth)(?:$|[_-])",
    re.IGNORECASE,
)


def is_secret(name: str) -> bool:
    """Whether a variable of this name probably holds a secret."""
    return bool(_SECRET.search(name))


def masked(spec: LaunchSpec) -> LaunchSpec:
    """The spec with secret values of its environment and keywords replaced."""
    return msgspec.structs.replace(
        spec,
        environment={k: MASK if is_secret(k) else v for k, v in spec.environment.items()},
        keywords={k: MASK if is_secret(k) else v for k, v in spec.keywords.items()},
    )


def masked_arguments(arguments: tuple[str, ...]) -> tuple[str, ...]:
    """A command line with the values of NAME=VALUE replaced where NAME looks like a secret."""
    shown = []
    for argument in arguments:
        name, sign, _ = argument.partition("=")
        shown.append(f"{name}={MASK}" if sign and is_secret(name.lstrip("-")) else argument)
    return tuple(shown)
