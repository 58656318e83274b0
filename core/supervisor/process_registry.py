"""All processes of the session, living and ended, by number and by pid.

    fork events (kernel) ----.
    writers of output --------+--> ProcessRegistry --> on_found, on_changed, on_ended
    a look at /proc ---------'        ^       '------> on_exit: a pidfd says that one has ended
    pidfds, SIGCHLD  (exits) ---------'

A record keeps the parent that launched it for good: ancestry does not follow re-parenting. What a
fork server forks stands below the process that asked for it, as under fork. What is watched without
a pidfd, since no descriptor is left for one, is looked at a few times a second.
"""

from __future__ import annotations

import itertools
import os
import time
from collections import deque
from collections.abc import Callable

from ..observe import pidfds, proc_files
from ..observe.session_clock import SessionClock
from ..vocabulary.events import HELPERS, Role
from .description import lose_name, refresh
from .flood_gate import FloodGate
from .known_process import KnownProcess, asker_of, identify
from .loop import EventLoop
from .recognition import MADE_ROLES
from .unheld import Unheld

_EXEC_SECONDS = 0.03  # from a fork to the exec that usually follows
_MOST_FOUND = 200  # in one search
_ENDED_KEPT = 4096  # ended processes that are still known by pid and number
# What a command line cannot tell: multiprocessing's processes of all kinds.
_RECOGNISABLE = frozenset({Role.CHILD, Role.OTHER, *MADE_ROLES})
WORKER_VARIABLE = "SPAWNSCOPE_WORKER"  # in a worker's environment: "session:worker"


class ProcessRegistry:
    """Finds processes, keeps them, and learns of their ends through pidfds."""

    def __init__(self, loop: EventLoop, session: str, clock: SessionClock) -> None:
        self._loop = loop
        self._session = session
        self._clock = clock
        self._by_pid: dict[int, KnownProcess] = {}
        self._numbers = itertools.count(1)
        self._ended: deque[KnownProcess] = deque()
        self._unheld = Unheld(loop, self._hold, self._vanish)
        self.gate = FloodGate()
        self.overrun = False  # forks were passed over: look who lives
        self.found = 0  # how many processes nobody announced to us, recorded or only counted
        self.records: dict[int, KnownProcess] = {}
        self.workers: dict[int, KnownProcess] = {}
        self.on_found: Callable[[KnownProcess], None] = lambda record: None
        self.on_changed: Callable[[KnownProcess], None] = lambda record: None
        self.on_ended: Callable[[KnownProcess], None] = lambda record: None
        self.on_exit: Callable[[KnownProcess], None] = lambda record: self.end(record, None)
        self.on_vanished: Callable[[KnownProcess], None] = lambda record: self.end(record, None)
        self.before_search: Callable[[], object] = lambda: None
        self.on_crowded: Callable[[], None] = lambda: None  # the first one without a pidfd
        self.root = self._add_supervisor()

    def living(self) -> list[KnownProcess]:
        """Every process that has not ended, without the supervisor."""
        return [r for r in self._by_pid.values() if r.alive and r is not self.root]

    def made_by(self, record: KnownProcess) -> list[KnownProcess]:
        """The processes that it forked; of those of a fork server only what lives."""
        if record.role is not Role.FORKSERVER:
            return record.children
        return record.children + [each for each in self.living() if each.server is record]

    def is_helper(self, record: KnownProcess) -> bool:
        """Whether multiprocessing started it for the supervisor itself."""
        return record.parent is self.root and record.role in HELPERS

    def by_pid(self, pid: int) -> KnownProcess | None:
        """The latest process known by this pid, living or just ended."""
        return self._by_pid.get(pid)

    def add_worker(
        self, worker: int, pid: int, name: str, start_method: str | None, cmdline: tuple[str, ...]
    ) -> KnownProcess:
        """A process that the launcher just started. Not announced yet: see `announce`."""
        stat = proc_files.read_stat(pid)
        ppid = stat.ppid if stat else os.getpid()
        maker = self._by_pid.get(ppid, self.root)
        server = maker if maker.role is Role.FORKSERVER else None
        record = self._make(pid, stat, self.root if server else maker, ppid, worker)
        record.server = server
        record.name, record.role, record.start_method = name, Role.WORKER, start_method
        record.cmdline = cmdline
        self.workers[worker] = record
        self._keep(record)
        return record

    def announce(self, record: KnownProcess) -> None:
        """Tell of a process once."""
        if not record.announced:
            if record.parent is not None:
                self.announce(record.parent)
            record.announced = True
            self.on_found(record)

    def _announce_known(self, record: KnownProcess) -> None:
        if self._by_pid.get(record.pid) is record:
            self.announce(record)

    def forked(self, pid: int, parent_pid: int, event_ns: int) -> KnownProcess | None:
        """The kernel says that `parent_pid` forked `pid`; None when that is not ours."""
        parent = self._by_pid.get(parent_pid)
        if parent is None or (parent.ended and parent.ended_at_ns < event_ns):
            return None
        if parent is self.root or (parent.role is Role.FORKSERVER and parent.parent is self.root):
            # The launcher adds those itself, with what it knows of them.
            return None
        known = self._known(pid, event_ns)
        if known is not None:
            return known
        if not self.gate.admits():
            self.overrun = True
            self.found += 1
            self.gate.passed_over += 1
            return None
        record = self._discover(pid, parent, event_ns)
        # Most forks are followed by an exec at once: wait for it rather than tell twice.
        self._loop.call_later(_EXEC_SECONDS, lambda: self._announce_known(record))
        return record

    def executed(self, pid: int) -> None:
        """The kernel says that `pid` runs another program."""
        record = self._by_pid.get(pid)
        if record is not None and record.alive:
            before = record.description
            read = refresh(record)
            if not read and record.maker and record.cmdline == record.maker.cmdline:
                lose_name(record)
            self.tell_change(record, before)
            if record.role is not Role.WORKER:
                self.announce(record)

    def writer(self, pid: int, worker: KnownProcess) -> KnownProcess:
        """The process behind a piece of output of `worker`; found now if it was unknown."""
        record = self._by_pid.get(pid)
        if record is None:
            self.search(worker)
            record = self._by_pid.get(pid)
        if record is None:
            record = self._discover(pid, worker, 0)
        self.announce(record)
        return record

    def search(self, *roots: KnownProcess) -> bool:
        """Look for unknown descendants of `roots` (default: of everything that lives). False when
        there may be more: they come too fast, or are so many that the rest has to wait."""
        self.before_search()  # an orphan's parent is known from its fork alone
        waiting = list(roots) or [self.root, *self.living()]
        left = _MOST_FOUND
        settled = True
        while waiting:
            parent = waiting.pop()
            if parent.ended:
                waiting.extend(parent.children)
                continue
            for pid in proc_files.read_children(parent.pid):
                known = self._known(pid)
                if known is not None:
                    if roots and known.alive:
                        waiting.append(known)
                    continue
                if self.overrun and pidfds.has_ended(pid, 0):
                    settled = False  # what it left behind may have come to us since we looked
                    continue  # it will be reaped, here or by its parent
                record = self._discover(pid, self._launcher_of(pid, parent), 0)
                self.announce(record)
                waiting.append(record)
                left -= 1
                if not left:
                    return False
        return settled

    def adopt(self, pid: int) -> KnownProcess | None:
        """An ended child of ours that nobody knew: it was re-parented to us. None when it is only
        counted: reap it, and forget it."""
        record = self._known(pid)
        if record is None:
            if self.overrun or not self.gate.admits():
                self.count_unseen()
                return None
            record = self._discover(pid, self._launcher_of(pid, self.root), 0)
            self.announce(record)
        return record

    def count_unseen(self) -> None:
        """A process has come and gone, and nothing else is told of it."""
        self.found += 1
        self.gate.passed_over += not self.overrun  # else it was counted when it was forked

    def _known(self, pid: int, event_ns: int = 0) -> KnownProcess | None:
        """The record of whoever had this pid when it was named (by a fork at `event_ns`).

        That may be one that ended since: a zombie, or one that its parent reaped in the meantime.
        """
        record = self._by_pid.get(pid)
        if record is None or record.alive:
            return record
        stat = proc_files.read_stat(pid)
        if stat is None:
            return record if record.ended_at_ns >= event_ns else None
        return record if stat.start_ticks == record.start_ticks else None

    def look_again(self, record: KnownProcess) -> None:
        """Read its command line again; tell when it changed."""
        before = record.description
        refresh(record)
        self.tell_change(record, before)

    def recognise(
        self, record: KnownProcess, name: str, role: Role | None, start_method: str | None
    ) -> None:
        """multiprocessing made this process: its own name for it ("" if unknown), what it is for
        and how it was started, where that is known."""
        if record.role not in _RECOGNISABLE or record.worker is None:
            return
        refresh(record)  # an exec that we have not heard of yet must not undo this later
        if record.role in _RECOGNISABLE:
            if name and name != record.name:
                self._rename(record, name)
            record.role = role or (Role.CHILD if record.role is Role.OTHER else record.role)
            record.start_method = record.start_method or start_method

    def _rename(self, record: KnownProcess, name: str) -> None:
        """And whom it has forked meanwhile, who bear its name."""
        before, record.name = record.name, name
        for child in record.children:
            if child.alive and child.start_method == "fork" and child.name == before:
                described = child.description
                self._rename(child, name)
                self.tell_change(child, described)

    def tell_change(self, record: KnownProcess, before: tuple[object, ...]) -> None:
        """Tell what is news since it was described so."""
        if record.announced and before != record.description:
            self.on_changed(record)

    def end(self, record: KnownProcess, status: int | None) -> None:
        """`record` has ended; told once."""
        if record.ended:
            return
        record.ended = True
        record.status = status
        record.ended_ns = self._clock.now_ns()
        record.ended_at_ns = time.monotonic_ns()
        self._unheld.discard(record)
        if record.pidfd >= 0:
            self._loop.unwatch(record.pidfd)
        try:
            self.announce(record)
            self.on_ended(record)
        finally:
            record.close()
        if self.workers.get(record.worker or 0) is not record:
            self._ended.append(record)
        while len(self._ended) > _ENDED_KEPT:
            self._retire(self._ended.popleft())

    def _retire(self, record: KnownProcess) -> None:
        """Let go of what ended long ago, so that memory stays flat; its last words are read, and
        all have been told whom it had started."""
        self.records.pop(record.number, None)
        if self._by_pid.get(record.pid) is record:
            del self._by_pid[record.pid]
        parent = record.parent or self.root
        parent.children.remove(record)
        parent.children += record.children
        for child in record.children:
            child.parent = parent

    def attributed(self, pid: int) -> int | None:
        """The worker that the environment of `pid` names, when it is of this session."""
        session, _, worker = (proc_files.read_environment(pid, WORKER_VARIABLE) or "").partition(
            ":"
        )
        if session == self._session and worker.isdigit() and int(worker) in self.workers:
            return int(worker)
        return None

    def _launcher_of(self, pid: int, parent: KnownProcess) -> KnownProcess:
        """Whom an unknown child of `parent` belongs under: what launched it, if it lost that."""
        if parent is not self.root:
            return parent
        worker = self.attributed(pid)
        return self.workers[worker] if worker is not None else parent

    def _discover(self, pid: int, parent: KnownProcess, event_ns: int) -> KnownProcess:
        self.found += 1
        stat = proc_files.read_stat(pid)
        cmdline = proc_files.read_cmdline(pid)
        ppid = stat.ppid if stat else parent.pid
        if cmdline and cmdline != parent.cmdline and parent.alive and parent is not self.root:
            self.look_again(parent)  # it may have called exec before
        executed = bool(cmdline) and cmdline != parent.cmdline
        asker = asker_of(parent) if parent.role is Role.FORKSERVER and not executed else None
        record = self._make(pid, stat, asker or parent, ppid, parent.worker)
        if asker is not None:
            record.server = parent
        if event_ns:
            age_ns = max(0, time.monotonic_ns() - event_ns)
            record.started_ns = min(record.started_ns, self._clock.now_ns() - age_ns)
        record.cmdline = cmdline or parent.cmdline
        record.name, record.role, record.start_method = identify(
            cmdline, stat.name if stat else "", parent, executed
        )
        self._keep(record)
        return record

    def _make(
        self,
        pid: int,
        stat: proc_files.ProcessStat | None,
        parent: KnownProcess | None,
        ppid: int,
        worker: int | None,
    ) -> KnownProcess:
        now = self._clock.now_ns()
        ticks = stat.start_ticks if stat else 0
        boot = ticks * 10**9 // proc_files.TICKS_PER_SECOND
        started = self._clock.since_boot(boot) if ticks else now
        if parent is not None:
            started = max(started, parent.started_ns)
        return KnownProcess(
            number=next(self._numbers),
            pid=pid,
            start_ticks=ticks,
            started_ns=min(started, now),
            parent=parent,
            ppid=ppid,
            worker=worker,
            name="",
            role=Role.OTHER,
            start_method=None,
            cmdline=(),
        )

    def _keep(self, record: KnownProcess) -> None:
        self.records[record.number] = record
        self._by_pid[record.pid] = record
        if record.parent is not None:
            record.parent.children.append(record)
        try:
            self._hold(record)
        except ProcessLookupError:
            self._loop.call_later(0, lambda: self.on_vanished(record))
        except OSError:
            if self._unheld.add(record):
                self.on_crowded()

    def _hold(self, record: KnownProcess) -> None:
        """Watch its end through a pidfd, from now on: also one that is never announced is told of
        when it ends. Raises ProcessLookupError when it has, OSError where there is no room."""
        record.pidfd, record.start_ticks = pidfds.open_pidfd(record.pid, record.start_ticks)
        self._loop.watch(record.pidfd, lambda events: self.on_exit(record))

    def _vanish(self, record: KnownProcess) -> None:
        self.on_vanished(record)

    def _add_supervisor(self) -> KnownProcess:
        pid = os.getpid()
        stat = proc_files.read_stat(pid)
        record = self._make(pid, stat, None, os.getppid(), None)
        record.name, record.role = "spawnscope", Role.SUPERVISOR
        record.cmdline = proc_files.read_cmdline(pid)
        self.records[record.number] = record
        self._by_pid[pid] = record
        return record
