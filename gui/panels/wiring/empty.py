"""Why the picture is empty."""

from __future__ import annotations

from spawnscope.core.translation import mark, tr

from .model import WiringModel

_YET = mark(
    "Processes appear here, with arrows between them, as soon as a watched program\n"
    "uses queues, locks, pools …"
)


def reason_for_nothing(model: WiringModel) -> tuple[str, str]:
    """A title, and what to do about it."""
    if model.graph.hidden_ended:
        return tr("All have ended"), tr("Switch on Ended to see what they shared.")
    if model.store.moment_ns is not None:
        return tr("Nothing is shared"), tr("At this moment no process had used anything.")
    if model.store.live:
        return tr("Nothing is shared yet"), tr(_YET)
    return tr("Nothing was shared"), tr("No process of this session used anything.")
