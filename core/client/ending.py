"""The end of a supervisor, step by step; no step makes anybody wait.

    it ends by itself --patience over--> SIGKILL: its guardian ends what it leaves, and itself
                                            |  10 s
                                            v
                    SIGKILL to the guardian as well: what both leave comes to this process, which
                    ends it

The window takes a step at each beat of a timer, and goes on answering meanwhile; `finish` is for
who has nothing else to do.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess

from ..observe import kernel, proc_files, run_folder_place
from ..supervisor.leftovers import end_children_except

_GUARDIAN_SECONDS = 10.0  # to end what a dead supervisor left
_REAPING_SECONDS = 2.0  # for the kernel, to let go of a guardian that was killed
_SWEEPING_SECONDS = 6.0  # for this process, to end what both left
_BEAT_SECONDS = 0.05


class Ending:
    """Ends a supervisor for good. `leftovers`: how many of its processes this one had to end.

    `guardian`: the process that forked it; `pidfd`: the supervisor's, -1 when it never told who it
    is; `run_folder`: of its recorders, to be removed; `strangers`: children of this process that
    never were below it; `patience`: seconds that it has to end by itself.
    """

    def __init__(
        self,
        guardian: BaseProcess,
        pidfd: int,
        run_folder: str,
        strangers: set[int],
        patience: float,
    ) -> None:
        kernel.become_subreaper()
        self.is_over = False
        self.leftovers = 0
        self._guardian = guardian
        self._pidfd = pidfd
        self._run_folder = run_folder
        self._strangers = strangers
        self._steps = self._run(patience)

    def step(self) -> bool:
        """Go on; whether it is over. All calls come from one thread."""
        if not self.is_over:
            self.is_over = next(self._steps, "over") == "over"
        return self.is_over

    def finish(self) -> None:
        """All the steps. Takes some 18 s beyond the patience at the very most."""
        while not self.step():
            if self._guardian.exitcode is None:
                self._guardian.join(
                    _BEAT_SECONDS
                )  # most often, its end is all there is to wait for
            else:
                time.sleep(_BEAT_SECONDS)

    def _run(self, patience: float) -> Iterator[str]:
        stages: list[tuple[Callable[[], object], float]] = [
            (self._wake, patience),
            (self._kill_supervisor, _GUARDIAN_SECONDS),
            (self._guardian.kill, _REAPING_SECONDS),
        ]
        for act, seconds in stages:
            if not self.are_gone:
                act()
                yield from _until(lambda: self.are_gone, seconds)
        if self._guardian.exitcode == 0:
            return  # it has done all there was to do
        # In a thread, since the kernel may take its time over a process that is being ended.
        sweep = threading.Thread(target=self._sweep, name="leftovers", daemon=True)
        sweep.start()
        yield from _until(lambda: not sweep.is_alive(), _SWEEPING_SECONDS)

    @property
    def are_gone(self) -> bool:
        """Whether the supervisor has ended, and its guardian too."""
        if self._guardian.exitcode is None:
            return False
        return self._pidfd < 0 or bool(select.select([self._pidfd], [], [], 0)[0])

    def _wake(self) -> None:
        """Who is suspended could not even learn that it is to end. To others it does no harm."""
        guardian = self._guardian.pid or 0
        for pid in (guardian, *proc_files.read_children(guardian)):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGCONT)
        with contextlib.suppress(ProcessLookupError):
            if self._pidfd >= 0:
                signal.pidfd_send_signal(self._pidfd, signal.SIGCONT)

    def _kill_supervisor(self) -> None:
        if self._pidfd < 0:
            self._guardian.kill()
            return
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def _sweep(self) -> None:
        self.leftovers = end_children_except(self._strangers | _helpers())
        run_folder_place.remove(self._run_folder)


def _until(come_true: Callable[[], bool], seconds: float) -> Iterator[str]:
    """A step for each look that finds it untrue yet, for so long at most."""
    deadline = time.monotonic() + seconds
    while not come_true() and time.monotonic() < deadline:
        yield "going on"  # untranslated: nobody reads it


def _helpers() -> set[int]:
    """A child of this process that may have come later: multiprocessing's own."""
    from multiprocessing import resource_tracker

    helper = getattr(resource_tracker._resource_tracker, "_pid", None)
    return {helper} if helper else set()
