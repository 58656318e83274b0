"""What tests/targets/all_objects.py does with each of its objects, whose names it bears."""

from __future__ import annotations

from probing import Events

EXPECTED = {
    ("Queue", "jobs"): {"put": 20, "get": 20, "feed": 20, "closed": 1},
    ("JoinableQueue", "tasks"): {
        "put": 20,
        "get": 20,
        "feed": 20,
        "task_done": 20,
        "join": 1,
        "closed": 1,
    },
    ("SimpleQueue", "simple"): {"put": 20, "get": 20},
    ("Pipe", "here"): {"send": 8, "recv": 7},
    ("Pipe", "there"): {"send": 7, "recv": 8},
    ("Barrier", "barrier"): {"wait": 3},
    ("Event", "gate"): {"wait": 2, "set": 1},
    ("Lock", "lock"): {"acquire": 10, "release": 10},
    ("RLock", "rlock"): {"acquire": 20, "release": 20},
    ("Semaphore", "semaphore"): {"acquire": 10, "release": 10},
    ("BoundedSemaphore", "bounded"): {"acquire": 10, "release": 10},
    ("Value", "total"): {"acquire": 21, "release": 21},
    ("Manager.dict", "shared"): {
        "call": 2,
        "call __getitem__": 1,
        "call __setitem__": 1,
        "serve": 2,
    },
    ("Condition", "condition"): {"acquire": 2, "release": 2, "notify": 2},
    ("ProcessPoolExecutor", "executor"): {"submit": 6, "task": 6, "result": 6, "shutdown": 1},
}
# How often somebody has to wait for a result, and how many workers there are, is up to the machine.
BY_CHANCE = {"ProcessPoolExecutor": {"wait", "idle"}}


def sure(events: Events, key: tuple[str, str]) -> dict[str, int]:
    """How often each operation on an object succeeded, but for those that chance decides about."""
    totals = events.totals(events.object(*key)["object"])
    return {name: n for name, n in totals.items() if name not in BY_CHANCE.get(key[0], ())}
