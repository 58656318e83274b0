"""Codes that events carry for what a person reads as a sentence: see core/sentences."""

from __future__ import annotations

import enum


class StopStep(str, enum.Enum):
    """The steps of a termination, in order."""

    ASKED = "asked"
    WAITING = "waiting"
    KILLED = "killed"
    ENDED = "ended"
    FAILED = "failed"


class StopResult(str, enum.Enum):
    """How a termination came to its end: ALREADY, ASKED, LATE (killed, since it had not ended in
    time) and KILLED are ends; REFUSED (we may not signal it), BREEDS (it starts processes faster
    than they can be ended) and HELD (by the kernel) say why there was none."""

    ALREADY = "already"
    ASKED = "asked"
    LATE = "late"
    KILLED = "killed"
    REFUSED = "refused"
    BREEDS = "breeds"
    HELD = "held"


class Unwatched(str, enum.Enum):
    """Why a process carries no recorder. With a detail: TOO_MANY, how many it may begin;
    UNREADABLE, what is wrong with the one that it has."""

    ISOLATED = "isolated"
    NO_ENVIRONMENT = "no environment"
    NO_SITE = "no site"
    NO_PATH = "no path"
    TOO_MANY = "too many"
    SWITCHED_OFF = "switched off"
    UNREADABLE = "unreadable"


class Lack(str, enum.Enum):
    """What a supervisor cannot do on its machine."""

    SHORT_LIVED = "short-lived"
