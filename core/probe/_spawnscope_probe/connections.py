"""Pipe ends: send, recv, poll. Only ends that `Pipe()` made for the user, or that were unpickled,
are recorded; those inside of queues, pools and managers belong to their owners."""

import sys
from _thread import get_ident
from time import monotonic_ns

from .guard import guarded
from .layout import CODE, FAILED, OK, TIMED_OUT
from .semaphores import building
from .shared import (
    AT,
    BYTES,
    COUNT,
    FRAME,
    LONG_NS,
    WAITED_NS,
    WHAT,
    Shared,
    descriptor_identity,
    done,
    enter,
    leave,
    note_wait,
    settle,
)

_SEND, _RECV, _POLL = CODE["send"], CODE["recv"], CODE["poll"]


def patch(module, recorder):
    """`module`: multiprocessing.connection, just imported."""
    kind = module.Connection
    kind._spawnscope = None
    kind._send_bytes = _send(kind._send_bytes, recorder)
    kind._recv_bytes = _receive(kind._recv_bytes, recorder)
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


def _send(original, recorder):
    words = recorder.words

    def _send_bytes(self, buf):
        shared = self._spawnscope
        if shared is None:
            return original(self, buf)
        tally = shared.puts[get_ident()]
        if recorder.open:
            begin = enter(recorder, words, tally, sys._getframe(1))
        else:
            words[tally[FRAME]] = tally[WHAT]
            begin = monotonic_ns()
        try:
            original(self, buf)
        except BaseException as error:
            leave(words, tally)
            _failed(shared, "send", error, begin, sys._getframe(1))
            raise
        if recorder.open:
            done(recorder, words, tally, begin, len(buf), sys._getframe(1))
            return None
        waited = monotonic_ns() - begin
        words[tally[FRAME]] = 0
        at = tally[AT]
        total = tally[COUNT] = tally[COUNT] + 1
        words[at + 1] = total
        size = tally[BYTES] = tally[BYTES] + len(buf)
        words[at + 4] = size
        if waited > LONG_NS or not total & 15:
            settle(recorder, words, tally, begin, waited, len(buf), sys._getframe(1))
        elif waited > WAITED_NS:
            note_wait(words, tally, waited)
        return None

    return _send_bytes


def _receive(original, recorder):
    words = recorder.words

    def _recv_bytes(self, maxsize=None):
        shared = self._spawnscope
        if shared is None:
            return original(self, maxsize)
        tally = shared.gets[get_ident()]
        if recorder.open:
            begin = enter(recorder, words, tally, sys._getframe(1))
        else:
            words[tally[FRAME]] = tally[WHAT]
            begin = monotonic_ns()
        try:
            data = original(self, maxsize)
        except BaseException as error:
            leave(words, tally)
            _failed(shared, "recv", error, begin, sys._getframe(1))
            raise
        got = data.tell() if data is not None else 0
        if recorder.open:
            done(recorder, words, tally, begin, got, sys._getframe(1))
            return data
        waited = monotonic_ns() - begin
        words[tally[FRAME]] = 0
        at = tally[AT]
        total = tally[COUNT] = tally[COUNT] + 1
        words[at + 1] = total
        size = tally[BYTES] = tally[BYTES] + got
        words[at + 4] = size
        if waited > LONG_NS or not total & 15:
            settle(recorder, words, tally, begin, waited, got, sys._getframe(1))
        elif waited > WAITED_NS:
            note_wait(words, tally, waited)
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
            recorder.leave(word)
            end = monotonic_ns()
            waited = end - begin if end - begin > WAITED_NS else 0
            shared.tell("poll", begin, end, waited, outcome, frame=sys._getframe(1))
        return ready

    return _poll


def _failed(shared, operation, error, begin, frame):
    end = monotonic_ns()
    waited = end - begin if end - begin > WAITED_NS else 0
    shared.tell(operation, begin, end, waited, FAILED, -1, type(error).__name__, frame=frame)
