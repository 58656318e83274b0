"""Learning what becomes of processes, and telling it: found, changed, sampled, ended.

    fork events, SIGCHLD, pidfds --> ProcessWatch --> ProcessRegistry
                                         |                  |
                                     Sampler           on_found, on_changed, on_ended
                                         '------> SessionJournal <------'

What has ended is told only when its last words have been read.
"""

from __future__ import annotations

import functools
import os
import select
import time
from collections import deque
from collections.abc import Callable, Iterable

from ..observe import pidfds
from ..observe.fork_events import Executed, Exited, Forked, ForkEvents
from ..observe.sampler import Sampler
from ..observe.session_clock import SessionClock
from ..sentences.clock import clock_step
from ..translation import mark, trn
from ..vocabulary.events import ProcessChanged, ProcessStarted
from ..vocabulary.secrets import masked_arguments
from . import exit_status
from .journal import SessionJournal
from .known_process import KnownProcess
from .loop import EventLoop, Timer
from .outcome import LastWords, exited
from .output_streams import OutputHub
from .process_registry import ProcessRegistry

SAMPLE_SECONDS = 1.0
_FIRST_SAMPLE_SECONDS = 0.1
_LAST_SECONDS = 1.0  # from SIGKILL to the end of a process that nothing holds
_PAUSE_SECONDS = 0.01  # between two looks at one without a pidfd, at the end
_REAPING_SECONDS = 0.02  # in one turn
_STATUS_SECONDS = 1.0  # until somebody tells how a process ended that has ended
_LOOK_SECONDS = 0.05  # between two looks whether its parent does
_FLOOD_SECONDS = 0.1  # between two looks who lives, while forks come too fast to follow
_SEARCHES = (0.01, 0.02, 0.07, 0.2)  # seconds from look to look after something stirred, where
# forks are not announced; at most one part in so many of the time is spent on looking:
_LOOK_SHARE = 5


class ProcessWatch:
    """See the module. `exit_code_of(record)` is what multiprocessing knows of a worker's end, as a
    wait status; `on_ended(record)` is called after an end was told. `last_words(record)` reads what
    its recorder holds, before; `on_begin()`: something is about to be launched."""

    def __init__(
        self,
        loop: EventLoop,
        registry: ProcessRegistry,
        journal: SessionJournal,
        clock: SessionClock,
    ) -> None:
        self._loop = loop
        self._registry = registry
        self._journal = journal
        self._clock = clock
        self._sampler = Sampler()
        self._sampling = False
        self._forks: ForkEvents | None = None
        self._look_timer: Timer | None = None
        self._looks_done = len(_SEARCHES)  # since something stirred
        self._look_seconds = 0.0  # that the last one took
        self._reading_forks = False
        self._ends: deque[KnownProcess] = deque()  # that were announced, of whom there is no pidfd
        self._untold: set[KnownProcess] = set()  # they have ended; how, will be announced
        self._telling_ends = False
        self._flooded = False  # the next look who lives is due
        self._passed_over = 0  # at the last one
        self._crowded = False  # and that was told
        registry.on_found = self._on_found
        registry.on_changed = self._on_changed
        registry.on_ended = self._on_ended
        registry.on_exit = self._on_exit
        registry.on_vanished = self._on_vanished
        registry.on_crowded = self._on_crowded
        registry.before_search = self._read_forks
        self.output: OutputHub
        self.exit_code_of: Callable[[KnownProcess], int | None] = lambda record: None
        self.on_ended: Callable[[KnownProcess], None] = lambda record: None
        self.noted_status: Callable[[KnownProcess], tuple[bool, int | None]] = lambda record: (
            False,
            None,
        )
        self.last_words: Callable[[KnownProcess], LastWords] = lambda record: LastWords()
        self.on_begin: Callable[[], None] = lambda: None

    def hears_forks(self) -> bool:
        """Whether the kernel tells us of forks; tried once, at the start."""
        self.begin()
        heard = self._forks is not None
        self._rest()
        return heard

    def begin(self) -> None:
        """Hear of forks from now on, until nobody is left whose forks concern us."""
        self.on_begin()
        if self._forks is None:
            try:
                self._forks = ForkEvents()
            except OSError:
                return
            self._loop.watch(self._forks.fileno(), self._on_forks)

    def stir(self) -> None:
        """Something happened: where the kernel does not announce forks, look a few times."""
        if self._forks is None:
            self._looks_done = 0
            self._look_again()

    def _look_again(self) -> None:
        if self._look_timer is None and self._looks_done < len(_SEARCHES):
            seconds = max(_SEARCHES[self._looks_done], self._look_seconds * _LOOK_SHARE)
            self._look_timer = self._loop.call_later(seconds, self._look)

    def _look(self) -> None:
        self._look_timer = None
        self._looks_done += 1
        begin = time.monotonic()
        whole = self._registry.search()
        self._look_seconds = time.monotonic() - begin
        if not whole:
            self._looks_done = 0
        self._look_again()

    def find_writer(self, pid: int, worker: KnownProcess) -> KnownProcess:
        """The process that wrote to one of `worker`'s streams."""
        known = self._registry.by_pid(pid)
        if known is None:
            self._read_forks()
        record = self._registry.writer(pid, worker)
        if known is None:
            self.stir()
        return record

    def reap(self) -> None:
        """Take in children that ended, those that were re-parented to us and never seen too."""
        seen: set[int] = set()
        until = time.monotonic() + _REAPING_SECONDS
        while time.monotonic() < until:
            try:
                info = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if info is None:
                return
            if info.si_pid not in seen:
                seen.add(info.si_pid)
                self._read_forks()
                record = self._registry.adopt(info.si_pid)
                if record is not None:
                    self._on_exit(record)
                    continue
                self._look_soon()
            os.waitpid(info.si_pid, os.WNOHANG)
        self._loop.call_later(0, self.reap)  # others have a turn, however fast they come

    def await_ends(self, records: Iterable[KnownProcess]) -> None:
        """Tell the ends of processes that cannot live much longer; for when the loop has stopped.
        Those that live on have no end."""
        deadline = time.monotonic() + _LAST_SECONDS
        for record in records:
            while not (ended := pidfds.has_ended(record.pid, record.start_ticks)):
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                poll = select.poll()
                if record.pidfd >= 0:
                    poll.register(record.pidfd, select.POLLIN)
                poll.poll((left if record.pidfd >= 0 else min(left, _PAUSE_SECONDS)) * 1000)
            if ended:
                self._on_exit(record)

        while self._untold and not self._read_forks(in_flood=True):
            if time.monotonic() > deadline:  # the whole machine forks without a pause
                break
        for record in list(self._untold):
            self._on_exit(record, last=True)

    def close(self) -> None:
        """Give all descriptors back."""
        self._rest()
        self._sampler.close()

    def _rest(self) -> None:
        # The forks of the whole machine would wake us for nothing.
        if self._forks is not None:
            self._loop.unwatch(self._forks.fileno())
            self._forks.close()
            self._forks = None

    def _read_forks(self, in_flood: bool = False) -> bool:
        """What happened before this moment has a place before it in the session. False when there
        may be more: in a flood they come when it is their turn."""
        if self._forks is None:
            return True
        if self._reading_forks or (self._registry.overrun and not in_flood):
            return False
        return self._on_forks(0)

    def _on_forks(self, events: int) -> bool:
        assert self._forks is not None
        self._reading_forks = True
        try:
            happened, lost, whole = self._forks.read()
            self._take_forks(happened, lost)
        finally:
            self._reading_forks = False
        self._tell_ends()
        return whole

    def _tell_ends(self) -> None:
        if self._telling_ends:
            return
        self._telling_ends = True
        try:
            while self._ends:
                self._on_exit(self._ends.popleft())
        finally:
            self._telling_ends = False

    def _take_forks(self, happened: list[Forked | Executed | Exited], lost: bool) -> None:
        for event in happened:
            if isinstance(event, Forked):
                self._registry.forked(event.pid, event.parent, event.event_ns)
                continue
            record = self._registry.by_pid(event.pid)
            if record is None or record.ended:
                continue
            if isinstance(event, Executed):
                self._registry.executed(event.pid)
            elif isinstance(event, Exited):
                record.status = event.status
                if record.pidfd < 0 or record in self._untold:
                    self._ends.append(record)  # when all have been taken in: it looks who is there
        if lost or self._registry.overrun:
            self._look_soon()

    def _look_soon(self) -> None:
        if not self._flooded:
            self._flooded = True
            self._loop.call_later(_FLOOD_SECONDS, self._on_flood)

    def _on_flood(self) -> None:
        self._flooded = False
        gate = self._registry.gate
        whole = self._registry.search()
        self._registry.overrun = False
        if gate.passed_over and gate.passed_over == self._passed_over:  # it is over, or pauses
            sentence = trn(
                "About {count} process came and went faster than it can be recorded by itself; "
                "it is only counted.",
                "About {count} processes came and went faster than they can be recorded one by "
                "one; they are only counted.",
                gate.passed_over,
            )
            self._journal.note(self._registry.root, sentence)
            gate.passed_over = 0
        self._passed_over = gate.passed_over
        if gate.passed_over or not whole:
            self._look_soon()

    def _on_found(self, record: KnownProcess) -> None:
        self._journal.started(
            ProcessStarted(
                process=record.number,
                pid=record.pid,
                start_ticks=record.start_ticks,
                time_ns=record.started_ns,
                parent=record.parent.number if record.parent else None,
                ppid=record.ppid,
                worker=record.worker,
                name=record.name,
                role=record.role,
                start_method=record.start_method,
                cmdline=self._shown(record),
                making=record.made,
            )
        )
        self._sampler.add(record.number, record.pid)
        if not self._sampling:
            self._sampling = True
            self._loop.call_later(_FIRST_SAMPLE_SECONDS, self._sample)

    def _on_changed(self, record: KnownProcess) -> None:
        self._journal.changed(
            ProcessChanged(
                process=record.number,
                time_ns=self._clock.now_ns(),
                ppid=record.ppid,
                name=record.name,
                role=record.role,
                start_method=record.start_method,
                cmdline=self._shown(record),
                making=record.made,
            )
        )

    def _shown(self, record: KnownProcess) -> tuple[str, ...]:
        """Our own command line, which forks carry on, may hold what `record --env` was given."""
        cmdline = record.program
        return masked_arguments(cmdline) if cmdline == self._registry.root.cmdline else cmdline

    def _on_exit(self, record: KnownProcess, last: bool = False) -> None:
        """It has ended. `last`: how, is not waited for any more."""
        if record.ended:
            return
        self._read_forks()  # what it forked just before belongs under it, and its status is there
        if record.ended:
            return
        status = self._status_of(record)
        if status is None:
            noted, status = self.noted_status(record)
            if status is None and (noted or self._forks is not None) and not last:
                self._await_status(record)
                return
        self._untold.discard(record)
        self.output.settle(record)
        self._registry.end(record, status)

    def _await_status(self, record: KnownProcess) -> None:
        """Its parent has reaped it, and will note its status in its recorder. Or the kernel tells:
        it announces an end after it has woken the parent, and behind what is not read yet."""
        if record in self._untold:
            return
        self._untold.add(record)
        if record.pidfd >= 0:
            self._loop.unwatch(record.pidfd)  # it would say so again and again

        begin = time.monotonic()

        def look() -> None:
            if record.ended:
                return
            if time.monotonic() - begin >= _STATUS_SECONDS:
                self._on_exit(record, last=self._read_forks(in_flood=True))
            elif self.noted_status(record)[1] is not None:
                self._on_exit(record)
            if not record.ended:
                self._loop.call_later(_LOOK_SECONDS, look)

        self._loop.call_later(_LOOK_SECONDS, look)

    def _on_vanished(self, record: KnownProcess) -> None:
        """It had ended before we got hold of it: how, may stand among the events not read yet."""
        self._on_exit(record)

    def _on_crowded(self) -> None:
        if self._crowded:
            return
        self._crowded = True
        self._journal.problem(
            mark(
                "There are more processes than descriptors for them (see `ulimit -n`): the ends of "
                "some are noticed up to a second late."
            )
        )

    def _on_ended(self, record: KnownProcess) -> None:
        self._sampler.remove(record.number)
        words = self.last_words(record)
        self._journal.exited(exited(record, words, self._clock.now_ns()))
        for child in self._registry.made_by(record):
            if child.alive:
                self._loop.call_later(0, functools.partial(self._registry.look_again, child))
        self.on_ended(record)
        self.stir()

    def _status_of(self, record: KnownProcess) -> int | None:
        """The wait status, from whoever knows it; multiprocessing must reap its own."""
        if record is self._registry.workers.get(record.worker or 0):
            status = self.exit_code_of(record)
        else:
            status = exit_status.reaped(record)
        return exit_status.as_others_know(record) if status is None else status

    def _sample(self) -> None:
        step_ns = self._clock.step_ns()
        if step_ns:
            self._journal.note(self._registry.root, clock_step(step_ns / 1e9))
        self._journal.samples(self._sampler.take(self._clock.now_ns()))
        living = bool(self._registry.living())
        if living and self._forks is None:
            self._registry.search()
        # With nothing to do we sleep; but what is said of us meanwhile must be that we do.
        if living or not self._sampler.rests(self._registry.root.number):
            self._loop.call_later(SAMPLE_SECONDS, self._sample)
        else:
            self._sampling = False
        if not living:
            self._rest()
