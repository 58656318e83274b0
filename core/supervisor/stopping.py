"""Ending a process, or a whole tree: ask, wait, kill; every step told.

    ask (SIGTERM to each) --all ended--> ended
        |  grace over
        v
    sweeps of SIGSTOP, a turn of the loop each, until one finds nobody new; then SIGKILL --> ended
        |  2 s of sweeps, and always somebody new
        v
    pursuit: SIGKILL to whoever has come to us, and to whole process groups, a bit in each turn
        |  10 s after the first SIGKILL                        |
        v                                                      v
      failed  <-- only those are left that we may not signal   ended

The sweeps are what makes it certain: a stopped process cannot fork, so when a look finds nobody
new, the tree is whole. Signals go through pidfds, so none can reach a stranger. multiprocessing's
resource tracker is left for last: it ends by itself when its users have, and cleans up after them.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from typing import Any

from ..observe import proc_files
from ..probe._spawnscope_probe import hook_points
from ..vocabulary.codes import StopResult, StopStep
from ..vocabulary.events import HELPERS, Refusal, StopProgress
from . import chase
from .known_process import KnownProcess, Sent
from .loop import EventLoop, Timer
from .process_registry import ProcessRegistry

_TRACKER_SECONDS = 5.0  # for a resource tracker to clean up after its users have been killed
_SINGLY_SECONDS = 0.3  # before whole groups are killed, in which a resource tracker may be
_PATIENCE_SECONDS = 10.0  # after SIGKILL; longer means that the kernel itself holds it
_SWEEP_SECONDS = 2.0  # then it forks faster than we look
_AGAIN_SECONDS = 0.01  # to the next look, while there are always some who came since the last
_MOST_NAMED = 3  # processes

Tell = Callable[[KnownProcess, StopProgress], None]


class Termination:
    """One termination under way. `on_done` is called once, when it has succeeded or failed;
    `failed` says which."""

    def __init__(
        self,
        loop: EventLoop,
        registry: ProcessRegistry,
        target: KnownProcess,
        *,
        tree: bool,
        grace: float,
        clock: Callable[[], int],
        tell: Tell,
        on_done: Callable[[Termination], None],
    ) -> None:
        self._loop = loop
        self._registry = registry
        self._clock = clock
        self._tell_step = tell
        self.on_done = on_done
        self._grace = grace
        self._timer: Timer | None = None
        self._killing = False
        self._breeds = False  # it forks faster than we look
        self._began = self._killed_at = time.monotonic()
        self._held: set[KnownProcess] = set()  # by SIGSTOP
        self._refused: set[KnownProcess] = set()
        self._found = -1  # what the registry had found at the last look
        self._again: Timer | None = None  # when to check again
        self.target = target
        self.tree = tree
        self.done = False
        self.failed = False

    def begin(self) -> None:
        """Ask; at once kill when there is no grace."""
        if self.tree:
            self._look()
        members = self._members()
        if not members:
            self._finish(StopStep.ENDED, result=StopResult.ALREADY)
            return
        if self._grace <= 0:
            self.kill()
            return
        for record in members:
            if record.role in HELPERS and record is not self.target:
                continue  # it ends by itself, as soon as those have who use it
            record.asked = self._send(record, signal.SIGTERM) or record.asked
            stat = proc_files.read_stat(record.pid)
            if stat is not None and stat.state == "T":
                # A suspended process sees the request only when it runs again.
                self._send(record, signal.SIGCONT)
        if not self._refused.issuperset(members):
            self._tell(StopStep.ASKED)
            deadline_ns = self._clock() + int(self._grace * 1e9)
            self._tell(StopStep.WAITING, deadline_ns=deadline_ns)
        self._timer = self._loop.call_later(self._grace, self.kill)
        self._loop.call_later(0, self.check)  # whoever may not be signalled is not waited for

    def kill(self) -> None:
        """Do not wait any longer."""
        if self.done or self._killing:
            return
        self._killing = True
        self._killed_at = time.monotonic()
        if self._timer is not None:
            self._timer.cancel()
        if self.tree:
            self._sweep()
        else:
            self._strike()

    def check(self) -> None:
        """A process ended: see whether that was the last one that we can end."""
        if self.done:
            return
        members = self._members()
        if self.tree and self._refused.issuperset(members):
            settled = self._look()
            members = self._members()
            if not settled and self._refused.issuperset(members):
                self._check_again()
                return
        if not members:
            self._finish(StopStep.ENDED, result=self._result())
        elif self._refused.issuperset(members):
            number = signal.SIGKILL if self._killing else signal.SIGTERM
            for record in members:  # it may have given up its rights since
                self._send(record, number)
            if self._refused.issuperset(members):
                self._fail(members, StopResult.REFUSED, members[0].refusal)

    def _sweep(self) -> None:
        if self.done:
            return
        settled = self._look()
        fresh = [record for record in self._members() if record not in self._held]
        for record in fresh:
            if not self._spares(record.pid):
                self._send(record, signal.SIGSTOP)
            self._held.add(record)
        if settled and not fresh:
            self._strike()
        elif time.monotonic() - self._killed_at < _SWEEP_SECONDS:
            self._loop.call_later(0, self._sweep)
        else:
            self._breeds = True
            self._strike()

    def _look(self) -> bool:
        """Look who is there. True when nobody has come since the look before: who forks and ends in
        the middle of a look can leave a child that it misses, but not without a trace."""
        whole = self._registry.search(*self._members() or [self.target])
        whole = self._registry.search(self._registry.root) and whole  # who has lost its parent
        before, self._found = self._found, self._registry.found
        return whole and self._found == before

    def _check_again(self) -> None:
        if self._again is None:

            def check() -> None:
                self._again = None
                self.check()

            self._again = self._loop.call_later(_AGAIN_SECONDS, check)

    def _strike(self) -> None:
        victims = [record for record in self._members() if not self._spares(record.pid)]
        waited_ns = self._took_ns()
        sent = 0
        for record in victims:
            if self._grace > 0:
                record.late_ns = waited_ns
            sent += self._send(record, signal.SIGKILL)
        if sent:
            self._tell(StopStep.KILLED, signalled=sent)
        self._loop.call_later(_TRACKER_SECONDS, self._kill_the_rest)
        self._timer = self._loop.call_later(_PATIENCE_SECONDS, self._give_up)
        self.check()
        if self.tree:
            self._pursue()

    def _pursue(self) -> None:
        """After the SIGKILL: whoever has come since forks and ends faster than a sweep takes."""
        if self.done:
            return
        settled = self._look()
        if not settled:
            members = self._members()
            for record in members:
                if record not in self._held and not self._spares(record.pid):
                    self._send(record, signal.SIGKILL)
            if self._breeds or time.monotonic() > self._killed_at + _SINGLY_SECONDS:
                chase.strike_groups(self._registry, members, self.target)
            chase.strike_orphans(self._registry, self.target, self._spares)
        self.check()
        self._loop.call_later(_AGAIN_SECONDS if settled else 0, self._pursue)

    def _send(self, record: KnownProcess, signum: int) -> bool:
        """Whether it was sent; remembers whom we may not signal."""
        sent = record.send(signum)
        if sent is Sent.REFUSED:
            self._refused.add(record)
        else:
            self._refused.discard(record)
        return sent is Sent.DONE

    def _spares(self, pid: int) -> bool:
        """Whether it is a resource tracker, which has its time; it may have become one just now."""
        late = self._killing and time.monotonic() > self._killed_at + _TRACKER_SECONDS
        return not late and hook_points.is_tracker(" ".join(proc_files.read_cmdline(pid)))

    def _result(self) -> StopResult:
        if not self._killing:
            return StopResult.ASKED
        return StopResult.LATE if self._grace > 0 else StopResult.KILLED

    def _took_ns(self) -> int:
        return int((time.monotonic() - self._began) * 1e9)

    def _members(self) -> list[KnownProcess]:
        if self.target.parent is None:
            # Everything: but the supervisor itself, and its own helpers, which would sit out the
            # grace since we are what they wait for.
            return [r for r in self.target.descendants() if not self._registry.is_helper(r)]
        own = [self.target] if self.target.alive else []
        return own + (self.target.descendants() if self.tree else [])

    def _kill_the_rest(self) -> None:
        if not self.done:
            for record in self._members():
                self._send(record, signal.SIGKILL)

    def _give_up(self) -> None:
        if self.done:
            return
        members = self._members()
        fresh = [record for record in members if record not in self._held]
        self._fail(members, StopResult.BREEDS if self.tree and fresh else StopResult.HELD)

    def _fail(
        self, left: list[KnownProcess], result: StopResult, refusal: Refusal | None = None
    ) -> None:
        self.failed = True
        others = [] if left == [self.target] else left
        self._finish(
            StopStep.FAILED,
            result=result,
            refusal=refusal,
            left=tuple((record.name, record.pid) for record in others[:_MOST_NAMED]),
            left_count=len(others),
        )

    def _finish(self, step: StopStep, **values: Any) -> None:
        self.done = True
        for timer in (self._timer, self._again):
            if timer is not None:
                timer.cancel()
        self._tell(step, **values)
        self.on_done(self)

    def _tell(self, step: StopStep, **values: Any) -> None:
        target = self.target
        everything = target is self._registry.root
        failed = step is StopStep.FAILED
        event = StopProgress(
            process=target.number,
            time_ns=self._clock(),
            tree=self.tree,
            step=step,
            name="" if everything else target.name,
            pid=0 if everything else target.pid,
            grace_ns=int(self._grace * 1e9),
            took_ns=int(_PATIENCE_SECONDS * 1e9) if failed else self._took_ns(),
            **values,
        )
        self._tell_step(target, event)
