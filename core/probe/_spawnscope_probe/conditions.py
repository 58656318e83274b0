"""What stands in for a condition or an event of `threading` that somebody waits on: such a wait is
recorded, and no call of ours lies between the program and what it may raise."""

from .layout import TIMED_OUT
from .natives import _getframe


class WatchedCondition:
    """A threading.Condition or Event. `waiting(frame, limited)`: makes a `Waiting` for whoever
    waits, for a limited time or not."""

    __slots__ = ("_plain", "_waiting")

    def __init__(self, plain, waiting):
        self._plain = plain
        self._waiting = waiting

    def __enter__(self):
        return self._plain.__enter__()

    def __exit__(self, *exception):
        return self._plain.__exit__(*exception)

    def wait(self, timeout=None):
        with self._waiting(_getframe(), timeout is not None) as waiting:
            done = self._plain.wait(timeout)
            if not done:
                waiting.outcome = TIMED_OUT
        return done

    def __getattr__(self, name):
        return getattr(self._plain, name)

    def __repr__(self):
        return repr(self._plain)
