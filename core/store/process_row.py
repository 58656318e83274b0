"""One process as it stands: an immutable row, replaced as a whole by each change.

Since a row never changes, whoever holds one can go on showing it while the table moves on: that
is all it takes to pause a display.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import msgspec
from msgspec.structs import replace

from ..printable import LONGEST_SENTENCE, printable
from ..python_command import is_python
from ..sentences.stopping import stopping
from ..translation import tr
from ..vocabulary.checking import Checked
from ..vocabulary.codes import StopStep
from ..vocabulary.events import (
    HELPERS,
    SUSPENDED,
    Making,
    ProcessStarted,
    Raised,
    Role,
    Sample,
    StopProgress,
)
from .doing import Deed

HISTORY = 60  # samples kept for the sparkline of a process
MEASURED = tuple(
    name for name in Sample.__struct_fields__ if name not in ("process", "pid", "time_ns", "status")
)
"""The figures of a sample. `ProcessRow.measured` tells them, and changes name them, as fields."""
_figures = attrgetter(*MEASURED)


class Stopping(msgspec.Struct, frozen=True, gc=False):
    """How far the termination of a process has come. `deadline_ns`: Unix time at which waiting
    turns into killing, None while nobody waits."""

    step: StopStep
    tree: bool
    since_ns: int
    deadline_ns: int | None
    sentence: str

    @classmethod
    def from_event(cls, event: StopProgress) -> Stopping:
        """The step that `event` reports."""
        sentence = printable(stopping(event), LONGEST_SENTENCE)
        return cls(event.step, event.tree, event.time_ns, event.deadline_ns, sentence)

    @property
    def is_under_way(self) -> bool:
        """Whether more is to come."""
        return self.step not in (StopStep.ENDED, StopStep.FAILED)

    def text(self, now_ns: int) -> str:
        """The step in a few words, with the seconds left: "asked, waiting 2 s"."""
        if self.step is StopStep.KILLED:
            return tr("killed")
        if self.step is StopStep.FAILED:
            return tr("not stopped")
        if self.step is StopStep.ENDED:
            return tr("ended")
        if self.step is StopStep.ASKED:
            return tr("asked")
        if self.deadline_ns is None:
            return tr("asked, waiting")
        left = -((now_ns - self.deadline_ns) // 1_000_000_000)
        return tr("asked, waiting {seconds} s", seconds=max(0, left))


class ProcessRow(msgspec.Struct, frozen=True, gc=False):
    """What is known of a process. Times are Unix time in nanoseconds. `parent` is the process that
    launched it, for ever. `watched`: whether it carries a recorder (None: nobody said), and why
    not; `making`: who made it. `doing`: what its threads are in, or were in when it ended;
    `holding`: the shared objects that it held then, and `held` the same in words. `terminated_by`:
    the process that ended it with its own `terminate()` or `kill()`, as parents do; `sent`: it was
    Spawnscope that ended it; `suspended_ns`, `running_ns`: since when all its samples say that it
    was suspended, or that it ran or was ready to;
    `raised`: the exception that it came to its exit code by; `unreaped`: children that have ended
    and that it has not waited for, some of them, and `zombies`: how many in all; `checked`: what it
    has found of its own starts, None where it was not asked."""

    number: int
    pid: int
    ppid: int
    started_ns: int
    parent: int | None
    worker: int | None
    name: str
    role: Role
    start_method: str | None
    cmdline: tuple[str, ...]
    described_ns: int
    making: Making | None = None
    title: str = ""  # of the launch spec, for the root of a worker
    sample: Sample | None = None  # the last one
    cpu_history: tuple[float, ...] = ()
    suspended_ns: int | None = None
    running_ns: int | None = None
    ended_ns: int | None = None
    exit_code: int | None = None
    signal: str | None = None
    terminated_by: int | None = None
    sent: bool = False
    raised: Raised | None = None
    outcome: str = ""
    lost: bool = False  # it ended with the supervisor: nobody saw how
    stopping: Stopping | None = None
    watched: bool | None = None
    unwatched_reason: str = ""
    checked: Checked | None = None
    doing: tuple[Deed, ...] = ()
    holding: tuple[int, ...] = ()
    held: tuple[str, ...] = ()
    unreaped: tuple[int, ...] = ()
    zombies: int = 0

    @classmethod
    def from_event(cls, event: ProcessStarted) -> ProcessRow:
        """The row of a process that has just appeared."""
        return cls(
            number=event.process,
            pid=event.pid,
            ppid=event.ppid,
            started_ns=event.time_ns,
            parent=event.parent,
            worker=event.worker,
            name=printable(event.name),
            role=event.role,
            start_method=event.start_method and printable(event.start_method),
            cmdline=event.cmdline,
            described_ns=event.time_ns,
            making=printable_making(event.making),
        )

    def with_sample(self, sample: Sample) -> ProcessRow:
        """The same process, sampled once more."""
        history = (*self.cpu_history[1 - HISTORY :], sample.cpu_percent)
        suspended = self.suspended_ns or sample.time_ns if sample.status in SUSPENDED else None
        running = self.running_ns or sample.time_ns if sample.status == "running" else None
        return replace(
            self,
            sample=printable_sample(sample),
            cpu_history=history,
            suspended_ns=suspended,
            running_ns=running,
        )

    def measured(self, name: str) -> Any:
        """A figure of the last sample; None before there was one."""
        return getattr(self.sample, name, None)

    @property
    def sampled_ns(self) -> int:
        """When it was last sampled; 0 before the first time."""
        return 0 if self.sample is None else self.sample.time_ns

    @property
    def sampled_status(self) -> str:
        """Its state as the kernel tells it, in words; "" before the first sample."""
        return "" if self.sample is None else self.sample.status

    @property
    def is_live(self) -> bool:
        """Whether it has not ended yet."""
        return self.ended_ns is None

    @property
    def is_stopping(self) -> bool:
        """Whether a termination is under way."""
        return self.ended_ns is None and self.stopping is not None and self.stopping.is_under_way

    @property
    def is_suspended(self) -> bool:
        """Whether it was suspended when last sampled."""
        return self.ended_ns is None and self.sampled_status in SUSPENDED

    @property
    def may_be_signalled(self) -> bool:
        """Whether the user may end it or send it signals: it lives and is not the supervisor."""
        return self.ended_ns is None and self.role is not Role.SUPERVISOR

    @property
    def is_worker_root(self) -> bool:
        """Whether it is what a launch spec brought up."""
        return self.role is Role.WORKER or bool(self.title)

    @property
    def has_failed(self) -> bool:
        """Whether it ended in another way than in order. That its parent ended it is in order."""
        by_signal = self.signal is not None and self.terminated_by is None
        return self.ended_ns is not None and (
            self.lost or by_signal or self.exit_code not in (0, None)
        )

    @property
    def is_python(self) -> bool:
        """Whether it runs Python, as far as can be told: it carries a recorder, or could, or its
        command line says so."""
        return self.watched is not None or is_python(self.cmdline)

    @property
    def is_unseen(self) -> bool:
        """Whether it carries no recorder, and somebody may miss what that would tell."""
        return self.watched is False and self.role not in HELPERS

    @property
    def label(self) -> str:
        """The name to show: the title of its launch spec, or its own name."""
        return self.title or self.name

    @property
    def status(self) -> str:
        """Its state in a word: "running", "suspended", "stopping", "ended" ..."""
        if self.ended_ns is not None:
            return "lost" if self.lost else "ended"
        if self.stopping is not None and self.stopping.is_under_way:
            return "stopping"
        if self.is_suspended:
            return "suspended"
        return self.sampled_status or "started"

    def elapsed_ns(self, now_ns: int) -> int:
        """How long it has lived at `now_ns`; final once it has ended."""
        return max(0, (now_ns if self.ended_ns is None else self.ended_ns) - self.started_ns)


def printable_making(making: Making | None) -> Making | None:
    """The same, and nothing in it that is not seen."""
    if making is None:
        return None
    return replace(making, by=printable(making.by), place=printable(making.place))


def printable_checked(checked: Checked | None) -> Checked | None:
    """The same, and nothing in it that is not seen."""
    if checked is None:
        return None
    breakages = tuple(
        replace(
            each,
            **{
                name: printable(getattr(each, name), LONGEST_SENTENCE)
                for name in each.__struct_fields__
                if name != "sure"
            },
        )
        for each in checked.breakages
    )
    return replace(checked, method=printable(checked.method), breakages=breakages)


def printable_raised(raised: Raised | None) -> Raised | None:
    """The same, and nothing in it that is not seen; the lines of its traceback stay lines."""
    if raised is None:
        return None
    lines = [printable(line, LONGEST_SENTENCE) for line in raised.traceback.split("\n")]
    return Raised(
        printable(raised.type),
        printable(raised.text, LONGEST_SENTENCE),
        printable(raised.place, LONGEST_SENTENCE),
        "\n".join(lines),
    )


def printable_sample(sample: Sample) -> Sample:
    """The same, and nothing in it that is not seen."""
    status = printable(sample.status)
    return sample if status == sample.status else replace(sample, status=status)


def figures_that_differ(old: Sample | None, new: Sample) -> frozenset[str]:
    """Which of MEASURED are others than before."""
    if old is None:
        return frozenset(MEASURED)
    before, after = _figures(old), _figures(new)
    pairs = zip(MEASURED, before, after, strict=True)
    return frozenset(name for name, one, other in pairs if one != other)
