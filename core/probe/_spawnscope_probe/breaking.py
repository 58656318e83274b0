"""What breaks a process executor: which of its workers have ended, and how, at the moment when it
finds out and before it ends the others for that."""

from select import POLLIN, poll
from time import sleep

from .guard import guarded
from .likeness import forwarding
from .natives import P_PID, WEXITED, WNOHANG, WNOWAIT, _getframe, local, monotonic_ns, waitid

_LOOKS = 20  # a millisecond apart, until who is dying has died
_MOST_NAMED = 5  # of the workers that have ended at the same time
_CLD_EXITED, _SIGTERM = 1, 15


def patch(module, recorder):
    """`module`: a library's process executor."""
    kind = getattr(module, "_ExecutorManagerThread", None)
    if kind is not None:
        original = kind.terminate_broken

        def terminate_broken(self, *args):
            words = args[1] if len(args) > 1 else ""
            break_ = _Break(recorder, shared_of(self.call_queue), self.processes, words)
            try:
                return original(self, *args)
            finally:
                break_.over()

        kind.terminate_broken = forwarding(original, terminate_broken)
        return
    manage = module._queue_management_worker  # 3.8 does all of it in one function

    def managing(executor_reference, processes, pending, work_ids, call_queue, *args):
        broken = []

        def asked():  # it marks its executor as broken, if that is left
            if not broken and local(_getframe(1), "is_broken"):
                broken.append(_Break(recorder, shared_of(call_queue), processes))
            return executor_reference()

        try:
            return manage(asked, processes, pending, work_ids, call_queue, *args)
        finally:
            for each in broken:
                each.over()

    module._queue_management_worker = forwarding(manage, managing)


def shared_of(call_queue):
    """What stands for the executor that this queue is a part of, in the process that made it."""
    return getattr(call_queue, "_spawnscope_executor", None)


class _Break:
    """An executor finds out that it is broken, before it ends the workers that are left. Who still
    has not died by then is known only when it has been waited for, as `over` expects."""

    def __init__(self, recorder, shared, processes, words=""):
        self._shared = shared
        self._processes = processes or {}
        self._words = words if type(words) is str else ""
        self._begin = monotonic_ns()
        self._guard = guarded(recorder)
        self._dead = shared is not None and self._guard(_ended_by_now)(self._processes)
        if self._dead:
            self._tell()

    def over(self):
        """All its workers have ended, those that it ended itself by SIGTERM."""
        if self._shared is not None and not self._dead:
            self._dead = self._guard(_ended)(self._processes, but=-_SIGTERM)
            self._tell()

    def _tell(self):
        dead = self._dead or ()
        text = ", ".join("%s of PID %d" % (how, pid) for pid, how in dead[:_MOST_NAMED])
        self._shared.tell(
            "broken", self._begin, monotonic_ns(), preview=text or self._words or None,
            argument=dead[0][0] if dead else 0,
        )  # fmt: skip


def _ended_by_now(workers):
    """The same as `_ended`; whose descriptors are closed already is given the moment that it takes
    to die, since the next thing that is done is to end all others."""
    found = _ended(workers)
    if found:
        return found
    looker = poll()
    for process in list(workers.values()):
        if process._popen is not None:
            looker.register(process._popen.sentinel, POLLIN)
    for _ in range(_LOOKS if looker.poll(0) else 0):
        sleep(0.001)
        found = _ended(workers)
        if found:
            break
    return found


def _ended(workers, but=None):
    """Those of the workers that have ended, and how; they stay for their parent to be waited for.
    Those that were killed come first: others may have ended in order. `workers`: pid -> Process,
    which has the status of one that was waited for or is none of our children; not those whose
    status is `but`."""
    found = []
    for pid, process in list(workers.items()):
        try:
            status = waitid(P_PID, pid, WEXITED | WNOHANG | WNOWAIT)
        except OSError:
            popen = process._popen
            code = None if popen is None else popen.poll()  # by what a fork server has told
            if code is not None and code != but:
                found.append((code >= 0, pid, abs(code)))
            continue
        if status is not None:
            by_signal = status.si_code != _CLD_EXITED
            found.append((not by_signal, pid, status.si_status))
    return [
        (pid, "exit code %d" % code if orderly else "signal %d" % code)
        for orderly, pid, code in sorted(found)
    ]
