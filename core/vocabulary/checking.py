"""What a process finds of its own starts: whether they would survive forkserver."""

from __future__ import annotations

import msgspec


class Breakage(msgspec.Struct, frozen=True, gc=False):
    """What would not be the same in a child by forkserver or spawn. `kind`: "argument" (cannot be
    pickled), "unfound" (no import finds it), "guard" (none where processes are started), or of a
    global "missing", "stale", "empty", "changed", "own" (each import makes one more). `sure`:
    whether that is certain. `what` is started, at `site`; `name`: of what it is about; `why`: more
    of that; `bound`: where that is set; `reader`: the function that needs it, which stands at
    `at`. Places are "file:line"; whatever is not known is ""."""

    kind: str
    sure: bool
    what: str
    name: str
    why: str
    site: str
    bound: str
    reader: str
    at: str


class Checked(msgspec.Struct, frozen=True, gc=False):
    """What came of checking the starts of a process for forkserver, on request: at how many
    `places`, under which start method (the last one), what would break, and about how often that
    could not be checked, or was too much."""

    places: int
    method: str
    breakages: tuple[Breakage, ...] = ()
    failed: int = 0
