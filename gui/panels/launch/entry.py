"""One thing that can be started, as the list shows it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from spawnscope.core.launch.examples import Example
    from spawnscope.core.launch.spec_store import StoredSpec
    from spawnscope.core.vocabulary.launch_spec import LaunchSpec


class Origin(Enum):
    """The section that an entry stands in."""

    EXAMPLE = "example"
    YOURS = "yours"
    RECENT = "recent"


@dataclass(frozen=True)
class Entry:
    """`key` tells entries apart and outlives changes of their content. `spec` is None for a file
    that cannot be read, and `fault` then says why. `path`: the file that holds the spec."""

    key: str
    origin: Origin
    title: str
    summary: str
    icon: str
    tooltip: str
    spec: LaunchSpec | None
    path: Path | None = None
    fault: str = ""


def of_example(example: Example) -> Entry:
    """The entry of a bundled example."""
    return Entry(
        key=f"example:{example.spec.target}",
        origin=Origin.EXAMPLE,
        title=example.title,
        summary=example.summary,
        icon="example",
        tooltip=f"{example.title}: {example.teaches}\n{example.summary}\n{example.spec.target}",
        spec=example.spec,
    )


def of_stored(stored: StoredSpec) -> Entry:
    """The entry of a file in the user's store."""
    if stored.spec is None:
        return Entry(
            key=f"yours:{stored.path}",
            origin=Origin.YOURS,
            title=stored.title,
            summary=stored.fault,
            icon="warning",
            tooltip=f"{stored.path}\n{stored.fault}",
            spec=None,
            path=stored.path,
            fault=stored.fault,
        )
    return Entry(
        key=f"yours:{stored.path}",
        origin=Origin.YOURS,
        title=stored.spec.title,
        summary=summary_of(stored.spec),
        icon=stored.spec.kind.value,
        tooltip=f"{stored.spec.title}\n{summary_of(stored.spec)}\n{stored.path}",
        spec=stored.spec,
        path=stored.path,
    )


def of_recent(spec: LaunchSpec) -> Entry:
    """The entry of a spec that was launched before."""
    summary = summary_of(spec)
    return Entry(
        key=f"recent:{spec!r}",
        origin=Origin.RECENT,
        title=spec.title,
        summary=summary,
        icon=spec.kind.value,
        tooltip=f"{spec.title}\n{summary}",
        spec=spec,
    )


def summary_of(spec: LaunchSpec) -> str:
    """What a spec starts, in one line: `etl.jobs:load('a', limit=3) · spawn · ×4`."""
    from spawnscope.core.vocabulary.launch_spec import StartMethod, TargetKind

    target = spec.target
    if spec.kind is TargetKind.FUNCTION:
        values = [_brief(value) for value in spec.arguments]
        values += [f"{name}={_brief(value)}" for name, value in spec.keywords.items()]
        text = f"{target}({', '.join(values)})"
    else:
        import shlex

        text = " ".join((_short_path(target), *map(shlex.quote, map(str, spec.arguments))))
        if spec.kind is TargetKind.MODULE:
            text = f"-m {text}"
    if spec.kind is TargetKind.FUNCTION and spec.start_method is not StartMethod.FORK:
        text += f" · {spec.start_method.value}"
    if spec.count > 1:
        text += f" · ×{spec.count}"
    return " ".join(text.split())


def _short_path(path: str) -> str:
    """A path as its reader would write it: from the home folder on, and by its last three parts."""
    import os

    home = os.path.expanduser("~")
    if path.startswith(home + os.sep):
        path = "~" + path[len(home) :]
    parts = path.split(os.sep)
    return path if len(parts) <= 4 else os.sep.join(("…", *parts[-3:]))


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 24 else f"{text[:23]}…"
