"""Queue, JoinableQueue and SimpleQueue: put, get, task_done, join, and the feeder thread's part.

    put --counted, record--> buffer --feeder: pickled, sent--> pipe --> get
                                          '-- size goes into the record of the put

`get` notes that it waits before it does, since only the pipe knows whether there is something.
"""

import sys
from _thread import get_ident
from time import monotonic_ns

from . import feeder
from .guard import guarded
from .layout import CODE, FAILED, OK, SIZE_FOLLOWS, WAS_EMPTY, WAS_FULL
from .preview import preview
from .semaphores import Building, bare, building
from .shared import (
    AT,
    BYTES,
    COUNT,
    FRAME,
    LONG_NS,
    WAITED,
    WAITED_NS,
    WAITS,
    WHAT,
    Shared,
    descriptor_identity,
    done,
    enter,
    leave,
    note_wait,
    settle,
)

_PUT, _GET, _FEED = CODE["put"], CODE["get"], CODE["feed"]
_NO_LIMIT = 2**31 - 1


def patch(module, recorder):
    """`module`: multiprocessing.queues, just imported."""
    full, empty = module.Full, module.Empty
    simple = module.SimpleQueue
    for kind in (module.Queue, simple):
        kind._spawnscope = None
        _construct(kind, recorder)
    module.JoinableQueue.__init__ = _built(module.JoinableQueue.__init__, recorder)
    module.JoinableQueue.__setstate__ = _joinable_restored(module.JoinableQueue.__setstate__)
    for kind in (module.Queue, module.JoinableQueue):
        kind.put = _put(kind.put, full)
    module.Queue.get = _get(module.Queue.get, empty, recorder)
    feeder.patch(module.Queue, recorder, receiver)
    simple.put = _simple_put(simple.put)
    simple.get = _simple_get(simple.get)
    for name in ("task_done", "join"):
        setattr(module.JoinableQueue, name, _waiting(getattr(module.JoinableQueue, name), name))


def _inner_locks(queue):
    for name in ("_rlock", "_wlock", "_sem", "_unfinished_tasks"):
        lock = getattr(queue, name, None)
        if lock is not None and hasattr(lock, "_semlock"):
            bare(lock)
    condition = getattr(queue, "_cond", None)
    if condition is not None:
        condition._spawnscope = None
        for name in ("_lock", "_sleeping_count", "_woken_count", "_wait_semaphore"):
            bare(getattr(condition, name))
        condition.acquire, condition.release = condition._lock.acquire, condition._lock.release


def _own(queue, recorder, created, frame):
    guarded(recorder)(_owned)(queue, recorder, created, frame)


def _owned(queue, recorder, created, frame):
    _inner_locks(queue)
    kind = next(k.__name__ for k in type(queue).__mro__ if k.__module__ == "multiprocessing.queues")
    capacity = getattr(queue, "_maxsize", 0)
    shared = Shared(
        recorder, kind, descriptor_identity(queue._reader.fileno()), created, frame,
        capacity=capacity if capacity < _NO_LIMIT else 0,
    )  # fmt: skip
    shared.puts, shared.gets = shared.tallies(_PUT), shared.tallies(_GET)
    queue._spawnscope = shared
    if hasattr(queue, "_recv_bytes"):
        queue._recv_bytes = receiver(queue._recv_bytes, shared)
    for end in (queue._reader, queue._writer):
        if end is not None and type(end).__name__ == "Connection":
            end._spawnscope = None  # the queue's own, not a pipe of the user's


def disown(queue):
    """This queue turns out to belong to a pool or an executor."""
    if getattr(queue, "_spawnscope", None) is not None:
        queue._spawnscope = None
        if hasattr(queue, "_recv_bytes"):
            queue._recv_bytes = queue._reader.recv_bytes


def _construct(kind, recorder):
    original, restore = kind.__init__, kind.__setstate__

    def __init__(self, *args, **kwargs):
        with Building():
            original(self, *args, **kwargs)
        if recorder.on:
            frame = sys._getframe(1)
            if not building.get(get_ident()):
                _own(self, recorder, True, frame)

    def __setstate__(self, state):
        restore(self, state)
        if recorder.on:
            _own(self, recorder, False, sys._getframe(1))

    kind.__init__, kind.__setstate__ = __init__, __setstate__


def _built(original, recorder):
    def __init__(self, *args, **kwargs):
        with Building():
            original(self, *args, **kwargs)
        if recorder.on and not building.get(get_ident()):
            _own(self, recorder, True, sys._getframe(1))

    return __init__


def _joinable_restored(original):
    def __setstate__(self, state):
        original(self, state)
        _inner_locks(self)

    return __setstate__


def _put(original, full):
    def put(self, obj, block=True, timeout=None):
        shared = self._spawnscope
        if shared is None:
            return original(self, obj, block, timeout)
        recorder = shared.recorder
        begin = waited = 0
        if shared.capacity and not self._sem._semlock._get_value():
            # Only a queue with a limit can make a put wait, and only when it is full.
            word, begin = recorder.enter(shared.what(_PUT), sys._getframe(1))
            try:
                original(self, obj, block, timeout)
            except BaseException as error:
                _failed(shared, "put", error, full, WAS_FULL, begin, sys._getframe(1))
                raise
            finally:
                recorder.leave(word)
            waited = monotonic_ns() - begin
        else:
            try:
                original(self, obj, block, timeout)
            except BaseException as error:
                now = monotonic_ns()
                _failed(shared, "put", error, full, WAS_FULL, now, sys._getframe(1))
                raise
        words = recorder.words
        tally = shared.puts[get_ident()]
        total = tally[COUNT] = tally[COUNT] + 1
        words[tally[AT] + 1] = total
        if waited:
            tally[WAITED] += waited
            tally[WAITS] += 1
            words[tally[AT] + 2] = tally[WAITED]
            words[tally[AT] + 3] = tally[WAITS]
        if recorder.open or ((not total & 15 or waited > LONG_NS) and recorder.opens()):
            now = monotonic_ns()
            _put_told(shared, recorder, obj, sys._getframe(1), begin or now, now, waited, self)
        elif self._spawnscope_sizes is not None:
            next(self._spawnscope_sizes.put)
        return None

    put.__doc__ = original.__doc__
    return put


def _put_told(shared, recorder, obj, frame, begin, end, waited, queue):
    # The record is written after the item is on its way: the feeder may be done with it already.
    text = _shown(recorder, obj)
    record = recorder.detail(
        shared.what(_PUT), frame, begin, end, waited, OK, -1, text, 0, 0, SIZE_FOLLOWS
    )
    sizes = queue._spawnscope_sizes
    if sizes is not None:
        number = next(sizes.put)
        if record:
            sizes.told(number, record)


def _failed(shared, operation, error, expected, outcome, begin, frame):
    end = monotonic_ns()
    missed = isinstance(error, expected)
    shared.tell(
        operation, begin, end, end - begin if end - begin > WAITED_NS else 0,
        outcome if missed else FAILED, -1, None if missed else type(error).__name__, frame=frame,
    )  # fmt: skip


def _get(original, empty, recorder):
    words = recorder.words

    def get(self, block=True, timeout=None):
        shared = self._spawnscope
        if shared is None:
            return original(self, block, timeout)
        tally = shared.gets[get_ident()]
        before = tally[BYTES]
        if recorder.open:
            begin = enter(recorder, words, tally, sys._getframe(1))
        else:
            words[tally[FRAME]] = tally[WHAT]
            begin = monotonic_ns()
        try:
            item = original(self, block, timeout)
        except BaseException as error:
            leave(words, tally)
            _failed(shared, "get", error, empty, WAS_EMPTY, begin, sys._getframe(1))
            raise
        waited = monotonic_ns() - begin
        if recorder.open:
            leave(words, tally)
        else:
            words[tally[FRAME]] = 0
        total = tally[COUNT] = tally[COUNT] + 1
        words[tally[AT] + 1] = total
        if recorder.open or waited > LONG_NS or not total & 15:
            text = _shown(recorder, item) if recorder.open or recorder.opens() else None
            settle(
                recorder, words, tally, begin, waited, tally[BYTES] - before, sys._getframe(1),
                text,
            )  # fmt: skip
        elif waited > WAITED_NS:
            note_wait(words, tally, waited)
        return item

    get.__doc__ = original.__doc__
    return get


def receiver(plain, shared):
    words = shared.recorder.words
    gets = shared.gets

    def recv_bytes(*args):
        data = plain(*args)
        tally = gets[get_ident()]
        tally[BYTES] = total = tally[BYTES] + len(data)
        words[tally[AT] + 4] = total
        return data

    return recv_bytes


def _simple_put(original):
    def put(self, obj):
        shared = self._spawnscope
        if shared is None:
            return original(self, obj)
        recorder = shared.recorder
        words = recorder.words
        tally = shared.puts[get_ident()]
        begin = enter(recorder, words, tally, sys._getframe(1))
        try:
            original(self, obj)
        except BaseException as error:
            leave(words, tally)
            _failed(shared, "put", error, (), WAS_FULL, begin, sys._getframe(1))
            raise
        text = _shown(recorder, obj) if recorder.open else None
        done(recorder, words, tally, begin, -1, sys._getframe(1), text)
        return None

    put.__doc__ = original.__doc__
    return put


def _simple_get(original):
    def get(self):
        shared = self._spawnscope
        if shared is None:
            return original(self)
        recorder = shared.recorder
        words = recorder.words
        tally = shared.gets[get_ident()]
        begin = enter(recorder, words, tally, sys._getframe(1))
        try:
            item = original(self)
        except BaseException as error:
            leave(words, tally)
            _failed(shared, "get", error, (), WAS_EMPTY, begin, sys._getframe(1))
            raise
        text = _shown(recorder, item) if recorder.open else None
        done(recorder, words, tally, begin, -1, sys._getframe(1), text)
        return item

    get.__doc__ = original.__doc__
    return get


def _shown(recorder, item):
    return guarded(recorder)(preview)(item) if recorder.previews else None


def _waiting(original, operation):
    code = CODE[operation]

    def method(self):
        shared = self._spawnscope
        if shared is None:
            return original(self)
        recorder = shared.recorder
        word, begin = recorder.enter(shared.what(code), sys._getframe(1))
        outcome = FAILED
        try:
            result = original(self)
            outcome = OK
        finally:
            recorder.leave(word)
            end = monotonic_ns()
            waited = end - begin if end - begin > WAITED_NS else 0
            shared.tell(operation, begin, end, waited, outcome, frame=sys._getframe(1))
        return result

    method.__name__ = operation
    method.__qualname__ = original.__qualname__
    method.__doc__ = original.__doc__
    return method
