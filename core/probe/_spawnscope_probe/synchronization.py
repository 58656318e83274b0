"""Condition, Event and Barrier: wait, notify, set, clear. Their inner locks stay bare; a
Condition's lock is the Condition."""

from .guard import guarded
from .layout import CODE, FAILED, OK, TIMED_OUT
from .likeness import forwarding, like
from .natives import _getframe, get_ident, monotonic_ns
from .semaphores import Building, adopt, bare, building
from .shared import (
    AT,
    COUNT,
    WAITED_NS,
    WHAT,
    Shared,
    enter,
    leave,
    new_identity,
    semaphore_identity,
    settle,
)

_WAIT = CODE["wait"]
_QUICK = CODE["notify"], CODE["set"], CODE["clear"]


def patch(module, recorder, notifies=("notify",)):
    """`module`: a library's synchronize, just imported. `notifies`: the methods of its Condition
    that do it themselves, and not by another of them."""
    _patch_condition(module.Condition, recorder, notifies)
    _patch_event(module.Event, recorder)
    if hasattr(module, "Barrier"):
        _patch_barrier(module.Barrier, recorder)


def _patch_condition(kind, recorder, notifies):
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
    _waiting(kind, recorder)
    for name in notifies:
        _quick(kind, name, recorder, "notify")


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
    _waiting(kind, recorder)
    _quick(kind, "set", recorder, "set")
    _quick(kind, "clear", recorder, "clear")


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
    _waiting(kind, recorder)  # threading's own, defined on multiprocessing's class here


def _construct(kind, recorder, type_name, parts, name, owns=lambda args, kw: True):
    kind._spawnscope = None
    original = kind.__init__

    def __init__(self, *args, **kwargs):
        with Building():
            original(self, *args, **kwargs)
        own(self, True, not owns(args, kwargs), _getframe())

    @guarded(recorder)
    def own(self, created, foreign, frame):
        if not building.get(get_ident()):
            identity = semaphore_identity(name(self)) if name(self) else new_identity()
            parties = getattr(self, "_parties", 0)  # of a Barrier
            shared = self._spawnscope = Shared(
                recorder, type_name, identity, created, frame, capacity=parties
            )
            shared.gets = shared.tallies(_WAIT)
            for operation in _QUICK:
                shared.tallies(operation)
            parts(self, foreign)

    kind.__init__ = forwarding(original, __init__)
    restore = getattr(kind, "__setstate__", None)

    def __setstate__(self, state):
        if restore is None:
            self.__dict__.update(state)
        else:
            restore(self, state)
        # Whether the lock came with the Condition, or is the user's, cannot be told any more.
        own(self, False, type_name == "Condition", _getframe())
        if type_name == "Condition" and self._spawnscope is not None:
            self.acquire, self.release = self._lock.acquire, self._lock.release

    kind.__setstate__ = like(__setstate__, restore) if restore else __setstate__


def _waiting(kind, recorder):
    """Let `wait` of a class be recorded."""
    original = kind.wait
    words = recorder.words

    def wait(self, timeout=None):
        shared = self._spawnscope
        if shared is None:
            return original(self, timeout)
        tally = shared.gets[get_ident()]
        at, count = tally[AT], tally[COUNT]
        limit = getattr(self, "_timeout", None) if timeout is None else timeout  # a Barrier's own
        noted = recorder.open or limit is not None
        if noted:
            enter(recorder, words, tally, limit)
        words[at] = count + 1
        begin = monotonic_ns()
        outcome = FAILED
        try:
            result = original(self, timeout)
            if result is False:
                outcome = TIMED_OUT
            else:
                outcome = OK
                count += 2
        finally:
            took = monotonic_ns() - begin
            words[at] = tally[COUNT] = count
            if outcome != OK:
                leave(words, tally)
                shared.tell("wait", begin, begin + took, took, outcome, frame=_getframe())
        if outcome == OK and (noted or took > WAITED_NS or not count & 30):
            settle(recorder, words, tally, noted, begin, took, -1)
        return result

    kind.wait = like(wait, original)


def _quick(kind, name, recorder, operation):
    """Let a method be recorded that does not wait, or for those that it wakes only: who was killed
    asleep never says that it woke. It keeps its signature: to pass arguments on by stars costs as
    much as all the rest, and much of it happens while others wait for a lock."""
    original = getattr(kind, name)
    code = CODE[operation]
    words = recorder.words

    def settled(tally, count, noted):
        words[tally[AT]] = tally[COUNT] = count
        if noted:
            leave(words, tally)

    def tell(tally):
        if recorder.open or recorder.opens():
            now = monotonic_ns()
            recorder.detail(
                tally[WHAT], _getframe(1), now, now, 0, OK, -1, None, 0, tally[COUNT] >> 1
            )

    def notify(self, n=1):
        shared = self._spawnscope
        if shared is None:
            return original(self, n)
        tally = shared.tallies(code)[get_ident()]
        count, noted = tally[COUNT], recorder.open
        if noted:
            enter(recorder, words, tally)
        words[tally[AT]] = count + 1
        try:
            result = original(self, n)
            count += 2
        finally:
            settled(tally, count, noted)
        if recorder.open or not count & 30:
            tell(tally)
        return result

    def change(self):
        shared = self._spawnscope
        if shared is None:
            return original(self)
        tally = shared._tallies[code][get_ident()]
        count, noted = tally[COUNT], recorder.open
        if noted:
            enter(recorder, words, tally)
        words[tally[AT]] = count + 1
        try:
            result = original(self)
            count += 2
        finally:
            settled(tally, count, noted)
        if recorder.open or not count & 30:
            tell(tally)
        return result

    setattr(kind, name, like(notify if original.__code__.co_argcount == 2 else change, original))
