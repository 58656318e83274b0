"""Whether a wait is one that Ctrl-C may be meant to end: a handler for it is the program's own, or
a function of its that is being called names KeyboardInterrupt, to catch it.

Asked for the main thread alone, which is where signals arrive, and where a place is looked for.
"""

from _signal import SIGINT, default_int_handler, getsignal

from . import places
from .layout import READY

_CAUGHT = "KeyboardInterrupt"


def ready(frame):
    """READY if so, else 0, for what waits in `frame`."""
    handler = getsignal(SIGINT)
    if handler is not default_int_handler and callable(handler):
        return READY
    while frame is not None:
        if _CAUGHT in frame.f_code.co_names and places.is_users(frame):
            return READY
        frame = frame.f_back
    return 0
