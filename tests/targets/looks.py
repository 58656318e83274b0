"""Prints, as JSON, how the functions, classes and methods of multiprocessing look to a program."""

import importlib
import inspect
import json
import multiprocessing.queues
import pickle
import re
import types

MODULES = [
    "concurrent.futures.process", "subprocess", "asyncio.base_subprocess", "asyncio.subprocess",
] + [
    "multiprocessing." + name
    for name in (
        "connection", "managers", "pool", "process", "queues", "shared_memory", "sharedctypes",
        "synchronize",
    )
]  # fmt: skip
MISFITS = (((), {}), ((None,) * 40, {}), ((), {"nonsense": 1}), ((None,), {"nonsense": 1}))


def said(function, *args, **kwargs):
    try:
        return repr(function(*args, **kwargs))
    except Exception as error:
        return type(error).__name__ + ": " + str(error)


def no_address(text):
    return re.sub(r"0x[0-9a-f]+|parent=\d+", "0x", text)


def misfits(function):
    """What it says to arguments that do not fit; it is never called with some that do."""
    found = []
    for args, kwargs in MISFITS:
        try:
            inspect.signature(function).bind(*args, **kwargs)
        except TypeError:
            found.append(said(function, *args, **kwargs))
        except ValueError:
            found.append("no signature")
    return found


def look(function):
    code = function.__code__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return {
        "repr": no_address(repr(function)),
        "signature": said(inspect.signature, function),
        "spec": said(inspect.getfullargspec, function),
        "code": [code.co_name, getattr(code, "co_qualname", ""), code.co_argcount,
                 code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags & 0xAC, names],
        "own": no_address(repr(sorted(vars(function).items()))),
        "pickle": no_address(said(pickle.dumps, function)),
        "misfits": misfits(function),
        **{
            name: no_address(repr(getattr(function, name, "absent")))
            for name in ("__name__", "__qualname__", "__module__", "__doc__", "__defaults__",
                         "__kwdefaults__", "__annotations__", "__wrapped__", "__text_signature__")
        },
    }  # fmt: skip


def looks(holder, where):
    for name in dir(holder):
        if name.startswith("_spawnscope"):
            continue
        value = inspect.getattr_static(holder, name)
        found = where + "." + name
        kind = type(value).__name__
        value = getattr(value, "__func__", value)
        if isinstance(value, property):
            for part in ("fget", "fset", "fdel"):
                if getattr(value, part) is not None:
                    yield found + "." + part, [kind, look(getattr(value, part))]
            yield found, [kind, value.__doc__]
        elif isinstance(value, types.FunctionType):
            yield found, [kind, look(value)]
        elif isinstance(value, type) and ":" not in where and value.__module__ in MODULES:
            yield found, [kind, repr(value), said(inspect.signature, value), value.__doc__,
                          repr(value.__mro__)]  # fmt: skip
            yield from looks(value, where + ":" + name)


class Bounded(multiprocessing.queues.Queue):
    """A subclass that calls what it overrides."""

    def __init__(self, size):
        super().__init__(size, ctx=multiprocessing.get_context())

    def put(self, obj, *args, **kwargs):
        super().put([obj], *args, **kwargs)

    def get(self, *args, **kwargs):
        return super().get(*args, **kwargs)[0]


def objects():
    """How objects and what is bound to them look."""
    queue, simple = multiprocessing.Queue(), multiprocessing.SimpleQueue()
    here, _there = multiprocessing.Pipe()
    lock, event = multiprocessing.Lock(), multiprocessing.Event()
    process = multiprocessing.Process(target=print, name="P")
    value = multiprocessing.Value("i", 7)
    for each in (queue, simple, here, lock, event, process, value):
        yield repr(type(each)), no_address(repr(each))
    for bound in (queue.put, queue.get, simple.put, here.send, here._send_bytes, event.wait,
                  process.start, process.join):  # fmt: skip
        yield type(bound).__name__, no_address(repr(bound)), str(inspect.signature(bound))
        yield misfits(bound)
    for call in (queue.put, simple.put, lock.__enter__, event.set, process.join):
        yield said(call, *[None] * 9)
    # A program may choose its own pickler.
    pickler = multiprocessing.reduction.ForkingPickler
    kept, pickler.loads = pickler.loads, lambda data: "mine"
    queue.put(1)
    yield queue.get()
    pickler.loads = kept
    simple.put(obj=3)
    yield simple.get()
    mine = Bounded(3)
    mine.put(4, timeout=9)
    yield mine.get(timeout=9)
    for each in (queue, mine):
        each.close()
        each.join_thread()


def main():
    multiprocessing.set_start_method("fork")  # others start helpers
    found = {}
    for name in MODULES:
        found.update(looks(importlib.import_module(name), name))
    # Plain Python has none: by it an unpickled Event is known.
    found.pop("multiprocessing.synchronize:Event.__setstate__", None)
    # It is threading's, of which a class that is not multiprocessing's must see nothing.
    del found["multiprocessing.synchronize:Barrier.wait"][1]["pickle"]
    print(json.dumps({"functions": found, "objects": list(objects())}))


if __name__ == "__main__":
    main()
