"""Lock, RLock, Semaphore, BoundedSemaphore: acquire and release.

A stand-in takes the place of `_semlock` in those objects that belong to the user. The locks inside
of a Queue or an Event keep the real thing: they belong to their owner and cost nothing. Acquiring
is tried without blocking first, so only what really waits is timed.

Counters say who holds: a thread's acquires less its releases. Both are counted while the lock is
held, hence by one thread at a time.
"""

import sys
from _thread import get_ident
from time import monotonic_ns

from .guard import guarded
from .layout import CODE, FAILED, OK, TIMED_OUT
from .shared import AT, COUNT, FRAME, WAITED, WAITS, WHAT, Shared, semaphore_identity

_ACQUIRE, _RELEASE = CODE["acquire"], CODE["release"]
building = {}  # thread's ident -> how many constructors of owners it is in


class RecordedSemLock:
    """What `_multiprocessing.SemLock` offers, with `acquire` and `release` recorded."""

    # The two dunders are asked for by name, not by a `with`: as attributes they cost no call.
    __slots__ = ("__enter__", "__exit__", "acquire", "raw", "release", "shared")
    SEM_VALUE_MAX = 0  # set when the real class is known

    def __init__(self, raw, shared, exclusive):
        self.raw = raw
        self.shared = shared
        make = _exclusive if exclusive else _counting
        acquire, release = make(raw.acquire, raw.release, shared)
        self.acquire = self.__enter__ = acquire
        self.release = release
        self.__exit__ = lambda *exception: release()

    def __getattr__(self, name):
        return getattr(self.raw, name)


def _exclusive(raw_acquire, raw_release, shared):
    """For what one thread holds at a time: its numbers are only touched by the holder."""
    recorder = shared.recorder
    words = recorder.words
    acquires, releases = shared.tallies(_ACQUIRE), shared.tallies(_RELEASE)
    owner = acquired = released = acquired_at = released_at = what = 0
    frame = waited = waits = pending = 0
    tally = other = None
    told = False

    def change(ident):
        nonlocal owner, acquired, released, acquired_at, released_at, what, tally, other
        nonlocal frame, waited, waits
        if tally is not None:  # what the last owner's lists do not know yet
            tally[COUNT], tally[WAITED], tally[WAITS], other[COUNT] = (
                acquired, waited, waits, released,
            )  # fmt: skip
        tally, other = acquires[ident], releases[ident]
        frame, acquired_at, what = tally[FRAME], tally[AT] + 1, tally[WHAT]
        acquired, waited, waits = tally[COUNT], tally[WAITED], tally[WAITS]
        released_at, released = other[AT] + 1, other[COUNT]
        owner = ident

    def forget():
        nonlocal owner, tally, told, pending
        owner = pending = 0
        tally = None
        told = False

    def acquire(block=True, timeout=None):
        nonlocal acquired, told, waited, waits, pending
        if raw_acquire(False):
            if get_ident() != owner:
                change(get_ident())
            acquired += 1
            words[acquired_at] = acquired
            if recorder.open or (not acquired & 15 and recorder.opens()):
                told = True
                now = monotonic_ns()
                recorder.detail(what, sys._getframe(1), now, now)
            return True
        if block and timeout is None and not recorder.open and not recorder.opens():
            # Much is going on: no record and no place, only how long it took.
            mine = acquires[get_ident()]
            at = mine[FRAME]
            words[at] = mine[WHAT]
            begin = monotonic_ns()
            try:
                raw_acquire(True)
                took = monotonic_ns() - begin
            finally:
                words[at] = 0
            if get_ident() != owner:
                change(get_ident())
            pending += took
            acquired += 1
            words[acquired_at] = acquired
            return True
        took = _wait(raw_acquire, block, timeout, shared)
        if took < 0:
            return False
        if get_ident() != owner:
            change(get_ident())
        acquired += 1
        words[acquired_at] = acquired
        waited += took
        waits += 1
        words[acquired_at + 1] = waited
        words[acquired_at + 2] = waits
        told = True
        return True

    def release():
        nonlocal released, told, pending, waited, waits
        if not owner:  # acquired by another process, or before a fork
            change(get_ident())
        released += 1
        words[released_at] = released
        if pending:
            waited += pending
            waits += 1
            pending = 0
            words[acquired_at + 1] = waited
            words[acquired_at + 2] = waits
        if told:
            told = False
            now = monotonic_ns()
            recorder.detail(other[WHAT], sys._getframe(1), now, now)
        try:
            raw_release()
        except BaseException:
            released -= 1
            words[released_at] = released
            raise

    shared.on_forget = forget
    return acquire, release


def _counting(raw_acquire, raw_release, shared):
    """For what several threads hold at a time."""
    recorder = shared.recorder
    words = recorder.words
    acquires, releases = shared.tallies(_ACQUIRE), shared.tallies(_RELEASE)

    def count(tallies, frame):
        tally = tallies[get_ident()]
        tally[COUNT] += 1
        words[tally[AT] + 1] = tally[COUNT]
        if recorder.open or (not tally[COUNT] & 15 and recorder.opens()):
            now = monotonic_ns()
            recorder.detail(tally[WHAT], frame, now, now)

    def acquire(block=True, timeout=None):
        if raw_acquire(False):
            count(acquires, sys._getframe(1))
            return True
        took = _wait(raw_acquire, block, timeout, shared)
        if took < 0:
            return False
        tally = acquires[get_ident()]
        tally[COUNT] += 1
        tally[WAITED] += took
        tally[WAITS] += 1
        words[tally[AT] + 1] = tally[COUNT]
        words[tally[AT] + 2] = tally[WAITED]
        words[tally[AT] + 3] = tally[WAITS]
        return True

    def release():
        raw_release()
        count(releases, sys._getframe(1))

    return acquire, release


def _wait(raw_acquire, block, timeout, shared):
    """Acquire what was taken a moment ago. Returns how long it took in ns, for the caller to count;
    -1 without success, which is counted here."""
    recorder = shared.recorder
    frame = sys._getframe(2)
    if not block:
        now = monotonic_ns()
        shared.tell("acquire", now, now, outcome=TIMED_OUT, frame=frame)
        return -1
    word, begin = recorder.enter(shared.what(_ACQUIRE), frame)
    outcome = FAILED
    try:
        if raw_acquire(True, timeout):
            outcome = OK
        else:
            outcome = TIMED_OUT
    finally:
        recorder.leave(word)
        end = monotonic_ns()
        if outcome:
            shared.tell("acquire", begin, end, end - begin, outcome, frame=frame)
    if outcome:
        return -1
    recorder.detail(shared.what(_ACQUIRE), frame, begin, end, end - begin)
    return end - begin


def patch(module, recorder):
    """`module`: multiprocessing.synchronize, just imported."""
    RecordedSemLock.SEM_VALUE_MAX = module.SEM_VALUE_MAX
    original = module.SemLock._make_methods

    def _make_methods(self):
        own(self, sys._getframe(1))
        original(self)

    @guarded(recorder)
    def own(lock, frame):
        raw = lock._semlock
        if not building.get(get_ident()) and type(raw) is not RecordedSemLock:
            record(lock, raw, recorder, frame.f_code.co_name == "__init__", None, frame)

    module.SemLock._make_methods = _make_methods


def record(lock, raw, recorder, created, owner, frame=None):
    """Let `lock` be recorded: as an object of its own, or as a part of `owner` (a Shared)."""
    kind = _kind_of(lock)
    if owner is None:
        owner = Shared(
            recorder, kind, semaphore_identity(raw.name), created, frame,
            capacity=raw.maxvalue if kind == "BoundedSemaphore" else 0,
        )  # fmt: skip
    lock._semlock = RecordedSemLock(raw, owner, kind in ("Lock", "RLock"))


def _kind_of(lock):
    for kind in type(lock).__mro__:
        if kind.__module__ == "multiprocessing.synchronize" and kind.__name__ != "SemLock":
            return kind.__name__
    return "Semaphore" if lock._semlock.kind else "Lock"


def bare(lock):
    """Take the recording out of a lock that turns out to belong to another object."""
    stand_in = lock._semlock
    if type(stand_in) is RecordedSemLock:
        lock._semlock = stand_in.raw
        lock.acquire = stand_in.raw.acquire
        lock.release = stand_in.raw.release


def adopt(lock, recorder, owner):
    """Let a lock that belongs to another object be recorded under that one's identity."""
    bare(lock)
    if lock._semlock.name:
        # A process that unpickles the two cannot tell that they belong together.
        owner.includes(semaphore_identity(lock._semlock.name))
    record(lock, lock._semlock, recorder, False, owner)
    lock.acquire = lock._semlock.acquire
    lock.release = lock._semlock.release


class Building:
    """While the calling thread constructs an owner: locks made now are the owner's."""

    def __enter__(self):
        ident = get_ident()
        building[ident] = building.get(ident, 0) + 1

    def __exit__(self, *exception):
        ident = get_ident()
        left = building[ident] - 1
        if left:
            building[ident] = left
        else:
            del building[ident]
