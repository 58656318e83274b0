"""What has to be said of recorders: what they do not see, what they had no room for, and what they
were asked to check."""

from __future__ import annotations

from collections.abc import Callable

from ..translation import tr, trn
from .checked_starts import CheckedStarts
from .journal import SessionJournal
from .known_process import KnownProcess
from .watched_process import WatchedProcess


class RecorderNotes:
    """Writes messages of the stream `spawnscope`. `checked`: what came of checking starts."""

    def __init__(self, journal: SessionJournal, clock: Callable[[], int]) -> None:
        self._journal = journal
        self.checked = CheckedStarts(journal, clock)
        self._told: set[str] = set()  # what needs to be said once in a session

    def once(self, record: KnownProcess, sentence: str) -> None:
        """Say what concerns the whole session with the first process that it is seen at."""
        if sentence not in self._told:
            self._told.add(sentence)
            self._journal.note(record, sentence)

    def missed(self, one: WatchedProcess, final: bool = False) -> None:
        """Say once what a recorder does not see, and how much it had no room for."""
        self.checked.tell(one)
        if "interpreters" in one.facts:
            sentence = tr(
                "What runs in further interpreters of a process is not recorded, nor are the tasks "
                "of an InterpreterPoolExecutor and queues between interpreters."
            )
            self.once(one.record, sentence)
        if one.facts.get("tasks") == ("",):
            sentence = tr("Failed tasks are not kept: there is too little room for them.")
            self.once(one.record, sentence)
        number = one.new_without_room(final)
        if number:
            sentence = trn(
                "{count} shared object or operation is not watched: its recorder is full.",
                "{count} shared objects or operations are not watched: its recorder is full.",
                number,
            )
            self._journal.note(one.record, sentence)
