"""Process: start, join, terminate, kill, interrupt; in the child its run, and what ended it."""

from . import exceptions, facts, places, unpicklable
from .guard import guarded
from .layout import C_COUNT, C_STATUS, CODE, FAILED, LIMITED, OK, TIMED_OUT
from .likeness import forwarding, like
from .natives import _getframe, exc_info, get_ident, getpid, monotonic_ns
from .preview import run_name
from .shared import AT, Shared

_JOIN, _RUN, _START = CODE["join"], CODE["run"], CODE["start"]
_NOT_HANDED_ON = 255  # what multiprocessing makes of a fork server that has died; or a code
_failed = [0]  # how many could not be started here
_running = []  # the Process whose _bootstrap this process is in


def patch(module, recorder):
    """`module`: a library's process, just imported."""
    kind = module.BaseProcess
    start, join, bootstrap = kind.start, kind.join, kind._bootstrap
    names, asked = vars(module), _asking(recorder)
    kind._spawnscope_process = None
    kind._inheriting = exceptions.Inheriting(recorder)

    @guarded(recorder)
    def shared_of(process, created, frame=None, site=None):
        if process._popen is None:
            return None
        shared = process.__dict__.get("_spawnscope_process")
        if shared is None:
            identity = _identity(process._parent_pid, process._popen.pid)
            shared = Shared(
                recorder, "Process", identity, created, frame, _plain(process._name), site=site
            )
            process._spawnscope_process = process._popen._spawnscope = shared
        return shared

    @guarded(recorder)
    def prepared(process, frame):
        """What is known before: start() lets go of the function, and what this process touches
        after a fork, the kernel copies page by page."""
        found, target = places.find(frame), getattr(process, "_target", None)
        site, name = places.text(found), run_name(target, process._args) if target else ""
        return site, recorder.text(site), recorder.text(name)

    def patched_start(self):
        begin = monotonic_ns()
        site, place, function = prepared(self, _getframe()) or ("", 0, 0)
        try:
            start(self)
        except Exception as error:
            unstarted(self, error, begin, site, place)
            raise
        shared = shared_of(self, True, site=site)
        if shared is not None:
            shared.tell("start", begin, monotonic_ns(), text=function, argument=self._popen.pid,
                        place=place)  # fmt: skip

    @guarded(recorder)
    def unstarted(process, error, begin, site, place):
        """It could not be started, as where what it is to run cannot be pickled."""
        if process._popen is not None:
            return
        _failed[0] += 1
        identity = "unstarted:%d:%d" % (getpid(), _failed[0])
        shared = Shared(recorder, "Process", identity, True, None, _plain(process._name), site=site)
        why = unpicklable.described(error, parts_of(process), recorder.previews)
        target = getattr(process, "_target", None)
        name = run_name(target, process._args) if target else type(process).__name__
        shared.tell(
            "start", begin, monotonic_ns(), 0, FAILED, -1, exceptions.type_name(error),
            name + ": " + why if why else name, place=place,
        )  # fmt: skip

    def patched_join(self, timeout=None):
        shared = shared_of(self, False, _getframe())
        if shared is None:
            return join(self, timeout)
        limited = 0 if timeout is None else LIMITED
        word, begin = recorder.enter(shared.what(_JOIN) | limited, _getframe(), 0, self._popen.pid)
        outcome = FAILED
        try:
            join(self, timeout)
            outcome = OK if self._popen.returncode is not None else TIMED_OUT
        finally:
            recorder.leave(word)
            end = monotonic_ns()
            shared.tell("join", begin, end, end - begin, outcome, frame=_getframe())
        return None

    def patched_bootstrap(self, *args, **kwargs):
        word = run(self)
        names["isinstance"] = asked
        try:
            return bootstrap(self, *args, **kwargs)
        finally:
            names.pop("isinstance", None)
            _running.clear()
            if word:
                recorder.leave(word)

    @guarded(recorder)
    def run(process):
        process.__dict__.pop("_spawnscope_process", None)
        # Where it was made its parent tells: to look for that here would be dear, so soon after a
        # fork.
        shared = Shared(
            recorder, "Process", _identity(process._parent_pid, getpid()), False,
            hint=_plain(process._name), site="",
        )  # fmt: skip
        target = getattr(process, "_target", None)
        name = run_name(target, process._args) if target else type(process).__name__
        text = recorder.text(name)
        _running[:] = [shared]
        return recorder.nest(shared.what(_RUN), None, text)[0]

    kind.start, kind.join = like(patched_start, start), like(patched_join, join)
    kind._bootstrap = forwarding(bootstrap, patched_bootstrap)
    _patch_name(kind)


def _patch_name(kind):
    """multiprocessing asks for the name when it reports the exception that ended a process."""
    plain = kind.name

    def name(self):
        caller = _getframe().f_back if _running else None
        if caller is not None and caller.f_code.co_name == "_bootstrap":
            error = exc_info()[1]
            if error is not None:
                now = monotonic_ns()
                shared = _running.pop()
                try:
                    kind, text, place, trace = exceptions.described(error, shared.recorder.previews)
                    facts.tell(shared.recorder, "raised", kind, text, place, trace)
                    title = kind + ": " + text if text else kind
                    shared.tell("exception", now, now, 0, FAILED, -1, title, trace)
                except Exception as fault:
                    shared.recorder.failed(fault)
        return plain.fget(self)

    kind.name = property(like(name, plain.fget), plain.fset, plain.fdel, plain.__doc__)


def _asking(recorder):
    """Stands for `isinstance` in a library's process while that runs in a child: what has called
    sys.exit is asked there whether it gave a number, and nowhere else is its traceback at hand."""

    def asked(value, kinds):
        error = exc_info()[1]
        if (
            _running
            and isinstance(error, SystemExit)
            and _getframe(1).f_code.co_name == "_bootstrap"
        ):
            _running.clear()
            if value != 0:
                exceptions.note(recorder, error)
        return isinstance(value, kinds)

    return asked


def patch_endings(module, recorder):
    """`module`: a library's popen_fork or the like, just imported. Its Popen, or one derived from
    it, sends the signals of all start methods: those of pools, too, and those that daemons get as
    their parent ends, which go by no method of Process."""
    kind = module.Popen
    kind._spawnscope = None
    kind.returncode = _Returncode()
    for name in {"terminate", "kill", "interrupt"} & set(dir(kind)):  # the last one since 3.14
        setattr(kind, name, _ending(getattr(kind, name), name))


class _Returncode:
    """Stands at Popen.returncode: how a child ended, as soon as its parent knows. Else it is a
    plain attribute. (A hook of `poll` would be in the traceback of whoever interrupts a `join`.)"""

    def __get__(self, popen, kind=None):
        try:
            return popen.__dict__["returncode"]
        except (AttributeError, KeyError):
            raise AttributeError("returncode") from None

    def __set__(self, popen, value):
        popen.__dict__["returncode"] = value
        shared = popen._spawnscope
        if type(value) is int and shared is not None:
            if value == _NOT_HANDED_ON and popen.method == "forkserver":
                return
            try:
                at = shared.tallies(_START)[get_ident()][AT] - C_COUNT
                status = -value if value < 0 else (value & 0xFF) << 8
                shared.recorder.words[at + C_STATUS] = status + 1
            except Exception as error:
                shared.recorder.failed(error)

    def __delete__(self, popen):
        del popen.__dict__["returncode"]


def _ending(original, operation):
    def method(self):
        shared = self._spawnscope
        if shared is not None:
            now = monotonic_ns()
            # Before the signal: whoever learns of the end must find who brought it about.
            shared.tell(operation, now, now, argument=self.pid, frame=_getframe())
        return original(self)

    return like(method, original)


def parts_of(process):
    """What is pickled of a Process where it is started by spawn."""
    known = process.__dict__
    roots = [("target", known.get("_target"))]
    for name in ("_args", "_kwargs"):
        roots.append((name[1:], known.get(name)))
    roots += [("self." + key, value) for key, value in known.items() if type(key) is str and
              key not in ("_target", "_args", "_kwargs", "_config", "_popen")]  # fmt: skip
    return roots


def _identity(parent_pid, pid):
    return "process:%d:%d" % (parent_pid, pid)


def _plain(name):
    return name[:200] if type(name) is str else ""
