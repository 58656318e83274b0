"""Reading the recorders of all watched processes, twenty times a second while anything lives.

    run folder --new files--> whose? (registry) --> WatchedProcess --> SharedObjects --> journal
        ^                                                |
        '-- tick: a round is over             last words at its exit

Operations are read in each round, counters and what threads are in four times a second, or twice if
there are many recorders; what has been idle for two seconds is read twice a second. Totals are
written twice a second, and at a process's end.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from typing import NamedTuple

from ..observe import proc_files
from ..observe.recorder_file import RecorderFile
from ..observe.recorder_layout import RecorderError
from ..session.records import LostOperations
from ..vocabulary.events import Doing, ProcessDoing, ProcessWatched, Role
from . import outcome
from .journal import SessionJournal
from .loop import EventLoop
from .process_record import ProcessRecord
from .process_registry import ProcessRegistry
from .recognition import role_by_run
from .run_folder import FoundFile, RunFolder, read_reason
from .shared_objects import SharedObjects
from .unwatched import Unwatched
from .watched_process import WatchedProcess

ROUND_SECONDS = 0.05
_LOOK_SECONDS = 0.25
_MANY = 100  # recorders; if there are more, looks are half as frequent
_TOTALS_SECONDS = 0.5
_WRITE_SECONDS = 1.0
_STRANGER_SECONDS = 10.0  # how long a file waits for its process to be found
_ADOPT_SECONDS = 0.2  # after which its process, if it is gone, is taken in as we know it
_SEARCH_SECONDS = 0.2
_FAULT_SECONDS = 5.0
_QUIET = frozenset({Role.RESOURCE_TRACKER, Role.FORKSERVER})  # nobody misses their recorders


class LastWords(NamedTuple):
    """What an ended process was in the middle of, what it held, and both as a text."""

    doing: tuple[Doing, ...] = ()
    holding: tuple[int, ...] = ()
    situation: outcome.Situation = outcome.NOTHING


class Recorders:
    """See the module. `folder`: where processes put their recorders."""

    def __init__(
        self,
        loop: EventLoop,
        registry: ProcessRegistry,
        journal: SessionJournal,
        clock: Callable[[], int],
        session: str,
    ) -> None:
        """Raises OSError when there is no place for the folder."""
        self._loop = loop
        self._registry = registry
        self._journal = journal
        self._clock = clock
        self._folder = RunFolder(session)
        self.folder = self._folder.path
        self._offset_ns = time.time_ns() - time.monotonic_ns()
        self._objects = SharedObjects(journal, clock, self._offset_ns)
        self._unwatched = Unwatched()
        self._watched: dict[int, list[WatchedProcess]] = {}  # by number; the latest one last
        self._strangers: dict[FoundFile, float] = {}  # whose process is not known yet; since when
        self._parents: dict[int, ProcessRecord] = {}  # pid: who says that it started it
        self._ending: ProcessRecord | None = None  # whose last words are read just now
        self._scheduled = False
        self._looked_at = self._told_at = self._wrote_at = self._searched_at = 0.0

    def begin(self) -> None:
        """Something is launched: read until nothing lives any more."""
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_later(ROUND_SECONDS, self._on_timer)

    def last_words(self, record: ProcessRecord) -> LastWords:
        """Read what an ended process left to the end, write its totals, and let go of it."""
        try:
            return self._last_words(record)
        except Exception as error:  # noqa: BLE001 - an end has to be told, whatever we failed to read
            self._tell_fault(error)
            return LastWords()

    def _last_words(self, record: ProcessRecord) -> LastWords:
        now = time.monotonic()
        self._ending = record
        self._find(now)
        self._ending = None
        watched = self._watched.pop(record.number, [])
        self._unwatched.forget(record.number)
        if not watched:
            return LastWords()
        self._parents.pop(record.pid, None)
        for one in watched:
            self._read(one, now, final=True)
        if self._objects.unannounced:
            for other in self._all():
                self._read(other, now)  # whoever created what it used comes first
            self._objects.announce()
        for one in watched:
            self._look_into(one, tell=False)
            self._tell_full(one, final=True)
        self._recognise(watched[-1])
        doing = watched[-1].doing
        holding = self._objects.held_by(record.number)
        situation = outcome.situation(doing, holding, self._objects.name, self._objects.label)
        for one in watched:
            one.rest()
            one.close()
            self._folder.discard(one.path)
        self._objects.tell_operations()
        self._objects.ended(record.number)
        overwritten = sum(one.lost for one in watched)
        only_counted = sum(one.only_counted() for one in watched)
        if overwritten or only_counted:
            count = overwritten + only_counted
            lost = LostOperations(record.number, self._clock(), count, only_counted, overwritten)
            self._journal.lost(lost)
        self.begin()  # what its end changed is told by the next round
        return LastWords(doing, holding, situation)

    def close(self) -> None:
        """The session ends: write what is left, and remove the folder."""
        self._objects.announce()
        self._objects.tell_operations()
        self._objects.tell_states(everything=True)
        self._objects.tell_totals(everything=True)
        for one in self._all():
            one.close()
        self._watched.clear()
        self._folder.close()

    def _on_timer(self) -> None:
        self._scheduled = False
        begin = time.monotonic()
        try:
            living = self._round()
            # The next one is due after as long a time as ever, but others have a turn before.
            seconds = max(ROUND_SECONDS / 2, begin + ROUND_SECONDS - time.monotonic())
        except Exception as error:  # noqa: BLE001 - the next round may do better; not at once, though
            self._tell_fault(error)
            living, seconds = True, _FAULT_SECONDS
        if not self._scheduled and (living or self._strangers):
            self._scheduled = True
            self._loop.call_later(seconds, self._on_timer)

    def _tell_fault(self, error: Exception) -> None:
        text = "".join(traceback.format_exception(error))
        self._journal.problem(f"Recorders could not be read: {error!r}", text)

    def _round(self) -> bool:
        """Read what is new; whether anything lives."""
        living = self._registry.living()
        if self._journal.full:
            return bool(living)  # without a tick, processes only count; so nothing piles up here
        now = time.monotonic()
        self._find(now)
        everybody = self._all()
        between = _LOOK_SECONDS * (1 if len(everybody) <= _MANY else 2)
        looking = now - self._looked_at >= between or not living
        for one in everybody:
            if one.due <= now:
                self._read(one, now, looking or one.due > 0 or one.young(now))
        self._objects.announce(now)
        self._objects.tell_operations()
        self._folder.tick()
        for one in everybody:
            if one.stirred:
                self._look_into(one)
                self._recognise(one)
        if looking:
            self._looked_at = now
            self._objects.tell_states(everything=not living)
        if now - self._told_at >= _TOTALS_SECONDS or not living:
            self._told_at = now
            self._objects.tell_totals(everything=not living)
        if now - self._wrote_at >= _WRITE_SECONDS:
            self._wrote_at = now
            for one in everybody:
                self._tell_full(one)
            for record, reason in self._unwatched.find(living, now):
                self._tell_unwatched(record, reason)
        return bool(living)

    def _all(self) -> list[WatchedProcess]:
        return [one for several in self._watched.values() for one in several]

    # Files and their processes

    def _find(self, now: float) -> None:
        for found in self._folder.new_files():
            self._strangers[found] = now
        for found, since in list(self._strangers.items()):
            record = self._owner(found, now, since)
            if record is not None:
                del self._strangers[found]
                self._take_in(found, record)
            elif now - since > _STRANGER_SECONDS:
                del self._strangers[found]

    def _owner(self, found: FoundFile, now: float, since: float) -> ProcessRecord | None:
        """The process that made a file; None while it is not known."""
        record = self._registry.by_pid(found.pid)
        if record is not None and not self._is_older(record, found):
            return record
        if now - self._searched_at >= _SEARCH_SECONDS:
            self._searched_at = now
            self._registry.search()
        elif now - since >= _ADOPT_SECONDS and proc_files.read_stat(found.pid) is None:
            # It ended before anybody saw it, but its recorder proves that it lived.
            parent = self._parents.pop(found.pid, None) or self._only_worker()
            if parent is not None:
                return self._registry.writer(found.pid, parent)
        record = self._registry.by_pid(found.pid)
        return None if record is None or self._is_older(record, found) else record

    def _is_older(self, record: ProcessRecord, found: FoundFile) -> bool:
        """The process ended before the file was made: another one has its pid by now."""
        return record.ended and record.ended_at_ns < found.created_ns

    def _only_worker(self) -> ProcessRecord | None:
        workers = list(self._registry.workers.values())
        alive = [worker for worker in workers if worker.alive] or workers
        return alive[-1] if alive else None

    def _take_in(self, found: FoundFile, record: ProcessRecord) -> None:
        if record.ended and record is not self._ending:
            self._folder.discard(found.path)
            return
        self._registry.announce(record)
        if found.kind != "rec":
            reason = read_reason(found.path)
            self._folder.discard(found.path)
            self._unwatched.known.add(record.number)
            self._tell_unwatched(record, reason or "its recorder was switched off")
            return
        try:
            file = RecorderFile(found.path, found.pid)
        except (RecorderError, OSError) as error:
            self._tell_damaged(record, error)
            return
        self._unwatched.known.add(record.number)
        now = time.monotonic()
        earlier = self._watched.setdefault(record.number, [])
        for one in earlier:  # the program that it was before an exec
            self._read(one, now, final=True)
            self._look_into(one, tell=False)
            one.rest()
        made = WatchedProcess(record, file, found.path, self._objects, self._offset_ns)
        made.since = now
        earlier.append(made)
        self._journal.watched(ProcessWatched(record.number, self._clock(), True, ""))

    # Reading

    def _read(
        self, one: WatchedProcess, now: float, whole: bool = True, final: bool = False
    ) -> None:
        if one.broken:
            return
        try:
            one.read(now, whole, final)
        except RecorderError as error:
            self._give_up(one, error)
        if one.named:
            self._name(one)

    def _name(self, one: WatchedProcess) -> None:
        """What it says of processes that it knows."""
        for pid in one.started:
            self._parents[pid] = one.record
        one.started.clear()
        for process in one.named:
            role = role_by_run(process.name, process.function)
            record = self._registry.by_pid(process.pid) if process.name or role else None
            if record is not None and record.alive and record.worker == one.record.worker:
                self._registry.recognise(record, process.name, role, process.start_method)
        one.named.clear()

    def _look_into(self, one: WatchedProcess, tell: bool = True) -> None:
        if one.broken:
            return
        try:
            if one.look_into(self._clock()) and tell:
                self._journal.doing(ProcessDoing(one.record.number, one.doing))
        except RecorderError as error:
            self._give_up(one, error)

    def _recognise(self, one: WatchedProcess) -> None:
        if self._watched.get(one.record.number, [one])[-1] is not one:
            return  # what it was before an exec is no more
        own = one.new_recognition()
        if own is not None:
            self._registry.recognise(one.record, own.name, one.role, own.start_method)

    def _tell_full(self, one: WatchedProcess, final: bool = False) -> None:
        """Say once how much a recorder had no room for."""
        number = one.new_without_room(final)
        if number:
            what = "object or operation is" if number == 1 else "objects or operations are"
            sentence = f"{number:,} shared {what} not watched: its recorder is full."
            self._journal.note(one.record, sentence)

    def _give_up(self, one: WatchedProcess, error: RecorderError) -> None:
        one.broken = True
        one.rest()
        one.close()
        self._tell_damaged(one.record, error)

    def _tell_damaged(self, record: ProcessRecord, error: Exception) -> None:
        what = str(error) if isinstance(error, RecorderError) else "It cannot be opened."
        self._unwatched.known.add(record.number)
        self._tell_unwatched(record, f"its recorder cannot be read: {what[:1].lower()}{what[1:-1]}")

    def _tell_unwatched(self, record: ProcessRecord, reason: str) -> None:
        self._journal.watched(ProcessWatched(record.number, self._clock(), False, reason))
        if record.role not in _QUIET:
            self._journal.note(record, f"Not instrumented: {reason.rstrip('.')}.")
