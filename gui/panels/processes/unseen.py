"""Which rows of the tree bear the mark of what is not instrumented: those processes themselves, and
the root of a run that has any."""

from __future__ import annotations

from spawnscope.core.analysis.process_fold import Shown
from spawnscope.core.store.process_row import ProcessRow
from spawnscope.core.translation import tr, trn


class UnseenMarks:
    """Takes rows as they come and change."""

    def __init__(self) -> None:
        self._unseen: dict[int, set[int]] = {}  # processes, by run
        self._roots: dict[int, int] = {}  # by run

    def note(self, row: ProcessRow) -> int | None:
        """A row is new or another; the root whose mark may differ by that."""
        run = row.worker
        if run is None:
            return None
        if row.is_worker_root:
            self._roots[run] = row.number
        unseen = self._unseen.setdefault(run, set())
        before = len(unseen)
        if row.is_unseen and not row.is_worker_root:
            unseen.add(row.number)
        else:
            unseen.discard(row.number)
        return self._roots.get(run) if len(unseen) != before else None

    def below(self, row: ProcessRow) -> int:
        """How many below the root of a run are not instrumented; 0 for other rows."""
        run = row.worker
        if run is None or self._roots.get(run) != row.number:
            return 0
        return len(self._unseen.get(run, ()))

    def tip(self, row: Shown) -> str:
        """What the mark says; "" where there is none."""
        if not isinstance(row, ProcessRow):
            return ""
        if row.is_unseen:
            reason = row.unwatched_reason.rstrip(".")
            told = tr("Not instrumented: {reason}.", reason=reason) if reason else ""
            kept = tr("What it shares, and what it waits for, is not recorded.")
            return " ".join(filter(None, (told, kept)))
        count = self.below(row)
        if not count:
            return ""
        return trn(
            "{count} process below it is not instrumented: what it shares is not recorded.",
            "{count} processes below it are not instrumented: what they share is not recorded.",
            count,
        )
