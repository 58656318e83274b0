"""ProcessPoolExecutor: what is submitted in the parent, results that come in, what breaks it, its
end; its workers' tasks."""

from . import futures
from .guard import guarded
from .layout import FAILED
from .likeness import forwarding, like
from .natives import P_PID, WEXITED, WNOHANG, WNOWAIT, _getframe, get_ident, monotonic_ns, waitid
from .preview import function_name, preview, type_name
from .queues import disown
from .results import receive
from .semaphores import Building, bare
from .shared import Shared, Waiting, descriptor_identity
from .tasks import serving, task_number

_MOST_NAMED = 5  # of the workers that have ended at the same time


def patch(module, recorder, inner=(), kill=""):
    """`module`: a library's process executor, just imported. `inner`: the methods, beside its
    constructor, in which an executor makes locks that are parts of it; `kill`: the function by
    which it kills a worker, where it does not do so by the worker's Process."""
    worker = module._process_worker
    traced = module._ExceptionWithTraceback
    serve = serving(
        recorder, "ProcessPoolExecutor", _identity, _task, lambda item: _told(item, traced)
    )

    def recorded_worker(call_queue, result_queue, initializer=None, *args, **kwargs):
        for lock in args:  # is a part of the executor, if it is one
            guarded(recorder)(bare)(lock)
        return serve(worker, call_queue, result_queue, initializer, *args, **kwargs)

    module._process_worker = forwarding(worker, recorded_worker)
    kind = module.ProcessPoolExecutor
    kind._spawnscope = None
    _constructing(kind, recorder)
    for name in inner:
        setattr(kind, name, _making(getattr(kind, name)))
    if kill:
        setattr(module, kill, _killing(getattr(module, kill)))
    _submitting(kind)
    _shutting_down(kind)
    for name in ("terminate_workers", "kill_workers"):  # from 3.14 on
        if name in vars(kind):
            setattr(kind, name, _ending(getattr(kind, name), name.partition("_")[0]))
    _breaking(module, recorder)
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
        self._spawnscope = self._call_queue._spawnscope_executor = shared
        receive(self._result_queue._reader, shared, _result_number)
        self._work_ids = _Numbers(self._work_ids)

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


def _ending(original, operation):
    def end(self):
        shared = self._spawnscope
        if shared is None:
            return original(self)
        with Waiting(shared, operation, _getframe()):
            return original(self)

    return like(end, original)


def _breaking(module, recorder):
    """Note what breaks an executor, before it ends all its workers for that."""

    @guarded(recorder)
    def tell(call_queue, processes, words=""):
        shared = getattr(call_queue, "_spawnscope_executor", None)
        if shared is not None:
            dead = _ended(processes or {})
            text = ", ".join("%s of PID %d" % (how, pid) for pid, how in dead[:_MOST_NAMED])
            now = monotonic_ns()
            shared.tell("broken", now, now, 0, preview=text or words or None,
                        argument=dead[0][0] if dead else 0)  # fmt: skip

    kind = getattr(module, "_ExecutorManagerThread", None)
    if kind is not None:
        original = kind.terminate_broken

        def terminate_broken(self, *args):
            tell(self.call_queue, self.processes, args[1] if len(args) > 1 else "")
            return original(self, *args)

        kind.terminate_broken = forwarding(original, terminate_broken)
        return
    manage = module._queue_management_worker  # 3.8 does all of it in one function

    def managing(executor_reference, processes, pending, work_ids, call_queue, *args):
        def asked():  # it marks its executor as broken, if that is left
            if _getframe(1).f_locals.get("is_broken"):
                tell(call_queue, processes)
            return executor_reference()

        return manage(asked, processes, pending, work_ids, call_queue, *args)

    module._queue_management_worker = forwarding(manage, managing)


def _killing(original):
    def kill(process, *args, **kwargs):
        shared = vars(process).get("_spawnscope_process")
        if shared is not None and process._popen.returncode is None:
            now = monotonic_ns()
            # Before the signal: whoever learns of the end must find who brought it about.
            shared.tell("kill", now, now, argument=process._popen.pid, frame=_getframe())
        return original(process, *args, **kwargs)

    return forwarding(original, kill)


def _ended(workers):
    """Those of the workers that have ended, and how; they stay for their parent to be waited for.
    Those that were killed come first: others may have ended in order. `workers`: pid -> Process,
    which has the status of one that was waited for."""
    found = []
    for pid, process in list(workers.items()):
        try:
            status = waitid(P_PID, pid, WEXITED | WNOHANG | WNOWAIT)
        except OSError:
            code = getattr(process._popen, "returncode", None)
            if code is not None:
                found.append((code >= 0, pid, abs(code)))
            continue
        if status is not None:
            by_signal = status.si_code != _CLD_EXITED
            found.append((not by_signal, pid, status.si_status))
    return [
        (pid, "exit code %d" % code if orderly else "signal %d" % code)
        for orderly, pid, code in sorted(found)
    ]


_CLD_EXITED = 1


def _task(item):
    return item.fn, item.args, task_number(item.work_id, 0)


def _told(item, traced):
    if getattr(item, "work_id", None) is None:  # the worker says that it ends
        return None
    error = item.exception
    if error is None:
        return False, None
    return True, type_name(error.exc if type(error) is traced else error)


def _result_number(item):
    number = getattr(item, "work_id", None)
    return None if number is None else task_number(number, 0)


def _unpicklable(kind):
    """What the feeder thread of an executor cannot send."""
    failed = kind._on_queue_feeder_error

    def _on_queue_feeder_error(self, e, obj):
        shared = getattr(self, "_spawnscope_executor", None)
        number = getattr(obj, "work_id", None)
        if shared is not None and type(number) is int:
            now = monotonic_ns()
            text = type_name(e) + ": never sent, arguments " + preview(obj.args)
            function = function_name(obj.fn, obj.args)
            shared.tell("feed", now, now, 0, FAILED, -1, text, function, task_number(number, 0))
        failed(self, e, obj)

    kind._on_queue_feeder_error = like(_on_queue_feeder_error, failed)
