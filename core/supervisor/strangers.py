"""Files in the run folder whose processes are not known yet.

    run folder --new files--> waiting --its process is known---> handed on
                                 |------it has ended unseen----> taken in, if that is certain enough
                                 '------10 s, or too many------> removed

Anybody who may write into the folder can make a file for any pid, so a file proves little: how many
wait, how many are looked up in a round and how many processes are taken in on the word of a file
is limited.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from ..observe import proc_files
from ..observe.recorder_file import RecorderFile
from ..observe.recorder_layout import RecorderError
from .known_process import KnownProcess
from .process_registry import ProcessRegistry
from .run_folder import FoundFile, RunFolder

_PATIENCE_SECONDS = 10.0  # how long a file waits for its process to be found
_ADOPT_SECONDS = 0.2  # after which its process, if it is gone, is taken in as we know it
_SEARCH_SECONDS = 0.2
_MOST_WAITING = 2000  # files
_MOST_LOOKS = 50  # into /proc, in a round
_MOST_HANDED = 200  # files in a round
_ADOPTIONS_A_SECOND = 50
_MOST_PARENTS = 5000


class Strangers:
    """See the module. `all_forks_heard`: the kernel announces them, so there is no process of ours
    that we do not know; `parents`: who says that it started a pid; `refused`: how many files were
    removed because they are nobody's, or too many."""

    def __init__(self, folder: RunFolder, registry: ProcessRegistry) -> None:
        self._folder = folder
        self._registry = registry
        self._waiting: dict[FoundFile, float] = {}
        self._begun_ns = time.monotonic_ns()
        self._searched_at = 0.0
        self._adoptions = float(_ADOPTIONS_A_SECOND)
        self._adopted_at = 0.0
        self.parents: dict[int, KnownProcess] = {}
        self.all_forks_heard = False
        self.refused = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def started(self, parent: KnownProcess, pid: int) -> None:
        """A process says that it started this one."""
        if len(self.parents) >= _MOST_PARENTS:
            del self.parents[next(iter(self.parents))]
        self.parents[pid] = parent

    def known(self, now: float) -> Iterator[tuple[FoundFile, KnownProcess]]:
        """The files whose processes are known by now, oldest first. `now`: seconds, monotonic.

        One at a time, each to be taken in at once: between two of them the registry may search and
        tell of ends, and whose file lay in a list then would have ended without last words.
        """
        for found in self._folder.new_files():
            if len(self._waiting) < _MOST_WAITING or self._owner(found) is not None:
                self._waiting[found] = now
            else:
                self._refuse(found)
        handed = 0
        looks = _MOST_LOOKS
        for found, since in list(self._waiting.items()):
            if handed >= _MOST_HANDED:
                break
            if found not in self._waiting:
                continue  # handed over meanwhile: a search can tell of ends
            record = self._owner(found)
            if record is None and now - self._searched_at >= _SEARCH_SECONDS:
                self._searched_at = now
                self._registry.search()
                if found not in self._waiting:
                    continue
                record = self._owner(found)
            if record is None and looks and now - since >= _ADOPT_SECONDS:
                looks -= 1
                record = self._adopted(found, now)
                if record is None:  # others have a turn before it is looked up again
                    del self._waiting[found]
                    self._waiting[found] = since
            if record is not None:
                del self._waiting[found]
                handed += 1
                yield found, record
            elif now - since > _PATIENCE_SECONDS:
                del self._waiting[found]
                self._refuse(found)

    def _refuse(self, found: FoundFile) -> None:
        self.refused += 1
        self._folder.discard(found.name)

    def _owner(self, found: FoundFile) -> KnownProcess | None:
        """The process that made a file; None while it is not known."""
        record = self._registry.by_pid(found.pid)
        if record is not None and record.ended and record.ended_at_ns < found.created_ns:
            return None  # it ended before the file was made: another one has its pid by now
        return record

    def _adopted(self, found: FoundFile, now: float) -> KnownProcess | None:
        """A process that ended before anybody saw it, but its recorder says that it lived."""
        gained = (now - self._adopted_at) * _ADOPTIONS_A_SECOND
        self._adoptions = min(float(_ADOPTIONS_A_SECOND), self._adoptions + gained)
        self._adopted_at = now
        if (
            self.all_forks_heard
            or found.kind != "rec"
            or not self._begun_ns <= found.created_ns <= time.monotonic_ns()
            or self._adoptions < 1
            or proc_files.read_stat(found.pid) is not None
            or not self._is_recorder(found)
        ):
            return None
        parent = self.parents.pop(found.pid, None) or self._only_worker()
        if parent is None:
            return None
        self._adoptions -= 1
        return self._registry.writer(found.pid, parent)

    def _is_recorder(self, found: FoundFile) -> bool:
        try:
            RecorderFile(found.name, found.pid, self._folder.descriptor).close()
        except (RecorderError, OSError):
            return False
        return True

    def _only_worker(self) -> KnownProcess | None:
        workers = list(self._registry.workers.values())
        alive = [worker for worker in workers if worker.alive] or workers
        return alive[-1] if alive else None
