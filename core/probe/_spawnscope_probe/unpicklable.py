"""What of a value could not be pickled: the path to it, found at the moment of the failure.

    TypeError: cannot pickle '_thread.lock' object --what is looked for--.
    Order --its attributes, items, slots, step by step------------------+--> "Order.wrapping"

The value is walked through as pickle does, but by Python's own descriptors alone: no property, no
`__getattr__`, no `__reduce__` of the program is called, and nothing is kept. The walk ends after so
many values, and nothing is looked for once that has happened often.
"""

from . import exceptions
from .natives import deque
from .preview import module_of, name_of, preview

_MAINS = ("builtins", "__main__", "__mp_main__")
_RAISED = ("PicklingError", "TypeError", "AttributeError", "NotImplementedError")
_SHARED = "should only be shared between processes"
_MOST_VALUES = 3000
_MOST_WALKS = 50  # in a process
_LONGEST = 160  # characters
_walks = [_MOST_WALKS]


class _Slotted:
    __slots__ = ("slot",)

    def method(self):
        pass


class _Plain:
    pass


_Member, _GetSet = type(_Slotted.__dict__["slot"]), type(_Plain.__dict__["__dict__"])
_Function, _Method = type(_Slotted.method), type(_Slotted().method)
_qualified = type.__dict__["__qualname__"].__get__
_mro_of = type.__dict__["__mro__"].__get__
_vars_of = type.__dict__["__dict__"].__get__
_CHOOSING = ("__getstate__", "__reduce__", "__reduce_ex__")
_NAMELESS = (list, tuple, dict, set, frozenset, _Function)
_LEAVES = (str, int, float, complex, bool, bytes, bytearray, type(None), type(_Plain.__module__))
_NEVER = frozenset((
    "_thread.lock", "_thread.RLock", "_thread._local", "_io.TextIOWrapper", "_io.BufferedReader",
    "_io.BufferedWriter", "_io.BufferedRandom", "_io.FileIO", "builtins.generator",
    "builtins.coroutine", "builtins.async_generator", "builtins.module", "builtins.frame",
    "builtins.traceback", "builtins.code", "builtins.memoryview", "builtins.mappingproxy",
    "socket.socket", "ssl.SSLContext", "sqlite3.Connection", "sqlite3.Cursor",
    "weakref.ReferenceType", "builtins.weakref", "_queue.SimpleQueue", "queue.SimpleQueue",
    "select.epoll", "select.poll", "_contextvars.Context", "_asyncio.Task", "_asyncio.Future",
    "builtins.dict_keys", "builtins.dict_values", "builtins.dict_items",
))  # fmt: skip
"""Types of Python's own that cannot be pickled, wherever they come."""


def described(error, roots, with_values=True):
    """What could not be pickled of `roots`, pairs (text, value): the path to it and its type, else
    what the error says; "" without either. `with_values`: whether values may be shown."""
    found = ""
    if _walks[0] > 0 and _is_of_pickle(error):
        _walks[0] -= 1
        found = _path(roots, _wanted(error))
    if not found and with_values:
        found = exceptions.said(error)
    return found if len(found) <= _LONGEST else found[: _LONGEST - 1] + "…"


def root_of(value):
    """A value as a root: by the name of its type, or no name for what has parts without names."""
    kind = type(value)
    return ("" if kind in _NAMELESS else name_of(kind)), value


def _is_of_pickle(error):
    """Whether it is of a type that pickle raises; multiprocessing's own objects say more."""
    if type(error) is RuntimeError:
        return _SHARED in exceptions.said(error)
    return name_of(type(error)) in _RAISED


def _wanted(error):
    """What the error names: a type ("_thread.lock") or a local object ("main.<locals>.f")."""
    said = exceptions.said(error)
    if type(error) is RuntimeError:
        return said.partition(" ")[0]
    parts = said.split("'")
    return parts[1] if len(parts) > 2 else ""


def _path(roots, wanted):
    """By breadth, so that it is the shortest path."""
    seen = set()
    ahead, unlikely = deque(roots), deque()
    left = _MOST_VALUES
    guess = ""
    while (ahead or unlikely) and left > 0:
        left -= 1
        path, value = (ahead or unlikely).popleft()
        kind = type(value)
        if id(value) in seen or kind in _LEAVES:
            continue
        seen.add(id(value))
        title = _is_it(value, kind, wanted)
        if title:
            return _told(path, title)
        if not guess:
            title = _is_it(value, kind, "")
            guess = title and _told(path, title)
        if kind is not _Function and not issubclass(kind, type):
            (unlikely if _chooses(kind) else ahead).extend(_parts(path, value, kind))
    return guess


def _chooses(kind):
    """Whether a class has code that says what of its instances is pickled: not all they have."""
    for base in _mro_of(kind):
        if base is object:
            return False
        members = _vars_of(base)
        for name in _CHOOSING:
            if type(members.get(name)) is _Function:
                return True
    return False


def _told(path, title):
    return path + " (" + title + ")" if path and path != title else title


def _is_it(value, kind, wanted):
    """What to call a value that is what is wanted, or, if nothing is, that never can be pickled."""
    if kind is _Function or issubclass(kind, type):
        name = value.__qualname__ if kind is _Function else _qualified(value)
        if type(name) is str and (name == wanted or (not wanted and "<" in name)):
            return name
        return ""
    name, module = name_of(kind), module_of(kind)
    full = module + "." + name if type(module) is str else name
    title = name if module in _MAINS else full
    if wanted:
        local = "<" in wanted and _qualified(kind) == wanted
        return title if local or wanted in (name, full) else ""
    return title if full in _NEVER or "<locals>" in _qualified(kind) else ""


def _parts(path, value, kind):
    """(path, value) of what a value is made of."""
    found = []
    if issubclass(kind, dict):
        for key, item in list(dict.items(value)):
            found.append(("%s[%s]" % (path, preview(key)), item))
    elif issubclass(kind, (list, tuple)):
        base = list if issubclass(kind, list) else tuple
        for place, item in enumerate(list(base.__iter__(value))):
            found.append(("%s[%d]" % (path, place), item))
    elif issubclass(kind, (set, frozenset, deque)):
        base = deque if issubclass(kind, deque) else set if issubclass(kind, set) else frozenset
        for item in list(base.__iter__(value)):
            found.append((path + "[…]", item))
    for base in _mro_of(kind):
        if base is object:
            break
        for name, member in list(_vars_of(base).items()):
            if type(member) is _Member and name != "__weakref__":
                try:
                    found.append(("%s.%s" % (path, name), member.__get__(value)))
                except AttributeError:  # a slot that is empty
                    pass
            elif name == "__dict__" and type(member) is _GetSet:
                attributes = member.__get__(value)
                if type(attributes) is dict:
                    for key, item in list(attributes.items()):
                        if type(key) is str and key[:11] != "_spawnscope":
                            found.append(("%s.%s" % (path, key), item))
    return found
