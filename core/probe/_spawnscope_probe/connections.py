"""Pipe ends: send, recv, poll. Only ends that `Pipe()` made for the user, or that were unpickled,
are recorded; those inside of queues, pools and managers belong to their owners."""

from .guard import guarded
from .layout import CODE, FAILED, LIMITED, OK, TIMED_OUT
from .likeness import forwarding, like
from .natives import _getframe, get_ident, monotonic_ns
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
    """`module`: a library's connection, just imported."""
    kind = module.Connection
    kind._spawnscope = None
    kind._send_bytes = _send(kind._send_bytes, recorder)
    kind._recv_bytes = _receive(kind._recv_bytes, recorder)
    kind._poll = _poll(kind._poll)
    make = module.Pipe

    def recorded_pipe(duplex, *others):
        ends = make(duplex, *others)
        if recorder.on and not building.get(get_ident()):
            for position, end in enumerate(ends):
                suffix = "" if duplex else ":%d" % position
                own_end(end, recorder, suffix, True, _getframe(), "[%d]" % position)
        return ends

    module.Pipe = forwarding(make, recorded_pipe)
    rebuild = module.rebuild_connection

    def rebuild_connection(df, readable, writable):
        end = rebuild(df, readable, writable)
        if recorder.on:
            suffix = "" if readable and writable else ":0" if readable else ":1"
            own_end(end, recorder, suffix, False, _getframe())
        return end

    module.rebuild_connection = like(rebuild_connection, rebuild)


def own_end(end, recorder, suffix, created, frame, hint="", kind="Pipe"):
    """Let an end of a pipe, or of a connection, be recorded. Called in the watched process."""
    guarded(recorder)(_owned)(end, recorder, suffix, created, frame, hint, kind)


def _owned(end, recorder, suffix, created, frame, hint, kind):
    identity = "pipe:" + descriptor_identity(end.fileno()) + suffix
    shared = end._spawnscope = Shared(recorder, kind, identity, created, frame, hint)
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
            _failed(shared, "send", error, begin, _getframe())
            raise
        took = monotonic_ns() - begin
        tally[COUNT] = count = count + 2
        words[at] = count
        tally[BYTES] = size = tally[BYTES] + len(buf)
        words[at + 3] = size
        if noted or took > WAITED_NS or not count & 30:
            settle(recorder, words, tally, noted, begin, took, len(buf))
        return None

    return like(_send_bytes, original)


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
            _failed(shared, "recv", error, begin, _getframe())
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

    return like(_recv_bytes, original)


def _poll(original):
    def _poll(self, timeout):
        shared = self._spawnscope
        if shared is None:
            return original(self, timeout)
        recorder = shared.recorder
        word, begin = recorder.enter(
            shared.what(_POLL) | (0 if timeout is None else LIMITED), _getframe()
        )
        outcome = FAILED
        try:
            ready = original(self, timeout)
            outcome = OK if ready else TIMED_OUT
        finally:
            recorder.leave(word)
            end = monotonic_ns()
            waited = end - begin if end - begin > WAITED_NS else 0
            shared.tell("poll", begin, end, waited, outcome, frame=_getframe())
        return ready

    return like(_poll, original)


def _failed(shared, operation, error, begin, frame):
    end = monotonic_ns()
    waited = end - begin if end - begin > WAITED_NS else 0
    shared.tell(operation, begin, end, waited, FAILED, -1, type(error).__name__, frame=frame)
