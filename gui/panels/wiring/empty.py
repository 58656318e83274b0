"""Why the picture is empty."""

from __future__ import annotations

from .model import WiringModel

_YET = (
    "Processes appear here, with arrows between them, as soon as a watched program\n"
    "uses queues, locks, pools …"
)


def reason_for_nothing(model: WiringModel) -> tuple[str, str]:
    """A title, and what to do about it."""
    if model.graph.hidden_ended:
        return "All have ended", "Switch on Ended to see what they shared."
    if model.store.moment_ns is not None:
        return "Nothing is shared", "At this moment no process had used anything."
    if model.store.live:
        return "Nothing is shared yet", _YET
    return "Nothing was shared", "No process of this session used anything."
