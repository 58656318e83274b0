"""One operation on a shared object, as it is written into a session and read back."""

from __future__ import annotations

import msgspec

VIA = "\x1e"
"""In a place as recorders and sessions have it: between `site` and `via`."""


class Operation(msgspec.Struct, frozen=True, gc=False):
    """One call on a shared object. Times: Unix time in nanoseconds; `waited_ns`: how much of it was
    waiting. `bytes`: the item's size, None where unknown or none. `outcome`: "ok", "timeout",
    "Empty", "Full" or "error". `preview`: a short text of the item or of what went wrong. `site`:
    "file:line" in the user's code. `text`: a task's function. `argument`: a pid, a task's number,
    or how many of its kind its thread has done on its object; 0 where unknown. `via`: "file:line"
    in an installed library, where that made the call for the user's code; else ""."""

    process: int
    object: int
    operation: str
    thread: str
    start_ns: int
    end_ns: int
    waited_ns: int
    bytes: int | None
    preview: str | None
    outcome: str
    site: str
    text: str
    argument: int
    via: str = ""


def placed(place: str) -> tuple[str, str]:
    """`site` and `via` of a place, as recorders and sessions have it."""
    site, _, via = place.partition(VIA)
    return site, via
