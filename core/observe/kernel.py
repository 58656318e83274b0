"""The few Linux calls that Python 3.11 does not offer, through ctypes.

Sources: prctl(2), pidfd_open(2), signalfd(2), sysv_signal(3), linux/pidfd.h (PIDFD_GET_INFO since
6.13, the exit status in it since 6.15).
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import struct

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_CHILD_SUBREAPER = 36
_PIDFD_GET_INFO = 0xC040FF0B  # _IOWR(0xFF, 11, struct pidfd_info as of 64 bytes)
_PIDFD_INFO_EXIT = 1 << 3

_libc = ctypes.CDLL(None, use_errno=True)
_libc.sysv_signal.argtypes = (ctypes.c_int, ctypes.c_void_p)
_libc.sysv_signal.restype = ctypes.c_void_p


def _prctl(option: int, argument: int | bytes) -> None:
    value = ctypes.c_char_p(argument) if isinstance(argument, bytes) else ctypes.c_ulong(argument)
    if _libc.prctl(option, value, 0, 0, 0) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def become_subreaper() -> None:
    """Descendants that lose their parent become children of this process."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def signal_when_parent_ends(number: int) -> None:
    """Send signal `number` to this process when its parent has ended."""
    _prctl(_PR_SET_PDEATHSIG, number)


def set_name(name: str) -> None:
    """What `ps` and `top` show for this process, up to 15 bytes."""
    _prctl(_PR_SET_NAME, name.encode()[:15])


def exit_status(pidfd: int) -> int | None:
    """The wait status of the ended process behind `pidfd`, also when it was another's child.

    None on kernels before 6.15, or when the process still lives.
    """
    buffer = bytearray(64)
    struct.pack_into("=Q", buffer, 0, _PIDFD_INFO_EXIT)
    try:
        fcntl.ioctl(pidfd, _PIDFD_GET_INFO, buffer)
    except OSError:
        return None
    (mask,) = struct.unpack_from("=Q", buffer, 0)
    if not mask & _PIDFD_INFO_EXIT:
        return None
    status: int = struct.unpack_from("=i", buffer, 60)[0]
    return status


def signal_descriptor(numbers: set[signal.Signals]) -> int:
    """Hold these signals back; each can be read from the descriptor, with where it came from."""
    signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    mask = sum(1 << (number - 1) for number in numbers)
    descriptor: int = _libc.signalfd(
        -1, ctypes.c_char_p(struct.pack("=Q", mask)), os.O_CLOEXEC | os.O_NONBLOCK
    )
    if descriptor < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return descriptor


def handle_once(number: int) -> None:
    """The next signal `number` is handled as Python has been told to. One after that, unless this
    is called again, does what it does by default, so it ends a process that is stuck in a call."""
    signal.signal(number, signal.getsignal(number))
    _libc.sysv_signal(number, _libc.sysv_signal(number, None))


def read_signal(descriptor: int) -> tuple[int, bool]:
    """The next signal's number, and whether the kernel sent it (a key pressed at the terminal)."""
    data = os.read(descriptor, 128)
    number, _, code = struct.unpack_from("=Iii", data)
    return number, code > 0
