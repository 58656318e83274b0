"""All processes of the session, living and ended, by number and by pid.

    fork events (kernel) ----.
    writers of output --------+--> ProcessRegistry --> on_found, on_changed, on_exited
    a look at /proc ---------'            ^
    pidfds, SIGCHLD  (exits) -------------'

A record keeps the parent that launched it for good: ancestry does not follow re-parenting.
"""

from __future__ import annotations

import itertools
import os
import time
from collections import deque
from collections.abc import Callable

from ..observe import kernel, proc_files
from ..vocabulary.events import Role
from .loop import EventLoop
from .process_record import ProcessRecord, describe

_EXEC_SECONDS = 0.03  # from a fork to the exec that usually follows
_ENDED_KEPT = 4096  # ended processes that are still known by pid and number
# What a command line cannot tell: multiprocessing's processes of all kinds.
_RECOGNISABLE = frozenset(
    {Role.CHILD, Role.OTHER, Role.POOL_WORKER, Role.EXECUTOR_WORKER, Role.MANAGER_SERVER}
)
WORKER_VARIABLE = "SPAWNSCOPE_WORKER"  # in a worker's environment: "session:worker"


class ProcessRegistry:
    """Finds processes, keeps them, and learns of their ends through pidfds."""

    def __init__(self, loop: EventLoop, session: str, clock: Callable[[], int]) -> None:
        self._loop = loop
        self._session = session
        self._clock = clock
        self._by_pid: dict[int, ProcessRecord] = {}
        self._boot_ns = kernel.boot_time_ns()
        self._numbers = itertools.count(1)
        self._ended: deque[ProcessRecord] = deque()
        self.records: dict[int, ProcessRecord] = {}
        self.workers: dict[int, ProcessRecord] = {}
        self.on_found: Callable[[ProcessRecord], None] = lambda record: None
        self.on_changed: Callable[[ProcessRecord], None] = lambda record: None
        self.on_ended: Callable[[ProcessRecord], None] = lambda record: None
        self.on_vanished: Callable[[ProcessRecord], None] = lambda record: self.end(record, None)
        self.root = self._add_supervisor()

    def living(self) -> list[ProcessRecord]:
        """Every process that has not ended, without the supervisor."""
        return [r for r in self._by_pid.values() if r.alive and r is not self.root]

    def by_pid(self, pid: int) -> ProcessRecord | None:
        """The latest process known by this pid, living or just ended."""
        return self._by_pid.get(pid)

    def add_worker(
        self, worker: int, pid: int, name: str, start_method: str | None, cmdline: tuple[str, ...]
    ) -> ProcessRecord:
        """A process that the launcher just started. Not announced yet: see `announce`."""
        stat = proc_files.read_stat(pid)
        ppid = stat.ppid if stat else os.getpid()
        parent = self._by_pid.get(ppid, self.root)
        record = self._make(pid, stat, parent, ppid, worker)
        record.name, record.role, record.start_method = name, Role.WORKER, start_method
        record.cmdline = cmdline
        self.workers[worker] = record
        self._keep(record)
        return record

    def announce(self, record: ProcessRecord) -> None:
        """Tell of a process once."""
        if not record.announced:
            if record.parent is not None:
                self.announce(record.parent)
            record.announced = True
            self.on_found(record)

    def _announce_known(self, record: ProcessRecord) -> None:
        if self._by_pid.get(record.pid) is record:
            self.announce(record)

    def forked(self, pid: int, parent_pid: int, event_ns: int) -> ProcessRecord | None:
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
        record = self._discover(pid, parent, event_ns)
        # Most forks are followed by an exec at once: wait for it rather than tell twice.
        self._loop.call_later(_EXEC_SECONDS, lambda: self._announce_known(record))
        return record

    def executed(self, pid: int) -> None:
        """The kernel says that `pid` runs another program."""
        record = self._by_pid.get(pid)
        if record is not None and record.alive:
            self.look_again(record)
            if record.role is not Role.WORKER:
                self.announce(record)

    def writer(self, pid: int, worker: ProcessRecord) -> ProcessRecord:
        """The process behind a piece of output of `worker`; found now if it was unknown."""
        record = self._by_pid.get(pid)
        if record is None:
            self.search(worker)
            record = self._by_pid.get(pid)
        if record is None:
            record = self._discover(pid, worker, 0)
        self.announce(record)
        return record

    def search(self, *roots: ProcessRecord) -> None:
        """Look for unknown descendants of `roots` (default: of everything that lives)."""
        waiting = list(roots) or [self.root, *self.living()]
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
                record = self._discover(pid, self._launcher_of(pid, parent), 0)
                self.announce(record)
                waiting.append(record)

    def adopt(self, pid: int) -> ProcessRecord:
        """An ended child of ours that nobody knew: it was re-parented to us."""
        record = self._known(pid)
        if record is None:
            record = self._discover(pid, self._launcher_of(pid, self.root), 0)
            self.announce(record)
        return record

    def _known(self, pid: int, event_ns: int = 0) -> ProcessRecord | None:
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

    def look_again(self, record: ProcessRecord) -> None:
        """Read its command line again; tell when it changed."""
        before = record.description
        self._refresh(record)
        self._tell_change(record, before)

    def recognise(
        self, record: ProcessRecord, name: str, role: Role | None, start_method: str | None
    ) -> None:
        """multiprocessing made this process: its own name for it ("" if unknown), what it is for
        and how it was started, where that is known. Told when it is news."""
        if record.role not in _RECOGNISABLE or record.worker is None:
            return
        before = record.description
        self._refresh(record)  # an exec that we have not heard of yet must not undo this later
        if record.role in _RECOGNISABLE:
            record.name = name or record.name
            record.role = role or (Role.CHILD if record.role is Role.OTHER else record.role)
            record.start_method = record.start_method or start_method
        self._tell_change(record, before)

    def _tell_change(self, record: ProcessRecord, before: tuple[object, ...]) -> None:
        if record.announced and before != record.description:
            self.on_changed(record)

    def _refresh(self, record: ProcessRecord) -> None:
        cmdline = proc_files.read_cmdline(record.pid)
        stat = proc_files.read_stat(record.pid)
        if not cmdline or stat is None:
            return
        record.ppid = stat.ppid
        if record.role is not Role.WORKER and cmdline != record.cmdline:
            record.name, record.role, record.start_method = describe(
                cmdline, stat.name, record.parent, executed=True
            )
        record.cmdline = cmdline

    def end(self, record: ProcessRecord, status: int | None) -> None:
        """`record` has ended; told once."""
        if record.ended:
            return
        record.ended = True
        record.status = status
        record.ended_ns = self._clock()
        record.ended_at_ns = time.monotonic_ns()
        if record.pidfd >= 0:
            self._loop.unwatch(record.pidfd)
        self.announce(record)
        self.on_ended(record)
        record.close()
        self._ended.append(record)
        self._retire()

    def _retire(self) -> None:
        """Let go of what ended long ago, so that memory stays flat; its last words are read."""
        for _ in range(len(self._ended) - _ENDED_KEPT):
            record = self._ended.popleft()
            if record.children or record.number in self._worker_roots():
                self._ended.append(record)
                continue
            self.records.pop(record.number, None)
            if self._by_pid.get(record.pid) is record:
                del self._by_pid[record.pid]
            if record.parent is not None:
                record.parent.children.remove(record)

    def _worker_roots(self) -> set[int]:
        return {record.number for record in self.workers.values()}

    def attributed(self, pid: int) -> int | None:
        """The worker that the environment of `pid` names, when it is of this session."""
        session, _, worker = (proc_files.read_environment(pid, WORKER_VARIABLE) or "").partition(
            ":"
        )
        if session == self._session and worker.isdigit() and int(worker) in self.workers:
            return int(worker)
        return None

    def _launcher_of(self, pid: int, parent: ProcessRecord) -> ProcessRecord:
        """Whom an unknown child of `parent` belongs under: what launched it, if it lost that."""
        if parent is not self.root:
            return parent
        worker = self.attributed(pid)
        return self.workers[worker] if worker is not None else parent

    def _discover(self, pid: int, parent: ProcessRecord, event_ns: int) -> ProcessRecord:
        stat = proc_files.read_stat(pid)
        cmdline = proc_files.read_cmdline(pid)
        ppid = stat.ppid if stat else parent.pid
        record = self._make(pid, stat, parent, ppid, parent.worker)
        if event_ns:
            age_ns = max(0, time.monotonic_ns() - event_ns)
            record.started_ns = min(record.started_ns, self._clock() - age_ns)
        executed = bool(cmdline) and cmdline != parent.cmdline
        record.cmdline = cmdline or parent.cmdline
        record.name, record.role, record.start_method = describe(
            cmdline, stat.name if stat else "", parent, executed
        )
        self._keep(record)
        return record

    def _make(
        self,
        pid: int,
        stat: proc_files.ProcessStat | None,
        parent: ProcessRecord | None,
        ppid: int,
        worker: int | None,
    ) -> ProcessRecord:
        now = self._clock()
        ticks = stat.start_ticks if stat else 0
        started = self._boot_ns + ticks * 10**9 // proc_files.TICKS_PER_SECOND if ticks else now
        if parent is not None:
            started = max(started, parent.started_ns)
        return ProcessRecord(
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

    def _keep(self, record: ProcessRecord) -> None:
        self.records[record.number] = record
        self._by_pid[record.pid] = record
        if record.parent is not None:
            record.parent.children.append(record)
        try:
            pidfd = os.pidfd_open(record.pid)
        except OSError:
            self._loop.call_later(0, lambda: self.on_vanished(record))
            return
        stat = proc_files.read_stat(record.pid)
        if stat is None or (record.start_ticks and stat.start_ticks != record.start_ticks):
            # Somebody else has this pid by now: never hold a handle to a stranger.
            os.close(pidfd)
            self._loop.call_later(0, lambda: self.end(record, None))
            return
        record.start_ticks = stat.start_ticks
        record.pidfd = pidfd

    def watch_exit(self, record: ProcessRecord, callback: Callable[[ProcessRecord], None]) -> None:
        """Have `callback` called when the process behind the pidfd has ended."""
        if record.pidfd >= 0:
            self._loop.watch(record.pidfd, lambda events: callback(record))

    def _add_supervisor(self) -> ProcessRecord:
        pid = os.getpid()
        stat = proc_files.read_stat(pid)
        record = self._make(pid, stat, None, os.getppid(), None)
        record.name, record.role = "spawnscope", Role.SUPERVISOR
        record.cmdline = proc_files.read_cmdline(pid)
        self.records[record.number] = record
        self._by_pid[pid] = record
        return record
