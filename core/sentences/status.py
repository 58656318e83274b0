"""What state a process is in, in a word."""

from __future__ import annotations

from ..translation import mark, tr

_NAMES = {
    "started": mark("started"),
    "running": mark("running"),
    "sleeping": mark("sleeping"),
    "disk sleep": mark("disk sleep"),  # untranslated: the state
    "stopped": mark("stopped"),
    "traced": mark("traced"),
    "suspended": mark("suspended"),
    "stopping": mark("stopping"),
    "idle": mark("idle"),
    "zombie": mark("zombie"),
    "dead": mark("dead"),
    "ended": mark("ended"),
    "lost": mark("lost"),
}


def status_name(status: str) -> str:
    """The name of a state, for a person; filters and files have the state itself."""
    name = _NAMES.get(status)
    return status if name is None else tr(name)
