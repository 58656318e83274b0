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
from collections.abc import Callable

from ..observe import kernel, proc_files
from ..observe.fork_events import Executed, Exited, Forked, ForkEvents
from ..observe.sampler import Sampler
from ..vocabulary.events import ProcessChanged, ProcessExited, ProcessStarted
from ..vocabulary.secrets import masked_arguments
from . import outcome
from .journal import SessionJournal
from .loop import EventLoop
from .output_streams import OutputHub
from .process_record import ProcessRecord
from .process_registry import ProcessRegistry
from .recorders import LastWords

SAMPLE_SECONDS = 1.0
_FIRST_SAMPLE_SECONDS = 0.1
_LAST_SECONDS = 1.0  # from SIGKILL to the end of a process that nothing holds
_SEARCHES = (0.01, 0.03, 0.1, 0.3)  # seconds after something stirred, where forks are not announced


class ProcessWatch:
    """See the module. `exit_code_of(record)` is what multiprocessing knows of a worker's end, as a
    wait status; `on_ended(record)` is called after an end was told. `last_words(record)` reads what
    its recorder holds, before; `on_begin()`: something is about to be launched."""

    def __init__(
        self,
        loop: EventLoop,
        registry: ProcessRegistry,
        journal: SessionJournal,
        clock: Callable[[], int],
    ) -> None:
        self._loop = loop
        self._registry = registry
        self._journal = journal
        self._clock = clock
        self._sampler = Sampler()
        self._sampling = False
        self._forks: ForkEvents | None = None
        registry.on_found = self._on_found
        registry.on_changed = self._on_changed
        registry.on_ended = self._on_ended
        registry.on_vanished = self._on_vanished
        self.output: OutputHub
        self.exit_code_of: Callable[[ProcessRecord], int | None] = lambda record: None
        self.on_ended: Callable[[ProcessRecord], None] = lambda record: None
        self.last_words: Callable[[ProcessRecord], LastWords] = lambda record: LastWords()
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
            for seconds in _SEARCHES:
                self._loop.call_later(seconds, self._registry.search)

    def find_writer(self, pid: int, worker: ProcessRecord) -> ProcessRecord:
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
        while True:
            try:
                info = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if info is None:
                return
            if info.si_pid in seen:
                os.waitpid(info.si_pid, os.WNOHANG)
                continue
            seen.add(info.si_pid)
            self._read_forks()
            self._on_exit(self._registry.adopt(info.si_pid))

    def await_end(self, record: ProcessRecord) -> None:
        """Tell the end of a process that cannot live much longer; for when the loop has stopped."""
        if record.pidfd >= 0 and select.select([record.pidfd], [], [], _LAST_SECONDS)[0]:
            self._on_exit(record)

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

    def _read_forks(self) -> None:
        """What happened before this moment has a place before it in the session."""
        if self._forks is not None:
            self._on_forks(0)

    def _on_forks(self, events: int) -> None:
        assert self._forks is not None
        happened, lost = self._forks.read()
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
                if record.pidfd < 0:
                    self._on_exit(record)
        if lost:
            self._registry.search()

    def _on_found(self, record: ProcessRecord) -> None:
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
                cmdline=self._shown(record.cmdline),
            )
        )
        if record is not self._registry.root:
            self._registry.watch_exit(record, self._on_exit)
        self._sampler.add(record.number, record.pid)
        if not self._sampling:
            self._sampling = True
            self._loop.call_later(_FIRST_SAMPLE_SECONDS, self._sample)

    def _on_changed(self, record: ProcessRecord) -> None:
        self._journal.changed(
            ProcessChanged(
                process=record.number,
                time_ns=self._clock(),
                ppid=record.ppid,
                name=record.name,
                role=record.role,
                start_method=record.start_method,
                cmdline=self._shown(record.cmdline),
            )
        )

    def _shown(self, cmdline: tuple[str, ...]) -> tuple[str, ...]:
        """Our own command line, which forks carry on, may hold what `record --env` was given."""
        return masked_arguments(cmdline) if cmdline == self._registry.root.cmdline else cmdline

    def _on_exit(self, record: ProcessRecord) -> None:
        if record.ended:
            return
        status = self._status_of(record)
        self._read_forks()  # what it forked just before belongs under it
        self.output.settle(record)
        self._registry.end(record, status)

    def _on_vanished(self, record: ProcessRecord) -> None:
        """It had ended before we got hold of it: how, may stand among the events not read yet."""
        self._read_forks()
        self._on_exit(record)

    def _on_ended(self, record: ProcessRecord) -> None:
        self._sampler.remove(record.number)
        code, by_signal = outcome.exit_of(record.status)
        words = self.last_words(record)
        self._journal.exited(
            ProcessExited(
                process=record.number,
                pid=record.pid,
                time_ns=self._clock(),
                exit_code=code,
                signal=by_signal,
                outcome=outcome.sentence(record, words.situation),
                doing=words.doing,
                holding=words.holding,
            )
        )
        for child in record.children:
            if child.alive:
                self._loop.call_later(0, functools.partial(self._registry.look_again, child))
        self.on_ended(record)
        self.stir()

    def _status_of(self, record: ProcessRecord) -> int | None:
        """The wait status, from whoever knows it; multiprocessing must reap its own."""
        if record is self._registry.workers.get(record.worker or 0):
            status = self.exit_code_of(record)
            if status is not None:
                return status
        else:
            try:
                reaped, status = os.waitpid(record.pid, os.WNOHANG)
                if reaped:
                    return status
            except ChildProcessError:
                pass
        if record.status is not None:
            return record.status
        status = kernel.exit_status(record.pidfd) if record.pidfd >= 0 else None
        if status is not None:
            return status
        stat = proc_files.read_stat(record.pid)
        if stat is not None and stat.state == "Z" and stat.start_ticks == record.start_ticks:
            return stat.exit_status
        return None

    def _sample(self) -> None:
        self._journal.samples(self._sampler.take(self._clock()))
        if self._registry.living():
            if self._forks is None:
                self._registry.search()
            self._loop.call_later(SAMPLE_SECONDS, self._sample)
        else:
            self._sampling = False
            self._rest()
