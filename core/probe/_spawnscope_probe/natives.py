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

try:
    from _thread import get_native_id
except ImportError:

    def get_native_id():
        return 0
