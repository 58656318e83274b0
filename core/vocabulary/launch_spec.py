"""What a user asks for: the launch spec, typed and validated.

A spec is a plain value. It is written as TOML by the user's spec store, built from arguments by
the command line, edited in the dialog, and sent to the supervisor. Faults that need a look at the
machine (does the file exist?) belong to `core.launch.preflight`; this module only says what a
spec is.
"""

from __future__ import annotations

import enum
import os
from pathlib import PurePath
from typing import Any

import msgspec

from ..translation import mark, tr

MAX_COUNT = 1000
MAX_GRACE_SECONDS = 600.0


class TargetKind(str, enum.Enum):
    """The four kinds of target."""

    SCRIPT = "script"
    MODULE = "module"
    FUNCTION = "function"
    COMMAND = "command"


class StartMethod(str, enum.Enum):
    """How a function worker begins its life; multiprocessing's own names."""

    FORK = "fork"
    SPAWN = "spawn"
    FORKSERVER = "forkserver"


class Output(str, enum.Enum):
    """What a worker's stdout and stderr are.

    A socket names the process behind each piece of output. A pipe can be reopened through
    `/dev/stdout`, but all that is written there counts as the worker's own.
    """

    SOCKET = "socket"
    PIPE = "pipe"


class LaunchSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to launch and how.

    `target` is a path (script), a dotted name (module), `package.module:function` (function) or
    a program (command). `arguments` are strings except for functions, which take any value that
    pickles. `keywords` are for functions only. Empty strings stand for "the default": the name
    is derived from the target, the interpreter is the one described in `core.launch.interpreter`,
    and the working directory is that of Spawnscope. Unit of `grace_seconds`: seconds between
    SIGTERM and SIGKILL.
    """

    kind: TargetKind
    target: str
    arguments: tuple[Any, ...] = ()
    keywords: dict[str, Any] = {}
    name: str = ""
    start_method: StartMethod = StartMethod.FORK
    count: int = 1
    interpreter: str = ""
    cwd: str = ""
    environment: dict[str, str] = {}
    daemon: bool = False
    grace_seconds: float = 3.0
    output: Output = Output.SOCKET
    unbuffered: bool = False
    keep_failed_tasks: bool = False
    check_forkserver: bool = False

    @property
    def title(self) -> str:
        """The name given, or one derived from the target."""
        if self.name:
            return self.name
        if self.kind is TargetKind.FUNCTION:
            return self.target.rpartition(":")[2] or self.target
        if self.kind is TargetKind.MODULE:
            return self.target
        return PurePath(self.target).name or self.target


class Fault(msgspec.Struct, frozen=True):
    """Why a spec cannot work: the `field` at fault ("" for the whole) and a sentence."""

    field: str
    sentence: str


_MISSING = {
    TargetKind.SCRIPT: mark("The script to launch is missing."),
    TargetKind.MODULE: mark("The module to launch is missing."),
    TargetKind.FUNCTION: mark("The function to launch is missing."),
    TargetKind.COMMAND: mark("The command to launch is missing."),
}
_NO_KEYWORDS = {
    TargetKind.SCRIPT: mark("Keyword arguments go to functions, not to a script."),
    TargetKind.MODULE: mark("Keyword arguments go to functions, not to a module."),
    TargetKind.COMMAND: mark("Keyword arguments go to functions, not to a command."),
}
_NO_TEXT = {
    TargetKind.SCRIPT: mark("Argument {number} of a script must be text."),
    TargetKind.MODULE: mark("Argument {number} of a module must be text."),
    TargetKind.COMMAND: mark("Argument {number} of a command must be text."),
}


def shape_faults(spec: LaunchSpec) -> list[Fault]:
    """What is wrong with a spec by its form alone, without looking at the machine."""
    faults = []

    def add(field: str, sentence: str) -> None:
        faults.append(Fault(field, sentence))

    if not spec.target.strip():
        add("target", tr(_MISSING[spec.kind]))
    elif "\0" in spec.target:
        add("target", tr("The target holds a NUL character."))
    elif spec.kind is TargetKind.FUNCTION:
        module, colon, function = spec.target.partition(":")
        if not colon or not _is_dotted(module) or not _is_dotted(function):
            add(
                "target",
                tr("'{target}' is not of the form package.module:function.", target=spec.target),
            )
    elif spec.kind is TargetKind.MODULE and not _is_dotted(spec.target):
        add("target", tr("'{target}' is not a module's dotted name.", target=spec.target))
    if spec.kind is not TargetKind.FUNCTION:
        if spec.keywords:
            add("keywords", tr(_NO_KEYWORDS[spec.kind]))
        for position, argument in enumerate(spec.arguments):
            if not isinstance(argument, str):
                add("arguments", tr(_NO_TEXT[spec.kind], number=position + 1))
            elif "\0" in argument:
                add(
                    "arguments", tr("Argument {number} holds a NUL character.", number=position + 1)
                )
    for keyword in spec.keywords:
        if not keyword.isidentifier():
            add("keywords", tr("'{keyword}' is not a parameter's name.", keyword=keyword))
    if not 1 <= spec.count <= MAX_COUNT:
        add(
            "count",
            tr(
                "The count must be from 1 to {max_count}, not {count}.",
                max_count=MAX_COUNT,
                count=spec.count,
            ),
        )
    if not 0 <= spec.grace_seconds <= MAX_GRACE_SECONDS:
        add(
            "grace_seconds",
            tr(
                "The grace must be from 0 to {max_grace_seconds:g} seconds, not {grace_seconds:g}.",
                max_grace_seconds=MAX_GRACE_SECONDS,
                grace_seconds=spec.grace_seconds,
            ),
        )
    for variable, value in spec.environment.items():
        if not variable or "=" in variable or "\0" in variable or "\0" in value:
            add(
                "environment",
                tr(
                    "'{variable}' cannot be the name of an environment variable.", variable=variable
                ),
            )
    return faults


def absolute(spec: LaunchSpec, base: str) -> LaunchSpec:
    """The same spec with its paths made absolute against the folder `base`."""
    cwd = os.path.normpath(os.path.join(base, os.path.expanduser(spec.cwd)))
    changes: dict[str, Any] = {"cwd": cwd}
    if spec.kind is TargetKind.SCRIPT:
        changes["target"] = os.path.normpath(os.path.join(cwd, os.path.expanduser(spec.target)))
    if os.sep in spec.interpreter:
        changes["interpreter"] = os.path.join(base, os.path.expanduser(spec.interpreter))
    return msgspec.structs.replace(spec, **changes)


def _is_dotted(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))
