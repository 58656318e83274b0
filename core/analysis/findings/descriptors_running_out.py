"""A process that has nearly as many descriptors open as it may have."""

from __future__ import annotations

from collections.abc import Iterator

from ...store.process_row import ProcessRow
from ...translation import tr
from ...vocabulary.events import Role
from ..waits.situation import who
from .cause import Cause, Words
from .view import View

_NEAR = 0.9  # of the limit


def descriptors_running_out(view: View) -> Iterator[Cause]:
    """One for each process; of one that has ended, by its last sample."""
    for row in view.processes:
        sample = row.sample
        if sample is None or not sample.fds_limit or row.role is Role.SUPERVISOR:
            continue
        if (row.is_live or view.over) and sample.fds >= _NEAR * sample.fds_limit:
            yield _found(row, sample.fds, sample.fds_limit, sample.time_ns)


def _found(row: ProcessRow, fds: int, limit: int, time_ns: int) -> Cause:
    def words() -> Words:
        return Words(
            tr(
                "{process} has {count} of {limit} descriptors open",
                process=row.label, count=format(fds, ","), limit=format(limit, ","),
            ),
            tr(
                "{process} has {count} files, pipes and sockets open, and may have {limit}. Beyond "
                "that, whatever opens one fails with OSError 24, Too many open files: also each "
                "new queue, pipe or child.",
                process=who(row, row.number), count=format(fds, ","), limit=format(limit, ","),
            ),
            tr(
                "Close what is not used any more, by `with` statements and `close`: each Process "
                "that is kept has one, each Queue and Pipe two. Or raise the limit (`ulimit -n`)."
            ),
        )  # fmt: skip

    return Cause(
        code="descriptors-running-out",
        which=(row.number,),
        words=words,
        since_ns=time_ns,
        processes=(row.number,),
    )
