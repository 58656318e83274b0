"""The semaphores of multiprocessing that processes wait for, seen and given back from outside.

    thread, blocked --/proc/PID/task/TID/syscall--> address of its futex
                    --/proc/PID/maps--> the mapping around that: of /dev/shm/sem.NAME, its inode
    its value --/proc/PID/mem, while who may change it is stopped--> more; who waits looks again

multiprocessing unlinks most semaphores as soon as they are made, so only who has one mapped leads
to it; and nothing of a program's is mapped here, since it could cut it short. Of glibc's `sem_t` on
64 bits (sysdeps/nptl/internaltypes.h, struct new_sem) the first four bytes are the value, which
waiters wait for as a futex. A thread that is stopped and goes on begins its futex call anew, which
compares the value: so nobody has to be woken.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import struct
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

_PREFIX = "/dev/shm/sem."  # glibc's; another libc has another layout
_STOP_SECONDS = 0.5  # for a thread that is in no system call that it must end
_VALUE = struct.Struct("=I")
_SEIZE, _INTERRUPT, _DETACH, _WALL = 0x4206, 0x4207, 17, 0x40000000
_IS_KNOWN = sys.platform == "linux" and sys.maxsize > 1 << 32 and sys.byteorder == "little"


class Waited(NamedTuple):
    """A semaphore that a thread is blocked in: its address in the process, and what tells it from
    all others: the device and inode of its file."""

    pid: int
    tid: int
    address: int
    file: tuple[str, int]


def waited_for(pid: int, tid: int | None = None) -> list[Waited]:
    """The semaphores that the threads of a process, or one of them, are blocked in now. Raises
    PermissionError where the kernel does not let us look, OSError where the process has ended."""
    if not _IS_KNOWN:
        return []
    mappings = _mappings(pid)
    threads = [tid] if tid is not None else [int(name) for name in os.listdir(f"/proc/{pid}/task")]
    found = []
    for thread in threads:
        with open(f"/proc/{pid}/task/{thread}/syscall") as call:
            words = call.read().split()
        if len(words) < 3:
            continue  # it runs
        address = int(words[1], 16)
        found += [
            Waited(pid, thread, address, file)
            for start, end, file in mappings
            if start <= address < end
        ]
    return found


def value_of(waited: Waited) -> int:
    """What may be taken of it now. Raises OSError."""
    with open(f"/proc/{waited.pid}/mem", "rb", buffering=0) as memory:
        return int(_VALUE.unpack(os.pread(memory.fileno(), _VALUE.size, waited.address))[0])


def post(waits: Sequence[Waited], times: int, users: Iterable[int] = ()) -> None:
    """Give a semaphore back `times` times; `waits`: who waits for it. `users`: the processes that
    may take it or give it back just now; none where it is at 0 and nobody could. Raises
    PermissionError where we may not, OSError where it cannot be."""
    threads = dict.fromkeys(waited.tid for waited in waits)
    for pid in users:
        with contextlib.suppress(FileNotFoundError):  # it has ended
            threads |= dict.fromkeys(map(int, os.listdir(f"/proc/{pid}/task")))
    with _stopped(threads), open(f"/proc/{waits[0].pid}/mem", "r+b", buffering=0) as memory:
        (value,) = _VALUE.unpack(os.pread(memory.fileno(), _VALUE.size, waits[0].address))
        os.pwrite(memory.fileno(), _VALUE.pack(value + times), waits[0].address)


@contextlib.contextmanager
def _stopped(threads: Iterable[int]) -> Iterator[None]:
    """Hold threads where they are, as a debugger does: no signal reaches them, and their parents
    hear nothing of it. Raises PermissionError."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    libc.ptrace.restype = ctypes.c_long
    seized = []
    try:
        for tid in threads:
            if not libc.ptrace(_SEIZE, tid, None, None):
                seized.append(tid)
            elif ctypes.get_errno() != errno.ESRCH:  # else it has ended
                raise PermissionError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        for tid in seized:
            libc.ptrace(_INTERRUPT, tid, None, None)
        for tid in seized:
            _await_stop(tid)
        yield
    finally:
        for tid in seized:
            libc.ptrace(_DETACH, tid, None, None)


def _await_stop(tid: int) -> None:
    """Its end, if that comes instead, is left to be read by others."""
    deadline = time.monotonic() + _STOP_SECONDS
    while time.monotonic() < deadline:
        try:
            if os.waitid(os.P_PID, tid, os.WSTOPPED | os.WNOHANG | _WALL) is not None:
                return
        except ChildProcessError:
            return
        time.sleep(0.0005)
    raise TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))


def _mappings(pid: int) -> list[tuple[int, int, tuple[str, int]]]:
    """Where a process has semaphores: from, to, which."""
    found = []
    with open(f"/proc/{pid}/maps", errors="surrogateescape") as file:
        for line in file:
            if _PREFIX not in line:
                continue
            span, rights, _, device, inode, path = line.split(None, 5)
            if path.startswith(_PREFIX) and rights.startswith("rw-s"):
                start, end = (int(each, 16) for each in span.split("-"))
                found.append((start, end, (device, int(inode))))
    return found
