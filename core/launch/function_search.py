"""Whether `package.module:function` is there to be called, judged by the module's source."""

from __future__ import annotations

import ast
import sys

from ..translation import tr
from ..vocabulary.launch_spec import Fault, LaunchSpec
from .call_fit import call_faults, suggestion
from .interpreter import InterpreterInfo
from .module_outline import Outline, SourceError, outline_of_file, outline_of_text
from .module_search import Located


def function_faults(spec: LaunchSpec, found: Located, info: InterpreterInfo) -> list[Fault]:
    """The faults of a function spec whose module was found. No source: nothing to say."""
    module, _, function = spec.target.partition(":")
    try:
        if found.source:
            outline = outline_of_file(found.source)
        else:
            outline = outline_of_text(found.text) if found.text is not None else None
    except OSError as error:
        reason = error.strerror or str(error)
        return [
            Fault(
                "target",
                tr(
                    "The module '{source}' cannot be read: {reason}.",
                    source=found.source,
                    reason=reason,
                ),
            )
        ]
    if isinstance(outline, SourceError):
        if info.version[:2] != sys.version_info[:2]:
            return []  # another Python may well understand it
        return [Fault("target", f"'{found.source or module}', {outline}.")]
    if outline is None:
        return []
    owner, _, member = function.partition(".")
    if owner not in outline.names:
        if outline.open or (found.package and _is_submodule(found, owner)):
            return []
        hint = suggestion(owner, _callables(outline))
        sentence = tr("'{module}' defines no '{name}'.", module=module, name=owner)
        return [Fault("target", sentence + hint)]
    if not member:
        return _callable_faults(outline, owner, spec)
    inside = outline.inside(owner)
    if inside is None or "." in member:
        return []
    if member not in inside.names:
        if inside.open:
            return []
        hint = suggestion(member, _callables(inside))
        sentence = tr(
            "The class '{owner}' of '{module}' defines no '{name}'.",
            owner=owner, module=module, name=member,
        )  # fmt: skip
        return [Fault("target", sentence + hint)]
    return _callable_faults(inside, member, spec)


def _callable_faults(outline: Outline, name: str, spec: LaunchSpec) -> list[Fault]:
    node = outline.function(name)
    if isinstance(node, ast.AsyncFunctionDef):
        return [
            Fault(
                "target",
                tr(
                    "'{name}' is a coroutine function: calling it would run nothing. "
                    "Launch a function that runs it with asyncio.run.",
                    name=name,
                ),
            )
        ]
    return call_faults(node, spec.arguments, spec.keywords) if node is not None else []


def _callables(outline: Outline) -> list[str]:
    """The names worth suggesting: functions and classes first of all, and no private ones."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [
        name
        for name, bound in outline.names.items()
        if any(isinstance(node, kinds) for node in bound) and not name.startswith("__")
    ]


def _is_submodule(found: Located, name: str) -> bool:
    from .module_search import neighbours

    return name in neighbours(found.folders)
