"""Where an interpreter would find a module, found without importing anything.

    sys.path of the interpreter  ->  spec of "a"  ->  its __path__  ->  spec of "a.b"  ->  ...

Each level is looked up by its last name alone on the path of the level above, as the import system
does, but no parent is executed. What can only be known by executing is reported as unknown.
"""

from __future__ import annotations

import enum
import os
import sys
from collections.abc import Sequence
from importlib.machinery import FrozenImporter, ModuleSpec, PathFinder
from typing import Any

import msgspec

from .interpreter import InterpreterInfo


class Answer(enum.Enum):
    """FOUND; MISSING for certain; UNKNOWN: only running the code would tell."""

    FOUND = "found"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Located(msgspec.Struct, frozen=True):
    """What the search for a module came to.

    `part` is the dotted name down to which it got, or the first one that is missing. `source` is
    the file with the source ("" if there is none that we can read); `text` the source where it has
    no file of its own (a zip archive). `package`: it has submodules, which lie in `folders`.
    """

    answer: Answer
    part: str
    source: str = ""
    text: str | None = None
    package: bool = False
    folders: tuple[str, ...] = ()
    compiled: bool = False  # there is no Python code at all: built in, or an extension


def locate_module(name: str, path: Sequence[str], info: InterpreterInfo) -> Located:
    """Look for the dotted module `name` on `path` (folders and archives) as `info` would."""
    found = _top(name.partition(".")[0], path, info)
    part = found.part
    for tail in name.split(".")[1:]:
        if found.answer is not Answer.FOUND:
            return found
        part = f"{part}.{tail}"
        child = _on_path(tail, part, found.folders, info) if found.package else None
        if child is None:
            answer = Answer.UNKNOWN if _may_grow(found) else Answer.MISSING
            return Located(answer, part, package=found.package, folders=found.folders)
        found = child
    return found


def neighbours(folders: Sequence[str]) -> list[str]:
    """The names of the modules and packages that lie in `folders`, for suggestions."""
    names = set()
    for folder in folders:
        try:
            with os.scandir(folder or ".") as entries:
                for entry in entries:
                    stem, suffix = os.path.splitext(entry.name)
                    if (suffix == ".py" or (not suffix and entry.is_dir())) and stem.isidentifier():
                        names.add(stem)
        except OSError:
            continue
    return sorted(names)


def _top(name: str, path: Sequence[str], info: InterpreterInfo) -> Located:
    if name in info.builtin_modules:
        return Located(Answer.FOUND, name, compiled=True)
    found = _on_path(name, name, path, info)
    if found is not None:
        return found
    if FrozenImporter.find_spec(name) is not None:
        return Located(Answer.UNKNOWN, name)
    if info.own:
        found = _by_our_hooks(name)
        if found is not None:
            return found
    return Located(Answer.UNKNOWN if info.hooked else Answer.MISSING, name, folders=tuple(path))


def _on_path(name: str, part: str, path: Sequence[str], info: InterpreterInfo) -> Located | None:
    spec = PathFinder.find_spec(name, list(path))
    if spec is None or spec.loader is None:
        # A file made within the clock tick of the last look is not in the finders' caches; and a
        # folder seen as a namespace package may have become a regular one.
        PathFinder.invalidate_caches()
        spec = PathFinder.find_spec(name, list(path))
    if spec is not None and (spec.loader is not None or not _is_extension(name, path, info)):
        return _described(spec, part)
    if _is_extension(name, path, info):
        return Located(Answer.FOUND, part, compiled=True)
    return None


def _is_extension(name: str, path: Sequence[str], info: InterpreterInfo) -> bool:
    """Whether there is an extension module built for another Python than ours."""
    if info.own:
        return False
    from glob import escape, glob

    return any(glob(os.path.join(escape(folder), f"{name}.*.so")) for folder in path)


def _described(spec: ModuleSpec, part: str) -> Located:
    locations = spec.submodule_search_locations
    folders = tuple(locations) if locations is not None else ()
    loader: Any = spec.loader
    if loader is None:  # a namespace package: folders, no code
        return Located(Answer.FOUND, part, text="", package=True, folders=folders)
    origin = spec.origin or ""
    source, text, compiled = "", None, False
    if origin.endswith((".py", ".pyw")) and os.path.isfile(origin):
        source = origin
    elif hasattr(loader, "archive"):
        try:
            text = loader.get_source(spec.name)
        except (ImportError, SyntaxError, UnicodeDecodeError):
            text = None
    elif type(loader).__name__ == "ExtensionFileLoader":
        compiled = True
    return Located(
        Answer.FOUND, part, source, text, locations is not None, folders, compiled=compiled
    )


def _by_our_hooks(name: str) -> Located | None:
    """Ask the import hooks of our own process, such as those of editable installs."""
    standard = ("_frozen_importlib", "_frozen_importlib_external")
    for finder in sys.meta_path:
        home = getattr(finder, "__module__", None) or type(finder).__module__
        if home in standard or not hasattr(finder, "find_spec"):
            continue
        try:
            spec = finder.find_spec(name, None)
        except Exception:  # noqa: BLE001 - a foreign hook may raise anything, and must not stop a launch
            return Located(Answer.UNKNOWN, name)
        if spec is not None:
            return _described(spec, name)
    return None


def _may_grow(found: Located) -> bool:
    """Whether running the code of `found` may give it submodules that no folder shows."""
    if found.compiled:
        return False
    if not found.source:
        return found.text is None
    try:
        with open(found.source, "rb") as file:
            code = file.read()
    except OSError:
        return True
    return b"__path__" in code or b"sys.modules" in code
