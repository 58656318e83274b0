"""Where the hooks take hold: one table of the libraries whose processes and objects are watched.

    library --> its modules --> our module and function, and what this library has otherwise

A library with classes of its own has rows of its own here, and no copies of hooks: what differs is
handed to the same ones as arguments. (Only billiard's pool works in another way altogether.) Hooks
that must tell a library's own classes from those that users derive from them ask here as well.
"""


class Hook:
    """`module.function(imported, recorder, **differences)` is called when the library's module was
    imported."""

    __slots__ = ("differences", "function", "module")

    def __init__(self, place, **differences):
        self.module, _, self.function = place.partition(".")
        self.differences = differences


_STANDARD = {
    "synchronize": (Hook("semaphores.patch"), Hook("synchronization.patch")),
    "queues": (Hook("queues.patch"), Hook("questions.patch")),
    "connection": (Hook("connections.patch"), Hook("listeners.patch")),
    "process": (Hook("processes.patch"),),
    "popen_fork": (Hook("processes.patch_endings"),),
    "pool": (Hook("pool.patch"),),
    "managers": (Hook("managers.patch"), Hook("serving.patch")),
    "shared_memory": (Hook("memories.patch_shared_memory"),),
    "sharedctypes": (Hook("memories.patch_sharedctypes"),),
    "resource_tracker": (Hook("trackers.patch"),),
}
# Copies of what multiprocessing was once, before a Condition's notify_all went by its notify.
_OLD_SYNCHRONIZE = (
    Hook("semaphores.patch"),
    Hook("synchronization.patch", notifies=("notify", "notify_all")),
)
_BILLIARD = {
    **_STANDARD,
    "synchronize": _OLD_SYNCHRONIZE,
    "queues": (
        Hook(
            "queues.patch",
            simple=("_SimpleQueue", "SimpleQueue"),
            pickler="ForkingPickler",
            report="error",
        ),
        Hook("questions.patch", simple=("_SimpleQueue", "SimpleQueue")),
    ),
    "pool": (Hook("billiard.patch"),),
}
_LOKY = {  # its processes, and most of its queues, are multiprocessing's
    "backend.synchronize": _OLD_SYNCHRONIZE,
    "backend.queues": (Hook("queues.patch"), Hook("questions.patch")),
    "backend.popen_loky_posix": (Hook("processes.patch_endings"),),
    "process_executor": (
        Hook(
            "executor.patch",
            inner=("_adjust_process_count",),
            kill="kill_process_tree",
        ),
    ),
}
LIBRARIES = {
    "multiprocessing": _STANDARD,
    "concurrent.futures": {"process": (Hook("executor.patch"),)},
    "multiprocess": _STANDARD,
    "billiard": _BILLIARD,
    "loky": _LOKY,
    "joblib.externals.loky": _LOKY,
    "torch.multiprocessing": {
        "queue": (Hook("queues.patch"),)
    },  # else it is multiprocessing itself
}
# What a library calls in the place of the user's function, by plain name -> where among its
# arguments that one, or the name it is known by, lies.
STANDS_FOR = {
    "mapstar": (0, 0),  # of pools
    "starmapstar": (0, 0),
    "_process_chunk": (0,),  # of executors
    "_map_chunk": (0,),  # of Pebble
    "fast_trace_task": (0,),  # of Celery
    "trace_task_ret": (0,),
    "batch_execute_tasks": (0, 0, 0),  # of dask
}
# Objects that a library puts around the user's function -> where in them that one lies.
WRAPS = {
    ("joblib._utils", "_TracebackCapturingWrapper"): ("func",),
    ("joblib.parallel", "BatchedCalls"): ("items", 0, 0),
    ("sklearn.utils.parallel", "_FuncWrapper"): ("function",),
}
# Modules that start programs or interpreters: no library of processes; frames are passed over.
_STARTERS = {
    "subprocess": (Hook("subprocesses.patch"),),
    "concurrent.interpreters": (Hook("facts.interpreters"),),
    "asyncio.base_subprocess": (Hook("subprocesses.patch_transport"),),
    "asyncio.subprocess": (Hook("subprocesses.patch_process"),),
}
# Functions that a library's processes run, and that tell what for -> what these are known by, and
# which of the arguments has the number among them (-1: none).
RUNS = {
    ("torch.utils.data._utils.worker", "_worker_loop"): ("DataLoader worker", 10),
    ("distributed.process", "AsyncProcess._run"): ("Dask worker", -1),
}
# Modules that a library runs in a helper.
_TRACKERS = ("resource_tracker", "backend.resource_tracker", "semaphore_tracker")
_FORK_SERVERS = ("forkserver",)
# What the command line of a child by spawn has.
_SPAWNED = {"--multiprocessing-fork", "--billiard-fork"}
_LOKY_CHILD, _LOKY_NAME = ".backend.popen_loky_posix", ("--process-name",)
_OWN = tuple(library + "." for library in LIBRARIES)
# What such a library hands to `python -c` for a child of its own names one of these.
_MAKES = {"spawn_main", *(library + ".forkserver" for library in LIBRARIES)}


def modules():
    """(library, full name of a module of it, its hooks) for each; "" for what is of none."""
    found = [
        (library, library + "." + module, hooks)
        for library, rows in LIBRARIES.items()
        for module, hooks in rows.items()
    ]
    return found + [("", module, hooks) for module, hooks in _STARTERS.items()]


def is_own(kind):
    """Whether a class, or a function, is a library's own: not one that a user derived from it."""
    return (getattr(kind, "__module__", "") or "").startswith(_OWN)


def kind_name(kind, module, beside=""):
    """The name of the first class in a class's ancestry that is of a library's `module`, such as
    "queues", and not called `beside`; "" when there is none."""
    for base in kind.__mro__:
        if base.__name__ != beside and is_own(base) and base.__module__.endswith("." + module):
            return base.__name__
    return ""


def starts_a_child(names):
    """Whether code that uses these names is what a library hands to `python -c`."""
    return not _MAKES.isdisjoint(names)


def is_tracker(command: str) -> bool:
    """Whether this command line runs a library's tracker of resources."""
    return _runs(command, _TRACKERS)


def is_forkserver(command: str) -> bool:
    """Whether this command line runs a library's fork server."""
    return _runs(command, _FORK_SERVERS)


def _runs(command: str, modules: "tuple[str, ...]") -> bool:
    return " import main" in command and any(
        "from %s.%s import main" % (library, module) in command
        for library in LIBRARIES
        for module in modules
    )


def spawned(arguments: "tuple[str, ...]") -> "tuple[str, str] | None":
    """(its name or "", start method) of a child by spawn, by its command line; None for others."""
    if not _SPAWNED.isdisjoint(arguments):
        return "", "spawn"
    if arguments[2:3] and arguments[2].endswith(_LOKY_CHILD) and arguments[3:4] == _LOKY_NAME:
        return "".join(arguments[4:5]), "loky"
    return None
