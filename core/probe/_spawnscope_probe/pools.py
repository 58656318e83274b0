"""Pool and ProcessPoolExecutor: submit in the parent; tasks, with function and duration, in the
workers; workers that were replaced.

A worker takes a task off one queue and puts its result on another. Two stand-ins for these queues
see both, so the task runs as it would: nothing is put around its function.
"""

from .guard import guarded
from .layout import CODE, FAILED, FRAME_WORDS, OK, TIMED_OUT
from .likeness import forwarding, like
from .natives import _getframe, get_ident, monotonic_ns
from .preview import function_name, plain_name
from .queues import disown
from .semaphores import Building
from .shared import AT, COUNT, FRAME, WHAT, Shared, descriptor_identity

_TASK, _WAIT = CODE["task"], CODE["wait"]
_LONG_NS = 1_000_000  # a task of this length is worth a look whether there is room again


class _Tasks:
    """The tasks of this worker, one after another."""

    __slots__ = ("begin", "frame", "number", "outer", "shared", "text")

    def __init__(self, shared):
        self.shared = shared
        # Inside of the run of its Process, which lies in the frame before.
        self.outer = 2 * FRAME_WORDS
        self.frame = 0
        self.begin = 0
        self.text = ""
        self.number = 0

    def start(self, function, number):
        shared = self.shared
        recorder = shared.recorder
        words = recorder.words
        self.text = text = function_name(function)
        self.number = number
        tally = shared.tallies(_TASK)[get_ident()]
        self.frame = frame = tally[FRAME] + self.outer
        words[frame + 2] = recorder.text(text)
        words[frame + 3] = number
        words[frame + 1] = self.begin = monotonic_ns()
        words[frame] = tally[WHAT]

    def end(self, failed, error):
        if not self.begin:
            return
        shared = self.shared
        recorder = shared.recorder
        recorder.words[self.frame] = 0
        if failed:
            shared.tell(
                "task", self.begin, monotonic_ns(), 0, FAILED, -1, error, self.text, self.number
            )
        else:
            tally = shared.tallies(_TASK)[get_ident()]
            total = tally[COUNT] = tally[COUNT] + 2
            recorder.words[tally[AT]] = total
            now = monotonic_ns()
            long = now - self.begin > _LONG_NS
            if recorder.open or ((long or not total & 30) and recorder.opens()):
                recorder.detail(
                    tally[WHAT], None, self.begin, now, 0, OK, -1, None,
                    recorder.text(self.text), self.number,
                )  # fmt: skip
        self.begin = 0


class _TaskQueue:
    """Stands in for the queue that a worker takes its tasks from."""

    def __init__(self, queue, tasks, seen):
        self._queue = queue
        self._tasks = tasks
        self._seen = seen

    def get(self, *args, **kwargs):
        item = self._queue.get(*args, **kwargs)
        if item is not None:
            self._seen(self._tasks, item)
        return item

    def __getattr__(self, name):
        return getattr(self._queue, name)


class _ResultQueue:
    """Stands in for the queue that a worker puts its results on."""

    def __init__(self, queue, tasks, seen):
        self._queue = queue
        self._tasks = tasks
        self._seen = seen

    def put(self, item, *args, **kwargs):
        self._seen(self._tasks, item)
        return self._queue.put(item, *args, **kwargs)

    def __getattr__(self, name):
        return getattr(self._queue, name)


def _pool_task(tasks, item):
    job, index, function, args = item[0], item[1], item[2], item[3]
    if plain_name(function) in ("mapstar", "starmapstar") and args:
        function = args[0][0]
    if type(job) is int:
        tasks.start(function, job << 32 | (index if type(index) is int else 0))
    else:
        tasks.start(function, 0)


def _pool_result(tasks, item):
    good = item[2][0]
    error = None
    if not good:
        cause = getattr(item[2][1], "exc", item[2][1])
        error = type(cause).__name__
    tasks.end(not good, error)


def patch_pool(module, recorder):
    """`module`: multiprocessing.pool, just imported."""
    worker = module.worker

    def recorded_worker(inqueue, outqueue, *args, **kwargs):
        stand_ins = queues_of(inqueue, outqueue)
        return worker(*(stand_ins or (inqueue, outqueue)), *args, **kwargs)

    @guarded(recorder)
    def queues_of(inqueue, outqueue):
        if not hasattr(inqueue, "_reader"):  # a ThreadPool's
            return None
        tasks = _Tasks(Shared(recorder, "Pool", _pool_identity(inqueue), False))
        for queue in (inqueue, outqueue):
            disown(queue)
        return (
            _TaskQueue(inqueue, tasks, guarded(recorder)(_pool_task)),
            _ResultQueue(outqueue, tasks, guarded(recorder)(_pool_result)),
        )

    module.worker = forwarding(worker, recorded_worker)
    kind = module.Pool
    kind._spawnscope = None
    construct = kind.__init__

    def __init__(self, *args, **kwargs):
        with Building():
            construct(self, *args, **kwargs)
        own(self, _getframe())

    @guarded(recorder)
    def own(self, frame):
        if hasattr(self._inqueue, "_reader"):
            self._spawnscope = Shared(recorder, "Pool", _pool_identity(self._inqueue), True, frame)

    kind.__init__ = forwarding(construct, __init__)
    setup = kind._setup_queues

    def _setup_queues(self):
        setup(self)
        for queue in (self._inqueue, self._outqueue):
            disown(queue)

    kind._setup_queues = like(_setup_queues, setup)
    for name in ("apply_async", "_map_async", "imap", "imap_unordered"):
        setattr(kind, name, _submitting(getattr(kind, name)))
    _waiting(module.ApplyResult)
    _iterating(module.IMapIterator, module.TimeoutError)
    _replacing(kind)


def _pool_identity(queue):
    return "pool:" + descriptor_identity(queue._reader.fileno())


def _submitting(original):
    def submit(self, func, *args, **kwargs):
        begin = monotonic_ns()
        result = original(self, func, *args, **kwargs)
        shared = self._spawnscope
        if shared is not None:
            job = getattr(result, "_job", 0)
            shared.tell(
                "submit", begin, monotonic_ns(), text=function_name(func),
                argument=job << 32 if type(job) is int else 0, frame=_getframe(),
            )  # fmt: skip
        return result

    return forwarding(original, submit)


def _waiting(kind):
    original = kind.wait

    def wait(self, timeout=None):
        pool = getattr(self, "_pool", None)
        shared = getattr(pool, "_spawnscope", None)
        if shared is None:
            return original(self, timeout)
        recorder = shared.recorder
        word, begin = recorder.enter(shared.what(_WAIT), _getframe())
        try:
            original(self, timeout)
        finally:
            recorder.leave(word)
            end = monotonic_ns()
            outcome = OK if self._event.is_set() else TIMED_OUT
            shared.tell("wait", begin, end, end - begin, outcome, frame=_getframe())
        return None

    kind.wait = like(wait, original)


def _iterating(kind, timeout_error):
    """Waiting for the next result of `imap` and `imap_unordered`, where it is not there yet."""
    original = kind.next

    def following(self, timeout=None):
        shared = getattr(self._pool, "_spawnscope", None)
        if shared is None or self._items or self._index == self._length:
            return original(self, timeout)
        recorder = shared.recorder
        word, begin = recorder.enter(shared.what(_WAIT), _getframe())
        outcome = OK
        try:
            return original(self, timeout)
        except timeout_error:
            outcome = TIMED_OUT
            raise
        finally:
            recorder.leave(word)
            end = monotonic_ns()
            shared.tell("wait", begin, end, end - begin, outcome, frame=_getframe())

    kind.next = kind.__next__ = like(following, original)


def _replacing(kind):
    original = kind._repopulate_pool

    def _repopulate_pool(self):
        before = {process.pid for process in self._pool}
        original(self)
        shared = self._spawnscope
        if shared is not None:
            now = monotonic_ns()
            for process in self._pool:
                if process.pid not in before:
                    shared.tell("replace", now, now, argument=process.pid)

    kind._repopulate_pool = like(_repopulate_pool, original)


def _executor_task(tasks, item):
    number = item.work_id
    tasks.start(item.fn, number if type(number) is int else 0)


def _executor_result(tasks, item):
    error = getattr(item, "exception", None)
    if getattr(item, "work_id", None) is None:
        return
    cause = getattr(error, "exc", error)
    tasks.end(error is not None, type(cause).__name__ if error is not None else None)


def patch_executor(module, recorder):
    """`module`: concurrent.futures.process, just imported."""
    worker = module._process_worker

    def recorded_worker(call_queue, result_queue, *args, **kwargs):
        stand_ins = queues_of(call_queue, result_queue)
        return worker(*(stand_ins or (call_queue, result_queue)), *args, **kwargs)

    @guarded(recorder)
    def queues_of(call_queue, result_queue):
        identity = _executor_identity(call_queue)
        tasks = _Tasks(Shared(recorder, "ProcessPoolExecutor", identity, False))
        for queue in (call_queue, result_queue):
            disown(queue)
        return (
            _TaskQueue(call_queue, tasks, guarded(recorder)(_executor_task)),
            _ResultQueue(result_queue, tasks, guarded(recorder)(_executor_result)),
        )

    module._process_worker = forwarding(worker, recorded_worker)
    kind = module.ProcessPoolExecutor
    kind._spawnscope = None
    construct, submit = kind.__init__, kind.submit

    def __init__(self, *args, **kwargs):
        with Building():
            construct(self, *args, **kwargs)
        own(self, _getframe())

    @guarded(recorder)
    def own(self, frame):
        self._spawnscope = Shared(
            recorder, "ProcessPoolExecutor", _executor_identity(self._call_queue), True, frame
        )
        for queue in (self._call_queue, self._result_queue):
            disown(queue)

    def recorded_submit(*args, **kwargs):  # its own parameters may be called `self` and `fn`
        begin = monotonic_ns()
        future = submit(*args, **kwargs)
        shared = args[0]._spawnscope
        if shared is not None:
            function = args[1] if len(args) > 1 else kwargs.get("fn")
            shared.tell(
                "submit", begin, monotonic_ns(), text=function_name(function),
                frame=_getframe(),
            )  # fmt: skip
        return future

    kind.__init__ = forwarding(construct, __init__)
    kind.submit = forwarding(submit, recorded_submit)


def _executor_identity(queue):
    return "executor:" + descriptor_identity(queue._reader.fileno())
