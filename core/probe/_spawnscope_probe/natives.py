"""What hooks call of Python itself, bound when the process begins: a program may put something else
in its place later, a mock for one. What is loaded later than at the start imports it from here."""

from _collections import deque  # noqa: F401
from _thread import get_ident  # noqa: F401
from _weakref import ref  # noqa: F401
from posix import (  # noqa: F401
    P_PID,
    WEXITED,
    WNOHANG,
    WNOWAIT,
    fstat,
    getpid,
    register_at_fork,
    urandom,
    waitid,
)
from sys import _current_frames, _getframe, exc_info, modules  # noqa: F401
from time import monotonic_ns  # noqa: F401

_OPTIMIZED = 0x01  # of co_flags: of a function, whose variables lie elsewhere
try:
    from _thread import get_native_id
except ImportError:

    def get_native_id():
        return 0


def local(frame, name):
    """A local variable of a function that is running, None if it has none of that name."""
    names = frame.f_locals
    value = names.get(name)
    if type(names) is dict and frame.f_code.co_flags & _OPTIMIZED:
        # Up to 3.12, the frame keeps what it was asked for, hence the items that lie there.
        names.clear()
    return value
