"""What processes find of their own starts, where they were asked: told on as it grows.

facts of a recorder --tell()--> ProcessWatched, with all of it
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import islice

from ..probe._spawnscope_probe.layout import FACT_NUMBER
from ..vocabulary.checking import Breakage, Checked
from ..vocabulary.codes import Unwatched
from ..vocabulary.events import ProcessWatched
from .journal import SessionJournal
from .watched_process import WatchedProcess

_BREAKAGE = "breakage" + FACT_NUMBER
_MOST_BREAKAGES = 100  # of a process; more than it tells
_LONGEST_NAME = 200  # characters


class CheckedStarts:
    """See the module."""

    def __init__(self, journal: SessionJournal, clock: Callable[[], int]) -> None:
        self._journal = journal
        self._clock = clock
        self._told: dict[int, Checked] = {}  # by number

    def tell(self, one: WatchedProcess) -> None:
        """A recorder was read: tell what is new."""
        if "checked" not in one.facts:
            return
        number, checked = one.record.number, checked_of(one.facts)
        if checked != self._told.get(number):
            self._told[number] = checked
            self._journal.watched(self.event(number, True))

    def event(
        self,
        number: int,
        watched: bool,
        reason: str = "",
        code: Unwatched | None = None,
        detail: str = "",
    ) -> ProcessWatched:
        """That a process carries a recorder, or does not, with what was told of its starts."""
        checked = self._told.get(number)
        return ProcessWatched(number, self._clock(), watched, reason, code, detail, checked)


def checked_of(facts: Mapping[str, tuple[str, ...]]) -> Checked:
    """What the facts of a process say."""
    method, *counts = facts["checked"]
    places, failed = (int(each) if each.isdecimal() and len(each) < 10 else 0 for each in counts)
    told = (fields for name, fields in facts.items() if name.startswith(_BREAKAGE))
    breakages = tuple(
        Breakage(kind, bool(sure), *rest) for kind, sure, *rest in islice(told, _MOST_BREAKAGES)
    )
    return Checked(places, method[:_LONGEST_NAME], breakages, failed)
