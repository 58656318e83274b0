"""subprocess.Popen, and asyncio's subprocesses: start, wait, communicate, and the signals that end
one. What goes through their pipes is not read; who blocks in one is seen from outside.

Much of the standard library starts programs for its own ends (platform, uuid, ctypes.util): those
are over in a moment, nobody asked for them, and they are left alone.
"""

from . import places
from .guard import guarded
from .layout import CODE, FAILED, LIMITED, OK, TIMED_OUT
from .likeness import forwarding, like
from .natives import _getframe, getpid, monotonic_ns
from .shared import WAITED_NS, Shared, new_identity

_AWAIT = CODE["await"]
_ENDINGS = ((15, "terminate"), (9, "kill"), (2, "interrupt"))  # SIGTERM, SIGKILL, SIGINT
_MOST = 100  # of one process that are told one by one, and of what lines start which programs
_LONGEST = 40  # characters of a program's name
# Parts of the library that start programs for who calls them.
_ON_BEHALF = ("/asyncio/", "/os.py", "<frozen os>")


def patch(module, recorder):
    """`module`: subprocess, just imported."""
    kind = module.Popen
    kind._spawnscope = None
    expired = module.TimeoutExpired
    execute, send_signal = kind._execute_child, kind.send_signal
    started = _starting(recorder)

    def _execute_child(self, *arguments, **options):
        begin = monotonic_ns()
        execute(self, *arguments, **options)
        started(self, arguments[0] if arguments else None, begin, _getframe())

    def recorded_send_signal(self, sig):
        _note_ending(self, sig, _getframe())
        return send_signal(self, sig)

    def waited(popen, operation, plain, arguments, frame):
        if popen._spawnscope is None or popen.returncode is not None:
            return plain(popen, *arguments)
        word, begin = _entered(popen, operation, arguments[-1], frame)
        outcome = FAILED
        try:
            result = plain(popen, *arguments)
            outcome = OK
            return result
        except expired:
            outcome = TIMED_OUT
            raise
        finally:
            _left(popen, operation, word, begin, outcome, frame)

    def wait(self, timeout=None):
        return waited(self, "wait", plain_wait, (timeout,), _getframe())

    def communicate(self, input=None, timeout=None):
        return waited(self, "communicate", plain_communicate, (input, timeout), _getframe())

    plain_wait, plain_communicate = kind.wait, kind.communicate
    kind._execute_child = forwarding(execute, _execute_child)
    kind.send_signal = like(recorded_send_signal, send_signal)
    kind.wait, kind.communicate = like(wait, plain_wait), like(communicate, plain_communicate)


def _starting(recorder):
    """What is to be done when a program was started."""
    of_places = {}  # what stands for all that a line starts
    alone = [0]

    @guarded(recorder)
    def started(popen, args, begin, frame):
        origin = places.caller(frame, "/subprocess.py")
        if origin is None:
            return
        name, of_library, function = origin
        if of_library and not any(part in name for part in _ON_BEHALF):
            return
        program = _program(args)
        if function == "__init__" and alone[0] < _MOST:
            alone[0] += 1
            identity = "popen:%d:%d" % (getpid(), popen.pid)
            shared = Shared(recorder, "Popen", identity, True, frame, program)
        else:  # `run` and its like wait for it at once: nobody knows them one by one
            place = places.find(frame), program
            if place not in of_places and len(of_places) >= _MOST:
                place, program = None, ""  # all others together
            shared = of_places.get(place)
            if shared is None:
                shared = of_places[place] = Shared(
                    recorder, "Popen", new_identity(), True, frame, program
                )
        popen._spawnscope = shared
        shared.tell("start", begin, monotonic_ns(), argument=popen.pid, frame=frame)

    return started


def _program(args):
    """The name of the program that is to run, without calling code of the user's."""
    first = args
    if type(args) is list or type(args) is tuple:
        first = args[0] if args else ""
    if type(first) is bytes:
        first = first.decode("utf-8", "replace")
    if type(first) is not str:
        return ""
    if first is args:  # a line for a shell, for most
        first = first.split(None, 1)[0] if first.strip() else ""
    return first.rpartition("/")[2][:_LONGEST]


def _note_ending(popen, sig, frame):
    """Before the signal is sent: whoever learns of the end must find who brought it about."""
    shared = popen._spawnscope
    if shared is None or popen.returncode is not None:
        return
    for number, operation in _ENDINGS:
        if isinstance(sig, int) and sig == number:
            now = monotonic_ns()
            shared.tell(operation, now, now, argument=popen.pid, frame=frame)


def _entered(popen, operation, timeout, frame):
    shared = popen._spawnscope
    recorder = shared.recorder
    limited = 0 if timeout is None else LIMITED  # it goes on by itself then
    return recorder.enter(shared.what(CODE[operation]) | limited, frame, 0, popen.pid)


def _left(popen, operation, word, begin, outcome, frame):
    shared = popen._spawnscope
    shared.recorder.leave(word)
    end = monotonic_ns()
    waited = end - begin if end - begin > WAITED_NS else 0
    shared.tell(operation, begin, end, waited, outcome, argument=popen.pid, frame=frame)


def patch_transport(module, recorder):
    """`module`: asyncio.base_subprocess, just imported. A task waits, its thread goes on."""
    kind = module.BaseSubprocessTransport
    plain = kind._wait

    async def _wait(self):
        popen = getattr(self, "_proc", None)
        if self._returncode is not None or getattr(popen, "_spawnscope", None) is None:
            return await plain(self)
        word, begin = _awaiting(recorder)(popen, "wait", _getframe()) or (0, monotonic_ns())
        outcome = FAILED
        try:
            result = await plain(self)
            outcome = OK
            return result
        finally:
            _awaited(popen, "wait", word, begin, outcome)

    kind._wait = like(_wait, plain)
    send_signal = kind.send_signal

    def recorded_send_signal(self, signal):
        popen = getattr(self, "_proc", None)
        if popen is not None and self._returncode is None and hasattr(popen, "_spawnscope"):
            _note_ending(popen, signal, _getframe())
        return send_signal(self, signal)

    if "kill" in send_signal.__code__.co_names:  # it does not go by Popen's
        kind.send_signal = like(recorded_send_signal, send_signal)


def patch_process(module, recorder):
    """`module`: asyncio.subprocess, just imported."""
    kind = module.Process
    plain = kind.communicate

    async def communicate(self, input=None):
        popen = getattr(self._transport, "_proc", None)
        if getattr(popen, "_spawnscope", None) is None:
            return await plain(self, input)
        word, begin = _awaiting(recorder)(popen, "communicate", _getframe()) or (0, monotonic_ns())
        outcome = FAILED
        try:
            result = await plain(self, input)
            outcome = OK
            return result
        finally:
            _awaited(popen, "communicate", word, begin, outcome)

    kind.communicate = like(communicate, plain)


def _awaiting(recorder):
    @guarded(recorder)
    def begin(popen, operation, frame):
        return recorder.nest(
            popen._spawnscope.what(_AWAIT), frame, recorder.text(operation), popen.pid
        )

    return begin


def _awaited(popen, operation, word, begin, outcome):
    shared = popen._spawnscope
    if word and shared.recorder.words[word] == shared.what(_AWAIT):
        shared.recorder.leave(word)
    end = monotonic_ns()
    waited = end - begin if end - begin > WAITED_NS else 0
    shared.tell("await", begin, end, waited, outcome, text=operation, argument=popen.pid)
