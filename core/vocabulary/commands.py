"""What the window and `record` ask of the supervisor.

A command that concerns processes carries their session numbers, never pids: the supervisor holds a
pidfd for each, so a signal can only reach that very process. It names as many as the user chose:
hundreds of commands would have to wait for one another.
"""

from __future__ import annotations

import msgspec

from .findings import Finding


class Launch(msgspec.Struct, frozen=True, tag="launch"):
    """Start `spec`: a pickled LaunchSpec, since file names and arguments may hold any bytes, which
    msgpack's text may not. `call` is the pickled pair (arguments, keywords) of a function, which
    only the worker unpickles; the spec travels without them. Of another kind it is what the program
    reads from a descriptor, whose number is its last argument. `like`: a process whose run has an
    environment that it gets too, or 0. `request` comes back in answers."""

    request: int
    spec: bytes
    call: bytes = b""
    like: int = 0


class Signal(msgspec.Struct, frozen=True, tag="signal"):
    """Send signal number `signal` to each of these processes."""

    processes: tuple[int, ...]
    signal: int


class Stop(msgspec.Struct, frozen=True, tag="stop"):
    """End each of these processes, or its whole tree: ask, wait, kill. `grace_seconds` None: as
    its spec says."""

    processes: tuple[int, ...]
    tree: bool = False
    grace_seconds: float | None = None


class Restart(msgspec.Struct, frozen=True, tag="restart"):
    """End a worker's tree and launch its spec again."""

    request: int
    process: int


class Release(msgspec.Struct, frozen=True, tag="release"):
    """Give the object back for `process`, which held it when it ended. That it was done, or why
    not, is told."""

    object: int
    process: int


class Acknowledge(msgspec.Struct, frozen=True, tag="acknowledge"):
    """Batches up to `number` were taken off the Queue."""

    number: int


class Quit(msgspec.Struct, frozen=True, tag="quit"):
    """End every worker, flush, leave. `when_idle`: but let all that runs come to its own end first;
    a second `Quit` without it does not wait."""

    when_idle: bool = False


class ReadAll(msgspec.Struct, frozen=True, tag="read_all"):
    """Read everything now, tell what differs, then answer with `AllRead`: who found something wrong
    makes sure that it is no matter of news that are on their way."""

    request: int


class Note(msgspec.Struct, frozen=True, tag="note"):
    """Write this finding into the session: it is new, updated or resolved."""

    finding: Finding


Command = Launch | Signal | Stop | Restart | Release | Acknowledge | Quit | ReadAll | Note
