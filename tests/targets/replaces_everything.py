"""Replaces what can be replaced in Python, as programs with mocks do, and uses multiprocessing.

Prints what came of it, and which replacements were called by anybody but Python and itself.
"""

import builtins
import codecs
import collections
import concurrent.futures
import importlib
import itertools
import multiprocessing as mp
import multiprocessing.connection
import multiprocessing.managers
import multiprocessing.pool
import multiprocessing.queues
import multiprocessing.shared_memory
import multiprocessing.sharedctypes
import os
import sys
import threading
import time
import types

getframe, write, getpid = sys._getframe, os.write, os.getpid
MODULES = (
    "_collections", "_ctypes", "_io", "_struct", "_thread", "_weakref", "binascii", "codecs",
    "collections", "inspect", "io", "itertools", "linecache", "mmap", "os", "os.path", "pickle",
    "posix", "reprlib", "struct", "sys", "threading", "time", "traceback", "weakref",
)  # fmt: skip
# They look at who calls them, are what classes are made of, or are pickled or compared by Python;
# dataclasses call the last one from code that they make of text.
LEFT = {
    "__build_class__", "super", "vars", "locals", "globals", "dir", "eval", "exec", "settrace",
    "setprofile", "_getframe", "object", "property", "classmethod", "staticmethod", "type",
    "str", "tuple", "list", "dict", "set", "int", "bytes", "float",
    "allocate_lock", "Lock", "RLock", "_CRLock", "recursive_repr",
}  # fmt: skip
RAISES = ((sys, "_getframe"), (sys, "_current_frames"), (sys, "_current_exceptions"))
LIBRARY = os.path.dirname(os.__file__)
strangers = set()


class Stand:
    """In the place of a function or a class: does the same, and notes who calls it."""

    def __init__(self, name, original):
        self.name, self.original = name, original

    def __call__(self, *args, **kwargs):
        note(self.name, getframe(0).f_back)
        return self.original(*args, **kwargs)

    def __getattribute__(self, name):
        mine = name in ("name", "original")
        return object.__getattribute__(self, name) if mine else getattr(self.original, name)

    def __instancecheck__(self, instance):
        note(self.name, getframe(0).f_back)
        return isinstance_(instance, self.original)

    def __subclasscheck__(self, kind):
        return issubclass_(kind, self.original)

    def __mro_entries__(self, bases):
        return (self.original,)

    def __or__(self, other):
        return self.original


isinstance_, issubclass_ = isinstance, issubclass


def note(name, caller, known=(LIBRARY, "<frozen ", __file__), strangers=strangers):
    if caller and not caller.f_code.co_filename.startswith(known):
        strangers.add(name)


def raises(*args, **kwargs):
    raise RuntimeError("replaced")


def replace():
    functions = types.FunctionType, types.BuiltinFunctionType
    plan = []
    for module in map(importlib.import_module, MODULES):
        for name, value in vars(module).items():
            if isinstance(value, functions) and name not in LEFT and type(value) is not Stand:
                plan.append((module, name, Stand(module.__name__ + "." + name, value)))
    for module, name in ((collections, "deque"), (itertools, "count")):
        plan.append((module, name, Stand(name, getattr(module, name))))
    for name, value in vars(builtins).items():
        exception = isinstance(value, type) and issubclass(value, BaseException)
        if callable(value) and not exception and name not in LEFT and name[:1] != "_":
            plan.append((builtins, name, Stand(name, value)))
    plan.append((builtins, "__import__", Stand("__import__", __import__)))
    plan += [(module, name, raises) for module, name in RAISES if hasattr(module, name)]
    for module, name, value in plan:
        setattr(module, name, value)
    codecs.register_error("backslashreplace", raises)
    threading.current_thread().name = "renamed"


def tell(*words):
    strange = sorted(strangers)
    write(1, (" ".join(map(str, words)) + " called: " + str(strange) + "\n").encode())


def square(number):
    return number * number


def fail(number):
    raise ValueError(number)


def child(queue, simple, end, lock, event, barrier, condition, value, block):
    with condition:
        condition.notify_all()
    with lock:
        queue.put("from child")
    simple.put({"a": 1})
    end.send(b"bytes")
    end.recv()
    with value:
        value.value += 1
    barrier.wait(30)
    event.set()
    mp.shared_memory.SharedMemory(name=block).close()
    tell("child")


class Odd(threading.Thread):
    """A thread that does not tell its name."""

    def __getattribute__(self, name):
        note("Odd." + name, getframe(0).f_back)
        return object.__getattribute__(self, name)


def everything(method):
    context = mp.get_context(method)
    queue, simple, tasks = context.Queue(3), context.SimpleQueue(), context.JoinableQueue()
    here, there = context.Pipe()
    lock, event, barrier = context.Lock(), context.Event(), context.Barrier(2)
    condition, value = context.Condition(), context.Value("i", 0)
    semaphore, rlock = context.BoundedSemaphore(2), context.RLock()
    block = mp.shared_memory.SharedMemory(create=True, size=100)
    process = context.Process(
        target=child,
        args=(queue, simple, there, lock, event, barrier, condition, value, block.name),
    )
    with condition:
        process.start()
        got = [condition.wait(30)] if method == "fork" else []
    here.send("\udcff")
    got += [queue.get(), simple.get(), here.recv(), here.poll(0)]
    barrier.wait(30)
    got.append(event.wait(30))
    process.join()
    block.close()
    block.unlink()

    def use():
        for number in range(100):
            tasks.put(number)
            with semaphore, rlock, lock:
                tasks.get()
            tasks.task_done()

    thread = Odd(target=use)
    thread.start()
    thread.join()
    tasks.join()
    try:
        queue.get(timeout=0.01)
    except Exception as error:
        got.append(repr(error))
    queue.put(lambda: 0)  # cannot be pickled
    queue.put("after")
    got.append(queue.get())
    with context.Pool(1) as pool:
        got.append(pool.map(square, [1, 2]))
        got.append(pool.apply_async(square, (3,)).get(30))
        try:
            pool.apply(fail, (4,))
        except ValueError as error:
            got.append(repr(error))
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as executor:
        got += [list(executor.map(square, [5])), executor.submit(square, 6).result()]
    with context.Manager() as manager:
        table = manager.dict()
        table["a"] = 1
        got.append(dict(table))
    failing = context.Process(target=fail, args=(7,))
    failing.start()
    failing.join()
    got += [value.value, process.exitcode, failing.exitcode]
    return got


if __name__ == "__main__":
    concurrent.futures.ProcessPoolExecutor  # noqa: B018 - loads it
    import multiprocessing.popen_spawn_posix
    import multiprocessing.resource_sharer
    import multiprocessing.resource_tracker
    import multiprocessing.util
replace()
if __name__ == "__main__":
    time.monotonic_ns()
    tell(sys.argv[1], everything(sys.argv[1]), getpid() == os.getpid())
