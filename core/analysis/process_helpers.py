"""The row that stands for what multiprocessing started for itself: fork servers, resource trackers.

They do no work of the program, so nobody needs to see them by themselves, unless one has started
something of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ..sentences.outcome import named
from ..store.process_row import ProcessRow
from ..translation import tr, trn
from ..vocabulary.events import HELPERS, Role


class HelpersRow(msgspec.Struct, frozen=True, gc=False):
    """`number`: what tells rows apart; no process has it. `names`: each helper's name and pid;
    `failed`: who of them ended in another way than in order, and how."""

    number: int
    names: tuple[str, ...]
    is_live: bool
    failed: tuple[str, ...]

    role = Role.RESOURCE_TRACKER
    is_stopping = False
    may_be_signalled = False

    @classmethod
    def of(cls, number: int, rows: Iterable[ProcessRow]) -> HelpersRow:
        """The row for these helpers."""
        rows = list(rows)
        return cls(
            number,
            tuple(named(row.label, row.pid) for row in rows),
            any(row.is_live for row in rows),
            # SIGTERM is how they are ended, if not by the end of those who use them.
            tuple(
                f"{row.label}: {row.outcome}"
                for row in rows
                if row.has_failed and row.signal != "SIGTERM"
            ),
        )

    @property
    def has_failed(self) -> bool:
        """Whether one of them has."""
        return bool(self.failed)

    @property
    def label(self) -> str:
        """The name to show."""
        return trn("{count} helper", "{count} helpers", len(self.names))

    @property
    def about(self) -> str:
        """What they are, and who."""
        text = tr("multiprocessing has started for itself, and for no work of the program:")
        return "\n".join((text, *self.names, *self.failed))


def is_helper(row: ProcessRow) -> bool:
    """Whether a process is one of those that share a row."""
    return row.role in HELPERS
