"""What breaks a process executor: which of its workers have ended, and how, at the moment when it
finds out and before it ends the others for that."""

from .guard import guarded
from .likeness import forwarding, like
from .natives import P_PID, WEXITED, WNOHANG, WNOWAIT, _getframe, monotonic_ns, waitid

_MOST_NAMED = 5  # of the workers that have ended at the same time
_CLD_EXITED = 1


def patch(module, recorder):
    """`module`: concurrent.futures.process."""
    tell = _telling(recorder)
    kind = getattr(module, "_ExecutorManagerThread", None)
    if kind is not None:
        original = kind.terminate_broken

        def terminate_broken(self, *args):
            words = args[1] if len(args) > 1 else ""
            tell(shared_of(self.call_queue), self.processes, words)
            return original(self, *args)

        kind.terminate_broken = forwarding(original, terminate_broken)
        return
    manage = module._queue_management_worker  # 3.8 does all of it in one function

    def managing(executor_reference, processes, pending, work_ids, call_queue, *args):
        def asked():  # it marks its executor as broken, if that is left
            if _getframe(1).f_locals.get("is_broken"):
                tell(shared_of(call_queue), processes)
            return executor_reference()

        return manage(asked, processes, pending, work_ids, call_queue, *args)

    module._queue_management_worker = forwarding(manage, managing)


def shared_of(call_queue):
    """What stands for the executor that this queue is a part of, in the process that made it."""
    return getattr(call_queue, "_spawnscope_executor", None)


def patch_flags(kind, recorder):
    """`kind`: the class that knows whether an executor is broken, where that does not itself."""
    original, tell = kind.flag_as_broken, _telling(recorder)

    def flag_as_broken(self, broken):
        executor = getattr(self, "_spawnscope", type(None))()
        if executor is not None and not self.broken:
            tell(executor._spawnscope, executor._processes)
        original(self, broken)

    kind.flag_as_broken = like(flag_as_broken, original)


def _telling(recorder):
    @guarded(recorder)
    def tell(shared, processes, words=""):
        if shared is not None:
            dead = _ended(processes or {})
            text = ", ".join("%s of PID %d" % (how, pid) for pid, how in dead[:_MOST_NAMED])
            now = monotonic_ns()
            shared.tell("broken", now, now, 0, preview=text or words or None,
                        argument=dead[0][0] if dead else 0)  # fmt: skip

    return tell


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
