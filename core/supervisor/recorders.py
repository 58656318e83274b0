"""Reading the recorders of all watched processes, twenty times a second while anything lives.

    run folder --new files--> whose? (Strangers) --> WatchedProcess --> SharedObjects --> journal
        ^                                                 |
        '-- tick: a round is over              last words at its exit

Operations are read in each round, counters and what threads are in four times a second, or twice if
there are many recorders; what has been idle for two seconds is read twice a second. Totals are
written twice a second, and at a process's end.

What is read was written by processes that may do anything: see `reading_turns`.
"""

from __future__ import annotations

import os
import time
import traceback

from ..observe.recorder_file import RecorderFile
from ..observe.recorder_layout import RecorderError
from ..observe.session_clock import SessionClock
from ..probe._spawnscope_probe import layout
from ..sentences.watching import unwatched
from ..session.records import LostOperations
from ..translation import mark, tr
from ..vocabulary.codes import Unwatched
from ..vocabulary.events import HELPERS, Doing, ProcessDoing, Role
from ..vocabulary.kinds import kind_of
from .begun_recorders import BegunRecorders
from .forebears import Forebears
from .journal import SessionJournal
from .kept_tasks import KeptTasks
from .known_process import KnownProcess
from .loop import EventLoop
from .naming import Naming
from .outcome import MOST_NAMED, LastWords, exit_of, object_of, was_interrupted
from .pipe_watch import PipeWatch
from .process_registry import ProcessRegistry
from .reading_turns import ReadingTurns
from .recognition import MADE_ROLES, raised_of
from .recorder_notes import RecorderNotes
from .releasing import Releasing
from .run_folder import FoundFile, RunFolder
from .shared_objects import SharedObjects
from .strangers import Strangers
from .unwatched import UnwatchedFinder, Why
from .watched_process import WatchedProcess

ROUND_SECONDS = 0.05
_LOOK_SECONDS = 0.25
_MANY = 100  # recorders; if there are more, looks are half as frequent
_TOTALS_SECONDS = 0.5
_WRITE_SECONDS = 1.0
_FOR_EVER = float("inf")
_FAULT_SECONDS = 5.0
_MOST_FILES = 100  # of one process, which may begin anew with each exec
# What multiprocessing started may have been given any queue of those that started it.
_HEIRS = frozenset({Role.CHILD, *MADE_ROLES})


class Recorders:
    """See the module. `folder`: where recorders are; `strangers`: those of whom that is all."""

    def __init__(
        self,
        loop: EventLoop,
        registry: ProcessRegistry,
        journal: SessionJournal,
        clock: SessionClock,
        folder: str,
    ) -> None:
        """Raises OSError when there is no place for the folder."""
        self._loop = loop
        self._registry = registry
        self._journal = journal
        self._clock = clock.now_ns
        self._folder = RunFolder(folder)
        self.folder = folder
        self.strangers = Strangers(self._folder, registry)
        self._naming = Naming(registry, self.strangers)
        self._offset_ns = clock.offset_ns
        self._objects = SharedObjects(journal, self._clock, self._offset_ns)
        self._objects.before_unknown = self._read_above
        self._asked_above = True  # once while one is read: what is in it was told before
        self._unwatched = UnwatchedFinder()
        self._pipes = PipeWatch(self._objects, self._clock, self._offset_ns)
        self._watched: dict[int, WatchedProcess] = {}  # by number; the latest one of each
        self._begun: dict[int, BegunRecorders] = {}  # by number, what its recorders were in all
        self.forebears = Forebears(registry.records, self._objects, self._watched, self._read_on)
        self.release = Releasing(self._objects, registry.records, self._watched, journal).release
        self._turns = ReadingTurns()
        self._tasks = KeptTasks(self._folder, journal, self._clock)
        self._notes = RecorderNotes(journal, self._clock)
        # Whose last words are read just now: several, when to look for one tells of another's end.
        self._ending: list[KnownProcess] = []
        self._scheduled = False
        self._looked_at = self._told_at = self._wrote_at = 0.0
        self._settled_ns = 0  # when all were read for the sake of a semaphore (monotonic)

    def begin(self) -> None:
        """Something is launched: read until nothing lives any more."""
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_later(ROUND_SECONDS, self._on_timer)

    def last_words(self, record: KnownProcess) -> LastWords:
        """Read what an ended process left to the end, write its totals, and let go of it."""
        try:
            return self._last_words(record)
        except Exception as error:  # noqa: BLE001 - an end has to be told, whatever we failed to read
            self._tell_fault(error)
            return LastWords()

    def _last_words(self, record: KnownProcess) -> LastWords:
        now = time.monotonic()
        self._ending.append(record)
        try:
            self._find(now)
        finally:
            self._ending.remove(record)
        by_signal = exit_of(record.status)[1]
        ender = self.forebears.ender(record, now, by_signal)
        one = self._watched.pop(record.number, None)
        begun = self._begun.pop(record.number, None)
        why = self._unwatched.forget(record, record.status == 0)
        if why is not None:
            self._tell_unwatched(record, why)
        if one is None or begun is None:
            # One that was forked, or killed as it began, had no time to begin its recorder.
            if record.role in _HEIRS and record.start_method != "fork" and not by_signal:
                self._objects.sees(record, False)
            doing = self._pipes.last_words(record.number, (), by_signal)
            called = object_of(doing, self._objects.name, self._objects.label)
            return LastWords(doing, (), called, (), ender)
        self.strangers.parents.pop(record.pid, None)
        self._read(one, now, final=True)
        if self._objects.unannounced:
            for other in self._turns.due(self._watched.values(), now):
                self._read(other, now)  # whoever created what it used comes first
            self._objects.announce()
        self._look_into(one, tell=False)
        self._notes.missed(one, final=True)
        self._naming.itself(one)
        doing = self._pipes.last_words(record.number, one.doing, by_signal)
        breaker = self._objects.broken.breaker(record, doing)
        raised = raised_of(one.facts)
        if breaker is not None:
            ender = breaker.owner
        elif by_signal is None and was_interrupted(record, raised):
            ender = self.forebears.ender(record, now, "SIGINT")
        for shared, side, thread in one.took_along():
            # A pool that ends its workers needs none of its locks any more.
            if ender is None or not kind_of(shared.type).is_pool:
                self._objects.took_along(record, shared, side, thread)
        holding = self._held_by(record, now)
        called = object_of(doing, self._objects.name, self._objects.label)
        held = tuple(map(self._objects.label, holding[:MOST_NAMED]))
        ordered = bool(ender or record.sent) or was_interrupted(record, raised)
        self._tasks.last(one, ordered)
        self._let_go(one, begun)
        self._objects.tell_operations()
        unsent = self._objects.unsent_by(record.number)
        self._objects.ended(record.number)
        count = begun.lost + begun.only_counted
        if count:
            of = (record.number, self._clock(), count, begun.only_counted, begun.lost)
            self._journal.lost(LostOperations(*of))
        self.begin()  # what its end changed is told by the next round
        return LastWords(
            doing, holding, called, held, ender, raised, unsent, breaker and breaker[:3]
        )  # fmt: skip

    def _held_by(self, record: KnownProcess, now: float) -> tuple[int, ...]:
        """What it held. Of what several may hold that is known when all have been read since its
        end: what it has acquired may be what another one released before."""
        held = self._objects.held_by(record.number)
        if self._settled_ns <= record.ended_at_ns and self._objects.are_counted(held):
            self._settled_ns = time.monotonic_ns()
            for one in self._watched.values():
                one.due = 0.0  # also those that rest
            for one in self._turns.due(self._watched.values(), now):
                self._read_on(one, now)
            held = self._objects.held_by(record.number)
        return held

    def _read_above(self, record: KnownProcess) -> None:
        """It names an object that nobody has told of: those who gave it that may have since they
        were read, and what is a part of theirs must not become an object of its own."""
        if not self._asked_above:
            self._asked_above = True
            for one in self.forebears.of(record):
                self._read(one, time.monotonic(), ask=False)

    def _let_go(self, one: WatchedProcess, begun: BegunRecorders) -> None:
        """Its last reading is over."""
        begun.lost += one.lost
        begun.only_counted += one.only_counted()
        one.rest()
        one.close()
        self._folder.discard(one.name)

    def close(self) -> None:
        """The session ends: write what is left, and remove the folder."""
        self._objects.announce()
        self._objects.tell_operations()
        self._objects.tell_states(everything=True)
        self._objects.tell_totals(everything=True)
        for one in self._watched.values():
            one.close()
        self._watched.clear()
        self._folder.close()

    def read_all(self) -> bool:
        """Read everything at once, whoever is due, and tell all that differs; False when there was
        too much for one round."""
        for one in self._watched.values():
            one.due = 0.0
        self._looked_at = self._told_at = self._wrote_at = -_FOR_EVER
        try:
            self._round()
        except Exception as error:  # noqa: BLE001 - as by the timer
            self._tell_fault(error)
        return self._turns.whole

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
        if not self._scheduled and (living or self.strangers):
            self._scheduled = True
            self._loop.call_later(seconds, self._on_timer)

    def _tell_fault(self, error: Exception) -> None:
        text = "".join(traceback.format_exception(error))
        self._journal.problem(mark("Recorders could not be read: {error}"), text, error=repr(error))

    def _round(self) -> bool:
        """Read what is new; whether anything lives."""
        living = self._registry.living()
        if self._journal.full:
            return bool(living)  # without a tick, processes only count; so nothing piles up here
        now = time.monotonic()
        self._find(now)
        everybody = self._watched.values()
        between = _LOOK_SECONDS * (1 if len(everybody) <= _MANY else 2)
        looking = now - self._looked_at >= between or not living
        for one in self._turns.due(everybody, now):
            self._read(one, now, looking or one.due > 0 or one.young(now))
        self._objects.announce(now)
        self._objects.tell_operations()
        if self._turns.whole:
            self._folder.tick()
        for one in self._turns.stirred(everybody, now):
            self._look_into(one)
            self._naming.itself(one)
        if looking:
            self._looked_at = now
            self._objects.tell_states(everything=not living)
        if now - self._told_at >= _TOTALS_SECONDS or not living:
            self._told_at = now
            self._objects.tell_totals(everything=not living)
        if now - self._wrote_at >= _WRITE_SECONDS:
            self._wrote_at = now
            for one in everybody:
                self._notes.missed(one)
                self._tasks.look(one)
            for number in self._pipes.look(living, self._recorded):
                self._tell_doing(number)
            for record, why in self._unwatched.find(living, now):
                self._tell_unwatched(record, why)
            if living and (self._folder.overfull or self.strangers.refused):
                sentence = tr(
                    "Files in {folder} that belong to no process of this session, or are too many, "
                    "are not read.",
                    folder=self.folder,
                )
                self._notes.once(living[0], sentence)
        return bool(living)

    # Files and their processes

    def _find(self, now: float) -> None:
        for found, record in self.strangers.known(now):
            self._take_in(found, record)

    def _take_in(self, found: FoundFile, record: KnownProcess) -> None:
        if record.ended and record not in self._ending:
            self._folder.discard(found.name)
            return
        self._registry.announce(record)
        begun = self._begun.setdefault(record.number, BegunRecorders())
        begun.files += 1
        if begun.files > _MOST_FILES:
            self._folder.discard(found.name)
            if begun.files == _MOST_FILES + 1:
                self._tell_unwatched(record, Why(Unwatched.TOO_MANY, str(_MOST_FILES)))
            return
        if found.kind != "rec":
            reason = self._folder.read_reason(found.name)
            self._folder.discard(found.name)
            code = None if reason else Unwatched.SWITCHED_OFF
            self._tell_unwatched(record, Why(code, reason=reason))
            return
        try:
            file = RecorderFile(found.name, found.pid, self._folder.descriptor)
        except (RecorderError, OSError) as error:
            self._tell_damaged(record, error)
            return
        if self._unwatched.known.get(record.number):  # it has taken its time to begin one
            self._objects.sees(record, True)
        self._unwatched.known[record.number] = None
        now = time.monotonic()
        earlier = self._watched.pop(record.number, None)
        if earlier is not None:  # the program that it was before an exec
            self._read(earlier, now, final=True)
            self._look_into(earlier, tell=False)
            self._notes.missed(earlier, final=True)
            self._let_go(earlier, begun)
        made = WatchedProcess(record, file, found.name, self._objects, self._offset_ns)
        made.since = now
        self._watched[record.number] = made
        self._journal.watched(self._notes.checked.event(record.number, True))
        if file.size < layout.LARGEST_BYTES and self._folder.is_small():
            sentence = tr(
                "There is little room in {folder}, so recorders are smaller than usual and hold "
                "fewer details.",
                folder=os.path.dirname(self.folder),
            )
            self._notes.once(record, sentence)

    # Reading

    def _read(
        self,
        one: WatchedProcess,
        now: float,
        whole: bool = True,
        final: bool = False,
        ask: bool = True,
    ) -> None:
        if one.broken:
            return
        self._asked_above = not ask
        try:
            one.read(now, whole, final)
        except RecorderError as error:
            self._give_up(one, error)
        if one.named:
            self._naming.children(one)

    def _read_on(self, one: WatchedProcess, now: float) -> None:
        self._read(one, now)
        self._look_into(one)

    def _look_into(self, one: WatchedProcess, tell: bool = True) -> None:
        if one.broken:
            return
        try:
            if one.look_into(self._clock(), final=not tell) and tell:
                self._tell_doing(one.record.number)
        except RecorderError as error:
            self._give_up(one, error)

    def _recorded(self, number: int) -> tuple[Doing, ...]:
        one = self._watched.get(number)
        return () if one is None else one.doing

    def _tell_doing(self, number: int) -> None:
        """By its recorder, and as far as it is seen from outside."""
        doing = self._pipes.with_outside(number, self._recorded(number))
        self._journal.doing(ProcessDoing(number, doing))

    def _give_up(self, one: WatchedProcess, error: RecorderError) -> None:
        one.broken = True
        one.rest()
        one.close()
        self._tell_damaged(one.record, error)

    def _tell_damaged(self, record: KnownProcess, error: Exception) -> None:
        what = str(error) if isinstance(error, RecorderError) else tr("It cannot be opened.")
        self._tell_unwatched(record, Why(Unwatched.UNREADABLE, f"{what[:1].lower()}{what[1:-1]}"))

    def _tell_unwatched(self, record: KnownProcess, why: Why) -> None:
        if record.alive or record in self._ending:  # whose end asks for it next
            self._unwatched.known[record.number] = why
        event = self._notes.checked.event(record.number, False, *why.told)
        self._journal.watched(event)
        if record.role in _HEIRS:
            self._objects.sees(record, False)
        if record.role not in HELPERS:
            reason = unwatched(event).rstrip(".")
            self._journal.note(record, tr("Not instrumented: {reason}.", reason=reason))
