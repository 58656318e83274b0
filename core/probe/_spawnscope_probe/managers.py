"""Manager: calls through its proxies, as their callers see them."""

import sys
from _thread import get_ident
from time import monotonic_ns

from .guard import guarded
from .layout import CODE, FAILED
from .semaphores import Building
from .shared import AT, COUNT, WAITED_NS, Shared, enter, leave, settle, short_hash

_CALL = CODE["call"]


def patch(module, recorder):
    """`module`: multiprocessing.managers, just imported."""
    kind = module.BaseProxy
    words = recorder.words
    original = kind._callmethod
    start = module.BaseManager.start

    def _callmethod(self, methodname, *args, **kwargs):
        shared = self.__dict__.get("_spawnscope_proxy") or own(self, sys._getframe(1))
        if shared is None:
            return original(self, methodname, *args, **kwargs)
        tally = shared.puts[get_ident()]
        at, count = tally[AT], tally[COUNT]
        noted = recorder.open
        if noted:
            enter(recorder, words, tally)
        words[at] = count + 1
        begin = monotonic_ns()
        try:
            result = original(self, methodname, *args, **kwargs)
        except BaseException as error:
            words[at] = count
            leave(words, tally)
            now = monotonic_ns()
            shared.tell("call", begin, now, now - begin, FAILED, -1, type(error).__name__,
                        _name(methodname), frame=sys._getframe(1))  # fmt: skip
            raise
        took = monotonic_ns() - begin
        tally[COUNT] = count = count + 2
        words[at] = count
        # Every call waits for its answer: that is the time it took.
        if noted or took > WAITED_NS or not count & 30:
            settle(recorder, words, tally, noted, begin, took, 0, _name(methodname))
        return result

    @guarded(recorder)
    def own(proxy, frame):
        token = proxy._token
        identity = "proxy:" + short_hash(repr(token.address)) + ":" + str(token.id)
        shared = proxy._spawnscope_proxy = Shared(
            recorder, "Manager", identity, False, frame, hint=str(token.typeid) + " proxy"
        )
        shared.puts = shared.tallies(_CALL)
        return shared

    def recorded_start(self, *args, **kwargs):
        begin = monotonic_ns()
        with Building():
            start(self, *args, **kwargs)
        started(self, begin, sys._getframe(1))

    @guarded(recorder)
    def started(manager, begin, frame):
        identity = "manager:" + short_hash(repr(manager._address))
        shared = Shared(recorder, "Manager", identity, True, frame)
        shared.tell("start", begin, monotonic_ns(), frame=frame)

    for new, old in ((_callmethod, original), (recorded_start, start)):
        new.__name__, new.__qualname__, new.__doc__ = old.__name__, old.__qualname__, old.__doc__
    serve = module.BaseManager.__dict__["_run_server"].__func__

    def _run_server(cls, registry, address, authkey, serializer, writer, *args, **kwargs):
        writer._spawnscope = None  # by which the manager learns the address
        return serve(cls, registry, address, authkey, serializer, writer, *args, **kwargs)

    _run_server.__qualname__, _run_server.__module__ = serve.__qualname__, serve.__module__
    module.BaseManager._run_server = classmethod(_run_server)
    kind._callmethod = _callmethod
    module.BaseManager.start = recorded_start


def _name(method):
    return method if type(method) is str else None
