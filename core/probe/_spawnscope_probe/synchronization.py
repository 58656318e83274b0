"""Condition, Event and Barrier: wait, notify, set, clear. Their inner locks stay bare; a
Condition's lock is the Condition."""

import sys
from _thread import get_ident
from time import monotonic_ns

from .guard import guarded
from .layout import CODE, FAILED, OK, TIMED_OUT
from .semaphores import Building, adopt, bare, building
from .shared import (
    AT,
    COUNT,
    FRAME,
    LONG_NS,
    WAITED_NS,
    WHAT,
    Shared,
    enter,
    leave,
    new_identity,
    note_wait,
    semaphore_identity,
    settle,
)

_WAIT = CODE["wait"]


def patch(module, recorder):
    """`module`: multiprocessing.synchronize, just imported."""
    _patch_condition(module.Condition, recorder)
    _patch_event(module.Event, recorder)
    _patch_barrier(module.Barrier, recorder)


def _patch_condition(kind, recorder):
    def parts(self, foreign):
        for lock in (self._sleeping_count, self._woken_count, self._wait_semaphore):
            bare(lock)
        if foreign or not hasattr(self._lock, "_semlock"):
            return
        adopt(self._lock, recorder, self._spawnscope)
        self.acquire, self.release = self._lock.acquire, self._lock.release

    def name(self):
        return self._wait_semaphore._semlock.name

    _construct(kind, recorder, "Condition", parts, name, _has_own_lock)
    kind.wait = _waiting(kind.wait, recorder)
    kind.notify = _quick(kind.notify, "notify", recorder)


def _has_own_lock(args, kwargs):
    return (args[0] if args else kwargs.get("lock")) is None


def _patch_event(kind, recorder):
    def parts(self, foreign):
        bare(self._flag)
        condition = self._cond
        condition._spawnscope = None
        for lock in (condition._lock, condition._sleeping_count, condition._woken_count,
                     condition._wait_semaphore):  # fmt: skip
            bare(lock)
        condition.acquire, condition.release = condition._lock.acquire, condition._lock.release

    _construct(kind, recorder, "Event", parts, lambda self: self._flag._semlock.name)
    kind.wait = _waiting(kind.wait, recorder)
    kind.set = _quick(kind.set, "set", recorder)
    kind.clear = _quick(kind.clear, "clear", recorder)


def _patch_barrier(kind, recorder):
    def parts(self, foreign):
        condition = self._cond
        condition._spawnscope = None
        for lock in (condition._lock, condition._sleeping_count, condition._woken_count,
                     condition._wait_semaphore):  # fmt: skip
            bare(lock)
        condition.acquire, condition.release = condition._lock.acquire, condition._lock.release

    _construct(
        kind, recorder, "Barrier", parts, lambda self: self._cond._wait_semaphore._semlock.name
    )
    kind.wait = _waiting(
        kind.wait, recorder
    )  # threading's own, defined on multiprocessing's class here


def _construct(kind, recorder, type_name, parts, name, owns=lambda args, kw: True):
    kind._spawnscope = None
    original = kind.__init__

    def __init__(self, *args, **kwargs):
        with Building():
            original(self, *args, **kwargs)
        own(self, True, not owns(args, kwargs), sys._getframe(1))

    @guarded(recorder)
    def own(self, created, foreign, frame):
        if not building.get(get_ident()):
            identity = semaphore_identity(name(self)) if name(self) else new_identity()
            self._spawnscope = Shared(recorder, type_name, identity, created, frame)
            parts(self, foreign)

    __init__.__wrapped__ = original
    kind.__init__ = __init__
    restore = getattr(kind, "__setstate__", None)

    def __setstate__(self, state):
        if restore is None:
            self.__dict__.update(state)
        else:
            restore(self, state)
        # Whether the lock came with the Condition, or is the user's, cannot be told any more.
        own(self, False, type_name == "Condition", sys._getframe(1))
        if type_name == "Condition" and self._spawnscope is not None:
            self.acquire, self.release = self._lock.acquire, self._lock.release

    kind.__setstate__ = __setstate__


def _waiting(original, recorder):
    words = recorder.words

    def wait(self, timeout=None):
        shared = self._spawnscope
        if shared is None:
            return original(self, timeout)
        tally = shared.tallies(_WAIT)[get_ident()]
        if recorder.open:
            begin = enter(recorder, words, tally, sys._getframe(1))
        else:
            words[tally[FRAME]] = tally[WHAT]
            begin = monotonic_ns()
        outcome = FAILED
        try:
            result = original(self, timeout)
            outcome = TIMED_OUT if result is False else OK
        finally:
            took = monotonic_ns() - begin
            if recorder.open or outcome != OK:
                leave(words, tally)
            else:
                words[tally[FRAME]] = 0
            if outcome != OK:
                shared.tell("wait", begin, begin + took, took, outcome, frame=sys._getframe(1))
        total = tally[COUNT]
        if outcome == OK:
            total = tally[COUNT] = total + 1
            words[tally[AT] + 1] = total
            if recorder.open or took > LONG_NS or not total & 15:
                settle(recorder, words, tally, begin, took, 0, sys._getframe(1))
            elif took > WAITED_NS:
                note_wait(words, tally, took)
        return result

    wait.__doc__ = original.__doc__
    return wait


def _quick(original, operation, recorder):
    code = CODE[operation]
    words = recorder.words

    def method(self, *args, **kwargs):
        result = original(self, *args, **kwargs)
        shared = self._spawnscope
        if shared is not None:
            tally = shared.tallies(code)[get_ident()]
            total = tally[COUNT] = tally[COUNT] + 1
            words[tally[AT] + 1] = total
            if recorder.open or (not total & 15 and recorder.opens()):
                now = monotonic_ns()
                recorder.detail(tally[WHAT], sys._getframe(1), now, now)
        return result

    method.__name__ = original.__name__
    method.__qualname__ = original.__qualname__
    method.__doc__ = original.__doc__
    return method
