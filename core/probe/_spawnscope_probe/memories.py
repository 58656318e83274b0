"""SharedMemory, Value and Array: create, attach, close, unlink, and their locks."""

from .guard import guarded
from .layout import FAILED
from .likeness import forwarding, like
from .natives import _getframe, get_ident, monotonic_ns
from .semaphores import Building, adopt, building
from .shared import Shared, descriptor_identity, new_identity


def patch_shared_memory(module, recorder):
    """`module`: multiprocessing.shared_memory, just imported."""
    kind = module.SharedMemory
    kind._spawnscope = None
    construct, close, unlink = kind.__init__, kind.close, kind.unlink

    def __init__(self, name=None, create=False, size=0, **kwargs):
        begin = monotonic_ns()
        try:
            construct(self, name, create, size, **kwargs)
        except BaseException as error:
            failed(name, create, begin, error, _getframe())
            raise
        own(self, create, begin, _getframe())

    @guarded(recorder)
    def failed(name, create, begin, error, frame):
        if type(name) is not str:
            return
        if getattr(kind, "_prepend_leading_slash", False):
            name = "/" + name
        shared = Shared(recorder, "SharedMemory", "shm:" + name, False, frame)
        shared.tell("create" if create else "attach", begin, monotonic_ns(), 0, FAILED, -1,
                    type(error).__name__, frame=frame)  # fmt: skip

    @guarded(recorder)
    def own(self, create, begin, frame):
        shared = self._spawnscope = Shared(
            recorder, "SharedMemory", "shm:" + str(self._name), create, frame
        )
        shared.tell(
            "create" if create else "attach", begin, monotonic_ns(), size=self._size, frame=frame
        )

    def recorded_close(self):
        # Called again when it is collected: told once.
        still_open = getattr(self, "_buf", None) is not None
        close(self)
        if still_open and self._spawnscope is not None:
            _tell(self._spawnscope, "close", _getframe())

    def recorded_unlink(self):
        unlink(self)
        if self._spawnscope is not None:
            _tell(self._spawnscope, "unlink", _getframe())

    kind.__init__ = forwarding(construct, __init__)
    kind.close, kind.unlink = like(recorded_close, close), like(recorded_unlink, unlink)


def _tell(shared, operation, frame):
    now = monotonic_ns()
    shared.tell(operation, now, now, frame=frame)


def patch_sharedctypes(module, recorder):
    """`module`: multiprocessing.sharedctypes, just imported."""
    kind = module.SynchronizedBase
    kind._spawnscope = None
    construct = kind.__init__

    def __init__(self, obj, lock=None, ctx=None):
        with Building():
            construct(self, obj, lock, ctx)
        own(self, obj, lock, _getframe())

    @guarded(recorder)
    def own(self, obj, lock, frame):
        array = isinstance(self, module.SynchronizedArray)
        made = building.get(get_ident(), 0)
        if made > 1:  # a part of what is being made
            return
        created = made == 1 or lock is None
        shared = self._spawnscope = Shared(
            recorder, "Array" if array else "Value", _identity(obj), created, frame
        )
        if lock is None:
            take(self, shared)

    def take(self, shared):
        if hasattr(self._lock, "_semlock"):
            adopt(self._lock, recorder, shared)
            self.acquire, self.release = self._lock.acquire, self._lock.release

    def making(original):
        def make(typecode_or_type, *args, **kwargs):
            with Building():
                result = original(typecode_or_type, *args, **kwargs)
            if kwargs.get("lock", True) is True or kwargs["lock"] is None:
                own_lock(result)
            return result

        return forwarding(original, make)

    @guarded(recorder)
    def own_lock(result):
        shared = getattr(result, "_spawnscope", None)
        if shared is not None:
            take(result, shared)

    module.Value, module.Array = making(module.Value), making(module.Array)
    kind.__init__ = like(__init__, construct)


def _identity(obj):
    try:
        (arena, start, _stop), _size = obj._wrapper._state
        return "arena:" + descriptor_identity(arena.fd) + ":" + str(start)
    except Exception:  # an object from elsewhere: known in this process and its forks
        return new_identity()
