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
    WAITED_NS,
    Shared,
    descriptor_identity,
    enter,
    leave,
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
        at, count = tally[AT], tally[COUNT]
        noted = recorder.open
        if noted:
            enter(recorder, words, tally)
        words[at] = count + 1
        begin = monotonic_ns()
        try:
            original(self, buf)
        except BaseException as error:
            words[at] = count
            leave(words, tally)
            _failed(shared, "send", error, begin, sys._getframe(1))
            raise
        took = monotonic_ns() - begin
        tally[COUNT] = count = count + 2
        words[at] = count
        tally[BYTES] = size = tally[BYTES] + len(buf)
        words[at + 3] = size
        if noted or took > WAITED_NS or not count & 30:
            settle(recorder, words, tally, noted, begin, took, len(buf))
        return None

    return _send_bytes


def _receive(original, recorder):
    words = recorder.words

    def _recv_bytes(self, maxsize=None):
        shared = self._spawnscope
        if shared is None:
            return original(self, maxsize)
        tally = shared.gets[get_ident()]
        at, count = tally[AT], tally[COUNT]
        noted = recorder.open
        if noted:
            enter(recorder, words, tally)
        words[at] = count + 1
        begin = monotonic_ns()
        try:
            data = original(self, maxsize)
        except BaseException as error:
            words[at] = count
            leave(words, tally)
            _failed(shared, "recv", error, begin, sys._getframe(1))
            raise
        took = monotonic_ns() - begin
        tally[COUNT] = count = count + 2
        words[at] = count
        got = data.tell() if data is not None else 0
        tally[BYTES] = size = tally[BYTES] + got
        words[at + 3] = size
        if noted or took > WAITED_NS or not count & 30:
            settle(recorder, words, tally, noted, begin, took, got)
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
