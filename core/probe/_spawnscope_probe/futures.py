"""Waiting for a Future of a ProcessPoolExecutor: `result`, `exception`, `wait`, `as_completed`, and
from asyncio; and its being cancelled.

    future, its condition --> watched   result(), exception()
    event of several      --> watched   wait(), as_completed(): of the first that is one
    callback of asyncio   --> told when it is done, since no thread waits

Futures of threads pass by at once; nothing is patched before a process executor can be made.
"""

from .conditions import watch
from .layout import OK, TIMED_OUT
from .likeness import like
from .natives import _getframe, monotonic_ns
from .preview import plain_name
from .shared import Waiting

_OVER = ("CANCELLED", "CANCELLED_AND_NOTIFIED", "FINISHED")
_ASYNCIO = "_call_set_state"  # what asyncio has called when a future is done


class _About:
    """Whose future it is: its executor, the function and the number of the task."""

    __slots__ = ("number", "shared", "text")

    def __init__(self, shared, text, number):
        self.shared = shared
        self.text = text
        self.number = number

    def waiting(self, frame):
        """The calling thread waits for it."""
        return Waiting(self.shared, "wait", frame, self.text, self.number)

    def waiting_for_several(self, frame):
        """The calling thread waits for it and others."""
        return Waiting(self.shared, "wait", frame)

    def __reduce__(self):
        return type(None), ()


def of_executor(future, shared, text, number):
    """`future` is that of a task which was submitted to a process executor."""
    about = future._spawnscope = _About(shared, text, number)
    watch(future._condition, about.waiting)


def patch(base):
    """`base`: concurrent.futures._base."""
    kind = base.Future
    kind._spawnscope = None
    kind.cancel = _cancelling(kind.cancel)
    kind.add_done_callback = _awaiting(kind.add_done_callback)
    base._create_and_install_waiters = _several(base._create_and_install_waiters)


def _cancelling(original):
    def cancel(self):
        about, before = self._spawnscope, self._state
        done = original(self)
        if about is not None and before not in _OVER:  # an executor cancels what is over, too
            now = monotonic_ns()
            about.shared.tell(
                "cancel", now, now, 0, OK if done else TIMED_OUT, text=about.text,
                argument=about.number, frame=_getframe(),
            )  # fmt: skip
        return done

    return like(cancel, original)


def _awaiting(original):
    def add_done_callback(self, fn):
        about = self._spawnscope
        if about is None or plain_name(fn) != _ASYNCIO:
            return original(self, fn)
        begin, place = monotonic_ns(), about.shared.recorder.place(_getframe())

        def done(future):
            end = monotonic_ns()
            about.shared.tell("wait", begin, end, end - begin, text=about.text,
                              argument=about.number, place=place)  # fmt: skip

        original(self, done)
        return original(self, fn)  # itself: what it raises is logged with its name

    return like(add_done_callback, original)


def _several(original):
    def _create_and_install_waiters(fs, return_when):
        waiter = original(fs, return_when)
        for future in fs:
            about = getattr(future, "_spawnscope", None)
            if type(about) is _About:  # a stand-in of a test's has anything
                watch(waiter.event, about.waiting_for_several)
                break
        return waiter

    return like(_create_and_install_waiters, original)
