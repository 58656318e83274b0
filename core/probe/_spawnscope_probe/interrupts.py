"""Whether a wait is one that Ctrl-C may be meant to end: a handler for it is the program's own, or
a function of its that is being called names KeyboardInterrupt, to catch it.

asyncio.run sets a handler for whatever it runs: that is nobody's own, and ends no call that blocks.
Asked for the main thread alone, which is where signals arrive, and where a place is looked for.
"""

from _signal import SIGINT, default_int_handler, getsignal
from types import FunctionType, MethodType

from . import places
from .layout import READY

_CAUGHT = "KeyboardInterrupt"


def ready(frame):
    """READY if so, else 0, for what waits in `frame`."""
    handler = getsignal(SIGINT)
    if handler is not default_int_handler and callable(handler) and not _is_asyncios(handler):
        return READY
    while frame is not None:
        if _CAUGHT in frame.f_code.co_names and places.is_users(frame):
            return READY
        frame = frame.f_back
    return 0


def _is_asyncios(handler):
    """Whether it is what asyncio.Runner sets from Python 3.11 on. Asks a program's objects nothing:
    such a question would be code of theirs. By names: the type may be there more than once."""
    kind = type(handler)
    is_partial = kind.__module__ == "functools" and kind.__name__ == "partial"
    method = handler.func if is_partial else None
    function = method.__func__ if type(method) is MethodType else None
    return type(function) is FunctionType and function.__module__ == "asyncio.runners"
