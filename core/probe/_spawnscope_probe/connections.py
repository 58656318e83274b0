"""Pipe ends: send, recv, poll. Only ends that `Pipe()` made for the user, or that were unpickled,
are recorded; those inside of queues, pools and managers belong to their owners."""

import sys
from _thread import get_ident
from time import monotonic_ns

from .guard import guarded
from .layout import CODE, FAILED, OK, TIMED_OUT
from .semaphores import building
from .shared import FRAME, WAITED_NS, Shared, descriptor_identity, done, enter

_SEND, _RECV, _POLL = CODE["send"], CODE["recv"], CODE["poll"]


def patch(module, recorder):
    """`module`: multiprocessing.connection, just imported."""
    kind = module.Connection
    kind._spawnscope = None
    kind._send_bytes = _send(kind._send_bytes)
    kind._recv_bytes = _receive(kind._recv_bytes)
    kind._poll = _poll(kind._poll)
    make = module.Pipe

    def Pipe(duplex=True):
        ends = make(duplex)
        if recorder.on and not building.get(get_ident()):
            for position, end in enumerate(ends):
                suffix = "" if duplex else ":%d" % position
                _own(end, recorder, suffix, True, sys._getframe(1), "[%d]" % position)
        return ends

    Pipe.__doc__ = make.__doc__
    Pipe.__module__ = make.__module__
    module.Pipe = Pipe
    rebuild = module.rebuild_connection

    def rebuild_connection(df, readable, writable):
        end = rebuild(df, readable, writable)
        if recorder.on:
            suffix = "" if readable and writable else ":0" if readable else ":1"
            _own(end, recorder, suffix, False, sys._getframe(1))
        return end

    rebuild_connection.__module__ = rebuild.__module__
    rebuild_connection.__qualname__ = rebuild.__qualname__
    module.rebuild_connection = rebuild_connection


def _own(end, recorder, suffix, created, frame, hint=""):
    guarded(recorder)(_owned)(end, recorder, suffix, created, frame, hint)


def _owned(end, recorder, suffix, created, frame, hint):
    identity = "pipe:" + descriptor_identity(end.fileno()) + suffix
    shared = end._spawnscope = Shared(recorder, "Pipe", identity, created, frame, hint)
    shared.puts, shared.gets = shared.tallies(_SEND), shared.tallies(_RECV)


def _send(original):
    def _send_bytes(self, buf):
        shared = self._spawnscope
        if shared is None:
            return original(self, buf)
        recorder = shared.recorder
        words = recorder.words
        tally = shared.puts[get_ident()]
        begin = enter(recorder, words, tally, sys._getframe(1))
        try:
            original(self, buf)
        except BaseException as error:
            words[tally[FRAME]] = 0
            _failed(shared, "send", error, begin, sys._getframe(1))
            raise
        done(recorder, words, tally, begin, len(buf), sys._getframe(1))
        return None

    return _send_bytes


def _receive(original):
    def _recv_bytes(self, maxsize=None):
        shared = self._spawnscope
        if shared is None:
            return original(self, maxsize)
        recorder = shared.recorder
        words = recorder.words
        tally = shared.gets[get_ident()]
        begin = enter(recorder, words, tally, sys._getframe(1))
        try:
            data = original(self, maxsize)
        except BaseException as error:
            words[tally[FRAME]] = 0
            _failed(shared, "recv", error, begin, sys._getframe(1))
            raise
        size = data.tell() if data is not None else 0
        done(recorder, words, tally, begin, size, sys._getframe(1))
        return data

    return _recv_bytes


def _poll(original):
    def _poll(self, timeout):
        shared = self._spawnscope
        if shared is None:
            return original(self, timeout)
        recorder = shared.recorder
        word, begin = recorder.enter(shared.what(_POLL), sys._getframe(1))
        outcome = FAILED
        try:
            ready = original(self, timeout)
            outcome = OK if ready else TIMED_OUT
        finally:
            recorder.words[word] = 0
            end = monotonic_ns()
            waited = end - begin if end - begin > WAITED_NS else 0
            shared.tell("poll", begin, end, waited, outcome, frame=sys._getframe(1))
        return ready

    return _poll


def _failed(shared, operation, error, begin, frame):
    end = monotonic_ns()
    waited = end - begin if end - begin > WAITED_NS else 0
    shared.tell(operation, begin, end, waited, FAILED, -1, type(error).__name__, frame=frame)
