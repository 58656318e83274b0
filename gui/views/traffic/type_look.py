"""Which picture and which colour stand for a type of shared object.

The colour tells the kind: blue carries items, amber makes others wait, green works, grey keeps.
"""

from __future__ import annotations

_CARRIES = ("queue", "accent")
_GUARDS = ("lock", "warning")
_SIGNALS = ("event", "warning")
_WORKS = ("pool", "good")
_KEEPS = ("memory", "muted")

_LOOKS = {
    "Queue": _CARRIES,
    "SimpleQueue": _CARRIES,
    "JoinableQueue": _CARRIES,
    "Pipe": ("pipe", "accent"),
    "Connection": ("pipe", "accent"),
    "Lock": _GUARDS,
    "RLock": _GUARDS,
    "Semaphore": _GUARDS,
    "BoundedSemaphore": _GUARDS,
    "Condition": _SIGNALS,
    "Event": _SIGNALS,
    "Barrier": _SIGNALS,
    "Pool": _WORKS,
    "ThreadPool": _WORKS,
    "ProcessPoolExecutor": ("executor", "good"),
    "Process": ("process", "good"),
    "SharedMemory": _KEEPS,
    "Value": _KEEPS,
    "Array": _KEEPS,
}


def type_look(type_name: str) -> tuple[str, str]:
    """(name of the icon, meaning of its colour in the theme)."""
    found = _LOOKS.get(type_name)
    if found is None:
        is_proxy = "Manager" in type_name or type_name.endswith("Proxy")
        return ("manager", "muted") if is_proxy else ("module", "muted")
    return found
