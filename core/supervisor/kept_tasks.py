"""Tasks that raised, or that ended their worker: taken over from the files in which workers keep
what they have in hand, into the session. Only where that was asked for.

    <recorder>.task<k>, raised --once a second--> journal
    <recorder>.task<k>, in hand --its process has ended, by nobody's order--> journal

Pickles are bytes here: they go from file to file.
"""

from __future__ import annotations

from collections.abc import Callable

from ..observe.kept_file import KeptFile, read_kept
from ..probe._spawnscope_probe import kept_layout as layout
from ..vocabulary.kept_task import KeptTask
from .journal import SessionJournal
from .known_process import KnownProcess
from .outcome import exit_of
from .run_folder import RunFolder
from .watched_process import WatchedProcess

MOST_ENDED, MOST_RAISED = 20, 10  # of a run
_LONGEST = 500  # characters of a name
_ASKING = ("SIGTERM", "SIGINT", "SIGHUP")


class KeptTasks:
    """See the module."""

    def __init__(
        self, folder: RunFolder, journal: SessionJournal, clock: Callable[[], int]
    ) -> None:
        self._folder = folder
        self._journal = journal
        self._clock = clock
        self._count = 0
        self._taken: dict[str, int] = {}  # files of a recorder, by its name
        self._of_run: dict[tuple[int | None, int], int] = {}  # how many, by run and state

    def look(self, one: WatchedProcess) -> None:
        """Take over what has raised since the last look."""
        latest = _latest(one)
        for place in range(self._taken.get(one.name, 0), latest):
            self._take(one, place, layout.RAISED)
            self._taken[one.name] = place + 1

    def last(self, one: WatchedProcess, ordered: bool) -> None:
        """Its process has ended. `ordered`: its program, or the user, has ended it, whatever it was
        in just then; so does a signal that asks for an end."""
        latest = _latest(one)
        if latest < 0:
            return
        self.look(one)
        self._take(one, latest, layout.RAISED)
        if not ordered and exit_of(one.record.status)[1] not in _ASKING:
            self._take(one, latest, layout.IN_HAND)
        self._taken.pop(one.name, None)
        for place in range(layout.FILES):
            self._folder.discard(_name(one, place))

    def _take(self, one: WatchedProcess, place: int, state: int) -> None:
        run = one.record.worker, state
        count = self._of_run.get(run, 0)
        if count >= (MOST_RAISED if state == layout.RAISED else MOST_ENDED):
            return
        found = read_kept(_name(one, place), self._folder.descriptor)
        if found is None or found.state != state or _is_idle(found, one.record):
            return
        self._of_run[run] = count + 1
        number, (function, error) = one.resolved(found.object, found.function, found.error)
        self._count += 1
        kept = found.pickled is not None
        task = KeptTask(
            self._count, one.record.number, self._clock(), number, found.number,
            function[:_LONGEST], error[:_LONGEST], found.size, kept, found.context,
        )  # fmt: skip
        self._journal.kept_task(task, found.pickled)


def _latest(one: WatchedProcess) -> int:
    """The number of the last file that its process says it has begun; -1: none."""
    number = one.facts.get("tasks", ("",))[0]
    return min(int(number), layout.FILES - 1) if number.isdecimal() else -1


def _name(one: WatchedProcess, place: int) -> str:
    return f"{one.name.removesuffix('.rec')}.task{place}"


def _is_idle(found: KeptFile, record: KnownProcess) -> bool:
    """Whether what came last was no task but word that it may end, as it then did."""
    return not found.function and record.status == 0
