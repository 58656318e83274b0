"""Whether a command can be executed: found as the kernel and execvpe would find it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ..translation import tr
from .call_fit import suggestion


def command_fault(target: str, cwd: str, environment: Mapping[str, str]) -> str | None:
    """One sentence about why `target` cannot be executed, or None.

    With a slash it is a path, relative to `cwd`; else it is looked up on PATH, of `environment` if
    that has one, else of ours.
    """
    if os.sep in target:
        path = os.path.join(cwd, os.path.expanduser(target))
        return _file_fault(target, path)
    search = environment.get("PATH", os.environ.get("PATH", os.defpath))
    folders = [os.path.join(cwd, folder) for folder in search.split(os.pathsep)]
    refused = None
    for folder in folders:
        path = os.path.join(folder, target)
        if os.path.isfile(path):
            fault = _file_fault(target, path)
            if fault is None:
                return None
            refused = refused or fault
    if refused is not None:
        return refused
    if os.path.isfile(os.path.join(cwd, target)):
        return tr(
            "There is no command '{target}' on PATH; for the file here write './{target}'.",
            target=target,
        )
    sentence = tr("There is no command '{target}' on PATH.", target=target)
    return sentence + suggestion(target, _commands(folders))


def _file_fault(target: str, path: str) -> str | None:
    if os.path.isdir(path):
        return tr("'{target}' is a folder, not a program.", target=target)
    if not os.path.exists(path):
        if os.path.islink(path):
            return tr(
                "'{target}' is a link to '{path}', which is missing.",
                target=target,
                path=os.readlink(path),
            )
        return tr("There is no program '{target}' (looked for '{path}').", target=target, path=path)
    if not os.access(path, os.X_OK):
        return tr("'{path}' is not executable.", path=path)
    return _first_line_fault(path)


def _first_line_fault(path: str) -> str | None:
    """The kernel's "bad interpreter", said before the start."""
    try:
        with open(path, "rb") as file:
            head = file.read(256)
    except OSError:
        return None  # a program may be executable without being readable
    if not head.startswith(b"#!"):
        return None
    words = head[2:].partition(b"\n")[0].split(None, 1)
    program = os.fsdecode(words[0]) if words else ""
    if program and not os.path.exists(program):
        return tr(
            "The first line of '{path}' asks for '{program}', which does not exist.",
            path=path,
            program=program,
        )
    return None


def _commands(folders: list[str]) -> list[str]:
    names: set[str] = set()
    for folder in folders:
        try:
            names.update(os.listdir(folder))
        except OSError:
            continue
    return sorted(names)
