"""What somebody waits on: a Condition or an Event of `threading` whose waits are recorded.

It is let be what it is, but of a class derived from its own whose `wait` is ours. So what else is
done with it, as each result is handed over with its lock, goes as it does without us.
"""

from .layout import TIMED_OUT
from .likeness import like
from .natives import _getframe

_watched = {}  # class -> the one derived from it


def watch(plain, waiting):
    """Let waits on `plain` be recorded. `waiting(frame)`: makes a `Waiting` for whoever waits."""
    kind = type(plain)
    try:
        plain._spawnscope_waiting = waiting
        plain.__class__ = _watched.get(kind) or _derived(kind)
    except (AttributeError, TypeError):  # something else that was put in threading's place
        pass


def _derived(kind):
    original = kind.wait

    def wait(self, timeout=None):
        with self._spawnscope_waiting(_getframe()) as waiting:
            waiting.limit(timeout)
            done = original(self, timeout)
            if not done:
                waiting.outcome = TIMED_OUT
        return done

    names = {"wait": like(wait, original), "__module__": kind.__module__, "__doc__": kind.__doc__}
    derived = _watched[kind] = type(kind)(kind.__name__, (kind,), names)
    derived.__qualname__ = kind.__qualname__
    return derived
