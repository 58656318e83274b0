"""What the supervisor says of itself: problems, refusals, what it cannot do here."""

from __future__ import annotations

from ..translation import mark, tr
from ..vocabulary.codes import Lack
from ..vocabulary.events import LaunchRefused, Problem

_LACKS = {
    Lack.SHORT_LIVED: mark(
        "Children that live for a few milliseconds and write nothing may be missed."
    ),
}


def said(event: Problem | LaunchRefused) -> str:
    """Its sentence, with its values."""
    return tr(event.sentence, **event.values)


def lack(code: Lack) -> str:
    """What cannot be done here."""
    return tr(_LACKS[code])
