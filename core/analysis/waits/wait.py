"""A wait as it is told: who waits in what, how that may end, and who could end it."""

from __future__ import annotations

import enum

import msgspec

from ...store.doing import Deed
from ...vocabulary.kinds import Relation, ThreadKey


class Verdict(enum.Enum):
    """How a wait may end. `OPEN`: somebody can end it at once; `LATER`: those who can must first
    get what they wait for themselves; `PAUSED`: those who can are suspended; `NOBODY`: all who
    could have ended; `DEADLOCK`: they wait for one another; `UNKNOWN`: nobody is known who can."""

    OPEN = "open"
    LATER = "later"
    PAUSED = "paused"
    NOBODY = "nobody"
    DEADLOCK = "deadlock"
    UNKNOWN = "unknown"

    @property
    def is_bad(self) -> bool:
        """Whether it will never end by itself."""
        return self in (Verdict.NOBODY, Verdict.DEADLOCK)


class State(enum.Enum):
    """Of one who could end a wait."""

    FREE = "runs"
    WAITS = "waits"
    SUSPENDED = "suspended"
    ENDED = "ended"
    ITSELF = "itself"
    UNSEEN = "cannot be seen"
    IDLE = "is in no task"
    SENDS = "has not sent all that it put"


class Party(msgspec.Struct, frozen=True):
    """One who could end a wait; `wait`: what it waits for itself (None when it does not, or when
    that is told elsewhere: `told` then)."""

    process: int
    thread: str
    relation: Relation
    count: int
    state: State
    wait: Wait | None = None
    told: bool = False


class Wait(msgspec.Struct, frozen=True):
    """A thread that waits. `sentence`: who could end it, or why nobody can. `circle`: the processes
    of a deadlock in the order in which each waits for the next. `more`: parties left out."""

    process: int
    deed: Deed
    verdict: Verdict
    sentence: str
    parties: tuple[Party, ...] = ()
    circle: tuple[ThreadKey, ...] = ()
    more: int = 0

    @property
    def thread(self) -> str:
        """The thread that waits."""
        return self.deed.thread
