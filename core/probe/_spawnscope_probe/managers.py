"""Manager: calls through its proxies, as their callers see them."""

from .guard import guarded
from .layout import CODE, FAILED
from .likeness import forwarding, like
from .natives import _getframe, get_ident, monotonic_ns
from .semaphores import Building
from .shared import AT, COUNT, WAITED_NS, Shared, enter, leave, settle, short_hash

_CALL = CODE["call"]


def patch(module, recorder):
    """`module`: multiprocessing.managers, just imported."""
    kind = module.BaseProxy
    words = recorder.words
    original = kind._callmethod
    start = module.BaseManager.start

    def _callmethod(self, methodname, args=(), kwds={}):  # noqa: B006 - as the original
        shared = self.__dict__.get("_spawnscope_proxy") or own(self, _getframe())
        if shared is None:
            return original(self, methodname, args, kwds)
        tally = shared.puts[get_ident()]
        at, count = tally[AT], tally[COUNT]
        noted = recorder.open
        if noted:
            enter(recorder, words, tally)
        words[at] = count + 1
        begin = monotonic_ns()
        try:
            result = original(self, methodname, args, kwds)
        except BaseException as error:
            words[at] = count
            leave(words, tally)
            now = monotonic_ns()
            shared.tell("call", begin, now, now - begin, FAILED, -1, type(error).__name__,
                        _name(methodname), frame=_getframe())  # fmt: skip
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

    def recorded_start(self, initializer=None, initargs=()):
        begin = monotonic_ns()
        with Building():
            start(self, initializer, initargs)
        started(self, begin, _getframe())

    @guarded(recorder)
    def started(manager, begin, frame):
        identity = "manager:" + short_hash(repr(manager._address))
        shared = Shared(recorder, "Manager", identity, True, frame)
        shared.tell("start", begin, monotonic_ns(), frame=frame)

    serve = module.BaseManager.__dict__["_run_server"].__func__

    def _run_server(cls, registry, address, authkey, serializer, writer, *args, **kwargs):
        writer._spawnscope = None  # by which the manager learns the address
        return serve(cls, registry, address, authkey, serializer, writer, *args, **kwargs)

    module.BaseManager._run_server = classmethod(forwarding(serve, _run_server))
    kind._callmethod = like(_callmethod, original)
    module.BaseManager.start = like(recorded_start, start)


def _name(method):
    return method if type(method) is str else None
