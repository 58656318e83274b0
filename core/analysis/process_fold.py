"""Which ended processes are so alike, and so uneventful, that one row can stand for many of them.

A program that starts thousands of short processes must not bury what goes wrong in it. So a process
that failed, that held something when it ended, or that has anything of that kind below it, stays by
itself; so does what was launched from the window. What is left folds once it is old enough and
there are enough of its kind.
"""

from __future__ import annotations

import re

import msgspec

from ..store.process_row import ProcessRow
from ..translation import tr
from ..vocabulary.events import Role
from .process_helpers import HelpersRow

KEPT = 8  # the newest of a kind that stay by themselves
LEAST = 4  # fewer are not worth a fold
GRACE_NS = 5_000_000_000  # for which everybody can see that one has ended
_NUMBER = re.compile(r"\d+")

FoldKey = tuple[str, Role, str | None, str]
"""What alike siblings have in common: the name without numbers, role, start method, program."""


class FoldRow(msgspec.Struct, frozen=True, gc=False):
    """The row that stands for `count` processes which ended well. `number`: what tells rows apart;
    no process has it. `known`: whether all are known to have ended with exit code 0. Times are Unix
    time in ns, `mean_ns` is how long they lived on average. `rest`: it stands, within an open fold,
    for those that are not shown yet; up to `next_count` of them come next."""

    number: int
    count: int
    name: str
    role: Role
    known: bool
    first_pid: int
    last_pid: int
    started_ns: int
    ended_ns: int
    mean_ns: int
    rest: bool = False
    next_count: int = 0

    is_live = False
    is_stopping = False
    may_be_signalled = False
    has_failed = False

    @property
    def label(self) -> str:
        """The name to show: "1,240 × true"."""
        if self.rest:
            return tr(
                "… {count} earlier: show {more} more",
                count=format(self.count, ","), more=format(self.next_count, ","),
            )  # fmt: skip
        return f"{self.count:,} × {self.name}"

    @property
    def outcome(self) -> str:
        """How they ended, in a few words."""
        return tr("All ended normally") if self.known else tr("All ended")


Shown = ProcessRow | FoldRow | HelpersRow
"""What a line of the process tree shows."""


def may_fold(row: ProcessRow) -> bool:
    """Whether nobody needs to look at this process, by itself, any more."""
    return (
        row.ended_ns is not None
        and row.exit_code in (0, None)
        and row.signal is None
        and not row.has_failed
        and not row.holding
        and not row.doing
        and not row.is_worker_root
        and row.role is not Role.SUPERVISOR
    )


def fold_key(row: ProcessRow) -> FoldKey:
    """Siblings with the same key are alike."""
    program = row.cmdline[0] if row.cmdline else ""
    return _NUMBER.sub("#", row.label), row.role, row.start_method, program
