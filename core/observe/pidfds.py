"""Handles on processes: what a pidfd reaches is that very process or nobody.

    open_pidfd --room--> kept by the caller, in epoll
               --none--> OSError: the process is looked at now and then (`has_ended`), and reached
                         through a pidfd that is opened for the moment (`send_once`)

A process is told from a later one with its pid by its start, field 22 of /proc/PID/stat. Only
ESRCH, ENOENT or another start mean that it has ended: that we could not look means nothing.
"""

from __future__ import annotations

import errno
import os
import resource
import signal

from . import proc_files

_LARGEST_RESERVE = 256  # descriptors for what must always work: a look at /proc, a start, a signal


def comfortable(descriptor: int, share: float = 1.0) -> bool:
    """Whether a descriptor just opened may be kept: the lowest free number is what one gets, so a
    high one says that few are left. `share`: of all but the reserve, what this use may reach."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return descriptor < (most - min(_LARGEST_RESERVE, most // 4)) * share


def open_pidfd(pid: int, start_ticks: int) -> tuple[int, int]:
    """A pidfd to keep of the process that started then (0: whenever), and when it started.

    Raises ProcessLookupError when it has ended, OSError when there is no descriptor to spare.
    """
    pidfd = os.pidfd_open(pid)
    try:
        if not comfortable(pidfd):
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        stat = proc_files.read_stat(pid)  # after the opening: who has the pid is held by now
        if stat is None or (start_ticks and stat.start_ticks != start_ticks):
            raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH))
        return pidfd, stat.start_ticks
    except BaseException:
        os.close(pidfd)
        raise


def send_once(pid: int, start_ticks: int, signum: int) -> None:
    """Send a signal to a process that nobody holds a pidfd of. Raises OSError; ProcessLookupError
    when it has ended."""
    pidfd = os.pidfd_open(pid)
    try:
        if has_ended(pid, start_ticks):
            raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH))
        signal.pidfd_send_signal(pidfd, signum)
    finally:
        os.close(pidfd)


def has_ended(pid: int, start_ticks: int) -> bool:
    """Whether the process that started then (0: whenever) has certainly ended; a zombie has."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            stat = proc_files.parse_stat(file.read())
    except ProcessLookupError:
        return True
    except FileNotFoundError:  # or /proc hides the processes of others
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        except OSError:
            pass
        return False
    except OSError:
        return False
    return stat.state in "ZX" or bool(start_ticks and stat.start_ticks != start_ticks)


def owner_of(pid: int) -> str:
    """As whom a process runs: a user's name, or the number where it has none; "" if unknown."""
    import pwd

    try:
        uid = os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return ""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"  # untranslated: in place of a name
