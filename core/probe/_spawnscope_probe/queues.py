"""Queue, JoinableQueue and SimpleQueue: put, get, task_done, join, and the feeder thread's part.

    put --counted, record--> buffer --feeder: pickled, sent--> pipe --> get
                                          '-- size goes into the record of the put

`get` notes that it waits before it does, since only the pipe knows whether there is something.
"""

from . import feeder, hook_points
from .guard import guarded
from .layout import (
    CODE,
    FAILED,
    LIMITED,
    OK,
    OUTCOMES,
    SIZE_FOLLOWS,
    UNSEEN,
    WAS_EMPTY,
    WAS_FULL,
)
from .likeness import forwarding, like
from .natives import _getframe, get_ident, monotonic_ns
from .preview import module_of, name_of, preview
from .queue_parts import inner_locks, inner_parts, receiver, sized
from .semaphores import Building, building
from .shared import (
    AT,
    BYTES,
    COUNT,
    FRAME,
    LOCK,
    LONG_NS,
    WAITED_NS,
    WHAT,
    Shared,
    descriptor_identity,
    enter,
    leave,
    note_wait,
    settle,
)

_PUT, _GET, _FEED = CODE["put"], CODE["get"], CODE["feed"]
_NO_LIMIT = 2**31 - 1


def patch(module, recorder, simple=("SimpleQueue",), pickler="_ForkingPickler", report=""):
    """`module`: a library's queues, just imported. A class that is derived from another library's
    has the hooks of that one; what it does in its own way has them here.

    `simple`: its classes of simple queues; `pickler`: what its queues unpickle with; `report`: what
    a feeder thread reports an error with, where no method of the queue is called for that."""
    if report:
        setattr(module, report, feeder.reporting(getattr(module, report)))
    for name in ("Queue", "JoinableQueue"):
        kind = vars(module).get(name)
        if kind is not None:
            _construct(kind, recorder)
            _replace(kind, "put", _put, recorder)
            _replace(kind, "get", _get, module, recorder, pickler)
            for operation in ("task_done", "join"):
                _replace(kind, operation, _waiting, operation)
            if "_start_thread" in vars(kind):
                feeder.patch(kind, recorder, receiver)
    for name in simple:
        kind = getattr(module, name)
        _construct(kind, recorder)
        _replace(kind, "put", _simple_put, recorder)
        _replace(kind, "get", _simple_get, recorder)


def _replace(kind, name, make, *arguments):
    """Let a method that a class defines itself be recorded."""
    original = vars(kind).get(name)
    if original is not None:
        setattr(kind, name, make(original, *arguments))


def _own(queue, recorder, created, frame):
    guarded(recorder)(_owned)(queue, recorder, created, frame)


def _owned(queue, recorder, created, frame):
    inner_parts(queue)
    kind = hook_points.kind_name(type(queue), "queues")
    capacity = getattr(queue, "_maxsize", 0)
    shared = Shared(
        recorder, kind, descriptor_identity(queue._reader.fileno()), created, frame,
        hint=UNSEEN if _goes_by_us(type(queue)) else "",
        capacity=capacity if capacity < _NO_LIMIT else 0,
    )  # fmt: skip
    shared.puts, shared.gets = shared.tallies(_PUT), shared.tallies(_GET)
    queue._spawnscope = shared
    if hasattr(queue, "_recv_bytes"):
        receiver(queue, shared)
    elif type(queue._reader).__name__ == "Connection":
        sized(queue._reader, "_recv_bytes", shared.gets, recorder.words)
        if queue._writer is not None:
            sized(queue._writer, "_send_bytes", shared.puts, recorder.words)


def _goes_by_us(kind):
    """Whether it is a class of somebody else's, with ways in or out that may not be seen."""
    names = ("put", "get", "__setstate__")
    return any(
        not hook_points.is_own(base) and name in vars(base)
        for base in kind.__mro__
        for name in names
    )


def _adopted(queue, recorder):
    """A queue that was restored by a method which is not ours, as a subclass may have one, is ours
    from its first use on. None: it stays alone, since it is part of something else."""
    if not recorder.on or "_spawnscope" in vars(queue):
        return None
    queue._spawnscope = None
    _own(queue, recorder, False, _getframe())
    return queue._spawnscope


def _construct(kind, recorder):
    kind._spawnscope = None
    _replace(kind, "__init__", _built, recorder)
    _replace(kind, "__setstate__", _restored, recorder)


def _built(original, recorder):
    def __init__(self, *args, **kwargs):
        with Building():
            original(self, *args, **kwargs)
        if recorder.on:
            self._spawnscope = None  # part of something, unless it turns out to be the user's
            if not building.get(get_ident()):
                _own(self, recorder, True, _getframe())

    return forwarding(original, __init__)


def _restored(original, recorder):
    def __setstate__(self, state):
        original(self, state)
        if recorder.on:
            if vars(self).get("_spawnscope") is None:
                _own(self, recorder, False, _getframe())
            else:  # by the class that this one is derived from, which knows less of its locks
                guarded(recorder)(inner_locks)(self)

    return like(__setstate__, original)


def _put(original, recorder):

    def put(self, obj, block=True, timeout=None):
        shared = self._spawnscope or _adopted(self, recorder)
        if shared is None:
            return original(self, obj, block, timeout)
        begin = waited = 0
        if shared.capacity and not self._sem._semlock._get_value():
            # Only a queue with a limit can make a put wait, and only when it is full.
            limited = 0 if timeout is None and block else LIMITED
            word, begin = recorder.enter(shared.what(_PUT) | limited, _getframe())
            try:
                original(self, obj, block, timeout)
            except BaseException as error:
                _failed(shared, "put", error, WAS_FULL, begin, _getframe())
                raise
            finally:
                recorder.leave(word)
            waited = monotonic_ns() - begin
        else:
            try:
                original(self, obj, block, timeout)
            except BaseException as error:
                now = monotonic_ns()
                _failed(shared, "put", error, WAS_FULL, now, _getframe())
                raise
        words = recorder.words
        tally = shared.puts[get_ident()]
        count = tally[COUNT] = tally[COUNT] + 2
        words[tally[AT]] = count
        if waited:
            note_wait(words, tally, waited)
        if recorder.open or ((not count & 30 or waited > LONG_NS) and recorder.opens()):
            _put_told(shared, obj, _getframe(), begin, waited, self, count >> 1)
        return None

    return like(put, original)


def _put_told(shared, obj, frame, begin, waited, queue, ordinal):
    # The record is written after the item is on its way: the feeder may be done with it already.
    recorder = shared.recorder
    now = monotonic_ns()
    record = recorder.detail(
        shared.what(_PUT), frame, begin or now, now, waited, OK, -1, _shown(recorder, obj), 0,
        ordinal, SIZE_FOLLOWS,
    )  # fmt: skip
    sizes = queue._spawnscope_sizes
    if record and sizes is not None and len(shared.puts) == 1:
        # Where several threads put, who was first is not known here.
        sizes.told(ordinal, record)


def _failed(shared, operation, error, outcome, begin, frame):
    """`outcome`: the one whose name is that of an exception of `queue`, where it is this one: the
    class itself may be a lazy import still, which is the program's to make real."""
    end = monotonic_ns()
    kind = type(error)
    name = name_of(kind)
    missed = name == OUTCOMES[outcome] and module_of(kind) in ("queue", "_queue")
    shared.tell(
        operation, begin, end, end - begin if end - begin > WAITED_NS else 0,
        outcome if missed else FAILED, -1, None if missed else name, frame=frame,
    )  # fmt: skip


def _get(original, module, recorder, pickler):
    words = recorder.words
    namespace = vars(module)  # a program may choose another pickler, at any time

    def get(self, block=True, timeout=None):
        shared = self._spawnscope or _adopted(self, recorder)
        if shared is None:
            return original(self, block, timeout)
        tally = shared.gets[get_ident()]
        at, count, before = tally[AT], tally[COUNT], tally[BYTES]
        noted = recorder.open or timeout is not None
        if noted:
            enter(recorder, words, tally, timeout)
        words[at] = count + 1
        begin = monotonic_ns()
        try:
            if block and timeout is None and not self._closed:
                # What the original does, a call less.
                lock, inner = self._rlock, tally[FRAME] + LOCK
                lock.acquire()
                try:
                    words[inner] = tally[WHAT]
                    if self._recv_bytes is shared.receive:
                        data = shared.plain()
                        tally[BYTES] = size = before + len(data)
                        words[at + 3] = size
                    else:
                        data = self._recv_bytes()
                    words[inner] = 0
                finally:
                    lock.release()
                self._sem.release()
                took = monotonic_ns() - begin
                item = namespace[pickler].loads(data)
            else:
                item = original(self, block, timeout)
                took = monotonic_ns() - begin
        except BaseException as error:
            words[at] = count
            words[tally[FRAME] + LOCK] = 0
            leave(words, tally)
            _failed(shared, "get", error, WAS_EMPTY, begin, _getframe())
            raise
        tally[COUNT] = count = count + 2
        words[at] = count
        if noted or took > WAITED_NS or not count & 30:
            text = _shown(recorder, item) if recorder.open or recorder.opens() else None
            settle(recorder, words, tally, noted, begin, took, tally[BYTES] - before, text)
        return item

    return like(get, original)


def _simple_put(original, recorder):
    """put of a SimpleQueue; what stands at the ends of its pipe adds up the sizes."""
    words = recorder.words

    def put(self, obj):
        shared = self._spawnscope or _adopted(self, recorder)
        if shared is None:
            return original(self, obj)
        tally = shared.puts[get_ident()]
        at, count, before = tally[AT], tally[COUNT], tally[BYTES]
        noted = recorder.open
        if noted:
            enter(recorder, words, tally)
        words[at] = count + 1
        begin = monotonic_ns()
        try:
            original(self, obj)
        except BaseException as error:
            words[at] = count
            words[tally[FRAME] + LOCK] = 0
            leave(words, tally)
            _failed(shared, "put", error, OK, begin, _getframe())
            raise
        took = monotonic_ns() - begin
        tally[COUNT] = count = count + 2
        words[at] = count
        if noted or took > WAITED_NS or not count & 30:
            text = _shown(recorder, obj) if recorder.open or recorder.opens() else None
            settle(recorder, words, tally, noted, begin, took, tally[BYTES] - before, text)
        return None

    return like(put, original)


def _simple_get(original, recorder):
    """get of a SimpleQueue."""
    words = recorder.words

    def get(self):
        shared = self._spawnscope or _adopted(self, recorder)
        if shared is None:
            return original(self)
        tally = shared.gets[get_ident()]
        at, count, before = tally[AT], tally[COUNT], tally[BYTES]
        noted = recorder.open
        if noted:
            enter(recorder, words, tally)
        words[at] = count + 1
        begin = monotonic_ns()
        try:
            got = original(self)
        except BaseException as error:
            words[at] = count
            words[tally[FRAME] + LOCK] = 0
            leave(words, tally)
            _failed(shared, "get", error, OK, begin, _getframe())
            raise
        took = monotonic_ns() - begin
        tally[COUNT] = count = count + 2
        words[at] = count
        if noted or took > WAITED_NS or not count & 30:
            text = _shown(recorder, got) if recorder.open or recorder.opens() else None
            settle(recorder, words, tally, noted, begin, took, tally[BYTES] - before, text)
        return got

    return like(get, original)


def _shown(recorder, item):
    return guarded(recorder)(preview)(item) if recorder.previews else None


def _waiting(original, operation):
    code = CODE[operation]

    def method(self):
        shared = self._spawnscope
        if shared is None:
            return original(self)
        recorder = shared.recorder
        word, begin = recorder.enter(shared.what(code), _getframe())
        outcome = FAILED
        try:
            result = original(self)
            outcome = OK
        finally:
            recorder.leave(word)
            end = monotonic_ns()
            waited = end - begin if end - begin > WAITED_NS else 0
            shared.tell(operation, begin, end, waited, outcome, frame=_getframe())
        return result

    return like(method, original)
