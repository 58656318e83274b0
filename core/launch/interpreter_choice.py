"""The interpreters that a person probably means, for a form to offer."""

from __future__ import annotations

import os
import sys

import msgspec

from ..translation import tr
from .interpreter import default_interpreter


class Choice(msgspec.Struct, frozen=True):
    """`path` as a spec's `interpreter` ("" is the default), and what it is, in a few words."""

    path: str
    description: str


def interpreter_choices(folder: str) -> list[Choice]:
    """The default, our own, the active environment's, those of environments in `folder` (of the
    target) and above it, and the first on PATH; each once. Runs nothing."""
    found = [
        Choice("", tr("Default: {default_interpreter}", default_interpreter=default_interpreter()))
    ]
    seen: set[str] = set()

    def add(path: str, description: str) -> None:
        if path not in seen and os.access(path, os.X_OK) and not os.path.isdir(path):
            seen.add(path)
            found.append(Choice(path, description))

    for environment in _environments(folder):
        name = os.path.basename(environment)
        place = os.path.basename(os.path.dirname(environment)) or os.sep
        add(
            os.path.join(environment, "bin", "python"),
            tr("Environment {name} of {place}", name=name, place=place),
        )
    active = os.environ.get("VIRTUAL_ENV", "")
    if active:
        add(os.path.join(active, "bin", "python"), tr("The active environment ($VIRTUAL_ENV)"))
    add(sys.executable, "Spawnscope's own")
    for entry in os.environ.get("PATH", os.defpath).split(os.pathsep):
        python = os.path.join(entry, "python3")
        if entry and os.access(python, os.X_OK):
            add(python, tr("python3 on PATH"))
            break
    return found


def _environments(folder: str) -> list[str]:
    """Folders of virtual environments in `folder` and the four folders above it."""
    found = []
    here = os.path.abspath(folder)
    for _ in range(5):
        for name in (".venv", "venv", "env"):
            if os.path.exists(os.path.join(here, name, "pyvenv.cfg")):
                found.append(os.path.join(here, name))
        if here == os.path.dirname(here):
            break
        here = os.path.dirname(here)
    return found
