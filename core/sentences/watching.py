"""Why a process carries no recorder, or not any more."""

from __future__ import annotations

from ..translation import mark, tr
from ..vocabulary.codes import Unwatched
from ..vocabulary.events import ProcessWatched

_REASONS = {
    Unwatched.ISOLATED: mark("it runs with -I, which isolates Python from its environment"),
    Unwatched.NO_ENVIRONMENT: mark("it runs with -E, which makes Python ignore its environment"),
    Unwatched.NO_SITE: mark("it runs with -S, which leaves out what Spawnscope begins with"),
    Unwatched.NO_PATH: mark("its environment does not hold Spawnscope's PYTHONPATH"),
    Unwatched.TOO_MANY: mark("it has begun more than {detail} recorders"),
    Unwatched.SWITCHED_OFF: mark("its recorder was switched off"),
    Unwatched.UNREADABLE: mark("its recorder cannot be read: {detail}"),
}


def unwatched(event: ProcessWatched) -> str:
    """The reason, as a part of a sentence; "" for a process that is watched. What a process says of
    itself, and sessions of before, hold it in words."""
    if event.code is None:
        return event.reason
    return tr(_REASONS[event.code], detail=event.detail)
