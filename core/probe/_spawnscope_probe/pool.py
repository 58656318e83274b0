"""Pool: what is submitted and waited for in the parent, results that come in, workers that are
replaced; its workers' tasks."""

from . import unpicklable
from .conditions import watch
from .guard import guarded
from .layout import FAILED, TIMED_OUT
from .likeness import forwarding, like
from .natives import _getframe, monotonic_ns, ref
from .piles import piles
from .preview import function_name, type_name
from .queue_parts import disown
from .results import receive
from .semaphores import Building
from .shared import Shared, Waiting, descriptor_identity
from .tasks import ending, serving, task_number

_GOOD = False, None  # of a task that has not failed


def patch(module, recorder):
    """`module`: multiprocessing.pool, just imported."""
    worker = module.worker
    traced = getattr(module, "ExceptionWithTraceback", ())
    serve = serving(recorder, "Pool", _worker_identity, _task, _telling(traced), _value)

    def recorded_worker(inqueue, outqueue, initializer=None, *args, **kwargs):
        return serve(worker, inqueue, outqueue, initializer, *args, **kwargs)

    module.worker = forwarding(worker, recorded_worker)
    kind = module.Pool
    kind._spawnscope = None
    _constructing(kind, recorder)
    for name in ("apply_async", "_map_async", "imap", "imap_unordered"):
        setattr(kind, name, _submitting(getattr(kind, name)))
    _waiting(module.ApplyResult)
    _iterating(module.IMapIterator)
    _replacing(kind)
    for name in ("join", "terminate"):
        setattr(kind, name, ending(getattr(kind, name), name))


def _constructing(kind, recorder):
    construct = kind.__init__

    def __init__(self, *args, **kwargs):
        setup = self._setup_queues  # which derived classes have of their own

        def _setup_queues():
            setup()
            own(self, _getframe())

        if recorder.on:
            self._setup_queues = _setup_queues
        try:
            with Building():
                construct(self, *args, **kwargs)
        finally:
            vars(self).pop("_setup_queues", None)

    @guarded(recorder)
    def own(self, frame):
        if not hasattr(self._inqueue, "_reader"):  # a ThreadPool's
            return
        for queue in (self._inqueue, self._outqueue):
            disown(queue)
        shared = Shared(recorder, "Pool", _identity(self._inqueue), True, frame)
        # What makes workers in a worker's place knows the pool by its queue alone.
        self._spawnscope = self._inqueue._spawnscope_pool = shared
        reader = self._outqueue._reader
        if getattr(self._quick_get, "__self__", None) is reader:
            receive(reader, shared, _result_number, piles(self, shared))
            self._quick_get = reader.recv
        writer = self._inqueue._writer
        if getattr(self._quick_put, "__self__", None) is writer:
            self._quick_put = _putting(self._quick_put, shared)

    kind.__init__ = forwarding(construct, __init__)


def _identity(queue):
    return "pool:" + descriptor_identity(queue._reader.fileno())


def _worker_identity(queue):
    return _identity(queue) if hasattr(queue, "_reader") else None  # else it is a ThreadPool's


def _task(item):
    job, index, function, args = item[0], item[1], item[2], item[3]
    return function, args, task_number(job, index)


def _telling(traced):
    def told(item):
        good, value = item[2]
        if good:
            return _GOOD
        return True, type_name(value.exc if type(value) is traced else value)

    return told


def _value(item):
    return item[2][1]


def _putting(put, shared):
    """What sends tasks to workers: those that cannot be pickled fail where they were submitted."""

    def send(item):
        try:
            return put(item)
        except Exception as error:
            unsent(error, item)
            raise

    @guarded(shared.recorder)
    def unsent(error, item):
        function, arguments, number = _task(item)
        roots = (("function", function), ("args", arguments), ("kwargs", item[4]))
        why = unpicklable.described(error, roots, shared.recorder.previews)
        name = function_name(function, arguments)
        now = monotonic_ns()
        shared.tell(
            "feed", now, now, 0, FAILED, -1, type_name(error) + ": never sent",
            name + ": " + why if why else name, number,
        )  # fmt: skip

    return send


def _result_number(item):
    return None if item is None else task_number(item[0], item[1])


def _submitting(original):
    def submit(self, func, *args, **kwargs):
        begin = monotonic_ns()
        result = original(self, func, *args, **kwargs)
        shared = self._spawnscope
        if shared is not None:
            job = getattr(result, "_job", 0)
            text = function_name(func, args[0] if args else kwargs.get("args", ()))
            try:
                result._spawnscope_function = text
            except AttributeError:
                pass
            shared.tell(
                "submit", begin, monotonic_ns(), preview=_how_many(result), text=text,
                argument=task_number(job), frame=_getframe(),
            )  # fmt: skip
        return result

    return forwarding(original, submit)


def _how_many(result):
    """How many items a map has, and in how many tasks; None where that is not known."""
    values, size = getattr(result, "_value", None), getattr(result, "_chunksize", 0)
    if type(values) is not list or type(size) is not int or not size:
        return None
    tasks = -(-len(values) // size)
    return "%d items" % len(values) + (" in %d tasks" % tasks if size > 1 else "")


def _function_of(result):
    return vars(result).get("_spawnscope_function", "")


def _waiting(kind):
    original = kind.wait

    def wait(self, timeout=None):
        shared = getattr(getattr(self, "_pool", None), "_spawnscope", None)
        if shared is None:
            return original(self, timeout)
        with _waiting_for(shared, self, _getframe()) as waiting:
            waiting.limit(timeout)
            original(self, timeout)
            if not self._event.is_set():
                waiting.outcome = TIMED_OUT
        return None

    kind.wait = like(wait, original)


def _iterating(kind):
    """Waiting for the next result of `imap` and `imap_unordered`, where it is not there yet."""
    construct = kind.__init__

    def __init__(self, *args, **kwargs):
        construct(self, *args, **kwargs)
        shared = getattr(getattr(self, "_pool", None), "_spawnscope", None)
        if shared is not None:
            weak = ref(self)
            watch(self._cond, lambda frame: _waiting_for(shared, weak(), frame))

    kind.__init__ = forwarding(construct, __init__)


def _waiting_for(shared, result, frame):
    return Waiting(shared, "wait", frame, _function_of(result), task_number(result._job))


def _replacing(kind):
    """Workers in the place of others; a thread of the pool sees to that, and ends if it fails."""
    original = kind._repopulate_pool_static

    def _repopulate_pool_static(ctx, Process, processes, pool, inqueue, *args, **kwargs):
        shared = getattr(inqueue, "_spawnscope_pool", None)
        if shared is None:
            return original(ctx, Process, processes, pool, inqueue, *args, **kwargs)
        # Those that it begins with take nobody's place; if these fail, whoever makes it is told.
        first = "_spawnscope_filled" not in vars(inqueue)
        inqueue._spawnscope_filled = True
        before = {process.pid for process in pool}
        begin = monotonic_ns()
        try:
            original(ctx, Process, processes, pool, inqueue, *args, **kwargs)
        except Exception as error:
            if not first:
                shared.tell("replace", begin, monotonic_ns(), 0, FAILED, -1, type_name(error))
            raise
        if not first:
            now = monotonic_ns()
            for process in pool:
                if process.pid not in before:
                    shared.tell("replace", begin, now, argument=process.pid or 0)
        return None

    kind._repopulate_pool_static = staticmethod(forwarding(original, _repopulate_pool_static))
