"""A task that failed and was kept, as what starts it alone: in a fresh process of the interpreter
that it failed in, under faulthandler.

KeptTask, its pickle --> the spec of a command, and what its runner reads: JSON, the pickle

Nothing is unpickled here. The runner does that, and so runs whatever the pickle says: of a session
that somebody else may have made, the user is asked before.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from ..translation import tr
from ..vocabulary.kept_task import KeptTask
from ..vocabulary.launch_spec import LaunchSpec, TargetKind

RUNNER = Path(__file__).parents[1] / "supervisor" / "launchpad" / "spawnscope_task.py"
_MEGABYTE = 1e6


class AloneError(Exception):
    """Why a task cannot be run alone: one sentence."""


def alone(task: KeptTask, pickled: bytes | None) -> tuple[LaunchSpec, bytes]:
    """What to start, and what it reads from the descriptor that is its last argument. Raises
    AloneError."""
    context = task.context
    if pickled is None:
        raise AloneError(unkept(task))
    for path in (context.python, context.folder, context.main):
        if path and not os.path.exists(path):
            raise AloneError(
                tr("The task cannot be run alone here: there is no '{path}'.", path=path)
            )
    if any("\0" in option for option in context.option):
        raise AloneError(tr("The task cannot be run alone: its options are damaged."))
    if not os.path.isabs(context.python) or not os.access(context.python, os.X_OK):
        raise AloneError(
            tr(
                "The task cannot be run alone: '{path}' is no interpreter.", path=context.python
            )
        )  # fmt: skip
    spec = LaunchSpec(
        kind=TargetKind.COMMAND,
        target=context.python,
        arguments=("-X", "faulthandler", *context.option, str(RUNNER)),
        name=f"{task.function or 'task'} alone",  # untranslated: a name, as in the session file
        cwd=context.folder,
    )
    return spec, msgspec.json.encode(context) + b"\n" + pickled


def unkept(task: KeptTask) -> str:
    """Why there is nothing of a task but that it failed."""
    return tr(
        "The task is too large to be kept: {megabytes:,.1f} MB.", megabytes=task.size / _MEGABYTE
    )
