"""Waiting for a Future of a ProcessPoolExecutor: `result`, `exception`, `wait`, `as_completed`, and
from asyncio; and its being cancelled.

What is patched here serves threads' futures as well. It is patched only in a process that has
imported `concurrent.futures.process`, and passes by what is no process executor's at once.
"""

from .layout import TIMED_OUT
from .likeness import like
from .natives import _getframe, monotonic_ns
from .preview import plain_name
from .shared import Waiting

_OVER = ("CANCELLED", "CANCELLED_AND_NOTIFIED", "FINISHED")
_ASYNCIO = "_call_set_state"  # what asyncio has called when it is done


class _About:
    """Whose future it is: its executor, the function, the number of the task."""

    __slots__ = ("number", "shared", "text")

    def __init__(self, shared, text, number):
        self.shared = shared
        self.text = text
        self.number = number

    def waiting(self, frame):
        """The calling thread waits for it."""
        return Waiting(self.shared, "wait", frame, self.text, self.number)

    def __reduce__(self):
        return type(None), ()


def of_executor(future, shared, text, number):
    """`future` is that of a task which was submitted to a process executor."""
    future._spawnscope = _About(shared, text, number)


def patch(base):
    """`base`: concurrent.futures._base."""
    kind = base.Future
    kind._spawnscope = None
    for name in ("result", "exception"):
        setattr(kind, name, _waiting(getattr(kind, name), base.TimeoutError))
    kind.cancel = _cancelling(kind.cancel)
    kind.add_done_callback = _awaiting(kind.add_done_callback)
    base._create_and_install_waiters = _several(base._create_and_install_waiters)


def _waiting(original, timeout_error):
    def wait(self, timeout=None):
        about = self._spawnscope
        if about is None or self._state in _OVER:
            return original(self, timeout)
        with about.waiting(_getframe()) as waiting:
            try:
                return original(self, timeout)
            except timeout_error:
                if self._state not in _OVER:
                    waiting.outcome = TIMED_OUT
                raise

    return like(wait, original)


def _cancelling(original):
    def cancel(self):
        done = original(self)
        about = self._spawnscope
        if about is not None:
            now = monotonic_ns()
            about.shared.tell(
                "cancel", now, now, 0, 0 if done else TIMED_OUT, text=about.text,
                argument=about.number, frame=_getframe(),
            )  # fmt: skip
        return done

    return like(cancel, original)


def _awaiting(original):
    """A coroutine waits for it: not a thread, so it is told when that is over."""

    def add_done_callback(self, fn):
        about = self._spawnscope
        if about is None or plain_name(fn) != _ASYNCIO:
            return original(self, fn)
        begin, place = monotonic_ns(), about.shared.recorder.place(_getframe())

        def done(future):
            end = monotonic_ns()
            about.shared.tell("wait", begin, end, end - begin, text=about.text,
                              argument=about.number, place=place)  # fmt: skip
            return fn(future)

        return original(self, done)

    return like(add_done_callback, original)


def _several(original):
    """`wait` and `as_completed` make one event of several futures."""

    def _create_and_install_waiters(fs, return_when):
        waiter = original(fs, return_when)
        for future in fs:
            about = future._spawnscope
            if about is not None:
                waiter.event = _Event(waiter.event, about.shared)
                break
        return waiter

    return like(_create_and_install_waiters, original)


class _Event:
    """Stands in for the threading.Event that is waited for."""

    __slots__ = ("_event", "_shared", "clear", "is_set", "set")

    def __init__(self, event, shared):
        self._event = event
        self._shared = shared
        self.set, self.clear, self.is_set = event.set, event.clear, event.is_set

    def wait(self, timeout=None):
        if self._event.is_set():
            return True
        with Waiting(self._shared, "wait", _getframe()) as waiting:
            done = self._event.wait(timeout)
            if not done:
                waiting.outcome = TIMED_OUT
        return done
