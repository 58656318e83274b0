"""What is read from the session's file about one shared object, as it comes or as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ...kit.session_source import SessionSource

if TYPE_CHECKING:
    from spawnscope.core.vocabulary.events import ObjectCreated, ObjectState, OperationCount

    from .operation_model import Found

_RATE_WINDOW = 2_000_000_000  # ns


class OperationFilter(msgspec.Struct, frozen=True):
    """Which operations are wanted: of these processes (None: of all), with more than so much
    waiting (ns), with a text in the preview. The empty one lets everything pass."""

    processes: frozenset[int] | None = None
    waited_over_ns: int = 0
    text: str = ""

    def __bool__(self) -> bool:
        return self.processes is not None or self.waited_over_ns > 0 or bool(self.text)


EVERYTHING = OperationFilter()


class OperationSource(SessionSource):
    """A session file that is opened when something is first read from it; everything is empty
    without one. All that reads raises SessionError."""

    def operations(
        self,
        number: int,
        after_id: int,
        before_id: int,
        limit: int,
        wanted: OperationFilter = EVERYTHING,
        *,
        newest: bool,
    ) -> list[Found]:
        """At most `limit` operations on an object between two ids, the newest or the first ones."""
        reader = self._opened()
        if reader is None:
            return []
        return reader.operations.page(
            number,
            after_id,
            limit,
            newest,
            before_id=before_id,
            processes=wanted.processes,
            waited_over_ns=wanted.waited_over_ns,
            text=wanted.text,
        )

    def last_id(self) -> int:
        """The id of the newest operation of all objects; 0 without any."""
        reader = self._opened()
        return 0 if reader is None else reader.operations.last_id()

    def id_at(self, time_ns: int) -> int:
        """The id of about the last operation that was over at a time; they stand in the order of
        their ends to within two seconds."""
        reader = self._opened()
        if reader is None:
            return 0
        low, high = 0, reader.operations.last_id()
        while low < high:
            middle = (low + high + 1) // 2
            found = reader.operations.page(None, middle - 1, 1)
            if found and found[0][1].end_ns <= time_ns:
                low = middle
            else:
                high = middle - 1
        return low

    def counters(
        self, number: int, moment_ns: int | None = None
    ) -> list[tuple[int, OperationCount]]:
        """(process, totals of one operation) on an object, now or at a moment."""
        reader = self._opened()
        if reader is None:
            return []
        if moment_ns is None:
            rows = reader.objects.counters()
        else:
            rows = reader.history.counters_at(moment_ns)
        return [(process, count) for object_, process, count in rows if object_ == number]

    def sites(self, number: int) -> list[tuple[str, str, int, int]]:
        """(site, operation, how many have a row, how long they waited, ns), most frequent first."""
        reader = self._opened()
        return [] if reader is None else reader.operations.by_site(number)

    def objects_at(
        self, moment_ns: int
    ) -> tuple[list[ObjectCreated], list[ObjectState], list[ObjectState]]:
        """The objects that there were at a moment, their states then, and two seconds before."""
        reader = self._opened()
        if reader is None:
            return [], [], []
        created = [each for each in reader.objects.all() if each.time_ns <= moment_ns]
        before = reader.history.states_noted(moment_ns - _RATE_WINDOW)
        return created, reader.history.states_at(moment_ns), before

    def end_ns(self) -> int:
        """Until when anything is known, Unix time."""
        reader = self._opened()
        return 0 if reader is None else reader.span()[1]

    def series(
        self, number: int, start_ns: int, end_ns: int, points: int
    ) -> list[tuple[int, int | None, int, int]]:
        """(time_ns, depth, all that went in, all that went out), as `history.series`."""
        reader = self._opened()
        return [] if reader is None else reader.history.series(number, start_ns, end_ns, points)
