"""Lock, RLock, Semaphore, BoundedSemaphore: acquire and release.

A stand-in takes the place of `_semlock` in those objects that belong to the user. The locks inside
of a Queue or an Event keep the real thing: they belong to their owner and cost nothing. Acquiring
is tried without blocking first, so only what really waits is timed.

Counters say who holds: a thread's acquires less its releases. Both are counted while the lock is
held, hence by one thread at a time.
"""

from . import hook_points
from .guard import guarded
from .layout import CODE, FAILED, LIMITED, OK, TIMED_OUT
from .likeness import instead, like
from .natives import _getframe, get_ident, monotonic_ns, register_at_fork
from .shared import AT, COUNT, WHAT, Shared, note_wait, semaphore_identity

_ACQUIRE, _RELEASE = CODE["acquire"], CODE["release"]
_RECURSIVE = 0  # of the kinds that `_multiprocessing.SemLock` has
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
        acquire, release = make(raw, shared)
        self.acquire = self.__enter__ = acquire
        self.release = release
        self.__exit__ = lambda *exception: release()

    def __getattr__(self, name):
        return getattr(self.raw, name)


def _exclusive(raw, shared):
    """For what one thread holds at a time: its totals are only touched by the holder."""
    raw_acquire, raw_release = raw.acquire, raw.release
    recorder = shared.recorder
    words = recorder.words
    deep = int(raw.kind == _RECURSIVE)  # whether who holds it may acquire it again
    acquires, releases = shared.tallies(_ACQUIRE), shared.tallies(_RELEASE)
    owner = acquired = released = acquired_at = released_at = took = 0
    tally = other = None
    told = 0  # of the acquires that are not released yet, how many have a record

    def change(ident):
        nonlocal owner, acquired, released, acquired_at, released_at, tally, other
        if tally is not None:  # what the last owner's lists do not know yet
            tally[COUNT], other[COUNT] = acquired, released
        tally, other = acquires[ident], releases[ident]
        acquired_at, released_at = tally[AT], other[AT]
        acquired, released = tally[COUNT], other[COUNT]
        owner = ident

    def forget():
        nonlocal owner, tally, told, took
        owner = took = 0
        tally = None
        told = 0

    def acquire(block=True, timeout=None):
        nonlocal acquired, told, took
        if raw_acquire(False):
            if get_ident() != owner:
                change(get_ident())
            acquired += 2
            words[acquired_at] = acquired
            if recorder.open or (not acquired & 30 and recorder.opens()):
                told = told * deep + 1
                now = monotonic_ns()
                recorder.detail(
                    tally[WHAT], _getframe(), now, now, 0, OK, -1, None, 0, acquired >> 1
                )
            return True
        ident = get_ident()
        if block and timeout is None and not recorder.open and not recorder.opens():
            # Much is going on: no record and no place, only how long it took. What is done between
            # here and the release keeps others waiting, so most of it is left to that.
            mine = acquires[ident]
            count = acquired if ident == owner else mine[COUNT]
            words[mine[AT]] = count + 1
            begin = monotonic_ns()
            try:
                raw_acquire(True)
            except BaseException:
                words[mine[AT]] = count
                raise
            took = monotonic_ns() - begin
            if ident != owner:
                change(ident)
            acquired += 2
            words[acquired_at] = acquired
            return True
        waited = _wait(raw_acquire, block, timeout, shared)
        if waited < 0:
            return False
        if ident != owner:
            change(ident)
        acquired += 2
        words[acquired_at] = acquired
        note_wait(words, tally, waited)
        recorder.detail(
            tally[WHAT], _getframe(), (end := monotonic_ns()) - waited, end, waited, OK, -1,
            None, 0, acquired >> 1,
        )  # fmt: skip
        told = told * deep + 1
        return True

    def release():
        nonlocal released, told, took
        if not owner:  # acquired by another process, or before a fork
            change(get_ident())
        released += 2
        words[released_at] = released
        if took or told:
            mine, waited, took = tally, took, 0
            what, number, tell, told = other[WHAT], released >> 1, told, told and told - 1
            try:
                raw_release()
            except BaseException:
                released -= 2
                words[released_at] = released
                raise
            if waited:
                note_wait(words, mine, waited)
            if tell:
                now = monotonic_ns()
                recorder.detail(what, _getframe(), now, now, 0, OK, -1, None, 0, number)
            return
        try:
            raw_release()
        except BaseException:
            released -= 2
            words[released_at] = released
            raise

    shared.on_forget = forget
    return _named(acquire, raw_acquire), _named(release, raw_release)


def _counting(raw, shared):
    """For what several threads hold at a time."""
    raw_acquire, raw_release = raw.acquire, raw.release
    recorder = shared.recorder
    words = recorder.words
    acquires, releases = shared.tallies(_ACQUIRE), shared.tallies(_RELEASE)

    def tell(tally):
        if recorder.open or recorder.opens():
            now = monotonic_ns()
            recorder.detail(
                tally[WHAT], _getframe(1), now, now, 0, OK, -1, None, 0, tally[COUNT] >> 1
            )

    def acquire(block=True, timeout=None):
        if raw_acquire(False):
            tally = acquires[get_ident()]
            words[tally[AT]] = tally[COUNT] = count = tally[COUNT] + 2
            if recorder.open or not count & 30:
                tell(tally)
            return True
        waited = _wait(raw_acquire, block, timeout, shared)
        if waited < 0:
            return False
        tally = acquires[get_ident()]
        done = tally[COUNT] = tally[COUNT] + 2
        words[tally[AT]] = done
        note_wait(words, tally, waited)
        end = monotonic_ns()
        recorder.detail(
            tally[WHAT], _getframe(), end - waited, end, waited, OK, -1, None, 0, done >> 1
        )
        return True

    def release():
        raw_release()
        tally = releases[get_ident()]
        words[tally[AT]] = tally[COUNT] = count = tally[COUNT] + 2
        if recorder.open or not count & 30:
            tell(tally)

    return _named(acquire, raw_acquire), _named(release, raw_release)


def _named(new, raw):
    """Give one of ours the names of the method of C whose place it takes."""
    new.__module__, new.__doc__ = raw.__module__, raw.__doc__
    new.__name__, new.__qualname__ = raw.__name__, raw.__qualname__
    return new


def _wait(raw_acquire, block, timeout, shared):
    """Acquire what was taken a moment ago. Returns how long it took in ns, for the caller to count;
    -1 without success, which is counted here."""
    recorder = shared.recorder
    frame = _getframe(1)
    if not block:
        now = monotonic_ns()
        shared.tell("acquire", now, now, outcome=TIMED_OUT, frame=frame)
        return -1
    word, begin = recorder.enter(shared.what(_ACQUIRE) | (0 if timeout is None else LIMITED), frame)
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
    return -1 if outcome else end - begin


def patch(module, recorder):
    """`module`: a library's synchronize, just imported."""
    RecordedSemLock.SEM_VALUE_MAX = module.SEM_VALUE_MAX
    register_at_fork(after_in_child=building.clear)  # what a fork was made for is not built in it
    kind = module.SemLock
    original = kind._make_methods

    # A `with` as the original has it, but for a call and the arguments that nobody looks at.
    def enter(self):
        return self._semlock.acquire()

    def leave(self, *args):
        return self._semlock.release()

    def _make_methods(self):
        own(self)
        original(self)

    @guarded(recorder)
    def own(lock):
        raw = lock._semlock
        # Two calls of ours lie in between.
        maker = _getframe(2).f_back
        if not building.get(get_ident()) and type(raw) is not RecordedSemLock:
            record(
                lock,
                raw,
                recorder,
                maker is not None and maker.f_code.co_name == "__init__",
                None,
                maker,
            )

    kind.__enter__ = instead(enter, kind.__enter__)
    kind.__exit__ = instead(leave, kind.__exit__)
    kind._make_methods = like(_make_methods, original)


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
    kind = hook_points.kind_name(type(lock), "synchronize", beside="SemLock")
    return kind or ("Semaphore" if lock._semlock.kind else "Lock")


def bare(lock):
    """Take the recording out of a lock that turns out to belong to another object."""
    stand_in = getattr(lock, "_semlock", None)
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
        left = building.get(ident, 1) - 1
        if left:
            building[ident] = left
        else:
            building.pop(ident, None)
