"""What is read from the session's file about one shared object, as it comes or as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from spawnscope.core.store.store import Store

if TYPE_CHECKING:
    from .operation_model import Found


class OperationFilter(msgspec.Struct, frozen=True):
    """Which operations are wanted: of these processes (None: of all), with more than so much
    waiting (ns), with a text in the preview. The empty one lets everything pass."""

    processes: frozenset[int] | None = None
    waited_over_ns: int = 0
    text: str = ""

    def __bool__(self) -> bool:
        return self.processes is not None or self.waited_over_ns > 0 or bool(self.text)


EVERYTHING = OperationFilter()


class OperationSource:
    """The file of a store; everything is empty without one. All that reads raises SessionError."""

    def __init__(self, store: Store) -> None:
        self._store = store.session

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
        reader = self._store.lend()
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
        reader = self._store.lend()
        return 0 if reader is None else reader.operations.last_id()

    def id_at(self, time_ns: int) -> int:
        """The id of about the last operation that was over at a time; they stand in the order of
        their ends to within two seconds."""
        reader = self._store.lend()
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

    def sites(self, number: int) -> list[tuple[str, str, int, int]]:
        """(site, operation, how many have a row, how long they waited, ns), most frequent first."""
        reader = self._store.lend()
        return [] if reader is None else reader.operations.by_site(number)

    def series(
        self, number: int, start_ns: int, end_ns: int, points: int
    ) -> list[tuple[int, int | None, int, int]]:
        """(time_ns, depth, all that went in, all that went out), as `history.series`."""
        reader = self._store.lend()
        return [] if reader is None else reader.history.series(number, start_ns, end_ns, points)
