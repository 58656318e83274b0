"""The specs that were launched last, newest first, kept in the user's state folder.

A convenience: a damaged file counts as an empty one, and what cannot be written is let go.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from ..vocabulary.launch_spec import LaunchSpec, TargetKind

LIMIT = 20


class _Record(msgspec.Struct, frozen=True):
    """A spec; the call of a function as the text of Python literals, which JSON cannot hold."""

    spec: LaunchSpec
    call: str = ""


class RecentSpecs:
    """The last LIMIT specs in the file `path` (by default the user's). Main thread only."""

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        if path is None:
            import platformdirs

            path = Path(platformdirs.user_state_dir("spawnscope")) / "recent.json"
        self.path = Path(path)

    def specs(self) -> list[LaunchSpec]:
        """The specs, newest first; empty when there is no file or it is damaged."""
        try:
            records = msgspec.json.decode(self.path.read_bytes(), type=list[msgspec.Raw])
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return []
        specs = []
        for raw in records[:LIMIT]:
            try:
                specs.append(_spec_of(msgspec.json.decode(raw, type=_Record)))
            except (msgspec.MsgspecError, ValueError, SyntaxError, TypeError):
                continue  # one that a newer version wrote, or a damaged one
        return specs

    def add(self, spec: LaunchSpec) -> bool:
        """Put `spec` first, once. False when it cannot be kept (odd values, a full disk)."""
        return self._write([spec, *(each for each in self.specs() if each != spec)][:LIMIT])

    def remove(self, spec: LaunchSpec) -> bool:
        """Forget `spec`."""
        return self._write([each for each in self.specs() if each != spec])

    def clear(self) -> bool:
        """Forget all."""
        return self._write([])

    def _write(self, specs: list[LaunchSpec]) -> bool:
        from .spec_store import replace_file

        try:
            data = msgspec.json.encode([_record_of(spec) for spec in specs])
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(self.path, data)
        except (OSError, ValueError, TypeError, SyntaxError, msgspec.MsgspecError):
            return False
        return True


def _record_of(spec: LaunchSpec) -> _Record:
    """Raises ValueError for a call that Python literals do not give back unchanged."""
    if spec.kind is not TargetKind.FUNCTION or not (spec.arguments or spec.keywords):
        return _Record(spec)
    record = _Record(
        msgspec.structs.replace(spec, arguments=(), keywords={}),
        repr((spec.arguments, spec.keywords)),
    )
    if _spec_of(record) != spec:
        raise ValueError("no literals")
    return record


def _spec_of(record: _Record) -> LaunchSpec:
    if not record.call:
        return record.spec
    import ast

    call: Any = ast.literal_eval(record.call)
    arguments, keywords = call
    return msgspec.structs.replace(record.spec, arguments=tuple(arguments), keywords=dict(keywords))
