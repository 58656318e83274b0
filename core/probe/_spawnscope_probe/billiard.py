"""billiard's Pool, from which Celery's is derived, where it goes a way of its own:

    Worker.__call__: initializer --> idle --wait_for_job--> task --outq.put(READY, ...)--> idle ...
    Pool: _create_worker_process; its result handler calls what `state_handlers` has for READY

Its workers are objects of a class, and Celery's have queues of their own: the pool says that what
they know by these is a part of it.
"""

from .guard import guarded
from .likeness import forwarding, like
from .natives import _getframe, get_ident, monotonic_ns
from .pool import _identity, _iterating, _submitting, _waiting
from .preview import type_name
from .queue_parts import disown
from .semaphores import Building, bare
from .shared import Shared, new_identity
from .tasks import Tasks, ending, result_queue, size_tasks, task_number, watch_sending

# Where a pool makes queues, locks and workers that are parts of it.
_INNER = ("grow", "_maintain_pool", "_join_exited_workers", "_create_worker_process")


def patch(module, recorder):
    """`module`: billiard.pool, just imported."""
    kind = module.Pool
    kind._spawnscope = None
    _working(module.Worker, module.READY, recorder)
    _creating(kind, recorder)
    _receiving(kind, module.READY)
    _replacing(kind)
    for name in ("__init__", *_INNER):
        setattr(kind, name, _building(getattr(kind, name)))
    submitting = {}
    for name in ("apply_async", "_map_async", "imap", "imap_unordered"):
        setattr(kind, name, _by(submitting, _submitting(getattr(kind, name))))
    for result in (module.ApplyResult, module.IMapIterator):
        _of(submitting, result)
    for name in ("join", "terminate"):
        setattr(kind, name, ending(getattr(kind, name), name))
    _waiting(module.ApplyResult)
    _iterating(module.IMapIterator)


class _Pool:
    """What a result knows of its pool: multiprocessing's has the pool itself."""

    __slots__ = ("_spawnscope",)

    def __init__(self, shared):
        self._spawnscope = shared


def _by(submitting, original):
    """`submitting`: thread's ident -> the pool in whose method it is."""

    def submit(self, *args, **kwargs):
        ident = get_ident()
        submitting[ident] = self
        try:
            return original(self, *args, **kwargs)
        finally:
            submitting.pop(ident, None)

    return forwarding(original, submit)


def _of(submitting, kind):
    construct = kind.__init__

    def __init__(self, *args, **kwargs):
        construct(self, *args, **kwargs)
        pool = submitting.get(get_ident())
        self._pool = None if pool is None else _Pool(pool._spawnscope)

    kind.__init__ = forwarding(construct, __init__)


def _building(original):
    def build(*args, **kwargs):
        with Building():
            return original(*args, **kwargs)

    return forwarding(original, build)


def _working(kind, ready, recorder):
    """In a worker: from before its initializer until after its last task."""
    prepare, leave = kind._make_child_methods, kind._do_exit
    guard = guarded(recorder)

    @guard
    def serve(worker):
        if not hasattr(worker.inq, "_reader"):  # a ThreadPool's
            return
        shared = Shared(recorder, "Pool", _identity(worker.inq), False)
        tasks = Tasks(shared, _task, lambda item: _told(item, ready), None, worker.initializer)
        for queue in (worker.inq, worker.outq):
            disown(queue)
        size_tasks(worker.inq._reader, tasks)
        watch_sending(worker.outq._writer, guard(tasks.delivering), guard(tasks.delivered))
        counter = worker.on_ready_counter
        if counter is not None:
            bare(counter._lock)
            counter.acquire, counter.release = counter._lock.acquire, counter._lock.release
        worker.wait_for_job = _taking(worker.wait_for_job, tasks, guard)
        worker.outq = result_queue(worker.outq, tasks)
        worker._spawnscope_over = guard(tasks.over)

    def _make_child_methods(self, *args, **kwargs):
        prepare(self, *args, **kwargs)
        serve(self)

    def _do_exit(self, pid, exitcode, exc=None):
        over = vars(self).pop("_spawnscope_over", None)
        if over is not None:
            over(exc)
        leave(self, pid, exitcode, exc)

    kind._make_child_methods = forwarding(prepare, _make_child_methods)
    kind._do_exit = like(_do_exit, leave)


def _taking(original, tasks, guard):
    ready, start = guard(tasks.ready), guard(tasks.start)

    def wait_for_job(*args, **kwargs):
        if tasks.initializer is not None:
            ready()
        item = original(*args, **kwargs)
        if item:
            start(item)
        return item

    return wait_for_job


def _task(item):
    job, index, function, args = item[1][:4]
    return function, args, task_number(job, index or 0)


def _told(item, ready):
    if item[0] != ready:
        return None
    good, value = item[1][2]
    if good and type(value) is tuple and len(value) == 3 and value[0] == 1:
        good, value = False, value[1]  # as Celery tells that a task has failed
    if good:
        return False, None
    kind = getattr(value, "type", None)
    return True, kind.__name__ if type(kind) is type else type_name(value)


def _creating(kind, recorder):
    """In the parent: a pool is known from its first worker on."""
    create = kind._create_worker_process

    def _create_worker_process(self, i):
        own(self, _getframe())
        worker = create(self, i)
        include(self, worker)
        return worker

    @guarded(recorder)
    def own(pool, frame):
        queue = pool._inqueue
        if pool._spawnscope is None and (queue is None or hasattr(queue, "_reader")):
            identity = new_identity() if queue is None else _identity(queue)
            pool._spawnscope = Shared(recorder, "Pool", identity, True, frame)
            for each in (queue, pool._outqueue):
                if each is not None:
                    disown(each)

    @guarded(recorder)
    def include(pool, worker):
        if pool._spawnscope is not None and pool._inqueue is None:
            pool._spawnscope.includes(_identity(worker.inq))

    kind._create_worker_process = like(_create_worker_process, create)


def _receiving(kind, ready):
    make = kind.create_result_handler

    def create_result_handler(self, **extra_kwargs):
        handler = make(self, **extra_kwargs)
        shared = self._spawnscope
        if shared is not None:
            handler.state_handlers[ready] = _counting(handler.state_handlers[ready], shared)
        return handler

    kind.create_result_handler = like(create_result_handler, make)


def _counting(original, shared):
    def on_ready(job, i, *args):
        now = monotonic_ns()
        shared.tell("result", now, now, argument=task_number(job, i or 0))
        return original(job, i, *args)

    return on_ready


def _replacing(kind):
    original = kind._repopulate_pool

    def _repopulate_pool(self, *args):
        before, begin = {worker.pid for worker in self._pool}, monotonic_ns()
        original(self, *args)
        shared = self._spawnscope
        if shared is not None:
            now = monotonic_ns()
            for worker in self._pool:
                if worker.pid not in before:
                    shared.tell("replace", begin, now, argument=worker.pid or 0)

    kind._repopulate_pool = forwarding(original, _repopulate_pool)
