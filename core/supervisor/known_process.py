"""One process as the supervisor knows it, and what its command line says of its role."""

from __future__ import annotations

import enum
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from ..observe import pidfds
from ..probe._spawnscope_probe import hook_points
from ..python_command import is_python
from ..vocabulary.events import Making, Refusal, Role

_PROGRAMS = frozenset({Role.OTHER, Role.WORKER})
_HARMLESS = (0, signal.SIGSTOP, signal.SIGCONT)


class Sent(enum.Enum):
    """What became of a signal. REFUSED: the process lives, and is not ours to signal."""

    DONE = enum.auto()
    GONE = enum.auto()
    REFUSED = enum.auto()


@dataclass(eq=False)
class KnownProcess:
    """A process of the session. `pidfd` is -1 once it has ended, and where there was no descriptor
    left for one.

    `status` is the wait status when it is known. `asked`: we have sent it SIGTERM; `sent`: the
    last signal of ours that may end it; `late_ns`: we have killed it, so long after SIGTERM.
    `outlived`: the worker after which it was ended with the session, although nobody had asked for
    its end. `server`: the fork server that made it for its `parent`.
    """

    number: int
    pid: int
    start_ticks: int
    started_ns: int
    parent: KnownProcess | None
    ppid: int
    worker: int | None
    name: str
    role: Role
    start_method: str | None
    cmdline: tuple[str, ...]
    pidfd: int = -1
    announced: bool = False
    ended: bool = False
    status: int | None = None
    ended_ns: int = 0
    ended_at_ns: int = 0  # the same moment on the monotonic clock, which fork events use
    asked: bool = False
    sent: int = 0
    late_ns: int = 0
    outlived: KnownProcess | None = None
    server: KnownProcess | None = None
    making: Making | None = None
    children: list[KnownProcess] = field(default_factory=list)
    _fault: OSError | None = None  # why the last signal was refused

    @property
    def alive(self) -> bool:
        """Whether it has not ended, as far as we were told."""
        return not self.ended

    @property
    def description(self) -> tuple[object, ...]:
        """All that a `ProcessChanged` tells anew."""
        return (
            self.name, self.role, self.start_method, self.cmdline, self.ppid, self.made
        )  # fmt: skip

    @property
    def maker(self) -> KnownProcess | None:
        """The process that forked it."""
        return self.server or self.parent

    @property
    def made(self) -> Making | None:
        """Who made it, and how many threads its parent had then, as far as that is known."""
        maker = self.maker
        if self.making is not None or maker is None or maker.role not in _PROGRAMS:
            return self.making
        if is_python(maker.cmdline):
            return None
        return Making("another program")  # untranslated: a code

    @property
    def program(self) -> tuple[str, ...]:
        """The command line that a person expects: what a fork server forks, and what forks from
        there, runs the program of who asked for it, although the kernel has it as the server's."""
        record = self
        while (maker := record.maker) is not None and maker.cmdline == record.cmdline:
            if record.server is not None and record.parent is not None:
                return record.cmdline if record.parent.parent is None else record.parent.program
            record = maker
        return self.cmdline

    def descendants(self) -> list[KnownProcess]:
        """All below it that still live, parents before children; ended ones are passed through."""
        found: list[KnownProcess] = []
        waiting = list(self.children)
        while waiting:
            record = waiting.pop()
            if record.alive:
                found.append(record)
            waiting.extend(record.children)
        return found

    def ancestors(self) -> Iterator[KnownProcess]:
        """Who launched it, who launched that, and so on."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    def is_below(self, ancestor: KnownProcess) -> bool:
        """Whether it is `ancestor`, or was launched by it at any depth."""
        record: KnownProcess | None = self
        while record is not None and record is not ancestor:
            record = record.parent
        return record is ancestor

    def send(self, signum: int) -> Sent:
        """Send a signal to this very process; nobody else can be hit."""
        if self.ended:
            return Sent.GONE
        try:
            if self.pidfd >= 0:
                signal.pidfd_send_signal(self.pidfd, signum)
            else:
                pidfds.send_once(self.pid, self.start_ticks, signum)
        except ProcessLookupError:
            return Sent.GONE
        except OSError as error:
            self._fault = error
            return Sent.REFUSED
        if signum not in _HARMLESS:
            self.sent = signum
        return Sent.DONE

    @property
    def refusal(self) -> Refusal | None:
        """Why it took no signal from us the last time."""
        if self._fault is None:
            return None
        if isinstance(self._fault, PermissionError):
            return Refusal(owner=pidfds.owner_of(self.pid))
        return Refusal(error=self._fault.strerror or str(self._fault))

    def close(self) -> None:
        """Give the pidfd back."""
        if self.pidfd >= 0:
            os.close(self.pidfd)
            self.pidfd = -1


def identify(
    cmdline: tuple[str, ...], comm: str, parent: KnownProcess | None, executed: bool
) -> tuple[str, Role, str | None]:
    """Name, role and start method of a process that nobody announced.

    `executed`: whether it has called exec since it was forked, or may have. multiprocessing's own
    command lines tell its helpers; a fork without exec carries on its parent's program.
    """
    carries_on = parent is not None and bool(cmdline) and cmdline == parent.cmdline
    forked = parent is not None and (carries_on or not executed)
    if not forked:
        text = " ".join(cmdline)
        if hook_points.is_tracker(text):
            return Role.RESOURCE_TRACKER.value, Role.RESOURCE_TRACKER, None
        if hook_points.is_forkserver(text):
            return "forkserver", Role.FORKSERVER, None
        spawned = hook_points.spawned(cmdline)
        if spawned is not None:
            return spawned[0] or "child", Role.CHILD, spawned[1]
    name = program_name(cmdline) or comm
    if parent is not None and forked and parent.role is not Role.SUPERVISOR:
        if parent.role is Role.FORKSERVER:  # it bears the name of whoever asked for it
            asker = asker_of(parent)
            return asker.name if asker else "child", Role.CHILD, "forkserver"
        if is_python(parent.cmdline):
            return parent.name, Role.CHILD, "fork"
        return parent.name, Role.OTHER, None
    return name, Role.OTHER, None


def asker_of(server: KnownProcess) -> KnownProcess | None:
    """For whom a fork server forks: the process that started it, since nobody else knows its
    address (and a fork of that fails as it asks whether the server lives). None: for us."""
    asker = server.parent
    return None if asker is None or asker.role is Role.SUPERVISOR else asker


def shown_text(text: str) -> str:
    """`text` without the surrogates that stand for bytes of a file name that are no UTF-8."""
    try:
        return os.fsencode(text).decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()


def program_name(cmdline: tuple[str, ...]) -> str:
    """What a person calls the program: the script or module for Python, else the command."""
    if not cmdline:
        return ""
    program = PurePath(cmdline[0]).name
    if not is_python(cmdline):
        return program
    arguments = iter(cmdline[1:])
    for argument in arguments:
        if argument == "-m":
            return next(arguments, program)
        if argument == "-c":
            return f"{program} -c"
        if argument in ("-X", "-W"):
            next(arguments, None)
        elif not argument.startswith("-"):
            return PurePath(argument).name
    return program
