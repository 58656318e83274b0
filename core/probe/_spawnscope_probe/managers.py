"""Manager: calls through its proxies, as their callers see them."""

from .guard import guarded
from .layout import CODE, FAILED, LIMITED, METHOD_SHIFT, OK, OTHER_METHODS
from .likeness import forwarding, like
from .natives import _getframe, deque, get_ident, monotonic_ns
from .preview import preview
from .semaphores import Building
from .shared import (
    AT,
    COUNT,
    FRAME,
    LONG_NS,
    WAITED_NS,
    WHAT,
    Shared,
    Tallies,
    enter,
    leave,
    note_wait,
    short_hash,
)

_CALL = CODE["call"]
_LONGEST = 60  # characters of a name
_UNLIMITED = {"get": 1, "put": 1, "acquire": 1, "wait": 0}  # so many arguments have no time
_MOST_METHODS = 64  # of one proxy that are counted one by one


def _has_time(method, args):
    """Whether a call that may wait for very long says for how long."""
    return any(one is not None for one in args[_UNLIMITED[method] :])


class Methods(dict):
    """method's name -> the tallies of its calls on one object."""

    __slots__ = ("shared",)

    def __init__(self, shared):
        dict.__init__(self)
        self.shared = shared

    def __missing__(self, method):
        if type(method) is not str or len(self) >= _MOST_METHODS:
            method = ""  # all others together
            if method in self:
                return self[method]
        part = _Method(self.shared, method[:_LONGEST])
        tallies = self[method] = Tallies(self.shared.recorder, part, _CALL)
        return tallies


class _Method:
    """A method of an object; `index`: what its counters have as that."""

    __slots__ = ("index",)

    def __init__(self, shared, name):
        text = shared.recorder.text(name)
        if not 0 < text < OTHER_METHODS:
            text = OTHER_METHODS
        self.index = shared.index | text << METHOD_SHIFT


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
            words[tally[FRAME] + 2] |= recorder.text(_name(methodname))
            if methodname in _UNLIMITED and (kwds or _has_time(methodname, args)):
                words[tally[FRAME]] |= LIMITED
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
        method = shared.gets[methodname][get_ident()]
        method[COUNT] = done = method[COUNT] + 2
        words[method[AT]] = done
        # Every call waits for its answer: that is the time it took.
        if noted or took > WAITED_NS or not count & 30:
            told(tally, noted, begin, took, methodname, args, _getframe())
        return result

    def told(tally, noted, begin, took, method, args, frame):
        place = leave(words, tally) if noted else 0
        if took > WAITED_NS:
            note_wait(words, tally, took)
        if recorder.open or ((took > LONG_NS or not tally[COUNT] & 30) and recorder.opens()):
            recorder.detail(
                tally[WHAT], None if place else frame, begin, begin + took,
                took if took > WAITED_NS else 0, OK, -1, shown(args) if args else None,
                recorder.text(_name(method)), tally[COUNT] >> 1, 0, place,
            )  # fmt: skip

    @guarded(recorder)
    def shown(args):
        if not recorder.previews or type(args) is not tuple:
            return None
        return preview(args[0] if len(args) == 1 else args)

    @guarded(recorder)
    def own(proxy, frame):
        # One that a call returned, or of another process: its maker may have told of it.
        return known(proxy, proxy._token, False, frame)

    def known(proxy, token, created, frame):
        typeid = str(token.typeid)[:_LONGEST]
        identity = "proxy:%s:%s:%s" % (short_hash(repr(token.address)), typeid, token.id)
        shared = Shared(recorder, "Manager." + typeid, identity, created, frame)
        shared.puts, shared.gets = shared.tallies(_CALL), Methods(shared)
        shared.on_forget = shared.gets.clear
        if proxy is not None:
            proxy._spawnscope_proxy = shared
        return shared

    create = module.BaseManager._create
    made = deque(maxlen=100)  # by it an object is known before its first call

    def _create(self, *args, **kwds):
        found = create(self, *args, **kwds)
        note(found, _getframe())
        return found

    @guarded(recorder)
    def note(found, frame):
        made.append(known(None, found[0], True, frame))

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
    module.BaseManager._create = forwarding(create, _create)
    module.BaseManager.start = like(recorded_start, start)


def _name(method):
    return method if type(method) is str else None
