"""A program as a multiprocessing.Process: started by vfork and execve, not by fork.

    ProgramProcess.start() --> subprocess.Popen (vfork, execve) --> the program

multiprocessing's own start methods either fork the whole supervisor or start a fresh interpreter
of ours; both cost a program more than its own start. What a Process promises (start, pid,
sentinel, exitcode, join) is kept. The call returns when the program runs, or raises OSError with
the reason why it does not.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import subprocess
from multiprocessing import popen_fork, util

import msgspec

from .settings import CLOSED

_SPARE_DESCRIPTORS = 64  # what a start may need on top of what is open


class Program(msgspec.Struct, frozen=True):
    """`argv` and the whole `environment`; descriptors for the three standard streams (of stdin also
    CLOSED); `group`: "session", "group", or the number of the process group to join; `files`: the
    user's own (soft, hard) RLIMIT_NOFILE, where the supervisor has raised its own."""

    argv: list[str]
    environment: dict[str, str]
    cwd: str
    stdin: int
    stdout: int
    stderr: int
    group: str
    files: tuple[int, int]


class ProgramProcess(multiprocessing.Process):
    """See the module."""

    def __init__(self, program: Program, name: str) -> None:
        super().__init__(name=name)
        self.program = program

    @staticmethod
    def _Popen(process_obj: ProgramProcess) -> _ProgramPopen:  # type: ignore[override]
        return _ProgramPopen(process_obj)


class _ProgramPopen(popen_fork.Popen):
    """What multiprocessing keeps of a started process; waiting is inherited."""

    method = "program"

    def _launch(self, process_obj: ProgramProcess) -> None:
        program = process_obj.program
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        # With the user's limit in force at the fork, the program never sees ours.
        lowered = program.stderr + _SPARE_DESCRIPTORS < program.files[0]
        if lowered:
            resource.setrlimit(resource.RLIMIT_NOFILE, program.files)
        ignored = signal.getsignal(signal.SIGTTOU)
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        closed = program.stdin == CLOSED
        inherited = os.get_inheritable(0)  # for our part it is /dev/null
        if closed:
            os.set_inheritable(0, False)  # the execve closes it
        try:
            child = subprocess.Popen(
                program.argv,
                stdin=None if closed else program.stdin,
                stdout=program.stdout,
                stderr=program.stderr,
                env=program.environment,
                cwd=program.cwd or None,
                close_fds=False,  # ours close by themselves; what we were given is passed on
                start_new_session=program.group == "session",
                process_group=_process_group(program.group),
            )
        finally:
            signal.signal(signal.SIGTTOU, ignored)
            if closed:
                os.set_inheritable(0, inherited)
            if lowered:
                resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        if not lowered:
            resource.prlimit(child.pid, resource.RLIMIT_NOFILE, program.files)
        child.returncode = 0  # reaping it is our part, not that of the object we leave behind
        self.pid = child.pid
        self.sentinel = os.pidfd_open(child.pid)
        self.finalizer = util.Finalize(self, os.close, (self.sentinel,))


def _process_group(group: str) -> int | None:
    if group == "session":
        return None
    return 0 if group == "group" else int(group)
