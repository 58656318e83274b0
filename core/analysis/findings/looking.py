"""When to look for findings: soon after something has changed, and when waits come of age.

    change --0.25 s--> look --.
    silence: 0.35, 1.1, 2.6, 6, 9, 13 s ... each minute --> look --> Finder
    each look --its cost x 50--> no other before

So a program that computes costs next to nothing, and one that is busy sharing at most 2 % of a
processor. Silence never is too long to look once more: a task that takes far longer than others, or
a process that ignores its end, is only told by its age, and changes nothing meanwhile.
"""

from __future__ import annotations

import time

from ...store.change import Change, ChangeKind, StoreChange
from .finder import Finder

_SOON = 0.25  # seconds after a change
_SILENCES = (
    0.35,
    1.1,
    2.6,
    6.0,
)  # after a change: waits settle, pools rest, pipes are looked at
_AGAIN = 5.0  # after that, while anything stands
_LONGER, _LONGEST = 0.5, 60.0  # after that, else: half as long again, and so many seconds at most
_SHARE = 50
_SAMPLED = frozenset(("status", "fds"))  # what matters of a sample


class Looking:
    """See the module. Times are those of `time.monotonic`. Called by the thread of the Finder."""

    def __init__(self, finder: Finder) -> None:
        self._finder = finder
        self._changed = 0.0
        self._not_before = 0.0
        self._due: float | None = None

    def note(self, change: StoreChange) -> None:
        """Something is different in the store. Of samples little matters here."""
        if not (change.objects or change.opened or any(map(_matters, change.processes))):
            return
        now = self._changed = time.monotonic()
        soon = now + _SOON
        if self._due is None or self._due > soon:
            self._due = soon

    @property
    def due_in(self) -> float | None:
        """Seconds until `look` is to be called; None: not before something changes."""
        if self._due is None:
            return None
        return max(0.0, max(self._due, self._not_before) - time.monotonic())

    def look(self) -> None:
        """Look, and find out when to do so again. Raises SessionError."""
        begin = time.thread_time()
        try:
            self._finder.look()
        finally:
            self._rest(begin)

    def look_for_the_last_time(self) -> None:
        """Look now, and have all that stands told anew. Raises SessionError."""
        self._finder.renew()
        self.look()

    def looked(self, time_ns: int) -> None:
        """See `Finder.looked`. Raises SessionError."""
        begin = time.thread_time()
        try:
            self._finder.looked(time_ns)
        finally:
            self._rest(begin)

    def _rest(self, begin: float) -> None:
        now = time.monotonic()
        self._not_before = now + _SHARE * (time.thread_time() - begin)
        due = next((at for each in _SILENCES if (at := self._changed + each) > now), None)
        if due is None:
            rest = _AGAIN if self._finder.is_needed else _LONGEST
            due = now + min(_LONGER * (now - self._changed), rest)
        self._due = due


def _matters(change: Change) -> bool:
    return change.kind is not ChangeKind.SAMPLED or not _SAMPLED.isdisjoint(change.fields)
