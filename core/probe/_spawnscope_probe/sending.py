"""Whether a Process could be sent to a new Python: pickled as spawn and forkserver do it, into
nothing.

    Process --multiprocessing's own pickler--> what it names of modules, or why it cannot be pickled

Only where the user has asked for it: this runs the program's `__reduce__` and `__getstate__`, as a
start by these methods would. Nothing is kept of what comes, no descriptor is duplicated, and no
thread is started.
"""

from . import exceptions, unpicklable
from .natives import modules

_MOST_BYTES = 1 << 26  # what is larger is taken to be in order
_Function = type(unpicklable.described)
_OWN = "multiprocessing."
_Base = [None, None]  # ForkingPickler, and our pickler derived from it


class _Enough(Exception):
    """So much has been pickled that the rest is not looked at."""


class _Nowhere:
    """A file that keeps nothing."""

    def __init__(self):
        self._left = _MOST_BYTES

    def write(self, data):
        self._left -= memoryview(data).nbytes
        if self._left < 0:
            raise _Enough
        return memoryview(data).nbytes


class _Popen:
    """Stands for that of a child that is being started: descriptors would go to it."""

    method = "forkserver"

    def duplicate_for_child(self, descriptor):
        return descriptor

    def DupFd(self, descriptor):
        return _Descriptor()


class _Descriptor:
    def detach(self):
        return -1


def trial(process, roots, previews):
    """(why it cannot be pickled or "", functions and classes that it names). `roots`: see
    `unpicklable.described`; `previews`: whether values may be shown."""
    context = modules["multiprocessing.context"]
    named = []
    before = context.get_spawning_popen()
    context.set_spawning_popen(_Popen())
    try:
        _pickler()(_Nowhere(), named).dump(process)
    except _Enough:
        pass
    except Exception as error:
        why = unpicklable.described(error, roots, previews)
        kind = exceptions.type_name(error)
        return (kind + ": " + why if why else kind), named
    finally:
        context.set_spawning_popen(before)
    return "", named


def _pickler():
    """multiprocessing's own, and what it registers later counts too."""
    base = modules["multiprocessing.reduction"].ForkingPickler
    if _Base[0] is not base:
        _Base[:] = base, _derived(base)
    return _Base[1]


def _derived(base):
    class Pickler(base):
        def __init__(self, file, named):
            base.__init__(self, file)
            self.named = named

        def reducer_override(self, value):
            kind = type(value)
            if kind is _Function or issubclass(kind, type):
                self.named.append(value)
            elif _is_semaphore(kind) or _is_of_a_library(self, kind):
                return list, ()
            return NotImplemented

    return Pickler


def _is_semaphore(kind):
    """One of fork's own refuses; where the method was another, it would be another's."""
    synchronize = modules.get("multiprocessing.synchronize")
    return synchronize is not None and issubclass(kind, synchronize.SemLock)


def _is_of_a_library(pickler, kind):
    """A library says how its objects travel, as torch does: that may move them, so it is left."""
    reduce = pickler._extra_reducers.get(kind)
    return type(reduce) is _Function and not reduce.__module__.startswith(_OWN)
