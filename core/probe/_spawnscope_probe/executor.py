"""ProcessPoolExecutor: what is submitted in the parent, results that come in, what breaks it, its
end; its workers' tasks."""

from . import breaking, futures, unpicklable
from .guard import guarded
from .layout import FAILED
from .likeness import forwarding, like
from .natives import _getframe, get_ident, monotonic_ns
from .preview import function_name, preview, type_name
from .queue_parts import disown
from .results import receive
from .semaphores import Building, bare
from .shared import Shared, Waiting, descriptor_identity
from .tasks import ending, serving, task_number


def patch(module, recorder, inner=(), kill=""):
    """`module`: a library's process executor, just imported. `inner`: the methods, beside its
    constructor, in which an executor makes locks that are parts of it; `kill`: the function by
    which it kills a worker, where it does not do so by the worker's Process."""
    worker = module._process_worker
    traced = module._ExceptionWithTraceback
    serve = serving(
        recorder, "ProcessPoolExecutor", _identity, _task, lambda item: _told(item, traced), _value
    )

    def recorded_worker(call_queue, result_queue, initializer=None, *args, **kwargs):
        for lock in args:  # is a part of the executor, if it is one
            guarded(recorder)(bare)(lock)
        return serve(worker, call_queue, result_queue, initializer, *args, **kwargs)

    module._process_worker = forwarding(worker, recorded_worker)
    kind = module.ProcessPoolExecutor
    kind._spawnscope = None
    _constructing(kind, recorder)
    breaking.patch(module, recorder)
    if kill:
        setattr(module, kill, _killing(getattr(module, kill)))
    for name in inner:
        setattr(kind, name, _making(getattr(kind, name)))
    _submitting(kind)
    _shutting_down(kind)
    for name in ("terminate_workers", "kill_workers"):  # from 3.14 on
        if name in vars(kind):
            setattr(kind, name, ending(getattr(kind, name), name.partition("_")[0]))
    _unpicklable(module._SafeQueue)
    if hasattr(module, "_base"):
        futures.patch(module._base)  # others' futures are derived from these


def _constructing(kind, recorder):
    construct = kind.__init__

    def __init__(self, *args, **kwargs):
        with Building():
            construct(self, *args, **kwargs)
        own(self, _getframe())

    @guarded(recorder)
    def own(self, frame):
        for queue in (self._call_queue, self._result_queue):
            disown(queue)
        shared = Shared(recorder, "ProcessPoolExecutor", _identity(self._call_queue), True, frame)
        receive(self._result_queue._reader, shared, _result_number)
        self._work_ids = _Numbers(self._work_ids)
        self._spawnscope = self._call_queue._spawnscope_executor = shared

    kind.__init__ = forwarding(construct, __init__)


def _making(original):
    def make(*args, **kwargs):
        with Building():
            return original(*args, **kwargs)

    return forwarding(original, make)


def _identity(queue):
    return "executor:" + descriptor_identity(queue._reader.fileno())


class _Numbers:
    """Stands in for the queue of what is to be done: `latest` has the number that a thread was
    given last, of what it submits."""

    def __init__(self, queue):
        self._queue = queue
        self.latest = {}

    def put(self, number, *args, **kwargs):
        self.latest[get_ident()] = number
        return self._queue.put(number, *args, **kwargs)

    def __getattr__(self, name):
        return getattr(self._queue, name)


def _submitting(kind):
    submit = kind.submit

    def recorded_submit(*args, **kwargs):  # its own parameters may be called `self` and `fn`
        begin = monotonic_ns()
        future = submit(*args, **kwargs)
        shared = args[0]._spawnscope
        if shared is not None:
            number = task_number(args[0]._work_ids.latest.pop(get_ident(), None), 0)
            text = function_name(args[1] if len(args) > 1 else kwargs.get("fn"), args[2:])
            futures.of_executor(future, shared, text, number)
            shared.tell("submit", begin, monotonic_ns(), text=text, argument=number,
                        frame=_getframe())  # fmt: skip
        return future

    kind.submit = forwarding(submit, recorded_submit)


def _shutting_down(kind):
    shutdown = kind.shutdown

    def recorded_shutdown(self, *args, **kwargs):
        shared = self._spawnscope
        if shared is None:
            return shutdown(self, *args, **kwargs)
        with Waiting(shared, "shutdown", _getframe()):
            return shutdown(self, *args, **kwargs)

    kind.shutdown = forwarding(shutdown, recorded_shutdown)


def _killing(original):
    def kill(process, *args, **kwargs):
        shared = vars(process).get("_spawnscope_process")
        if shared is not None and process._popen.returncode is None:
            now = monotonic_ns()
            # Before the signal: whoever learns of the end must find who brought it about.
            shared.tell("kill", now, now, argument=process._popen.pid, frame=_getframe())
        return original(process, *args, **kwargs)

    return forwarding(original, kill)


def _task(item):
    return item.fn, item.args, task_number(item.work_id, 0)


def _told(item, traced):
    if getattr(item, "work_id", None) is None:  # the worker says that it ends
        return None
    error = item.exception
    if error is None:
        return False, None
    return True, type_name(error.exc if type(error) is traced else error)


def _value(item):
    return item.result if item.exception is None else item.exception


def _result_number(item):
    number = getattr(item, "work_id", None)
    return None if number is None else task_number(number, 0)


def _unpicklable(kind):
    """What the feeder thread of an executor cannot send."""
    failed = kind._on_queue_feeder_error

    def _on_queue_feeder_error(self, e, obj):
        shared = breaking.shared_of(self)
        number = getattr(obj, "work_id", None)
        if shared is not None and type(number) is int:
            now = monotonic_ns()
            why = unpicklable.described(
                e, (("function", obj.fn), ("args", obj.args), ("kwargs", obj.kwargs)),
                shared.recorder.previews,
            )  # fmt: skip
            name = function_name(obj.fn, obj.args)
            text = type_name(e) + ": never sent, arguments " + preview(obj.args)
            if why:
                name += ": " + why
            shared.tell("feed", now, now, 0, FAILED, -1, text, name, task_number(number, 0))
        failed(self, e, obj)

    kind._on_queue_feeder_error = like(_on_queue_feeder_error, failed)
