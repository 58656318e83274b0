"""Ending a process, or a whole tree: ask, wait, kill; every step told.

    ask (SIGTERM to each) --all ended--> ended
        |  grace over
        v
    SIGSTOP sweeps until no new descendant appears, then SIGKILL --all ended--> ended
                                                         '--10 s--> failed

The sweeps are what makes it certain: a stopped process cannot fork, so when a look finds nobody
new, the tree is whole. Signals go through pidfds, so none can reach a stranger. multiprocessing's
resource tracker is left for last: it ends by itself when its users have, and cleans up after them.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

from ..observe import proc_files
from ..vocabulary.events import Role, StopStep
from .loop import EventLoop, Timer
from .process_record import ProcessRecord
from .process_registry import ProcessRegistry

_TRACKER_SECONDS = 1.0  # for a resource tracker to clean up after its users have been killed
_PATIENCE_SECONDS = 10.0  # after SIGKILL; longer means that the kernel itself holds it

Tell = Callable[[ProcessRecord, bool, StopStep, str], None]


class Stop:
    """One termination under way. `on_done` is called once, when it has succeeded or failed."""

    def __init__(
        self,
        loop: EventLoop,
        registry: ProcessRegistry,
        target: ProcessRecord,
        *,
        tree: bool,
        grace: float,
        tell: Tell,
        on_done: Callable[[Stop], None],
    ) -> None:
        self._loop = loop
        self._registry = registry
        self._tell_step = tell
        self.on_done = on_done
        self._grace = grace
        self._timer: Timer | None = None
        self._killing = False
        self._began = time.monotonic()
        self.target = target
        self.tree = tree
        self.done = False

    def begin(self) -> None:
        """Ask; at once kill when there is no grace."""
        if self.tree:
            self._registry.search(*self._members() or [self.target])
        members = self._members()
        if not members:
            self._finish(StopStep.ENDED, f"{self._title()} had ended already.")
            return
        if self._grace <= 0:
            self.kill()
            return
        for record in members:
            if record.role is Role.RESOURCE_TRACKER or (
                record.role is Role.FORKSERVER and len(members) > 1
            ):
                continue
            record.send(signal.SIGTERM)
            stat = proc_files.read_stat(record.pid)
            if stat is not None and stat.state == "T":
                # A suspended process sees the request only when it runs again.
                record.send(signal.SIGCONT)
        self._tell(StopStep.ASKED, f"Asked {self._title()} to end (SIGTERM).")
        self._tell(StopStep.WAITING, f"Waiting up to {self._grace:g} s for {self._title()} to end.")
        self._timer = self._loop.call_later(self._grace, self.kill)

    def kill(self) -> None:
        """Do not wait any longer."""
        if self.done or self._killing:
            return
        self._killing = True
        if self._timer is not None:
            self._timer.cancel()
        members = self._sweep() if self.tree else self._members()
        victims = [r for r in members if r.role is not Role.RESOURCE_TRACKER]
        waited = time.monotonic() - self._began
        for record in victims:
            if self._grace > 0:
                record.reason = f"it had not ended {waited:.1f} s after SIGTERM"
            record.send(signal.SIGKILL)
        names = "1 process" if len(victims) == 1 else f"{len(victims)} processes"
        self._tell(StopStep.KILLED, f"Killed {self._title()}: SIGKILL to {names}.")
        self._loop.call_later(_TRACKER_SECONDS, self._kill_the_rest)
        self._timer = self._loop.call_later(_PATIENCE_SECONDS, self._give_up)
        self.check()

    def check(self) -> None:
        """A process ended: see whether that was the last one."""
        if self.done:
            return
        members = self._members()
        if self.tree and not members:
            self._registry.search(self.target)
            members = self._members()
        if not members:
            self._finish(StopStep.ENDED, self._outcome())

    def _outcome(self) -> str:
        waited = f"{self._grace:g} s"
        if self._killing and self._grace > 0:
            return f"{self._title()} did not end within {waited} and was killed."
        if self._killing:
            return f"{self._title()} was killed."
        seconds = time.monotonic() - self._began
        return f"{self._title()} ended when asked, after {seconds:.1f} s."

    def _members(self) -> list[ProcessRecord]:
        if self.target.parent is None:
            # Everything: but the supervisor itself, and its own helpers, which would sit out the
            # grace since we are what they wait for.
            helpers = (Role.FORKSERVER, Role.RESOURCE_TRACKER)
            return [
                r
                for r in self.target.descendants()
                if not (r.parent is self.target and r.role in helpers)
            ]
        own = [self.target] if self.target.alive else []
        return own + (self.target.descendants() if self.tree else [])

    def _sweep(self) -> list[ProcessRecord]:
        held: set[ProcessRecord] = set()
        while True:
            self._registry.search(*self._members())
            self._registry.search(self._registry.root)
            fresh = [r for r in self._members() if r not in held]
            if not fresh:
                return self._members()
            for record in fresh:
                if record.role is not Role.RESOURCE_TRACKER:
                    record.send(signal.SIGSTOP)
                held.add(record)

    def _kill_the_rest(self) -> None:
        if not self.done:
            for record in self._members():
                record.send(signal.SIGKILL)

    def _give_up(self) -> None:
        if not self.done:
            left = ", ".join(str(r.pid) for r in self._members())
            self._finish(
                StopStep.FAILED,
                f"{self._title()} could not be ended: the kernel still holds process {left} "
                f"{_PATIENCE_SECONDS:g} s after SIGKILL.",
            )

    def _finish(self, step: StopStep, sentence: str) -> None:
        self.done = True
        if self._timer is not None:
            self._timer.cancel()
        self._tell(step, sentence)
        self.on_done(self)

    def _tell(self, step: StopStep, sentence: str) -> None:
        self._tell_step(self.target, self.tree, step, sentence)

    def _title(self) -> str:
        what = f"{self.target.name} (PID {self.target.pid})"
        return f"{what} and all below it" if self.tree else what
