"""What cannot work about a launch, said before the start.

    LaunchSpec -> its shape -> cwd -> interpreter -> target (script, module, function, command)
               -> the call (its fit to the signature, its pickle) -> faults

Looks at the machine but runs and imports no code of the user's. What only running would tell
passes: a fault here is certain. Any thread may call; it only blocks (for up to 10 s) when it
meets an interpreter that `interpreter.known` does not know.
"""

from __future__ import annotations

import os
import stat
import sys

from ..translation import tr
from ..vocabulary.launch_spec import (
    Fault,
    LaunchSpec,
    StartMethod,
    TargetKind,
    absolute,
    shape_faults,
)
from .interpreter import InterpreterError, InterpreterInfo, describe, known, locate


def preflight(spec: LaunchSpec) -> list[Fault]:
    """The faults of `spec` on this machine now; an empty list when nothing speaks against it."""
    faults = shape_faults(spec)
    if faults:
        return faults
    spec = absolute(spec, os.getcwd())
    faults = _folder_faults(spec.cwd)
    if spec.kind is TargetKind.COMMAND:
        from .command_search import command_fault

        sentence = command_fault(spec.target, spec.cwd, spec.environment)
        return [*faults, Fault("target", sentence)] if sentence else faults
    info = None
    try:
        info = describe(spec.interpreter)
    except InterpreterError as error:
        faults.append(Fault("interpreter", str(error)))
    if spec.kind is TargetKind.SCRIPT:
        faults += _script_faults(spec.target, info)
    elif info is not None and not faults:
        faults += _module_faults(spec, info)
    if spec.kind is TargetKind.FUNCTION:
        if info is not None:
            faults += _start_method_faults(spec, info)
        faults += _pickle_faults(spec)
    return faults


def is_quick(spec: LaunchSpec) -> bool:
    """Whether `preflight(spec)` would run no interpreter, so that it may be called at a click."""
    if spec.kind is TargetKind.COMMAND:
        return True
    interpreter = absolute(spec, os.getcwd()).interpreter
    try:
        locate(interpreter)
    except InterpreterError:
        return True  # a fault, and known at once
    return known(interpreter) is not None


def _folder_faults(cwd: str) -> list[Fault]:
    if not os.path.exists(cwd):
        return [Fault("cwd", tr("There is no folder '{cwd}' to work in.", cwd=cwd))]
    if not os.path.isdir(cwd):
        return [Fault("cwd", tr("The working directory '{cwd}' is a file, not a folder.", cwd=cwd))]
    if not os.access(cwd, os.X_OK):
        return [Fault("cwd", tr("The folder '{cwd}' may not be entered.", cwd=cwd))]
    return []


def _script_faults(path: str, info: InterpreterInfo | None) -> list[Fault]:
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            return [Fault("target", tr("'{path}' is a folder, not a script.", path=path))]
        if not stat.S_ISREG(mode):
            return []  # a pipe or a device: reading it would take from what the worker gets
        with open(path, "rb"):
            pass
        if info is None or info.version != sys.version_info[:3] or path.endswith(".pyc"):
            return []
        from .module_outline import error_of_script

        error = error_of_script(path)
    except FileNotFoundError:
        return [Fault("target", _missing(path))]
    except OSError as error:
        reason = error.strerror or str(error)
        return [
            Fault(
                "target",
                tr("The script '{path}' cannot be read: {reason}.", path=path, reason=reason),
            )
        ]
    return [Fault("target", f"'{path}', {error}.")] if error is not None else []


def _missing(path: str) -> str:
    from .call_fit import suggestion

    folder, name = os.path.split(path)
    if not os.path.isdir(folder):
        return tr(
            "There is no script '{path}': there is no folder '{folder}'.", path=path, folder=folder
        )
    sentence = tr("There is no script '{path}'.", path=path)
    return sentence + suggestion(name, os.listdir(folder))


def _module_faults(spec: LaunchSpec, info: InterpreterInfo) -> list[Fault]:
    from .module_search import Answer, locate_module

    name = spec.target.partition(":")[0]
    extra = spec.environment.get("PYTHONPATH", "").split(os.pathsep)
    path = [spec.cwd, *(os.path.join(spec.cwd, entry) for entry in extra if entry), *info.sys_path]
    found = locate_module(name, path, info)
    if found.answer is Answer.MISSING:
        return [Fault("target", _not_found(name, found.part, spec.cwd, found.folders, info))]
    if found.answer is Answer.UNKNOWN:
        return []
    if spec.kind is TargetKind.FUNCTION:
        from .function_search import function_faults

        return function_faults(spec, found, info)
    if found.package:
        main = locate_module(f"{name}.__main__", path, info)
        if main.answer is Answer.MISSING:
            return [
                Fault(
                    "target",
                    tr("'{name}' is a package without __main__.py: -m cannot run it.", name=name),
                )
            ]
    elif found.compiled:
        return [
            Fault("target", tr("'{name}' is compiled into a library: -m cannot run it.", name=name))
        ]
    return []


def _not_found(
    name: str, part: str, cwd: str, folders: tuple[str, ...], info: InterpreterInfo
) -> str:
    from .call_fit import suggestion
    from .module_search import neighbours

    parent, _, tail = part.rpartition(".")
    if not parent:
        hint = suggestion(tail, neighbours([cwd]))
        sentence = tr(
            "There is no module '{part}' in '{folder}' nor on the path of {interpreter} "
            "('{path}').",
            part=part, folder=cwd, interpreter=info.label, path=info.path,
        )  # fmt: skip
        return sentence + hint
    if not folders:
        return tr(
            "There is no module '{part}': '{parent}' is a module, not a package.",
            part=part,
            parent=parent,
        )
    sentence = tr("There is no module '{part}'.", part=part)
    return sentence + suggestion(tail, neighbours(folders))


def _start_method_faults(spec: LaunchSpec, info: InterpreterInfo) -> list[Fault]:
    method = spec.start_method
    if info.own:
        return []
    if method is not StartMethod.SPAWN:
        return [
            Fault(
                "start_method",
                tr(
                    "With {value} a function runs in a copy of Spawnscope's own "
                    "interpreter, not in '{path}'. Choose spawn.",
                    value=method.value,
                    path=info.path,
                ),
            )
        ]
    if info.version < (3, 7, 0):
        return [
            Fault(
                "interpreter",
                tr("{label} cannot spawn: it takes Python 3.7 or later.", label=info.label),
            )
        ]
    return []


def _pickle_faults(spec: LaunchSpec) -> list[Fault]:
    from .pickle_check import pickle_fault

    faults = []
    for field, value in (("arguments", spec.arguments), ("keywords", spec.keywords)):
        sentence = pickle_fault(value, field) if value else None
        if sentence is not None:
            faults.append(Fault(field, sentence))
    return faults
