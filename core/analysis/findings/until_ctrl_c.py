"""Programs that wait for Ctrl-C: what looks stuck for good may be meant.

    a wait that nobody can end --same run--> main thread of its program, where that takes Ctrl-C
                                                '--> a hint, which says so

That nobody in a run can go on is certain all the same. But a program that has a handler of its own
for SIGINT, or catches KeyboardInterrupt around the very call in which its main thread waits, may
have been written to rest there until somebody presses Ctrl-C, and to end all others then. Children
do not count: that they pass over Ctrl-C, or end by it without a word, says nothing of who begins.
Handlers of other signals keep the world open: see closed_world.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

from msgspec.structs import replace

from ...sentences.place import file_and_line
from ...store.doing import Deed
from ...store.process_row import ProcessRow
from ...translation import tr
from ...vocabulary.events import Role
from ...vocabulary.findings import Severity
from ...vocabulary.kinds import MAIN_THREAD
from ..waits.situation import who
from .cause import Cause, Words
from .view import View

_PROGRAMS = frozenset((Role.WORKER, Role.OTHER))


def unless_meant(view: View, found: Cause) -> Cause:
    """The cause, as a hint that says why where its program may wait for Ctrl-C."""
    runs = {view.row(process).worker for process in found.processes}
    taking = next(_taking(view, runs), None)
    if taking is None:
        return found
    return replace(found, severity=Severity.HINT, words=lambda: _words(found.words(), *taking))


def _taking(view: View, runs: Container[int | None]) -> Iterator[tuple[ProcessRow, Deed]]:
    """Who takes Ctrl-C in these runs, and what it waits in there."""
    for row in view.processes:
        if row.is_live and row.worker in runs and row.role in _PROGRAMS:
            for deed in view.situation.deeds(row.number):
                if deed.ready and deed.thread == MAIN_THREAD:
                    yield row, deed


def _words(words: Words, row: ProcessRow, deed: Deed) -> Words:
    meant = tr(
        "{process} takes Ctrl-C where it waits ({place}): if that is meant to end it, all is in "
        "order.",
        process=who(row, row.number), place=file_and_line(deed.site),
    )  # fmt: skip
    return replace(words, explanation=f"{words.explanation} {meant}")
